import VigieCore
import VigieJSON

// The events that archives are full of, read in one pass: messages, files, members, reactions.
extension MatrixEvent {
  /// Where each field is kept.
  enum Field {
    static let type = 0
    static let id = 1
    static let sender = 2
    static let time = 3
    static let room = 4
    static let messageType = 5
    static let body = 6
    static let html = 7
    static let fileName = 8
    static let url = 9
    static let mimetype = 10
    static let relation = 11
    static let relatedID = 12
    // Texts that have no field of their own in an event, side by side.
    static let name = 13
    static let membership = 14
    static let key = 15
    static let size = 16
  }

  /// What ``init(_:likelyRoom:)`` reads, where nothing out of the ordinary is among it.
  static let shape = JSONShape([
    .init(
      [
        ("type", .take(Field.type)), ("event_id", .take(Field.id)),
        ("sender", .take(Field.sender)), ("origin_server_ts", .take(Field.time)),
        ("room_id", .take(Field.room)), ("content", .enter(1)), ("unsigned", .enter(2)),
        ("redacted_because", .refuse), ("prev_content", .refuse), ("user_id", .refuse),
        ("timestamp", .refuse), ("state_key", .skip),
      ],
      others: .skip
    ),
    .init(
      [
        ("msgtype", .take(Field.messageType)), ("body", .take(Field.body)),
        ("formatted_body", .take(Field.html)), ("filename", .take(Field.fileName)),
        ("url", .take(Field.url)), ("info", .enter(3)), ("m.relates_to", .enter(4)),
        ("displayname", .take(Field.name)), ("membership", .take(Field.membership)),
        ("format", .skip),
        ("algorithm", .skip), ("ciphertext", .skip), ("avatar_url", .skip), ("file", .refuse),
        ("m.new_content", .refuse), ("join_rule", .refuse), ("history_visibility", .refuse),
        ("m.mentions", .skipUnlessText),
      ],
      others: .skipUnlessText
    ),
    .init(
      [("redacted_because", .refuse), ("prev_content", .refuse), ("age", .skip)],
      others: .skip
    ),
    .init([("mimetype", .take(Field.mimetype)), ("size", .take(Field.size))], others: .skip),
    .init(
      [
        ("rel_type", .take(Field.relation)), ("event_id", .take(Field.relatedID)),
        ("key", .take(Field.key)), ("m.in_reply_to", .enter(answered)),
      ],
      // A member that `m.relates_to` of the thorough reader does not know is skipped there too.
      others: .skip
    ),
    // Of the message that is answered only that there is one matters.
    .init([], others: .skip),
  ])
  /// The number of the object that stands for the message that is answered.
  private static let answered = 5

  /// Reads the event that was picked, unless one of its fields is not what it should be.
  init?(_ pick: JSONPick, _ reader: JSONReader, likelyRoom: String?) {
    self.init()
    var isSound = true
    func text(_ field: Int) -> String? {
      guard let piece = pick[field] else { return nil }
      let text = reader.text(piece)
      if text == nil { isSound = false }
      return text
    }
    type = text(Field.type) ?? ""
    id = text(Field.id) ?? ""
    sender = text(Field.sender)
    roomID = MatrixEvent.room(pick, reader, likelyRoom)
    if roomID == nil, pick[Field.room] != nil { isSound = false }
    if let time = pick[Field.time] {
      milliseconds = reader.integer(time)
      isSound = isSound && milliseconds != nil
    }
    content.messageType = text(Field.messageType)
    content.body = text(Field.body)
    content.html = text(Field.html)
    content.fileName = text(Field.fileName)
    content.mediaURL = text(Field.url)
    content.hasFile = content.mediaURL != nil
    content.mimetype = text(Field.mimetype)
    if let size = pick[Field.size], !size.isString {
      guard let count = reader.integer(size) else { return nil }
      content.fileByteCount = count < 0 ? nil : count
    }
    content.relation = text(Field.relation)
    content.relatedID = text(Field.relatedID)
    content.isReply = pick.hasObject(MatrixEvent.answered)
    guard let texts = MatrixEvent.texts(pick, reader) else { return nil }
    content.texts = texts
    // What says how its room is needs its state key too.
    guard isSound, !type.isEmpty, !MatrixRooms.factTypes.contains(type) else { return nil }
  }

  /// Whether the event that was picked says that it is of a room.
  static func isRoom(_ id: String, _ pick: JSONPick, _ reader: JSONReader) -> Bool {
    guard !id.isEmpty, let piece = pick[Field.room] else { return false }
    return reader.isSame(piece, id)
  }

  /// The room of the event that was picked; `nil` where it says none, or in no sound words.
  static func room(_ pick: JSONPick, _ reader: JSONReader, _ likely: String?) -> String? {
    guard let piece = pick[Field.room] else { return nil }
    if let likely, reader.isSame(piece, likely) { return likely }
    return reader.text(piece)
  }

  /// What an event is that needs no more than a message.
  enum Ordinary {
    /// A text without a quote.
    case text
    case file
    /// Who came and went, reacted or took something back.
    case system
  }

  /// What the event is that was picked, where it needs no more than a message, as most do.
  static func ordinary(_ pick: JSONPick, _ reader: JSONReader) -> Ordinary? {
    guard let type = pick[Field.type] else { return nil }
    // An edit names what it replaces.
    if let relation = pick[Field.relation], !reader.isPlain(relation, but: "m.replace") {
      return nil
    }
    guard reader.isSame(type, "m.room.message") else {
      return pick.taken & (said | files) == 0 && isSystem(type, reader) ? .system : nil
    }
    guard let kind = pick[Field.messageType], pick.taken & others == 0 else { return nil }
    if pick.hasObject(answered) {
      // What may be the start of a quote, or stand for it, is looked at closely.
      if let body = pick[Field.body], reader.starts(body, withOneOf: ">\\") { return nil }
      if let html = pick[Field.html], reader.starts(html, withOneOf: "<\\") { return nil }
    }
    if reader.isSame(kind, "m.text") || reader.isSame(kind, "m.notice") {
      return pick.taken & files == 0 ? .text : nil
    }
    return isFile(kind, reader) && !pick.hasObject(answered) ? .file : nil
  }

  private static func isSystem(_ type: JSONPick.Piece, _ reader: JSONReader) -> Bool {
    reader.isSame(type, "m.room.member") || reader.isSame(type, "m.reaction")
      || reader.isSame(type, "m.room.redaction")
  }

  private static func isFile(_ kind: JSONPick.Piece, _ reader: JSONReader) -> Bool {
    reader.isSame(kind, "m.file") || reader.isSame(kind, "m.image")
      || reader.isSame(kind, "m.video") || reader.isSame(kind, "m.audio")
  }

  private static func bits(_ fields: Int...) -> UInt32 { fields.reduce(0) { $0 | 1 << UInt32($1) } }
  private static let files = bits(Field.fileName, Field.url)
  private static let said = bits(Field.messageType, Field.body, Field.html)
  private static let others = bits(Field.name, Field.membership, Field.key)

  /// The message of such an event; `nil` where one of its fields is not what it should be.
  ///
  /// - Parameters:
  ///   - pick: Where its fields stand.
  ///   - reader: What picked them.
  ///   - sort: What it is.
  ///   - channel: Its channel.
  ///   - said: What is known beside its text of a message that a person said.
  /// - Returns: The message.
  static func message(
    _ pick: JSONPick,
    _ reader: JSONReader,
    _ sort: Ordinary,
    in channel: SharedChannel,
    said: Message.Traits = Message.Traits()
  ) -> Message? {
    var isSound = true
    func text(_ field: Int) -> String? {
      guard let piece = pick[field] else { return nil }
      let text = reader.text(piece)
      if text == nil { isSound = false }
      return text
    }
    var time = MessageTime(text: nil)
    if let piece = pick[Field.time] {
      guard let milliseconds = reader.integer(piece) else { return nil }
      time = MessageTime(milliseconds: milliseconds)
    }
    let traits = sort == .system ? .system : said
    if sort != .file, let joins = joins(pick, reader) {
      return message(pick, reader, traits, joins, time, in: channel)
    }
    // An event without an id is named by its place.
    guard let piece = pick[Field.id], let id = reader.text(piece), !id.isEmpty else { return nil }
    let sender = text(Field.sender)
    let html = text(Field.html)
    var body = text(Field.body)
    if body?.isEmpty == true { body = nil }
    if pick.taken & others != 0 {
      guard let texts = texts(pick, reader) else { return nil }
      body = joinedOnce(texts)
    }
    guard isSound else { return nil }
    var message = Message(
      id: id,
      body: body,
      html: html,
      sender: sender,
      time: time,
      channel: channel,
      traits: traits
    )
    if sort == .file {
      guard let file = file(pick, reader, named: body ?? "") else { return nil }
      if file.name == body ?? "" { message.body = nil }
      message.attachments = [file]
    }
    return message
  }

  /// What the body of an event is made of.
  private struct Joined {
    /// The first text, and another one on a line of its own.
    var first: JSONPick.Piece?
    var second: JSONPick.Piece?
  }

  /// What the body of an event is made of where that is told without making its texts; `nil` where it is not.
  private static func joins(_ pick: JSONPick, _ reader: JSONReader) -> Joined? {
    guard pick.taken & others != 0 else { return Joined(first: pick[Field.body]) }
    // Of those who came and went a name and what they did, or a reaction.
    let name = pick[Field.name]
    let membership = pick[Field.membership]
    if let key = pick[Field.key] { return name ?? membership == nil ? Joined(first: key) : nil }
    guard var first = name, var second = membership else {
      return Joined(first: name ?? membership)
    }
    guard first.isString, second.isString, first.byteCount > 0, second.byteCount > 0 else {
      return nil
    }
    if second.offset < first.offset { swap(&first, &second) }
    // What Unicode takes for the same may be written in other bytes.
    let isSame =
      first.isPlainASCII && second.isPlainASCII
      ? reader.isSame(first, as: second) : reader.text(first) == reader.text(second)
    return isSame ? Joined(first: first) : Joined(first: first, second: second)
  }

  /// The message of such an event whose texts lie side by side; `nil` where one is not what it should be.
  private static func message(
    _ pick: JSONPick,
    _ reader: JSONReader,
    _ traits: Message.Traits,
    _ body: Joined,
    _ time: MessageTime,
    in channel: SharedChannel
  ) -> Message? {
    // An event without an id is named by its place.
    guard let id = pick[Field.id] else { return nil }
    let (sender, html) = (pick[Field.sender], pick[Field.html])
    var byteCount = id.byteCount + 1
    for piece in [sender, html, body.first, body.second] { byteCount += piece?.byteCount ?? 0 }
    return Message(
      upTo: byteCount,
      time: time,
      channel: channel,
      traits: traits
    ) { output, ends in
      guard reader.append(id, to: &output), output.count > 0 else { return false }
      ends.end(.id, at: output.count)
      if let sender {
        guard reader.append(sender, to: &output) else { return false }
        ends.end(.sender, at: output.count)
      }
      if let first = body.first {
        let start = output.count
        guard reader.append(first, to: &output) else { return false }
        if let second = body.second {
          output.append(0x0A)
          guard reader.append(second, to: &output) else { return false }
        }
        if output.count > start { ends.end(.body, at: output.count) }
      }
      if let html {
        guard reader.append(html, to: &output) else { return false }
        ends.end(.html, at: output.count)
      }
      return true
    }
  }

  /// The file of a picked event, without its bytes; `nil` where a field is not what it should be.
  private static func file(
    _ pick: JSONPick,
    _ reader: JSONReader,
    named body: String
  ) -> Attachment? {
    var file = Attachment(name: body, content: .missing(detail: noFile))
    if let piece = pick[Field.fileName] {
      guard let name = reader.text(piece) else { return nil }
      file.name = name
    }
    if let piece = pick[Field.mimetype] {
      guard let type = reader.text(piece) else { return nil }
      file.mimetype = type
    }
    if let piece = pick[Field.url] {
      guard let address = reader.text(piece) else { return nil }
      file.address = address
    }
    if let piece = pick[Field.size], !piece.isString {
      guard let count = reader.integer(piece) else { return nil }
      file.byteCount = count < 0 ? nil : count
    }
    return file
  }

  /// The texts that have no field of their own, in the order in which they stand; `nil` where one is
  /// not what it should be.
  private static func texts(_ pick: JSONPick, _ reader: JSONReader) -> [String]? {
    if pick.taken & others == 0 { return [] }
    var texts: [String] = []
    var last = -1
    // Few have more than two: the next one is looked for anew.
    while true {
      var next: JSONPick.Piece?
      for field in Field.name...Field.key {
        guard let piece = pick[field], piece.offset > last, piece.offset < next?.offset ?? .max
        else { continue }
        next = piece
      }
      guard let next else { return texts }
      guard let text = reader.text(next) else { return nil }
      if !text.isEmpty { texts.append(text) }
      last = next.offset
    }
  }

  /// What ``Swift/Array/joinedOnce`` gives, sooner where there are two texts, as of those who came and went.
  private static func joinedOnce(_ texts: [String]) -> String? {
    guard texts.count == 2, texts[0] != texts[1] else { return texts.joinedOnce }
    var joined = ""
    joined.reserveCapacity(texts[0].utf8.count + 1 + texts[1].utf8.count)
    joined += texts[0]
    joined += "\n"
    joined += texts[1]
    return joined
  }
}
