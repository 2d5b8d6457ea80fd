import VigieCore
import VigieJSON

/// What slackdump writes in its own forms: dumps of channels, and archives of the answers of the API.
///
/// Its exports are Slack's own, with files: ``SlackExport`` reads them. Saved pages of the API's own
/// `conversations.history` are dumps of a channel that has the name of its file.
///
/// *Source:* rusq/slackdump, types/conversation.go (dump) and
/// cmd/slackdump/internal/man/assets/chunk.md (archive).
package struct SlackDump: ArchiveFormat {
  package static let name = "slackdump"
  package static let title =
    "slackdump dumps (<channel>.json) and archives (slackdump.sqlite, *.json.gz)"

  private var files: ExportFiles<SlackDumpFile>?
  private var database: SlackDatabase?

  private enum Kind {
    case dump
    case chunks
  }

  private static func kind(_ head: [UInt8]) -> Kind? {
    guard head.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
    let text = String(decoding: head, as: UTF8.self)
    let keys = ArchiveProbe.keys(head)
    if text.hasPrefix("{\"t\":"), keys.contains("ts"), text.dropFirst(5).first?.isNumber == true {
      return .chunks
    }
    let isDump = keys.isSuperset(of: ["messages", "ts", "text"])
    // What `conversations.history` answers has the messages of one channel too, and names it nowhere.
    let isAnswer = keys.contains("ok") || keys.contains("has_more")
    return isDump && (isAnswer || keys.contains("channel_id") || text.contains("slackdump_"))
      ? .dump : nil
  }

  private static func isCandidate(_ member: ArchiveTree.Member) -> Bool {
    let base = member.baseName
    return base.hasSuffix(".json") || base.hasSuffix(".json.gz")
  }

  /// Whether a member of an archive may be the database.
  private static func isNamedDatabase(_ member: ArchiveTree.Member) -> Bool {
    let base = member.baseName.lowercased()
    return base.hasSuffix(".sqlite") || base.hasSuffix(".db")
  }

  /// Whether a member has the name that slackdump itself gives the database.
  private static func hasOwnName(_ member: ArchiveTree.Member) -> Bool {
    member.baseName == "slackdump.sqlite"
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let databases = probe.members.lazy.filter { probe.isFile || isNamedDatabase($0) }.prefix(8)
    if databases.contains(where: { SlackDatabase.isDatabase(probe.head(of: $0)) }) { return 95 }
    if databases.contains(where: hasOwnName) { return 90 }
    let candidates = probe.members.lazy.filter { probe.isFile || isCandidate($0) }.prefix(32)
    let kinds = candidates.compactMap { kind(probe.head(of: $0)) }
    return kinds.contains(.chunks) ? 94 : kinds.contains(.dump) ? 91 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let databases = tree.members.filter { tree.isFile || SlackDump.isNamedDatabase($0) }
    let found =
      databases.first { SlackDatabase.isDatabase(tree.head(of: $0, count: 1 << 16)) }
      ?? databases.first(where: SlackDump.hasOwnName)
    if let found {
      do throws(SourceFault) {
        database = try SlackDatabase(tree, found, options: options)
      } catch {
        throw ArchiveError(
          .damaged,
          path: tree.path,
          reason: error.detail,
          mend: "fetch slackdump.sqlite again, or turn it into an export with slackdump convert"
        )
      }
      return
    }
    let members = tree.members.filter {
      tree.isFile
        || SlackDump.isCandidate($0) && SlackDump.kind(tree.head(of: $0, count: 1 << 14)) != nil
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no dump of slackdump",
        mend: "name the folder or the file that slackdump wrote"
      )
    }
    let tables = SlackDumpTables(options)
    for member in members where !tree.isFile { tables.learn(tree, member) }
    // Tables come first; `channels`, `users` and `workspace` hold no messages all the same.
    files = ExportFiles(tree, members, context: tables, options: options)
  }

  package var byteCountRead: Int { database?.byteCountRead ?? files?.byteCountRead ?? 0 }
  package var totalByteCount: Int { database?.totalByteCount ?? files?.totalByteCount ?? 0 }
  package var untakenMembers: [ArchiveTree.Member] {
    database?.untakenMembers ?? files?.untakenMembers ?? []
  }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    database?.next() ?? files?.next()
  }
}

/// The channels and users that an archive of slackdump names.
final class SlackDumpTables {
  let limit: Int
  /// Whether senders are called by name, with the id behind it.
  let namesSenders: Bool
  private(set) var channels: [String: Channel] = [:]
  private(set) var users: [String: String] = [:]
  private var told: Set<String> = []

  private static let channelKeys = JSONKeys([
    "id", "name", "is_private", "is_im", "is_mpim", "is_ext_shared", "topic", "purpose",
  ])
  private static let valueKeys = JSONKeys(["value"])
  private static let userKeys = JSONKeys(["id", "name", "real_name", "profile"])

  init(_ options: ArchiveOptions) {
    limit = options.maxRecordByteCount
    namesSenders = !options.readsAccess
  }

  /// Learns the tables of a member that has nothing else.
  func learn(_ tree: ArchiveTree, _ member: ArchiveTree.Member) {
    let base = member.baseName
    guard base.hasPrefix("users.") || base.hasPrefix("channels."),
      let source = try? tree.openUnpacked(member)
    else { return }
    let shape = RecordWalk.Shape(opens: { _ in false }, treatment: { _ in .skip })
    var walk = RecordWalk(ByteWindow(source), shape)
    // What is damaged is told when the member is read as the others are.
    while let item = walk.next(limit: limit) {
      guard case .record(let range, _, _) = item else { continue }
      _ = try? SlackChunk(walk.bytes, in: range, self)
    }
  }

  /// Reads a channel.
  ///
  /// - Returns: It, with its topic and purpose.
  func channel(_ reader: inout JSONReader) throws(JSONError) -> (Channel, [String]) {
    var channel = Channel(id: "")
    var texts: [String] = []
    try reader.members(SlackDumpTables.channelKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: channel.id = try reader.scalar() ?? ""
      case 1: channel.name = try reader.scalar()
      case 6, 7:
        try reader.members(SlackDumpTables.valueKeys) { reader, _ throws(JSONError) in
          texts.append(try reader.scalar() ?? "")
        }
      default:
        guard try reader.kind() == .boolean else { return try reader.skipValue() }
        let isTrue = try reader.boolean()
        switch key {
        case 2:
          if channel.visibility != .direct { channel.visibility = isTrue ? .private : .public }
        case 5: channel.federated = isTrue ? true : nil
        default: if isTrue { channel.visibility = .direct }
        }
      }
    }
    if !channel.id.isEmpty { channels[channel.id] = channel }
    return (channel, texts.filter { !$0.isEmpty })
  }

  /// Reads a user.
  func user(_ reader: inout JSONReader) throws(JSONError) {
    var id = ""
    var names: [String] = []
    try reader.members(SlackDumpTables.userKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: id = try reader.scalar() ?? ""
      case 3:
        let keys = JSONKeys(["display_name", "real_name"])
        try reader.members(keys) { reader, _ throws(JSONError) in
          if let name = try reader.scalar(), !name.isEmpty { names.insert(name, at: 0) }
        }
      default: if let name = try reader.scalar(), !name.isEmpty { names.append(name) }
      }
    }
    if !id.isEmpty, let name = names.first { users[id] = name }
  }

  /// Whether what a channel says of itself comes up for the first time.
  func isNew(_ channel: Channel) -> Bool { told.insert(channel.id).inserted }
}

/// One answer of the API in an archive.
struct SlackChunk {
  var type = -1
  var channelID = ""
  /// The time of the message that a thread answers.
  var thread: String?
  var messages: [SlackMessage] = []
  var channels: [(channel: Channel, texts: [String])] = []
  var repairCount = 0

  private static let keys = JSONKeys(["t", "id", "r", "m", "p", "u", "ch", "ci"])

  /// Reads an answer, its channels and users into the tables.
  init(_ bytes: [UInt8], in range: Range<Int>, _ tables: SlackDumpTables) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    guard try reader.kind() == .object else { throw .notAMessage }
    try reader.members(SlackChunk.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: type = try reader.scalar().flatMap { Int($0) } ?? -1
      case 1: channelID = try reader.scalar() ?? ""
      case 2: thread = try reader.scalar()
      case 3:
        try reader.elements { reader throws(JSONError) in
          if try reader.kind() != .object { return try reader.skipValue() }
          messages.append(try SlackMessage(&reader))
        }
      // The message that a thread or files belong to stands among the messages.
      case 4: try reader.skipValue()
      case 5: try reader.elements { reader throws(JSONError) in try tables.user(&reader) }
      case 6:
        try reader.elements { reader throws(JSONError) in
          channels.append(try tables.channel(&reader))
        }
      default:
        if try reader.kind() != .object { return try reader.skipValue() }
        channels.append(try tables.channel(&reader))
      }
    }
    try reader.finish()
    repairCount = reader.repairCount
    guard type >= 0 else { throw .notAMessage }
  }
}

/// One dump, or one file of an archive.
private struct SlackDumpFile: ExportFile {
  private var dump: JSONWalk?
  private var chunks: RecordWalk?
  private let source: SourceLocation
  private let member: String
  private let tables: SlackDumpTables
  private var channel: Channel
  private var pending: [ArchiveItem] = []

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: SlackDumpTables) {
    if window.bytes[window.start...].starts(with: "{\"t\":".utf8) {
      let shape = RecordWalk.Shape(opens: { _ in false }, treatment: { _ in .skip })
      chunks = RecordWalk(window, shape)
    } else {
      let records = ["client_msg_id", "type", "user", "text", "ts", "bot_id", "subtype"].map {
        JSONWalk.Record($0, path: "/messages/*")
      }
      dump = JSONWalk(window, entered: ["/messages"], records: records)
    }
    self.source = source
    self.member = member
    tables = context
    // `<channel>.json`, or `<channel>-<thread>.json`.
    let base = member.split(separator: "/").last ?? ""
    channel = Channel(id: String(base.prefix { $0 != "." && $0 != "-" }))
  }

  var offset: Int { dump?.offset ?? chunks?.stream.window.offset ?? 0 }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      if dump != nil {
        guard let step = dump?.next(limit: tables.limit) else { return nil }
        takeStep(step, &media)
      } else {
        guard let item = chunks?.next(limit: tables.limit) else { return nil }
        takeChunk(item, &media)
      }
    }
  }

  private mutating func takeStep(_ step: JSONWalk.Step, _ media: inout MediaFiles) {
    guard let walk = dump else { return }
    switch step {
    case .gap(let fault, let offset): pending.append(source.gap(fault, at: offset))
    case .value("/messages/*", let range, let offset, let isDoubtful):
      guard let slack = try? SlackMessage(walk.bytes, in: range), !slack.timestamp.isEmpty else {
        if isDoubtful { return dump?.reject() ?? () }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no Slack message")
        return pending.append(source.gap(fault, at: offset))
      }
      var items = [item(slack, offset, range.count, &media)]
      // The bytes of the record are counted once, with the message that was answered.
      for reply in slack.replies { items.append(item(reply, offset, 0, &media)) }
      pending = items.reversed()
    case .value(let path, let range, _, _):
      var reader = JSONReader(walk.bytes, in: range)
      if path == "/channel_id", let id = try? reader.scalar(), !id.isEmpty { channel.id = id }
      if path == "/name", let name = try? reader.scalar(), !name.isEmpty { channel.name = name }
    case .begin, .end: return
    }
  }

  private mutating func takeChunk(_ item: RecordWalk.Item, _ media: inout MediaFiles) {
    guard let walk = chunks else { return }
    switch item {
    case .gap(let fault, let offset): pending.append(source.gap(fault, at: offset))
    case .record(let range, let offset, let isDoubtful):
      guard let chunk = try? SlackChunk(walk.bytes, in: range, tables) else {
        if isDoubtful { return }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no answer of Slack")
        return pending.append(source.gap(fault, at: offset))
      }
      var items: [ArchiveItem] = []
      for (channel, texts) in chunk.channels where !texts.isEmpty && tables.isNew(channel) {
        let body = texts.map { SlackText.plain($0, users: tables.users) }.joinedOnce
        let message = Message(id: "\(channel.id)-topic", body: body, channel: channel)
        let count = texts.reduce(0) { $0 + $1.utf8.count }
        items.append(.channel(message, source: source.at(offset), byteCount: count))
      }
      if !chunk.channelID.isEmpty {
        channel = tables.channels[chunk.channelID] ?? Channel(id: chunk.channelID)
      }
      var byteCount = range.count
      // Files come once more, in answers of their own; a thread starts with what it answers.
      for slack in chunk.type > 1 ? [] : chunk.messages where slack.timestamp != chunk.thread {
        items.append(self.item(slack, offset, byteCount, &media))
        byteCount = 0
      }
      if chunk.repairCount > 0, !items.isEmpty {
        let detail = "an answer of Slack held lone surrogates or invalid UTF-8, read as U+FFFD"
        items.append(source.gap(SourceFault(reason: .encoding, detail: detail), at: offset))
      }
      pending = items.reversed()
    }
  }

  private func item(
    _ slack: SlackMessage,
    _ offset: Int,
    _ byteCount: Int,
    _ media: inout MediaFiles
  ) -> ArchiveItem {
    var message = slack.message(
      in: channel,
      users: tables.users,
      namesSender: tables.namesSenders
    )
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    for (index, file) in slack.files.enumerated() where !file.id.isEmpty {
      // Beside a dump `<channel>/<id>-<name>`, in an archive `__uploads/<id>/<name>`.
      for path in ["\(channel.id)/\(file.id)-\(file.name)", "__uploads/\(file.id)/\(file.name)"]
      where media.fill(&message, index, path: path, beside: member) { break }
    }
    return .message(message, source: source.at(offset), byteCount: byteCount)
  }
}
