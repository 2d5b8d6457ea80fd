import VigieCore
import VigieJSON

/// Posts of Mattermost as its API gives them: pages of a channel, or plain arrays of posts.
///
/// Pages name accounts and channels by id. Lists of users and of channels that lie beside them, as the API
/// gives those, give the names, and say who can read the channel.
///
/// *Source:* mattermost/mattermost, server/public/model/post_list.go and post.go;
/// chaoss/grimoirelab-perceval, tests/data/mattermost.
package struct MattermostPages: ArchiveFormat {
  package static let name = "mattermost-api"
  package static let title =
    "Mattermost posts as the API gives them (pages of a channel, or arrays)"

  private var files: ExportFiles<MattermostPageFile>

  private static func hasPosts(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return false }
    let keys = ArchiveProbe.keys(head)
    if keys.isSuperset(of: ["order", "posts"]) { return true }
    return keys.isSuperset(of: ["create_at", "update_at", "delete_at", "channel_id", "user_id"])
      && keys.contains("message")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".json").contains { hasPosts(probe.head(of: $0)) } ? 90 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".json",
      headByteCount: 1 << 14,
      where: MattermostPages.hasPosts
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no posts of Mattermost",
        mend: "name a page that /api/v4/channels/<id>/posts gave, or a folder of them"
      )
    }
    let limit = options.maxRecordByteCount
    var names = MattermostNames(limit: limit)
    var tables: Set<String> = []
    let taken = Set(members.map(\.name))
    for member in tree.members where !taken.contains(member.name) && member.isNamedJSON {
      if names.learn(tree, member) { tables.insert(member.name) }
    }
    files = ExportFiles(
      tree,
      members,
      context: MattermostPageFile.Context(names: names, limit: limit),
      options: options
    ) { tables.contains($0.name) }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// The names of accounts and channels, from lists that lie beside the posts.
struct MattermostNames {
  private let limit: Int
  private(set) var users: [String: String] = [:]
  private(set) var channels: [String: Channel] = [:]
  /// What channels say of themselves: header and purpose.
  private(set) var descriptions: [String: (header: String?, purpose: String?)] = [:]

  private static let keys = JSONKeys([
    "id", "username", "display_name", "type", "header", "purpose", "name",
  ])

  init(limit: Int) { self.limit = limit }

  /// Learns the names of a file.
  ///
  /// - Returns: Whether it is a list of accounts or channels, or one of either.
  mutating func learn(_ tree: ArchiveTree, _ member: ArchiveTree.Member) -> Bool {
    let keys = ArchiveProbe.keys(tree.head(of: member, count: 1 << 12))
    guard keys.contains("id"), keys.contains("create_at"),
      keys.contains("username")
        || keys.isSuperset(of: ["display_name", "type", "header"])
    else { return false }
    guard let source = try? tree.openUnpacked(member) else { return false }
    var stream = JSONStream(ByteWindow(source))
    let isList = stream.peek() == UInt8(ascii: "[")
    if isList { stream.skip() }
    while let value = stream.element(limit: limit, isOpenEnded: !isList) {
      // What cannot be read names nobody: posts keep the ids.
      guard case .record(let range, _, _) = value else { continue }
      var reader = JSONReader(stream.window.bytes, in: range)
      take(&reader)
    }
    return true
  }

  private mutating func take(_ reader: inout JSONReader) {
    var texts = [String?](repeating: nil, count: 7)
    do {
      try reader.members(MattermostNames.keys) { reader, key throws(JSONError) in
        texts[key] = try reader.scalar()
      }
    } catch {
      return
    }
    guard let id = texts[0] else { return }
    if let name = texts[1] { users[id] = name }
    guard let type = texts[3], texts[2] != nil || texts[6] != nil else { return }
    let visibility: Visibility =
      switch type {
      case "O": .public
      case "P": .private
      case "D", "G": .direct
      default: .unknown
      }
    let name = [texts[2], texts[6]].compactMap { $0 }.first { !$0.isEmpty }
    channels[id] = Channel(id: id, name: name, visibility: visibility)
    let header = texts[4].flatMap { $0.isEmpty ? nil : $0 }
    let purpose = texts[5].flatMap { $0.isEmpty ? nil : $0 }
    if header != nil || purpose != nil { descriptions[id] = (header, purpose) }
  }
}

/// One page, or one array of posts.
private struct MattermostPageFile: ExportFile {
  struct Context {
    let names: MattermostNames
    let limit: Int
  }

  private var walk: JSONWalk
  private let source: SourceLocation
  private let context: Context
  private var described: Set<String> = []
  private var pending: ArchiveItem?

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    let records = ["/posts/*", "/*"].map { JSONWalk.Record("id", path: $0) }
    walk = JSONWalk(window, entered: ["/posts"], records: records)
    self.source = source
    self.context = context
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if let item = pending {
      pending = nil
      return item
    }
    while let step = walk.next(limit: context.limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value(let path, let range, let offset, let isDoubtful)
      where path == "/*" || path.hasPrefix("/posts/"):
        if let item = post(range, offset, isDoubtful) { return item }
      case .begin, .end, .value: continue
      }
    }
    return nil
  }

  private mutating func post(
    _ range: Range<Int>,
    _ offset: Int,
    _ isDoubtful: Bool
  ) -> ArchiveItem? {
    guard let post = try? MattermostPost(walk.bytes, in: range) else {
      if isDoubtful {
        walk.reject()
        return nil
      }
      let fault = SourceFault(reason: .corrupt, detail: "a record is no post of Mattermost")
      return source.gap(fault, at: offset)
    }
    var message = post.message
    if let id = message.channel?.id, let channel = context.names.channels[id] {
      message.channel = channel
    }
    message.sender = message.sender.map { context.names.users[$0] ?? $0 }
    let item = ArchiveItem.message(message, source: source.at(offset), byteCount: range.count)
    guard let channel = message.channel, let text = context.names.descriptions[channel.id],
      described.insert(channel.id).inserted
    else { return item }
    pending = item
    let topic = Message(
      id: "\(channel.id)-topic",
      body: text.purpose,
      subject: text.header,
      channel: channel
    )
    return .channel(topic, source: source.at(offset), byteCount: 0)
  }
}

/// One post.
private struct MattermostPost {
  var message: Message

  private static let keys = JSONKeys([
    "id", "user_id", "channel_id", "message", "create_at", "delete_at", "type", "props",
    "file_ids", "metadata", "original_id",
  ])
  private static let metadataKeys = JSONKeys(["files", "embeds"])
  private static let fileKeys = JSONKeys(["id", "name", "mime_type", "size"])
  private static let embedKeys = JSONKeys(["type", "data"])

  /// Reads a post from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    guard try reader.kind() == .object else { throw .notAMessage }
    var message = Message(id: "")
    var texts: [String] = []
    var cards: [String] = []
    var fileIDs: [String] = []
    var files: [String: Attachment] = [:]
    try reader.members(MattermostPost.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: message.id = try reader.scalar() ?? ""
      case 1: message.sender = try reader.scalar()
      case 2: message.channel = try reader.scalar().map { Channel(id: $0) }
      case 3: if let text = try reader.anyText(), !text.isEmpty { texts.append(text) }
      case 4:
        guard try reader.kind() == .number else { return try reader.skipValue() }
        message.timestamp = try reader.integer().flatMap(rfc3339(milliseconds:))
      case 5:
        guard let time = try reader.scalar() else { return }
        if time != "0" { message.traits.insert(.redacted) }
      case 6:
        if try reader.scalar()?.hasPrefix("system_") == true { message.traits.insert(.system) }
      case 7: try MattermostRecord.readProperties(&reader, into: &cards)
      case 8: try reader.collectStrings(into: &fileIDs)
      case 9: try MattermostPost.readMetadata(&reader, &files, &cards)
      // Earlier texts of a post are posts that name it.
      default:
        if let id = try reader.scalar(), !id.isEmpty { message.replaces = id }
      }
    }
    try reader.finish()
    guard !message.id.isEmpty, message.channel != nil || !texts.isEmpty else { throw .notAMessage }
    message.body = (texts + cards).joinedOnce
    let missing = Attachment.Content.missing(detail: RowBuilder.noBytes)
    for id in fileIDs {
      var file = files.removeValue(forKey: id) ?? Attachment(name: "", content: missing)
      file.address = "mattermost:\(id)"
      message.attachments.append(file)
    }
    for (id, file) in files.sorted(by: { $0.key < $1.key }) {
      var file = file
      file.address = "mattermost:\(id)"
      message.attachments.append(file)
    }
    message.note(reader.repairCount)
    self.message = message
  }

  /// Reads the names of files, and what previews of links say; another post that is shown is a quote.
  private static func readMetadata(
    _ reader: inout JSONReader,
    _ files: inout [String: Attachment],
    _ cards: inout [String]
  ) throws(JSONError) {
    try reader.members(metadataKeys) { reader, key throws(JSONError) in
      try reader.elements { reader throws(JSONError) in
        if key == 0 {
          try readFile(&reader, &files)
        } else {
          var type: String?
          var texts: [String] = []
          try reader.members(embedKeys) { reader, key throws(JSONError) in
            if key == 0 {
              type = try reader.scalar()
            } else {
              try reader.collectStrings(into: &texts)
            }
          }
          if type != "permalink" { cards += texts }
        }
      }
    }
  }

  private static func readFile(
    _ reader: inout JSONReader,
    _ files: inout [String: Attachment]
  ) throws(JSONError) {
    var id = ""
    var file = Attachment(name: "", content: .missing(detail: RowBuilder.noBytes))
    try reader.members(fileKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: id = try reader.scalar() ?? ""
      case 1: file.name = try reader.scalar() ?? ""
      case 2: file.mimetype = try reader.scalar()
      default: file.byteCount = try reader.scalar().flatMap { Int($0) }
      }
    }
    if !id.isEmpty { files[id] = file }
  }
}
