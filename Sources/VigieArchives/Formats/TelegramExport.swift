import VigieCore
import VigieJSON

/// The JSON that Telegram Desktop exports of a chat or of an account, with its files or without.
///
/// *Source:* telegramdesktop/tdesktop, Telegram/SourceFiles/export/output/export_output_json.cpp.
package struct TelegramExport: ArchiveFormat {
  package static let name = "telegram"
  package static let title = "Telegram Desktop export (result.json, alone or with its folder)"

  private var files: ExportFiles<TelegramFile>

  private static func isExport(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    guard text.first == UInt8(ascii: "{") else { return false }
    let isAccount =
      text.contains("\"personal_information\"")
      || text.contains("\"about\": \"Here is the data you requested")
      || text.contains("\"chats\"") && text.contains("\"list\"") && text.contains("\"messages\"")
    let isChat =
      text.contains("\"messages\"")
      && TelegramFile.types.contains { text.contains("\"\($0.name)\"") }
    return isAccount || isChat
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".json").contains { isExport(probe.head(of: $0)) } ? 92 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".json",
      headByteCount: 1 << 16,
      where: TelegramExport.isExport
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no JSON of Telegram Desktop",
        mend: "name result.json, or the folder in which it lies"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options) {
      $0.name.hasSuffix("_thumb.jpg")
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One `result.json`.
private struct TelegramFile: ExportFile {
  /// The types of chats with what they say of who can read them.
  ///
  /// A chat is called public where it has a user name, by which anybody finds it.
  static let types: [(name: String, visibility: Visibility)] = [
    ("saved_messages", .direct), ("personal_chat", .direct), ("bot_chat", .direct),
    ("private_group", .private), ("private_supergroup", .private), ("private_channel", .private),
    ("public_supergroup", .public), ("public_channel", .public),
  ]

  /// Where chats stand: one alone, those of an account, and those of an account from which a program
  /// made a plain array.
  private static let chats = ["", "/chats/list/*", "/left_chats/list/*", "/chats/*"]

  private var walk: JSONWalk
  private let source: SourceLocation
  private let member: String
  private let limit: Int
  private var channel = Channel(id: "")
  private var unreadSections = 0

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    let lists = TelegramFile.chats.dropFirst()
    walk = JSONWalk(
      window,
      entered: Set(
        ["/chats", "/chats/list", "/left_chats", "/left_chats/list"] + lists
          + TelegramFile.chats.map { "\($0)/messages" }
      ),
      records: TelegramFile.chats.reversed().map { .init("id", path: "\($0)/messages/*") }
        + lists.flatMap {
          // The chat with oneself has no name.
          [.init("name", path: $0), .init("type", "saved_messages", path: $0)]
        }
    )
    self.source = source
    self.member = member
    self.limit = limit
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .begin(let path): if TelegramFile.chats.contains(path) { channel = Channel(id: "") }
      case .end(let path): if path.isEmpty, let item = end() { return item }
      case .value(let path, let range, let offset, let isDoubtful):
        if path.hasSuffix("/messages/*") {
          if let item = message(range, offset, isDoubtful, &media) { return item }
        } else {
          readHead(path, range)
        }
      }
    }
    return nil
  }

  private mutating func message(
    _ range: Range<Int>,
    _ offset: Int,
    _ isDoubtful: Bool,
    _ media: inout MediaFiles
  ) -> ArchiveItem? {
    guard let record = try? TelegramMessage(walk.bytes, in: range),
      !record.id.isEmpty || !record.texts.isEmpty && !isDoubtful
    else {
      if isDoubtful {
        walk.reject()
        return nil
      }
      let fault = SourceFault(reason: .corrupt, detail: "a record is no Telegram message")
      return source.gap(fault, at: offset)
    }
    var message = Message(
      id: record.id.isEmpty ? "offset-\(offset)" : record.id,
      body: record.texts.joinedOnce,
      subject: record.title,
      sender: record.sender,
      channel: channel
    )
    message.timestamp =
      record.seconds.flatMap { $0.magnitude < 1 << 40 ? rfc3339(milliseconds: $0 * 1000) : nil }
      ?? record.date.flatMap(isoTime)
    if record.type == "unsupported" {
      let detail = "Telegram did not export the content of this message"
      message.gaps.append(Gap(place: .body, reason: .unsupported, detail: detail))
    }
    for file in record.files {
      let index = message.attachments.count
      // Instead of a path there is a sentence where the file was not saved.
      let isSaved = !file.path.hasPrefix("(")
      var attachment = Attachment(
        name: isSaved || file.name != nil ? file.shownName : "",
        mimetype: file.mimetype,
        content: .missing(detail: RowBuilder.noBytes)
      )
      if !isSaved {
        attachment.content = .missing(detail: "the file was left out of the export")
      }
      message.attachments.append(attachment)
      if isSaved { media.fill(&message, index, path: file.path, beside: member) }
    }
    message.note(record.repairCount)
    return .message(message, source: source.at(offset), byteCount: range.count)
  }

  /// Reads a member of a chat other than its messages.
  private mutating func readHead(_ path: String, _ range: Range<Int>) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let parent = parts.dropLast().joined(separator: "/")
    var reader = JSONReader(walk.bytes, in: range)
    guard let key = parts.last, TelegramFile.chats.contains(parent) else { return }
    switch key {
    case "id": channel.id = (try? reader.scalar()) ?? ""
    case "name": channel.name = try? reader.scalar()
    case "type":
      let type = try? reader.scalar()
      channel.visibility = TelegramFile.types.first { $0.name == type }?.visibility ?? .unknown
    case "about": break
    default: if parent.isEmpty, range.count > 2 { unreadSections += 1 }
    }
  }

  /// What is to say of an account: contacts, sessions and the like are no messages.
  private mutating func end() -> ArchiveItem? {
    guard unreadSections > 0 else { return nil }
    let detail = "\(unreadSections) sections of the export are no chats and were not read"
    unreadSections = 0
    return source.gap(SourceFault(reason: .unsupported, detail: detail), at: walk.offset)
  }
}
