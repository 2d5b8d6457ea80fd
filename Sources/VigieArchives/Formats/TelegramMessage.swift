import VigieCore
import VigieJSON

/// One message of a Telegram export, with all the text it shows.
///
/// *Source:* telegramdesktop/tdesktop, Telegram/SourceFiles/export/output/export_output_json.cpp.
struct TelegramMessage {
  /// A file a message names.
  struct File {
    /// A path below the export, or a sentence in parentheses that says why there is none.
    var path = ""
    var name: String?
    var mimetype: String?

    /// The name to show: the one it had, or else the last part of the path.
    var shownName: String {
      name ?? path.split(separator: "/").last.map(String.init) ?? path
    }
  }

  var id = ""
  var type: String?
  var seconds: Int?
  /// Local time without a zone.
  var date: String?
  var sender: String?
  /// The new name of a chat or topic, which a service message sets.
  var title: String?
  var texts: [String] = []
  var files: [File] = []
  var repairCount = 0

  private static let keys = JSONKeys([
    "id", "type", "date", "date_unixtime", "from", "from_id", "actor", "text", "text_entities",
    "file", "photo", "contact_vcard", "file_name", "mime_type", "title", "thumbnail", "actor_id",
    "edited", "edited_unixtime", "reply_to_peer_id", "reactions", "media_type", "action",
    "sticker_emoji",
  ])
  private static let textKeys = JSONKeys(["text", "href", "type"])

  private init() {}

  /// Reads a message from JSON; the escape `\xHH`, which is none in JSON and which Telegram Desktop
  /// writes for control characters, is read as well.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    do {
      self = try TelegramMessage.read(JSONReader(bytes, in: range))
    } catch  where error.reason == .invalidEscape {
      self = try TelegramMessage.read(JSONReader(TelegramMessage.mended(bytes[range])))
    }
  }

  /// The bytes with `\u00HH` for `\xHH`.
  private static func mended(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + 64)
    var isEscape = false
    for byte in bytes {
      if isEscape, byte == UInt8(ascii: "x") {
        output += Array("u00".utf8)
      } else {
        output.append(byte)
      }
      isEscape = !isEscape && byte == UInt8(ascii: "\\")
    }
    return output
  }

  private static func read(_ source: JSONReader) throws(JSONError) -> TelegramMessage {
    var reader = source
    var message = TelegramMessage()
    var fileName: String?
    var mimetype: String?
    var entities: String?
    var more: [String] = []
    var body: String?
    var userID: String?
    guard try reader.kind() == .object else { throw .notAMessage }
    try reader.beginObject()
    while let key = try reader.nextKey(keys) {
      switch key {
      case 0: message.id = try reader.scalar() ?? ""
      case 1: message.type = try reader.scalar()
      case 2: message.date = try reader.scalar()
      case 3: message.seconds = try reader.scalar().flatMap { Int($0) }
      case 4, 6: message.sender = try reader.scalar() ?? message.sender
      case 5, 16: userID = try reader.scalar()
      case 7: body = try text(&reader)
      case 8: entities = try text(&reader)
      case 9, 10, 11:
        if let path = try reader.scalar(), !path.isEmpty { message.files.append(File(path: path)) }
      case 12: fileName = try reader.scalar()
      case 13: mimetype = try reader.scalar()
      case 14:
        guard let title = try reader.scalar() else { continue }
        message.title = title
      case 15, 17...23: try reader.skipValue()
      // Polls, places, contacts, buttons, forwards, games: every string of them is text.
      default: try reader.collectStrings(into: &more)
      }
    }
    try reader.finish()
    message.sender = message.sender ?? userID
    if !message.files.isEmpty {
      message.files[0].name = fileName
      message.files[0].mimetype = mimetype
    } else if let fileName {
      more.append(fileName)
    }
    message.texts = [body ?? "", body == entities ? "" : entities ?? ""].filter { !$0.isEmpty }
    message.texts += more
    message.repairCount = reader.repairCount
    return message
  }

  /// The text of a string, or of an array of strings and formatted pieces, which show as one.
  private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
    guard try reader.kind() == .array else { return try reader.scalar() }
    var output = ""
    var links: [String] = []
    try reader.elements { reader throws(JSONError) in
      if try reader.kind() != .object {
        output += try reader.scalar() ?? ""
        return
      }
      try reader.members(textKeys) { reader, key throws(JSONError) in
        let text = try reader.scalar() ?? ""
        if key == 0 { output += text }
        if key == 1 { links.append(text) }
      }
    }
    return ([output] + links).joinedOnce
  }
}

extension JSONReader {
  /// Reads a string or number as text, and the strings of what should be neither.
  mutating func scalar() throws(JSONError) -> String? { try anyText() }
}

extension JSONError {
  /// A record that is no object.
  static let notAMessage = JSONError(reason: .unexpectedKind, offset: 0, line: 1)
}
