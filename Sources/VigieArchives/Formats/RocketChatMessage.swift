import VigieCore
import VigieJSON

/// One message of Rocket.Chat, from a collection that mongoexport wrote or from the export of a room.
///
/// *Source:* RocketChat/Rocket.Chat, packages/core-typings IMessage and
/// apps/meteor/server/lib/dataExport/exportRoomMessagesToFile.ts; MongoDB Extended JSON v2.
struct RocketChatMessage {
  /// A file a message names.
  struct File: Equatable {
    var id = ""
    var name = ""
    var mimetype: String?
  }

  var id = ""
  var room = ""
  var sender: String?
  /// The code of a system message, such as `uj` for one who joined.
  var type: String?
  var timestamp: String?
  var texts: [String] = []
  var files: [File] = []
  /// The id of the message of which this is an older text, where the server keeps history.
  var parent: String?
  var repairCount = 0
  private var username: String?

  private static let keys = JSONKeys([
    "_id", "rid", "msg", "ts", "u", "t", "attachments", "file", "files", "urls", "parent",
    "username",
    "type", "blocks", "alias",
  ])
  private static let userKeys = JSONKeys(["username", "name", "_id"])
  private static let fileKeys = JSONKeys(["_id", "name", "type"])
  private static let urlKeys = JSONKeys(["meta"])
  private static let dateKeys = JSONKeys(["$date", "$numberLong", "$oid"])
  private static let attachmentKeys = JSONKeys([
    "title", "text", "description", "pretext", "author_name", "fields", "fallback", "message_link",
    "title_link", "fileId", "fileName", "attachments", "type",
  ])

  /// Codes of messages whose text is a new name, topic or announcement of the room.
  ///
  /// *Source:* RocketChat/Rocket.Chat, packages/core-typings MessageTypesValues.
  static let roomTexts: Set<String> = [
    "r", "room_changed_topic", "room_changed_announcement", "room_changed_description",
  ]

  /// Reads a message from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    guard try reader.kind() == .object else { throw .notAMessage }
    var further: [String] = []
    var isMessage = false
    try reader.members(RocketChatMessage.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: id = try RocketChatMessage.extended(&reader) ?? ""
      case 1: room = try RocketChatMessage.extended(&reader) ?? ""
      case 2:
        if let text = try reader.anyText() { texts.append(text) }
        isMessage = true
      case 3:
        timestamp = try RocketChatMessage.extended(&reader).flatMap(RocketChatMessage.time)
        isMessage = true
      case 4:
        try reader.members(RocketChatMessage.userKeys) { reader, key throws(JSONError) in
          let name = try RocketChatMessage.extended(&reader)
          if key == 0 || sender == nil { sender = name ?? sender }
        }
      case 5, 12: type = try reader.scalar()
      case 6:
        try reader.elements { reader throws(JSONError) in try attachment(&reader, &further) }
      case 7: try file(&reader)
      case 8: try reader.elements { reader throws(JSONError) in try file(&reader) }
      case 9:
        try reader.elements { reader throws(JSONError) in
          // What the page behind a link says of itself.
          try reader.members(RocketChatMessage.urlKeys) { reader, _ throws(JSONError) in
            try reader.collectStrings(into: &further)
          }
        }
      case 10: parent = try RocketChatMessage.extended(&reader)
      case 11, 14: username = try reader.scalar() ?? username
      default: try reader.collectStrings(into: &further)
      }
    }
    try reader.finish()
    guard isMessage else { throw .notAMessage }
    sender = sender ?? username
    texts += further
    repairCount = reader.repairCount
  }

  /// Reads a scalar, bare or in the wrapping of Extended JSON.
  static func extended(_ reader: inout JSONReader) throws(JSONError) -> String? {
    guard try reader.kind() == .object else { return try reader.scalar() }
    var value: String?
    try reader.members(dateKeys) { reader, _ throws(JSONError) in
      value = try extended(&reader) ?? value
    }
    return value
  }

  /// The time of an ISO date or of milliseconds since 1970.
  static func time(_ text: String) -> String? {
    Int(text).flatMap(rfc3339(milliseconds:)) ?? isoTime(text)
  }

  private mutating func file(_ reader: inout JSONReader) throws(JSONError) {
    var file = File()
    try reader.members(RocketChatMessage.fileKeys) { reader, key throws(JSONError) in
      let text = try RocketChatMessage.extended(&reader)
      switch key {
      case 0: file.id = text ?? ""
      case 1: file.name = text ?? ""
      default: file.mimetype = text
      }
    }
    add(file)
  }

  private mutating func attachment(
    _ reader: inout JSONReader,
    _ further: inout [String]
  ) throws(JSONError) {
    var own: [String] = []
    var file = File()
    var link = ""
    var isFile = false
    var isQuote = false
    try reader.members(RocketChatMessage.attachmentKeys) { reader, key throws(JSONError) in
      switch key {
      case 7: isQuote = try reader.scalar() != nil
      case 8: link = try reader.scalar() ?? ""
      case 9: file.id = try reader.scalar() ?? ""
      case 10: file.name = try reader.scalar() ?? ""
      case 11:
        try reader.elements { reader throws(JSONError) in try attachment(&reader, &own) }
      case 12: isFile = try reader.scalar() == "file"
      default: try reader.collectStrings(into: &own)
      }
    }
    // A quoted message stands in its own room, and is read there.
    guard !isQuote else { return }
    further += own
    // `/file-upload/<id>/<name>`
    let parts = link.split(separator: "/")
    if let start = parts.firstIndex(of: "file-upload"), start + 2 < parts.count {
      if file.id.isEmpty { file.id = String(parts[start + 1]) }
      if file.name.isEmpty { file.name = percentDecoded(String(parts[start + 2])) }
      isFile = true
    }
    guard isFile || !file.id.isEmpty else { return }
    if file.name.isEmpty { file.name = own.first ?? "" }
    add(file)
  }

  /// Adds a file, once: a message names it as its own and again in a card.
  private mutating func add(_ file: File) {
    guard !file.id.isEmpty || !file.name.isEmpty,
      !files.contains(where: { $0.id == file.id && !file.id.isEmpty })
    else { return }
    files.append(file)
  }
}

/// The rooms of a Rocket.Chat database by their id.
struct RocketChatRooms {
  private(set) var channels: [String: Channel] = [:]
  /// What rooms say of themselves, and what of the table is damaged.
  private(set) var items: [ArchiveItem] = []

  private static let keys = JSONKeys([
    "_id", "t", "name", "fname", "topic", "announcement", "description", "encrypted", "federated",
  ])

  /// Learns the rooms of a file.
  mutating func read(_ tree: ArchiveTree, _ member: ArchiveTree.Member, limit: Int) {
    if member.baseName.contains(".bson") { return readDocuments(tree, member, limit: limit) }
    let shape = RecordWalk.Shape(opens: { _ in false }, treatment: { _ in .skip })
    var files = JSONFiles(tree, [member], shape, limit: limit)
    while let item = files.next() {
      switch item {
      case .gap(let fault, let offset): items.append(files.gap(fault, offset))
      case .record(let range, let offset, let isDoubtful):
        let source = files.source(offset)
        if let texts = try? room(JSONReader(files.bytes, in: range)) {
          guard let message = texts.message else { continue }
          items.append(.channel(message, source: source, byteCount: range.count))
        } else if let gap = files.stranger("a record is no room", offset, isDoubtful) {
          items.append(gap)
        }
      }
    }
  }

  /// Learns the rooms of a collection in BSON.
  private mutating func readDocuments(
    _ tree: ArchiveTree,
    _ member: ArchiveTree.Member,
    limit: Int
  ) {
    let place = SourceLocation(member: tree.reportedName(member), byteOffset: 0)
    do throws(SourceFault) {
      var documents = BSONRecords(ByteWindow(try tree.openUnpacked(member)), limit: limit)
      while let item = documents.next() {
        switch item {
        case .gap(let fault, let offset): items.append(place.gap(fault, at: offset))
        case .document(let json, let offset, let byteCount):
          guard let found = try? room(JSONReader(json)) else {
            let fault = SourceFault(reason: .corrupt, detail: "a record is no room")
            items.append(place.gap(fault, at: offset))
            continue
          }
          guard let message = found.message else { continue }
          items.append(.channel(message, source: place.at(offset), byteCount: byteCount))
        }
      }
    } catch {
      items.append(place.gap(error, at: 0))
    }
  }

  private mutating func room(
    _ source: JSONReader
  ) throws(JSONError) -> (channel: Channel, message: Message?) {
    var reader = source
    guard try reader.kind() == .object else { throw .notAMessage }
    var channel = Channel(id: "")
    var topic: String?
    var texts: [String] = []
    var isDirect = false
    try reader.members(RocketChatRooms.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: channel.id = try RocketChatMessage.extended(&reader) ?? ""
      case 1:
        // c, p and d are open rooms, rooms by invitation and direct ones; l are chats with visitors.
        switch try reader.scalar() {
        case "c"?: channel.visibility = .public
        case "p"?: channel.visibility = .private
        case "d"?, "l"?, "v"?: isDirect = true
        default: break
        }
      case 2:
        let name = try reader.scalar()
        channel.name = channel.name ?? name
      case 3: channel.name = try reader.scalar() ?? channel.name
      case 4: topic = try reader.scalar()
      case 7, 8:
        guard try reader.kind() == .boolean else { return try reader.skipValue() }
        let isTrue = try reader.boolean()
        if key == 7 { channel.encrypted = isTrue } else { channel.federated = isTrue }
      default: if let text = try reader.scalar(), !text.isEmpty { texts.append(text) }
      }
    }
    if isDirect { channel.visibility = .direct }
    channels[channel.id] = channel
    guard topic?.isEmpty == false || !texts.isEmpty else { return (channel, nil) }
    let message = Message(
      id: "\(channel.id)-topic",
      body: texts.joinedOnce,
      subject: topic,
      channel: channel
    )
    return (channel, message)
  }
}
