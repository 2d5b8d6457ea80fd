import VigieCore
import VigieJSON

/// One message of a Slack export, with all the text it shows.
///
/// *Source:* Slack API, "message event" and Block Kit references; what exports really hold.
struct SlackMessage {
  /// A file a message names.
  struct File {
    var id = ""
    var name = ""
    var mimetype: String?
    /// Titles, previews and the like.
    var texts: [String] = []
    var mode: String?
  }

  var timestamp = ""
  var user: String?
  /// The shown name of the user, where the message says it itself.
  var userName: String?
  var text: String?
  /// Text in blocks, where `text` is empty, and table cells always.
  var blockTexts: [String] = []
  var tableTexts: [String] = []
  var attachmentTexts: [String] = []
  var files: [File] = []
  /// The `ts` of the message that this one changes or deletes.
  var changes: String?
  /// What kind of message it is, such as `channel_join`; `nil` for what people write.
  var subtype: String?
  /// The replies that slackdump puts into the message they answer.
  var replies: [SlackMessage] = []
  var repairCount = 0

  private static let keys = JSONKeys([
    "ts", "user", "text", "blocks", "attachments", "files", "file", "username", "bot_id", "message",
    "previous_message", "original", "topic", "purpose", "name", "comment", "initial_comment",
    "type", "subtype", "deleted_ts", "old_name", "root",
    "slackdump_thread_replies", "user_profile",
  ])
  private static let profileKeys = JSONKeys(["display_name", "real_name", "name"])
  private static let fileKeys = JSONKeys([
    "id", "name", "title", "mimetype", "mode", "preview", "plain_text", "initial_comment",
    "alt_txt", "subject",
  ])
  private static let attachmentKeys = JSONKeys([
    "pretext", "author_name", "title", "text", "fallback", "footer", "fields", "blocks", "files",
    "message_blocks",
  ])
  private static let blockKeys = JSONKeys([
    "type", "text", "elements", "fields", "rows", "title", "alt_text", "element", "accessory",
    "blocks", "label", "message", "url", "options", "description", "hint",
  ])

  init() {}

  /// Reads a message from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    self = try SlackMessage(&reader)
    try reader.finish()
    repairCount = reader.repairCount
  }

  /// Reads a message that is next.
  init(_ reader: inout JSONReader) throws(JSONError) {
    var message = SlackMessage()
    var further: [String] = []
    try reader.members(SlackMessage.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: message.timestamp = try reader.stringIfPresent() ?? ""
      case 1, 7, 8:
        if let name = try reader.stringIfPresent(), message.user == nil || key == 1 {
          message.user = name
        }
      case 2:
        if try reader.kind() == .string {
          message.text = try reader.string()
        } else if let odd = try reader.anyText() {
          // Not in the place of the text, where it would hide what stands in blocks.
          further.append(odd)
        }
      case 3:
        try message.readBlocks(&reader, isTable: false)
      case 4:
        guard try reader.isNext(.array, orTexts: &further) else { return }
        try reader.elements { reader throws(JSONError) in try message.readAttachment(&reader) }
      case 5, 6:
        if try reader.kind() == .object { return try message.readFile(&reader) }
        guard try reader.isNext(.array, orTexts: &further) else { return }
        try reader.elements { reader throws(JSONError) in try message.readFile(&reader) }
      case 9, 10, 11:
        guard try reader.isNext(.object, orTexts: &further) else { return }
        let inner = try SlackMessage(&reader)
        message.changes = message.changes ?? inner.timestamp
        message.user = message.user ?? inner.user
        further += inner.texts
        message.files += inner.files
      case 19: message.changes = try reader.stringIfPresent()
      case 18: message.subtype = try reader.stringIfPresent()
      case 17, 21: try reader.skipValue()
      case 23: message.userName = try SlackMessage.name(&reader)
      case 22:
        guard try reader.isNext(.array, orTexts: &further) else { return }
        try reader.elements { reader throws(JSONError) in
          guard try reader.isNext(.object, orTexts: &further) else { return }
          message.replies.append(try SlackMessage(&reader))
        }
      default: try reader.collectStrings(into: &further)
      }
    }
    message.attachmentTexts += further
    self = message
  }

  /// The shown name in the profile of a user; empty where it says none.
  private static func name(_ reader: inout JSONReader) throws(JSONError) -> String {
    var names = ["", "", ""]
    guard try reader.kind() == .object else {
      try reader.skipValue()
      return ""
    }
    try reader.members(profileKeys) { reader, key throws(JSONError) in
      names[key] = try reader.stringIfPresent() ?? ""
    }
    return names.first { !$0.isEmpty } ?? ""
  }

  private mutating func readFile(_ reader: inout JSONReader) throws(JSONError) {
    var file = File()
    guard try reader.kind() == .object else {
      file.name = try reader.anyText() ?? ""
      return files.append(file)
    }
    try reader.members(SlackMessage.fileKeys) { reader, key throws(JSONError) in
      if key == 7 { return try reader.collectStrings(into: &file.texts) }
      guard let text = try reader.anyText() else { return }
      switch key {
      case 0: file.id = text
      case 1: file.name = text
      case 3: file.mimetype = text
      case 4: file.mode = text
      default: file.texts.append(text)
      }
    }
    files.append(file)
  }

  private mutating func readAttachment(_ reader: inout JSONReader) throws(JSONError) {
    var texts: [String] = []
    var fallback: String?
    guard try reader.isNext(.object, orTexts: &attachmentTexts) else { return }
    try reader.members(SlackMessage.attachmentKeys) { reader, key throws(JSONError) in
      switch key {
      case 4: fallback = try reader.anyText()
      case 6:
        let keys = JSONKeys(["title", "value"])
        guard try reader.isNext(.array, orTexts: &texts) else { return }
        try reader.elements { reader throws(JSONError) in
          guard try reader.isNext(.object, orTexts: &texts) else { return }
          try reader.members(keys) { reader, _ throws(JSONError) in
            try reader.collectStrings(into: &texts)
          }
        }
      case 7, 9:
        var inner = SlackMessage()
        try inner.readBlocks(&reader, isTable: false)
        texts += inner.blockTexts + inner.tableTexts
      case 8: try reader.elements { reader throws(JSONError) in try self.readFile(&reader) }
      default: try reader.collectStrings(into: &texts)
      }
    }
    attachmentTexts += texts
    if let fallback, !texts.contains(fallback) { attachmentTexts.append(fallback) }
  }

  /// Reads blocks, whatever their nesting: what stands in one block is one text.
  private mutating func readBlocks(
    _ reader: inout JSONReader,
    isTable: Bool
  ) throws(JSONError) {
    guard try reader.isNext(.array, orTexts: &attachmentTexts) else { return }
    try reader.elements { reader throws(JSONError) in
      var pieces: [String] = []
      let isTable = try SlackMessage.collect(&reader, into: &pieces)
      if isTable { tableTexts += pieces } else { blockTexts.append(pieces.joined()) }
    }
  }

  /// Collects the text of a block or element; returns whether it is a table, whose cells stay apart.
  private static func collect(
    _ reader: inout JSONReader,
    into pieces: inout [String]
  ) throws(JSONError) -> Bool {
    switch try reader.kind() {
    case .string:
      pieces.append(try reader.string())
      return false
    case .array:
      try reader.beginArray()
      while try reader.nextElement() { _ = try collect(&reader, into: &pieces) }
      return false
    case .object: break
    default:
      try reader.skipValue()
      return false
    }
    var type = ""
    var inner: [String] = []
    var url: String?
    try reader.members(blockKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: type = try reader.stringIfPresent() ?? ""
      case 4:
        try reader.elements { reader throws(JSONError) in
          try reader.elements { reader throws(JSONError) in
            var cell: [String] = []
            _ = try collect(&reader, into: &cell)
            inner.append(cell.joined())
          }
        }
      case 12: url = try reader.stringIfPresent()
      default: _ = try collect(&reader, into: &inner)
      }
    }
    if type == "link", inner.isEmpty, let url { inner.append(url) }
    pieces += inner
    if ["rich_text_section", "rich_text_quote", "rich_text_preformatted"].contains(type) {
      pieces.append("\n")
    }
    return type == "table"
  }

  /// Every text of the message but the names of its files, in the order it is shown.
  var texts: [String] {
    var texts = [text ?? ""]
    if texts[0].isEmpty { texts += blockTexts.map(\.trimmedLineBreaks) }
    return (texts + tableTexts + attachmentTexts + files.flatMap(\.texts)).filter { !$0.isEmpty }
  }
}

extension String {
  /// The text without line breaks at its end.
  fileprivate var trimmedLineBreaks: String {
    var text = Substring(self)
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
