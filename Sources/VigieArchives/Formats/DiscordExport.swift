import VigieCore
import VigieJSON

/// What DiscordChatExporter writes as JSON: one file a channel or part of it, with or without media.
///
/// *Source:* Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs.
package struct DiscordExport: ArchiveFormat {
  package static let name = "discord"
  package static let title = "DiscordChatExporter JSON, alone or in a folder or ZIP"

  private var files: ExportFiles<DiscordFile>

  private static func isExport(_ head: [UInt8]) -> Bool {
    let text = HeadText(Array(head.prefix(1 << 12)))
    return text.first == UInt8(ascii: "{") && text.contains("\"guild\"")
      && text.contains("\"channel\"")
      && (text.contains("\"dateRange\"") || text.contains("\"messages\""))
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".json").contains { isExport(probe.head(of: $0)) } ? 93 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(endingWith: ".json", where: DiscordExport.isExport)
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no JSON of DiscordChatExporter",
        mend: "name the JSON file, or the folder in which it lies"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One JSON file of DiscordChatExporter.
private struct DiscordFile: ExportFile {
  private var walk: JSONWalk
  private let source: SourceLocation
  private let member: String
  private let limit: Int
  private var channel = Channel(id: "")
  private var topic: String?
  private var folders: [String] = []
  private var recordCount = 0

  private static let guildKeys = JSONKeys(["name"])
  private static let channelKeys = JSONKeys(["id", "name", "topic", "category", "type"])

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    walk = JSONWalk(
      window,
      entered: ["/messages"],
      records: [JSONWalk.Record("id", path: "/messages/*")]
    )
    self.source = source
    self.member = member
    self.limit = limit
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset):
        recordCount += 1
        return source.gap(fault, at: offset)
      case .begin("/messages"), .end(""): if let item = description() { return item }
      case .begin, .end: continue
      case .value("/messages/*", let range, let offset, let isDoubtful):
        guard let record = try? DiscordMessage(walk.bytes, in: range), record.isMessage,
          !isDoubtful || record.time != nil
        else {
          if isDoubtful {
            walk.reject()
            continue
          }
          recordCount += 1
          let fault = SourceFault(reason: .corrupt, detail: "a record is no Discord message")
          return source.gap(fault, at: offset)
        }
        recordCount += 1
        var message = message(record, &media)
        if message.id.isEmpty { message.id = "offset-\(offset)" }
        return .message(message, source: source.at(offset), byteCount: range.count)
      case .value(let path, let range, let offset, _):
        if let fault = readHead(path, range) { return source.gap(fault, at: offset) }
      }
    }
    return nil
  }

  /// Reads a member of the document other than the messages.
  private mutating func readHead(_ path: String, _ range: Range<Int>) -> SourceFault? {
    var reader = JSONReader(walk.bytes, in: range)
    do {
      switch path {
      case "/guild":
        try reader.members(DiscordFile.guildKeys) { reader, _ throws(JSONError) in
          if let name = try reader.anyText() { folders.append(name) }
        }
      case "/channel":
        try reader.members(DiscordFile.channelKeys) { reader, key throws(JSONError) in
          let text = try reader.anyText()
          switch key {
          case 0: channel.id = text ?? ""
          case 1: channel.name = text
          case 2: topic = text
          case 3: if let text { folders.append(text) }
          // Who reads a channel of a guild, its roles decide, and the export does not hold them.
          default: if text?.hasPrefix("Direct") == true { channel.visibility = .direct }
          }
        }
      case "/messageCount":
        guard try reader.kind() == .number, let count = try reader.integer() else { return nil }
        if count > recordCount {
          let detail = "the export counts \(count) messages and holds \(recordCount)"
          return SourceFault(reason: .truncated, detail: detail)
        }
      case "/messages":
        return SourceFault(reason: .corrupt, detail: "the messages are no JSON array")
      default: break
      }
      return nil
    } catch {
      return SourceFault(reason: .corrupt, detail: "the head of the export is damaged JSON")
    }
  }

  /// The topic and what the channel lies in, said once.
  private mutating func description() -> ArchiveItem? {
    let texts = folders.joinedOnce
    defer {
      topic = nil
      folders = []
    }
    guard topic?.isEmpty == false || texts != nil else { return nil }
    let message = Message(
      id: "\(channel.id)-topic",
      body: texts,
      subject: topic.flatMap { $0.isEmpty ? nil : $0 },
      channel: channel
    )
    let count = (texts?.utf8.count ?? 0) + (topic?.utf8.count ?? 0)
    return .channel(message, source: source.at(walk.offset), byteCount: count)
  }

  private func message(_ record: DiscordMessage, _ media: inout MediaFiles) -> Message {
    var message = Message(
      id: record.id,
      body: record.texts.joinedOnce,
      sender: record.sender,
      timestamp: record.time.flatMap(isoTime),
      channel: channel
    )
    for file in record.files {
      let index = message.attachments.count
      message.attachments.append(
        Attachment(name: file.name, content: .missing(detail: RowBuilder.noBytes))
      )
      if !file.url.contains("://") {
        media.fill(&message, index, path: file.url, beside: member)
      }
    }
    message.note(record.repairCount)
    return message
  }
}

extension Message {
  /// Says that some texts were repaired.
  mutating func note(_ repairCount: Int) {
    guard repairCount > 0 else { return }
    gaps.append(
      Gap(
        place: .body,
        reason: .encoding,
        detail: "the message held lone surrogates or invalid UTF-8, read as U+FFFD"
      )
    )
  }
}
