import VigieCore

/// The plain text that DiscordChatExporter writes: one file a channel or part of it, with or without media.
///
/// It holds no ids, no replies and no forwards; its times are in the form of the exporter's locale and have no
/// zone. What a message says may look like the start of another: the end of the file says how many there are.
///
/// *Source:* Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/PlainTextMessageWriter.cs.
package struct DiscordText: ArchiveFormat {
  package static let name = "discord-text"
  package static let title = "DiscordChatExporter TXT, alone or in a folder or ZIP"

  private var files: ExportFiles<DiscordTextFile>

  private static func isExport(_ head: [UInt8]) -> Bool {
    let lines = headLines(Array(head.prefix(1 << 12)), count: 2)
    return lines.count == 2 && lines[0] == DiscordTextFile.rule && lines[1].hasPrefix("Guild: ")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".txt").contains { isExport(probe.head(of: $0)) } ? 93 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(endingWith: ".txt", where: DiscordText.isExport)
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no text of DiscordChatExporter",
        mend: "name the TXT file, or the folder in which it lies"
      )
    }
    var context = DiscordTextFile.Context(limit: options.maxRecordByteCount)
    for member in members {
      context.layouts[member.name] = WhatsAppLearning(tree, member, limit: context.limit).result
    }
    files = ExportFiles(tree, members, context: context, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One text.
private struct DiscordTextFile: ExportFile {
  /// What stands around the head and the end.
  static let rule = String(repeating: "=", count: 62)

  struct Context {
    let limit: Int
    /// The form of the dates of each file, and the order of day and month where they tell it.
    var layouts: [String: (layout: WhatsAppLayout, count: Int, order: WhatsAppLayout.Order?)] = [:]
  }

  /// Whether the line before was blank, as that before a message is.
  private final class Blank { var isBefore = true }

  private var records: LineRecords<WhatsAppLayout.Header>
  private let source: SourceLocation
  private let member: String
  private let order: WhatsAppLayout.Order?
  private var channel: Channel
  private var messageCount = 0
  private var saidCount: Int?
  private var pending: [ArchiveItem] = []
  private var isEnded = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.source = source
    self.member = member
    channel = DiscordPageFile.channel(ofFile: member)
    let known = context.layouts[member]
    order = known?.order
    let blank = Blank()
    records = LineRecords(window, limit: context.limit) { line in
      defer { blank.isBefore = line.allSatisfy(\.isWhitespace) }
      guard blank.isBefore, line.hasPrefix("["),
        let (layout, header, rest) = WhatsAppLayout.read(line),
        layout == known?.layout
      else { return nil }
      return (header, rest)
    }
    if known != nil, order == nil {
      let detail = "whether days or months come first cannot be told; messages have no time"
      pending.append(source.gap(SourceFault(reason: .unsupported, detail: detail), at: 0))
    }
  }

  var offset: Int { records.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      guard let item = records.next() else { return end() }
      switch item {
      case .gap(let fault, let offset, let line): return source.gap(fault, at: offset, line: line)
      case .record(var record):
        takeEnd(&record.text)
        guard let header = record.header else {
          if let item = preamble(record) { return item }
          continue
        }
        messageCount += 1
        let message = message(record, header, &media)
        return .message(
          message,
          source: source.at(record.offset, line: record.line),
          byteCount: record.byteCount
        )
      }
    }
  }

  /// Takes the end of the file from what the last record says: `Exported 1,234 message(s)` between rules.
  private mutating func takeEnd(_ text: inout String) {
    let mark = "\(DiscordTextFile.rule)\nExported "
    guard text.hasSuffix(DiscordTextFile.rule), let start = text.ranges(of: mark).last else {
      return
    }
    saidCount = Int(
      text[start.upperBound...].prefix { $0 != "m" }.filter { $0.isASCII && $0.isNumber }
    )
    text = String(text[..<start.lowerBound])
    while text.last?.isNewline == true { text.removeLast() }
  }

  /// What the head says of the channel: its topic is text of its own.
  private mutating func preamble(_ record: LineRecords<WhatsAppLayout.Header>.Record)
    -> ArchiveItem?
  {
    var topic: [String] = []
    var key = ""
    for line in record.text.split(separator: "\n") where line != DiscordTextFile.rule {
      if let colon = line.firstRange(of: ": ") {
        let value = String(line[colon.upperBound...])
        switch line[..<colon.lowerBound] {
        case "Guild" where key.isEmpty:
          key = "Guild"
          if value == "Direct Messages" { channel.visibility = .direct }
          continue
        case "Channel" where key == "Guild":
          key = "Channel"
          channel.name =
            value.ranges(of: " / ").last.map { String(value[$0.upperBound...]) } ?? value
          continue
        case "Topic" where key == "Channel":
          key = "Topic"
          topic.append(value)
          continue
        case "After", "Before": continue
        default: break
        }
      }
      // A topic goes on over lines, and what cannot be told counts as text.
      topic.append(String(line))
    }
    guard !topic.isEmpty else { return nil }
    var message = Message(
      id: "\(channel.id)-topic",
      body: topic.joined(separator: "\n"),
      channel: channel
    )
    message.note(record.repairCount)
    let source = source.at(record.offset, line: record.line)
    return .channel(message, source: source, byteCount: record.byteCount)
  }

  private func message(
    _ record: LineRecords<WhatsAppLayout.Header>.Record,
    _ header: WhatsAppLayout.Header,
    _ media: inout MediaFiles
  ) -> Message {
    var message = Message(id: "line-\(record.line)", channel: channel)
    if source.member != nil { message.id = "\(channel.id):\(record.line)" }
    var lines = record.text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    let name = lines.popFirst() ?? ""
    message.sender = String(name.hasSuffix(" (pinned)") ? name.dropLast(9) : name)
    message.timestamp = order.flatMap { header.time($0)?.text() }
    var texts: [Substring] = []
    var section: Section?
    for line in lines {
      if texts.isEmpty || texts.last == "" || section != nil,
        let next = Section(rawValue: String(line))
      {
        section = next
        continue
      }
      switch section {
      case .attachments where !line.isEmpty:
        DiscordPageFile.attach(String(line), "", member, to: &message, &media)
      // Pictures by their address, and what people felt: no text.
      case .attachments, .stickers, .reactions: continue
      case .embed, nil: texts.append(line)
      }
    }
    while texts.last == "" { texts.removeLast() }
    message.body = texts.isEmpty ? nil : texts.joined(separator: "\n")
    message.note(record.repairCount)
    return message
  }

  /// What follows the text of a message.
  private enum Section: String {
    case attachments = "{Attachments}"
    case embed = "{Embed}"
    case stickers = "{Stickers}"
    case reactions = "{Reactions}"
  }

  /// What is to say at the end: whether it is there, and as many messages as it says.
  private mutating func end() -> ArchiveItem? {
    guard !isEnded else { return nil }
    isEnded = true
    guard let saidCount else {
      let detail = "the text ends before it is complete"
      return source.gap(SourceFault(reason: .truncated, detail: detail), at: offset)
    }
    guard saidCount != messageCount else { return nil }
    let detail =
      "the export says that it has \(saidCount) messages, and \(messageCount) were told apart"
    return source.gap(SourceFault(reason: .corrupt, detail: detail), at: offset)
  }
}
