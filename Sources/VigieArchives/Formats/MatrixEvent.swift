import VigieCore
import VigieJSON

/// One Matrix event, as far as it holds text, names of files or facts about the room.
///
/// *Source:* Matrix Client-Server API v1.11, §5.4, §11.
struct MatrixEvent {
  var type = ""
  var id = ""
  var sender: String?
  var milliseconds: Int?
  /// The time as text, where an archive keeps it so.
  var time: String?
  var roomID: String?
  /// What the event is the state of, within its type; `nil` for what somebody only sent.
  var stateKey: String?
  var isRedacted = false
  var content = Content()
  /// Texts outside the content: old versions that servers leave in `unsigned`.
  var otherTexts: [String] = []
  var repairCount = 0

  init() {}

  /// The content of an event.
  struct Content {
    var messageType: String?
    var body: String?
    var html: String?
    var fileName: String?
    var hasFile = false
    /// The `mxc:` address of the file.
    var mediaURL: String?
    /// The size of the file as its sender says it.
    var fileByteCount: Int?
    /// Whether only its readers have the key to the file.
    var isFileEncrypted = false
    /// Whether it answers another message, whose text clients put before the answer.
    var isReply = false
    var mimetype: String?
    /// The new content of an edit: none or one.
    var replacement: [Content] = []
    var relation: String?
    var relatedID: String?
    /// `join_rule` or `history_visibility`.
    var access: String?
    /// Every other string, in the order they stand.
    var texts: [String] = []
  }

  private static let keys = JSONKeys([
    "type", "event_id", "sender", "origin_server_ts", "room_id", "content", "unsigned",
    "redacted_because", "prev_content", "user_id", "timestamp", "state_key",
  ])
  private static let contentKeys = JSONKeys([
    "msgtype", "body", "formatted_body", "filename", "url", "file", "info", "m.new_content",
    "m.relates_to", "join_rule", "history_visibility", "format", "algorithm", "ciphertext",
    "avatar_url",
  ])
  private static let relationKeys = JSONKeys(["rel_type", "event_id", "key", "m.in_reply_to"])
  private static let infoKeys = JSONKeys(["mimetype", "size"])
  private static let fileKeys = JSONKeys(["url"])
  private static let unsignedKeys = JSONKeys(["redacted_because", "prev_content"])

  /// Reads an event from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    try self.init(&reader, likelyRoom: nil)
    try reader.finish()
  }

  /// Reads the event that is next.
  ///
  /// - Parameters:
  ///   - reader: Where the event is next; it must be new, for it counts the repairs.
  ///   - likelyRoom: The room of the event before.
  /// - Throws: `JSONError` where what is next is not JSON.
  init(_ reader: inout JSONReader, likelyRoom: String?) throws(JSONError) {
    var event = MatrixEvent()
    try reader.members(MatrixEvent.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: event.type = try reader.stringIfPresent() ?? ""
      case 1: event.id = try reader.stringIfPresent() ?? ""
      case 2: event.sender = try reader.stringIfPresent()
      case 3:
        if try reader.kind() == .number {
          event.milliseconds = Int(exactly: try reader.double().rounded())
        } else {
          try reader.skipValue()
        }
      case 4: event.roomID = try reader.stringIfPresent(likely: likelyRoom)
      case 5: event.content = try MatrixEvent.content(&reader)
      case 6:
        try reader.members(MatrixEvent.unsignedKeys) { reader, key throws(JSONError) in
          try event.readOld(&reader, isRedaction: key == 0)
        }
      case 7, 8: try event.readOld(&reader, isRedaction: key == 7)
      case 10: event.time = try reader.stringIfPresent()
      case 11: event.stateKey = try reader.stringIfPresent()
      default:
        let user = try reader.stringIfPresent()
        event.sender = event.sender ?? user
      }
    }
    event.repairCount = reader.repairCount
    self = event
  }

  /// Reads `redacted_because` (its reason is text) or `prev_content`.
  private mutating func readOld(
    _ reader: inout JSONReader,
    isRedaction: Bool
  ) throws(JSONError) {
    guard isRedaction else { return try reader.collectStrings(into: &otherTexts) }
    guard try reader.kind() == .object else { return try reader.skipValue() }
    isRedacted = true
    var reasons: [String] = []
    let keys = JSONKeys(["content"])
    try reader.members(keys) { reader, _ throws(JSONError) in
      let reasonKeys = JSONKeys(["reason"])
      try reader.members(reasonKeys) { reader, _ throws(JSONError) in
        try reader.collectStrings(into: &reasons)
      }
    }
    otherTexts += reasons
  }

  private static func content(_ reader: inout JSONReader) throws(JSONError) -> Content {
    var content = Content()
    guard try reader.kind() == .object else {
      try reader.collectStrings(into: &content.texts)
      return content
    }
    try reader.beginObject()
    while let key = try reader.nextKey(contentKeys) {
      switch key {
      case 0: content.messageType = try reader.stringIfPresent()
      case 1:
        // Of keys that stand twice, clients differ in which they show.
        if let body = content.body { content.texts.append(body) }
        content.body = try reader.anyText()
      case 2:
        if let html = content.html { content.texts.append(html) }
        content.html = try reader.anyText()
      case 3: content.fileName = try reader.anyText()
      case 4:
        if try reader.kind() != .null { content.hasFile = true }
        content.mediaURL = try reader.stringIfPresent() ?? content.mediaURL
      case 5:
        if try reader.kind() != .null { content.hasFile = true }
        if try reader.kind() == .object { content.isFileEncrypted = true }
        try reader.members(fileKeys) { reader, _ throws(JSONError) in
          let address = try reader.stringIfPresent()
          content.mediaURL = content.mediaURL ?? address
        }
      case 6:
        try reader.members(infoKeys) { reader, key throws(JSONError) in
          if key == 0 {
            content.mimetype = try reader.stringIfPresent()
          } else if try reader.kind() == .number {
            content.fileByteCount = try reader.integer().flatMap { $0 < 0 ? nil : $0 }
          } else {
            try reader.skipValue()
          }
        }
      case 7: content.replacement = [try MatrixEvent.content(&reader)]
      case 8:
        try reader.members(relationKeys) { reader, key throws(JSONError) in
          switch key {
          case 0: content.relation = try reader.stringIfPresent()
          case 1: content.relatedID = try reader.stringIfPresent()
          case 3:
            content.isReply = try reader.kind() == .object
            try reader.skipValue()
          default: try reader.collectStrings(into: &content.texts)
          }
        }
      case 9, 10: content.access = try reader.stringIfPresent()
      case 11, 12, 13, 14: try reader.skipValue()
      default: try reader.collectStrings(into: &content.texts)
      }
    }
    return content
  }
}

extension MatrixEvent {
  /// Whether a text is what clients put for those that know no edits.
  private static func isFallback(_ text: String, of edited: String?) -> Bool {
    let mark = text.hasPrefix(" ") ? " * " : "* "
    return text == mark + (edited ?? "")
  }

  /// Whether the event is one that could not be decrypted.
  var isEncrypted: Bool {
    type == "m.room.encrypted" || content.messageType == "m.bad.encrypted"
  }

  /// Whether the event says how its room is.
  ///
  /// Every member can send an event of any type; only who may change the room can send one with a state key.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §8.1 (state events); the types of ``MatrixRooms`` have the
  /// empty key.
  var isRoomState: Bool { stateKey?.isEmpty == true }

  /// Types of events that people send to be read.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.2, §11.12 (encryption), §11.29 (stickers); MSC3381.
  private static let saidTypes: Set<String> = [
    "m.room.message", "m.room.encrypted", "m.sticker", "m.poll.start",
    "org.matrix.msc3381.poll.start", "m.message",
  ]

  /// What the event is beside its text.
  private var traits: Message.Traits {
    var traits = Message.Traits()
    if !Self.saidTypes.contains(type), content.body == nil || type.hasPrefix("m.room.") {
      traits.insert(.system)
    }
    if isRedacted { traits.insert(.redacted) }
    if isEncrypted { traits.insert(.encrypted) }
    return traits
  }

  private var sentTime: MessageTime {
    if let milliseconds, time == nil { return MessageTime(milliseconds: milliseconds) }
    return MessageTime(
      text: milliseconds.flatMap(rfc3339(milliseconds:)) ?? time.flatMap(isoTime)
    )
  }

  /// The message of the event, with no channel and without bytes for its files.
  var message: Message { isPlain ? plainMessage : fullMessage }

  /// Whether the event is a text that stands alone, as most are.
  private var isPlain: Bool {
    type == "m.room.message" && content.texts.isEmpty && otherTexts.isEmpty && repairCount == 0
      && content.replacement.isEmpty && content.relation == nil && !content.isReply
      && content.fileName == nil && !content.hasFile && isText
  }

  private var isText: Bool { content.messageType == "m.text" || content.messageType == "m.notice" }

  private var plainMessage: Message {
    Message(
      id: id,
      body: content.body.flatMap { $0.isEmpty ? nil : $0 },
      html: content.html,
      sender: sender,
      time: sentTime
    )
  }

  /// What to say of a file of which there is only the event.
  static let noFile = "the export does not hold the file"

  private var fullMessage: Message {
    var message = Message(
      id: id,
      body: nil,
      html: nil,
      sender: sender,
      time: sentTime,
      traits: traits
    )
    var texts: [String] = []
    let content = content.withoutQuote(isEdit: !content.replacement.isEmpty)
    let current = content.replacement.first ?? content
    if content.relation == "m.replace" { message.replaces = content.relatedID }
    if current.isFile || type == "m.sticker" {
      let name = current.fileName ?? current.body ?? ""
      message.attachments.append(
        Attachment(
          name: name,
          mimetype: current.mimetype,
          content: .missing(
            detail: current.isFileEncrypted
              ? "the file is encrypted end to end" : MatrixEvent.noFile
          ),
          address: current.mediaURL,
          byteCount: current.fileByteCount
        )
      )
      if let body = current.body, body != name { texts.append(body) }
    } else {
      if let body = current.body { texts.append(body) }
      if let name = current.fileName { texts.append(name) }
    }
    message.html = current.html
    if !content.replacement.isEmpty {
      // Clients that know no edits show the fallback, which may say something else on purpose.
      if let body = content.body, !Self.isFallback(body, of: current.body) { texts.append(body) }
      if let html = content.html, html != current.html, !Self.isFallback(html, of: current.html) {
        texts.append(html)
      }
      texts += current.texts
    }
    if type == "m.room.topic" || type == "m.room.name" {
      message.subject = content.texts.joinedOnce
      texts += otherTexts
    } else {
      texts += content.texts + otherTexts
    }
    message.body = texts.joinedOnce
    if isEncrypted {
      message.body = nil
      message.html = nil
      message.gaps.append(
        Gap(
          place: .body,
          reason: .encrypted,
          detail: "the event is encrypted and the export holds no key for it"
        )
      )
    }
    if repairCount > 0 {
      message.gaps.append(
        Gap(
          place: .body,
          reason: .encoding,
          detail: "the event held lone surrogates or invalid UTF-8, read as U+FFFD"
        )
      )
    }
    return message
  }
}

extension MatrixEvent.Content {
  /// The content without the quote of the message it answers, which is read where it was said.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.36.2.1 (Fallbacks for rich replies).
  func withoutQuote(isEdit: Bool) -> Self {
    guard isReply || isEdit else { return self }
    var content = self
    content.body = body.map(Self.withoutQuote)
    if let html, let end = html.firstRange(of: "</mx-reply>"), html.hasPrefix("<mx-reply>") {
      content.html = String(html[end.upperBound...])
    }
    return content
  }

  /// A text without the lines `> <@user> …` at its head and the blank line after them.
  private static func withoutQuote(_ body: String) -> String {
    guard body.hasPrefix("> <@") || body.hasPrefix("> * <@") else { return body }
    var rest = Substring(body)
    while rest.hasPrefix(">") {
      rest = rest[(rest.firstIndex(of: "\n").map(rest.index(after:)) ?? rest.endIndex)...]
    }
    if rest.first == "\n" { rest.removeFirst() }
    return String(rest)
  }

  /// Whether the content stands for a file.
  var isFile: Bool {
    switch messageType {
    case "m.file", "m.image", "m.video", "m.audio": true
    default: hasFile && messageType != "m.location"
    }
  }
}
