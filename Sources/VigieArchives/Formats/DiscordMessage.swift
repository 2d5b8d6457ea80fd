import VigieCore
import VigieJSON

/// One message of a DiscordChatExporter JSON, with all the text it shows.
///
/// *Source:* Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs.
struct DiscordMessage {
  /// A file a message names.
  struct File {
    var name = ""
    /// An address, or a path below the export where the file was saved.
    var url = ""
  }

  var id = ""
  var type: String?
  var time: String?
  var sender: String?
  var texts: [String] = []
  var files: [File] = []
  var repairCount = 0

  private static let keys = JSONKeys([
    "id", "type", "timestamp", "content", "author", "attachments", "embeds", "stickers",
    "components", "forwardedMessage", "interaction", "poll", "timestampEdited",
    "callEndedTimestamp", "isPinned", "reactions", "mentions", "reference", "inlineEmojis",
  ])
  private static let authorKeys = JSONKeys(["id", "name"])
  private static let fileKeys = JSONKeys(["fileName", "url"])
  /// What of embeds, buttons and stickers is an address, an id or a word of the protocol.
  private static let technical: Set<String> = [
    "id", "url", "color", "timestamp", "thumbnail", "image", "images", "video", "iconUrl",
    "iconCanonicalUrl", "inlineEmojis", "type", "style", "customId", "skuId", "emoji", "format",
    "sourceUrl", "user", "author",
  ]
  private static let nameKeys = JSONKeys(["name"])

  /// Reads a message from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    var message = DiscordMessage()
    try message.read(&reader, isForwarded: false)
    try reader.finish()
    message.repairCount = reader.repairCount
    self = message
  }

  private init() {}

  /// Whether it has anything of a message.
  var isMessage: Bool { !id.isEmpty || !texts.isEmpty || !files.isEmpty }

  private mutating func read(
    _ reader: inout JSONReader,
    isForwarded: Bool
  ) throws(JSONError) {
    guard try reader.kind() == .object else { return try reader.skipValue() }
    try reader.beginObject()
    while let key = try reader.nextKey(DiscordMessage.keys) {
      switch key {
      case 0, 1, 2:
        guard let text = try reader.stringIfPresent(), !isForwarded else { continue }
        switch key {
        case 0: id = text
        case 1: type = text
        default: time = text
        }
      case 3: try reader.collectStrings(into: &texts)
      case 4:
        try reader.members(DiscordMessage.authorKeys) { reader, key throws(JSONError) in
          let text = try reader.stringIfPresent()
          if key == 1 || sender == nil { sender = text ?? sender }
        }
      case 5:
        guard try reader.isNext(.array, orTexts: &texts) else { continue }
        try reader.elements { reader throws(JSONError) in
          var file = File()
          try reader.members(DiscordMessage.fileKeys) { reader, key throws(JSONError) in
            let text = try reader.anyText() ?? ""
            if key == 0 { file.name = text } else { file.url = text }
          }
          files.append(file)
        }
      case 6, 7, 8, 10, 11: try collect(&reader)
      case 9: try read(&reader, isForwarded: true)
      case 12...: try reader.skipValue()
      // A later version may say more: what is not known is text.
      default: try reader.collectStrings(into: &texts)
      }
    }
  }

  /// Reads the texts of embeds and the like.
  private mutating func collect(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.kind() {
    case .string:
      let text = try reader.string()
      if !text.isEmpty { texts.append(text) }
    case .array: try reader.elements { reader throws(JSONError) in try collect(&reader) }
    case .object:
      try reader.beginObject()
      while try reader.nextKey(DiscordMessage.nameKeys) != nil {
        if reader.lastKey == "author" {
          try reader.members(DiscordMessage.nameKeys) { reader, _ throws(JSONError) in
            try reader.collectStrings(into: &texts)
          }
        } else if DiscordMessage.technical.contains(reader.lastKey) {
          try reader.skipValue()
        } else {
          try collect(&reader)
        }
      }
    default: try reader.skipValue()
    }
  }
}
