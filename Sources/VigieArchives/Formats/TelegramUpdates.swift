import VigieCore
import VigieJSON

/// Messages as the Bot API of Telegram gives them: what `getUpdates` answers, or an array of updates.
///
/// It is what one bot saw, with edits as updates of their own; the bytes of files stay with Telegram.
///
/// *Source:* core.telegram.org/bots/api, "Getting updates" and "Message"; chaoss/grimoirelab-perceval,
/// tests/data/telegram.
package struct TelegramUpdates: ArchiveFormat {
  package static let name = "telegram-bot"
  package static let title = "Telegram messages as the Bot API gives them (getUpdates)"

  private var files: ExportFiles<TelegramUpdateFile>

  private static func hasUpdates(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return false }
    let keys = ArchiveProbe.keys(head)
    if text.first == UInt8(ascii: "["), keys.contains("update_id") { return true }
    return keys.isSuperset(of: ["ok", "result"])
      && (keys.contains("update_id") || keys.count == 2 && text.contains("[]"))
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".json").contains { hasUpdates(probe.head(of: $0)) } ? 90 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".json",
      headByteCount: 1 << 14,
      where: TelegramUpdates.hasUpdates
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no updates of a Telegram bot",
        mend: "name what getUpdates answered, or a folder of such files"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One answer of `getUpdates`.
private struct TelegramUpdateFile: ExportFile {
  private var walk: JSONWalk
  private let source: SourceLocation
  private let limit: Int

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    let records = ["/result/*", "/*"].flatMap { path in
      ["update_id", "message", "edited_message", "channel_post"].map {
        JSONWalk.Record($0, path: path)
      }
    }
    walk = JSONWalk(window, entered: ["/result"], records: records)
    self.source = source
    self.limit = limit
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value("/*", let range, let offset, let isDoubtful),
        .value("/result/*", let range, let offset, let isDoubtful):
        if let update = try? TelegramUpdate(walk.bytes, in: range) {
          return .message(update.message, source: source.at(offset), byteCount: range.count)
        }
        if isDoubtful {
          walk.reject()
          continue
        }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no update of Telegram")
        return source.gap(fault, at: offset)
      case .begin, .end, .value: continue
      }
    }
    return nil
  }
}

/// One update: a message, an edit of one, or something else that happened.
private struct TelegramUpdate {
  private(set) var message = Message(id: "")
  private var editTime: String?
  private var texts: [String] = []

  private static let keys = JSONKeys([
    "update_id", "message", "edited_message", "channel_post", "edited_channel_post",
    "business_message", "edited_business_message",
  ])
  private static let edits = [2, 4, 6]
  private static let messageKeys = JSONKeys([
    "message_id", "date", "edit_date", "chat", "from", "sender_chat", "text", "caption",
    "document", "photo", "video", "audio", "voice", "animation", "video_note", "sticker",
    // Quotes of other messages, and what is no text of this one.
    "reply_to_message", "pinned_message", "external_reply", "quote", "via_bot", "forward_from",
    "forward_origin", "forward_from_chat", "media_group_id", "entities", "caption_entities",
    "new_chat_title",
  ])
  private static let fileKeys = JSONKeys(["file_name", "mime_type", "file_size", "file_unique_id"])
  private static let chatKeys = JSONKeys(["id", "title", "type", "username", "first_name"])
  private static let userKeys = JSONKeys(["id", "username", "first_name", "last_name", "title"])
  private static let entityKeys = JSONKeys(["url"])

  /// Reads an update from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    guard try reader.kind() == .object else { throw .notAMessage }
    var update = ""
    var isMessage = false
    var isEdit = false
    try reader.beginObject()
    while let key = try reader.nextKey(TelegramUpdate.keys) {
      switch key {
      case 0: update = try reader.scalar() ?? ""
      case 1...:
        guard try reader.kind() == .object else {
          try reader.skipValue()
          continue
        }
        isMessage = true
        isEdit = TelegramUpdate.edits.contains(key)
        try readMessage(&reader)
      // A vote, a button, a new member: what it says is text all the same.
      default: try reader.collectStrings(into: &texts)
      }
    }
    try reader.finish()
    guard isMessage || !update.isEmpty else { throw .notAMessage }
    if !isMessage { message.traits.insert(.system) }
    if message.id.isEmpty { message.id = "update-\(update)" }
    if isEdit {
      // Each edit is a version of its own.
      message.replaces = message.id
      message.id += "-edit-\(editTime ?? update)"
    }
    message.body = texts.joinedOnce
    message.note(reader.repairCount)
  }

  private mutating func readMessage(_ reader: inout JSONReader) throws(JSONError) {
    try reader.beginObject()
    while let key = try reader.nextKey(TelegramUpdate.messageKeys) {
      switch key {
      case 0: message.id = try reader.scalar() ?? ""
      case 1:
        guard let seconds = try reader.scalar().flatMap({ Int($0) }) else { continue }
        message.timestamp =
          seconds.magnitude < 1 << 40 ? rfc3339(milliseconds: seconds * 1000) : nil
      case 2: editTime = try reader.scalar()
      case 3: try readChat(&reader)
      case 4, 5: try readSender(&reader)
      case 6, 7: if let text = try reader.scalar(), !text.isEmpty { texts.append(text) }
      case 8, 10...15: try readFile(&reader)
      case 9: try readPhoto(&reader)
      case 16...24: try reader.skipValue()
      case 25, 26: try readLinks(&reader)
      case 27: message.subject = try reader.scalar()
      default: try reader.collectStrings(into: &texts)
      }
    }
  }

  private mutating func readChat(_ reader: inout JSONReader) throws(JSONError) {
    var fields = [String?](repeating: nil, count: 5)
    try reader.members(TelegramUpdate.chatKeys) { reader, key throws(JSONError) in
      fields[key] = try reader.scalar()
    }
    var channel = Channel(id: fields[0] ?? "", name: fields[1] ?? fields[4])
    channel.visibility =
      switch fields[2] {
      case "private"?: .direct
      case "group"?: .private
      // Who has a user name is found by anybody.
      case "supergroup"?, "channel"?: fields[3] == nil ? .private : .public
      default: .unknown
      }
    message.channel = channel
  }

  private mutating func readSender(_ reader: inout JSONReader) throws(JSONError) {
    var fields = [String?](repeating: nil, count: 5)
    try reader.members(TelegramUpdate.userKeys) { reader, key throws(JSONError) in
      fields[key] = try reader.scalar()
    }
    let name = [fields[2], fields[3]].compactMap { $0 }.joined(separator: " ")
    message.sender = fields[1] ?? (name.isEmpty ? fields[4] ?? fields[0] : name)
  }

  private mutating func readFile(_ reader: inout JSONReader) throws(JSONError) {
    var file = Attachment(name: "", content: .missing(detail: RowBuilder.noBytes))
    try reader.members(TelegramUpdate.fileKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: file.name = try reader.scalar() ?? ""
      case 1: file.mimetype = try reader.scalar()
      case 2: file.byteCount = try reader.scalar().flatMap { Int($0) }
      default: file.address = try reader.scalar().map { "telegram:\($0)" }
      }
    }
    // A moving picture is told as a document too.
    if let address = file.address, message.attachments.contains(where: { $0.address == address }) {
      return
    }
    message.attachments.append(file)
  }

  /// Reads a picture in several sizes, the largest last, which is one file.
  private mutating func readPhoto(_ reader: inout JSONReader) throws(JSONError) {
    let count = message.attachments.count
    try reader.elements { reader throws(JSONError) in try readFile(&reader) }
    if message.attachments.count > count + 1 {
      message.attachments.removeSubrange(count..<(message.attachments.count - 1))
    }
  }

  private mutating func readLinks(_ reader: inout JSONReader) throws(JSONError) {
    try reader.elements { reader throws(JSONError) in
      try reader.members(TelegramUpdate.entityKeys) { reader, _ throws(JSONError) in
        if let link = try reader.scalar() { texts.append(link) }
      }
    }
  }
}
