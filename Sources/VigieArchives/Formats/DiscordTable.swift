import VigieCore

/// The table that DiscordChatExporter writes: one file a channel or part of it.
///
/// It holds no ids, no replies and no forwards, and its times are in the form of the exporter's locale:
/// only those in ISO 8601 are read.
///
/// *Source:* Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/CsvMessageWriter.cs.
package struct DiscordTable: ArchiveFormat {
  package static let name = "discord-csv"
  package static let title = "DiscordChatExporter CSV, alone or in a folder or ZIP"

  private var files: ExportFiles<DiscordTableFile>

  private static func isTable(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head.prefix(128), as: UTF8.self).filter { $0 != "\"" }
    return text.hasPrefix("AuthorID,Author,Date,Content,Attachments")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".csv").contains { isTable(probe.head(of: $0)) } ? 92 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(endingWith: ".csv", where: DiscordTable.isTable)
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no CSV of DiscordChatExporter",
        mend: "name the CSV file, or the folder in which it lies"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One table.
private struct DiscordTableFile: ExportFile {
  private var rows: CSVRows
  private let source: SourceLocation
  private let member: String
  private let limit: Int
  private let channel: Channel
  private var isHeadRead = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    rows = CSVRows(window)
    self.source = source
    self.member = member
    self.limit = limit
    channel = DiscordPageFile.channel(ofFile: member)
  }

  var offset: Int { rows.window.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let row = rows.next(limit: limit) {
      switch row {
      case .gap(let fault, let offset, let line):
        isHeadRead = true
        return source.gap(fault, at: offset, line: line)
      case .cells(let cells, let isRepaired, let offset, let line):
        guard isHeadRead else {
          isHeadRead = true
          continue
        }
        if cells.allSatisfy(\.isEmpty) { continue }
        let message = message(cells, isRepaired, line, &media)
        return .message(
          message,
          source: source.at(offset, line: line),
          byteCount: rows.window.offset - offset
        )
      }
    }
    return nil
  }

  private func message(
    _ cells: [String],
    _ isRepaired: Bool,
    _ line: Int,
    _ media: inout MediaFiles
  ) -> Message {
    var message = Message(id: "line-\(line)", channel: channel)
    guard cells.count == 5 || cells.count == 6 else {
      // Which cell is which nobody can tell: all of them are text.
      message.body = cells.joinedOnce
      let detail = "the row has \(cells.count) cells where there should be 6"
      message.gaps.append(Gap(place: .body, reason: .corrupt, detail: detail))
      return message
    }
    message.sender = cells[1].isEmpty ? cells[0] : cells[1]
    message.timestamp = isoTime(cells[2])
    message.body = cells[3].isEmpty ? nil : cells[3]
    for path in cells[4].split(separator: ",") {
      DiscordPageFile.attach(String(path), "", member, to: &message, &media)
    }
    message.note(isRepaired ? 1 : 0)
    return message
  }
}
