import VigieCore
import VigieJSON

/// Rocket.Chat: the collections of its database as mongodump or mongoexport write them, or what the server
/// exports of rooms (JSON or HTML, with files).
///
/// *Source:* RocketChat/Rocket.Chat, apps/meteor/server/lib/dataExport; zulip/zulip,
/// zerver/data_import/rocketchat.py.
package struct RocketChatExport: ArchiveFormat {
  package static let name = "rocketchat"
  package static let title =
    "Rocket.Chat (collections of mongodump or mongoexport, or the export of rooms as JSON or HTML)"

  private var files: ExportFiles<RocketChatFile>
  private var pending: [ArchiveItem]

  /// What a member holds, by its head.
  private enum Kind {
    case collection
    case room
    case page
    case rooms
  }

  private static func kind(_ head: [UInt8]) -> Kind? {
    let text = String(decoding: head.prefix(1 << 14), as: UTF8.self)
    guard let first = text.first(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) else {
      return nil
    }
    if first == "<" {
      return text.hasPrefix("<meta http-equiv=\"content-type\"")
        && text.contains("<p><strong>") && text.contains("</strong> (") ? .page : nil
    }
    guard first == "{" || first == "[" else { return nil }
    let keys = ArchiveProbe.keys(head)
    if ["rid", "msg", "ts", "u"].allSatisfy(keys.contains) { return .collection }
    let room: Set<String> = ["msg", "username", "ts"]
    if first == "{", room.isSubset(of: keys), !keys.contains("rid"), !keys.contains("id") {
      return .room
    }
    return ["_id", "t", "usersCount", "msgs"].allSatisfy(keys.contains) ? .rooms : nil
  }

  /// What a member of an archive holds: a collection in BSON is told as its first document in JSON is.
  private static func kind(_ member: ArchiveTree.Member, _ head: [UInt8]) -> Kind? {
    guard member.isNamedBSON else { return kind(head) }
    // The collection of messages is known by its name also where its first document is none or too long.
    let named: Kind? = isNamedMessages(member) ? .collection : nil
    return BSONRecords.first(head).flatMap { kind($0) } ?? named
  }

  /// Whether a member has the name that the collection of messages has.
  private static func isNamedMessages(_ member: ArchiveTree.Member) -> Bool {
    member.baseName.hasPrefix("rocketchat_message.")
  }

  private static func isCandidate(_ member: ArchiveTree.Member) -> Bool {
    let folders = member.name.split(separator: "/").dropLast()
    let base = member.baseName.lowercased()
    return !folders.contains("assets")
      && (member.isNamedJSON || member.isNamedBSON || base.hasSuffix(".html"))
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let candidates = probe.members.lazy.filter { probe.isFile || isCandidate($0) }
    // A dump has many collections, of which the messages may come late.
    let first = candidates.filter(isNamedMessages).prefix(4) + candidates.prefix(32)
    let kinds = first.compactMap { kind($0, probe.head(of: $0)) }
    if kinds.contains(.collection) { return 92 }
    return kinds.contains { $0 != .rooms } ? 85 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    var rooms = RocketChatRooms()
    var members: [ArchiveTree.Member] = []
    var tables: Set<String> = []
    for member in tree.members where tree.isFile || RocketChatExport.isCandidate(member) {
      switch RocketChatExport.kind(member, tree.head(of: member, count: 1 << 16)) {
      case .rooms? where !tree.isFile:
        tables.insert(member.name)
        rooms.read(tree, member, limit: options.maxRecordByteCount)
      case nil where !tree.isFile: continue
      default: members.append(member)
      }
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no messages of Rocket.Chat",
        mend: "name the ZIP of the export, or a folder of collections from mongodump or mongoexport"
      )
    }
    let roots = Set(members.map(\.folder))
    pending = rooms.items.reversed()
    files = ExportFiles(
      tree,
      members,
      context: RocketChatFile.Context(
        rooms: rooms.channels,
        path: tree.path,
        limit: options.maxRecordByteCount
      ),
      options: options
    ) {
      // Other collections: people, settings, who has subscribed.
      tables.contains($0.name)
        || roots.contains($0.folder)
          && ($0.isNamedBSON || $0.baseName.hasPrefix("prelude.json")
            || $0.isNamedJSON
              && !MemberExport.isAnother(than: RocketChatExport.self, $0, in: tree))
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    pending.popLast() ?? files.next()
  }
}

/// One collection, or the export of one room.
private struct RocketChatFile: ExportFile {
  struct Context {
    let rooms: [String: Channel]
    let path: String
    let limit: Int
  }

  private var walk: RecordWalk?
  private var page: MarkedRecords?
  private var documents: BSONRecords?
  private let source: SourceLocation
  private let member: String
  private let context: Context
  /// The room of a file that does not name it.
  private let fileRoom: Channel

  private static let shape = RecordWalk.Shape(
    opens: { $0 == "messages" },
    treatment: { $0 == ["messages"] ? .enter : .skip }
  )

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    if member.isNamedBSON || window.bytes[window.start...].prefix(4).contains(0) {
      documents = BSONRecords(window, limit: context.limit)
    } else if window.bytes[window.start...].first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
      page = MarkedRecords(window, mark: "<p><strong>", limit: context.limit)
    } else {
      walk = RecordWalk(window, RocketChatFile.shape)
    }
    self.source = source
    self.member = member
    self.context = context
    let name = member.split(separator: "/").last.map(String.init) ?? member
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    fileRoom = Channel(id: stem, name: stem)
  }

  var offset: Int {
    walk?.stream.window.offset ?? page?.window.offset ?? documents?.window.offset ?? 0
  }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let item = walk?.next(limit: context.limit) {
      switch item {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .record(let range, let offset, let isDoubtful):
        guard let record = try? RocketChatMessage(walk?.bytes ?? [], in: range) else {
          if isDoubtful { continue }
          let fault = SourceFault(reason: .corrupt, detail: "a record is no Rocket.Chat message")
          return source.gap(fault, at: offset)
        }
        let message = message(record, offset, &media)
        return .message(message, source: source.at(offset), byteCount: range.count)
      }
    }
    while let item = documents?.next() {
      switch item {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .document(let json, let offset, let byteCount):
        guard let record = try? RocketChatMessage(json, in: json.indices) else {
          let fault = SourceFault(reason: .corrupt, detail: "a record is no Rocket.Chat message")
          return source.gap(fault, at: offset)
        }
        let message = message(record, offset, &media)
        return .message(message, source: source.at(offset), byteCount: byteCount)
      }
    }
    while let item = page?.next() {
      switch item {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .piece(let range, let offset):
        guard let message = post(range, offset, &media) else { continue }
        return .message(message, source: source.at(offset), byteCount: range.count)
      }
    }
    return nil
  }

  private func message(
    _ record: RocketChatMessage,
    _ offset: Int,
    _ media: inout MediaFiles
  ) -> Message {
    var message = Message(
      id: record.id.isEmpty ? "offset-\(offset)" : record.id,
      body: record.texts.joinedOnce,
      sender: record.sender,
      timestamp: record.timestamp,
      channel: record.room.isEmpty
        ? fileRoom : context.rooms[record.room] ?? Channel(id: record.room),
      replaces: record.parent
    )
    if let type = record.type, RocketChatMessage.roomTexts.contains(type) {
      message.subject = message.body
      message.body = nil
    } else if record.type == "e2e" {
      message.body = nil
      let detail = "the message is encrypted from end to end"
      message.gaps.append(Gap(place: .body, reason: .encrypted, detail: detail))
    }
    for file in record.files { attach(file, to: &message, &media) }
    message.note(record.repairCount)
    return message
  }

  private func attach(
    _ file: RocketChatMessage.File,
    to message: inout Message,
    _ media: inout MediaFiles
  ) {
    let index = message.attachments.count
    message.attachments.append(
      Attachment(
        name: file.name,
        mimetype: file.mimetype,
        content: .missing(detail: RowBuilder.noBytes)
      )
    )
    if file.id.isEmpty { return }
    media.fill(&message, index, path: "assets/\(file.id)-\(file.name)", beside: member)
  }

  /// The message of a piece of a page:
  /// `<p><strong>name</strong> (time):<br/>`, the text as it was written, a link to a file, `</p>`.
  private func post(_ range: Range<Int>, _ offset: Int, _ media: inout MediaFiles) -> Message? {
    let (text, isRepaired) = repairedText(page?.window.bytes ?? [], in: range)
    // What stands before the first message says no more than the charset.
    if text.hasPrefix("<meta "), text.utf8.count < 256 { return nil }
    var message = Message(id: "offset-\(offset)", channel: fileRoom)
    message.note(isRepaired ? 1 : 0)
    guard text.hasPrefix("<p><strong>"), let nameEnd = text.firstRange(of: "</strong> ("),
      let head = text[nameEnd.upperBound...].firstRange(of: "):<br/>")
    else {
      // Texts stand in the page as they were written, and one may look like the start of another.
      message.body = text
      return message
    }
    let name = text[text.index(text.startIndex, offsetBy: 11)..<nameEnd.lowerBound]
    let date = String(text[nameEnd.upperBound..<head.lowerBound])
    var body = text[head.upperBound...]
    if let end = body.ranges(of: "</p>").last { body = body[..<end.lowerBound] }
    message.sender = String(name)
    message.timestamp = MailDate.read(date)
    if let link = body.ranges(of: "<br/><a href=\"./assets/").last {
      let target = body[link.upperBound...]
      let path = String(target.prefix { $0 != "\"" })
      let title = target.dropFirst(path.count).drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
      let dash = path.firstIndex(of: "-")
      let file = RocketChatMessage.File(
        id: dash.map { String(path[..<$0]) } ?? path,
        name: dash.map { String(path[path.index(after: $0)...]) } ?? ""
      )
      body = body[..<link.lowerBound]
      attach(file, to: &message, &media)
      message.subject = title.isEmpty ? nil : String(title)
    }
    var lines = body.drop(while: \.isNewline)
    while lines.last?.isNewline == true { lines.removeLast() }
    message.body = lines.isEmpty ? nil : String(lines)
    return message
  }
}

extension ArchiveTree.Member {
  /// Whether the name says that it is a collection that mongodump wrote.
  fileprivate var isNamedBSON: Bool { baseName.lowercased().isNamedBSON }
}

extension String {
  /// Whether a path ends as mongodump names its collections.
  fileprivate var isNamedBSON: Bool { hasSuffix(".bson") || hasSuffix(".bson.gz") }
}
