import VigieCore

/// The plain text that Element exports of one room, alone or in a ZIP with its files.
///
/// *Source:* element-hq/element-web, src/utils/exportUtils/PlainTextExport.ts.
package struct ElementText: ArchiveFormat {
  package static let name = "element-text"
  package static let title = "Element room export (plain text, alone or in a ZIP)"

  private var files: ExportFiles<ElementTextFile>

  /// Whether the first line has a header that no other exporter writes.
  private static func isExport(_ lines: [String], isNamed: Bool) -> Bool {
    guard let first = lines.first, ElementTextFile.header(first) != nil else { return false }
    let known = lines.compactMap(ElementTextFile.header)
    let hasAccount = known.contains { $0.rest.hasPrefix("@") && $0.rest.contains(": ") }
    let startsWithDay = known.allSatisfy { $0.header.first?.isLetter == true }
    return isNamed || hasAccount || startsWithDay
  }

  private static func isNamed(_ member: ArchiveTree.Member) -> Bool {
    let name = member.baseName.lowercased()
    return name == "export.txt" || name.hasPrefix("matrix") && name.contains("export")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let candidates = probe.candidates(endingWith: ".txt")
    let own = candidates.filter { isExport(probe.lines(of: $0), isNamed: isNamed($0)) }
    return own.isEmpty ? 0 : own.contains(where: isNamed) ? 91 : 78
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter {
      tree.isFile
        || $0.baseName.hasSuffix(".txt")
          && ElementText.isExport(
            headLines(tree.head(of: $0, count: 1 << 12)),
            isNamed: ElementText.isNamed($0)
          )
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no text that Element exported",
        mend: "name export.txt or the ZIP that Element wrote"
      )
    }
    let context = ElementTextFile.Context(
      path: tree.path,
      limit: options.maxRecordByteCount,
      files: ElementFiles(tree, options.limits)
    )
    // The files are told by ElementFiles, which finds them by a part of their names.
    files = ExportFiles(tree, members, context: context, options: options) {
      ElementFiles.holds($0)
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One text of a room.
private struct ElementTextFile: ExportFile {
  struct Context {
    let path: String
    let limit: Int
    let files: ElementFiles
  }

  private var records: LineRecords<String>
  private var files: ElementFiles
  private let source: SourceLocation
  private let channel: Channel
  private let prefix: String

  /// The date of a line in the exporter's language, and what follows it.
  static func header(_ line: String) -> (header: String, rest: String)? {
    guard let dash = line.firstRange(of: " - ") else { return nil }
    let date = line[..<dash.lowerBound]
    let digits = date.utf8.count { $0 &- 0x30 < 10 }
    guard date.utf8.count <= 64, (6...16).contains(digits), hasClock(date),
      date.first.map({ $0.isLetter || $0.isNumber }) == true, !date.contains("[")
    else { return nil }
    return (String(date), String(line[dash.upperBound...]))
  }

  /// Whether a text holds a digit, a colon and two digits.
  private static func hasClock(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.contains { index in
      bytes[index] == UInt8(ascii: ":") && index > 0 && index + 2 < bytes.count
        && [index - 1, index + 1, index + 2].allSatisfy { bytes[$0] &- 0x30 < 10 }
    }
  }

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.source = source
    files = context.files
    let path = source.member == nil || member.hasSuffix("export.txt") ? context.path : member
    let name = ElementTextFile.roomName(path.split(separator: "/").last.map(String.init) ?? path)
    channel = Channel(id: name, name: name)
    prefix = source.member == nil ? "line-" : "\(name):"
    records = LineRecords(window, limit: context.limit, header: ElementTextFile.header)
  }

  /// The room that a file name tells: `matrix - Room - Chat Export - time.txt`.
  private static func roomName(_ file: String) -> String {
    var name = Substring(file)
    if let dot = name.lastIndex(of: ".") { name = name[..<dot] }
    if let end = name.firstRange(of: " - Chat Export") { name = name[..<end.lowerBound] }
    if let start = name.firstRange(of: " - ") { name = name[start.upperBound...] }
    return String(name)
  }

  var offset: Int { records.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    guard let item = records.next() else {
      guard let count = files.takeUnlinkedCount() else { return nil }
      let detail = "\(count) files of the export belong to no event that could be told"
      return source.gap(SourceFault(reason: .unsupported, detail: detail), at: offset)
    }
    switch item {
    case .gap(let fault, let offset, let line): return source.gap(fault, at: offset, line: line)
    case .record(let record):
      var message = Message(id: "\(prefix)\(record.line)", channel: channel)
      message.timestamp = record.header.flatMap { ElementDate.read($0)?.text() }
      var text = record.text
      // What the room says may quote a new topic, colons and all.
      if record.header != nil, let colon = text.firstRange(of: ": "),
        text[..<colon.lowerBound].utf8.count <= 255,
        !text[..<colon.lowerBound].contains(where: { "\"“”«»\n".contains($0) })
      {
        message.sender = String(text[..<colon.lowerBound])
        text = ElementTextFile.withoutQuote(String(text[colon.upperBound...]))
        attach(text, to: &message)
      }
      message.body = text.isEmpty ? nil : text
      message.note(record.repairCount)
      return .message(
        message,
        source: source.at(record.offset, line: record.line),
        byteCount: record.byteCount
      )
    }
  }

  /// A reply without the first 32 characters of what it answers: `<name "first..."> reply`.
  private static func withoutQuote(_ text: String) -> String {
    guard text.hasPrefix("<"), let end = text.firstRange(of: "\"> "),
      let start = text[..<end.lowerBound].firstIndex(of: "\""),
      text.distance(from: start, to: end.lowerBound) <= 36,
      text.distance(from: text.startIndex, to: start) <= 255
    else { return text }
    return String(text[end.upperBound...])
  }

  /// Takes the file that a text names: `name (File Attached)`, in whatever language.
  private mutating func attach(_ text: String, to message: inout Message) {
    guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex else {
      return
    }
    let name = String(text[..<text.index(before: open)])
    let note = text[open...]
    let isOmitted = note.hasPrefix("(Media omitted") || note == "(Error fetching file)"
    guard name.isFileName || isOmitted || note == "(File Attached)" else { return }
    let content = Attachment.Content.missing(detail: RowBuilder.noBytes)
    message.attachments.append(Attachment(name: name.isFileName ? name : "", content: content))
    if name.isFileName { files.fill(&message) }
  }
}
