import VigieCore

/// Text of no known format: a file, or a folder of files, each paragraph of which is a message.
///
/// Plain text, Markdown and logs are read as text; any other file is one message with that file, which the
/// readers of documents open. The channel is the path.
package struct TextFolder: ArchiveFormat {
  package static let name = "text"
  package static let title =
    "Texts of no known format: a file, or a folder of text files and documents"

  private var files: ExportFiles<TextFile>

  private static let ends = [".txt", ".md", ".markdown", ".log", ".text", ".org", ".rst", ".asc"]

  private static func isNamedText(_ member: ArchiveTree.Member) -> Bool {
    let base = member.baseName.lowercased()
    return ends.contains { base.hasSuffix($0) || base.hasSuffix($0 + ".gz") }
  }

  /// Whether a head is text: no NUL, and hardly a control character.
  private static func isText(_ head: [UInt8]) -> Bool {
    guard !head.isEmpty, !head.contains(0) else { return false }
    let controls = head.count { $0 < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) }
    return controls * 50 <= head.count
  }

  /// Everything else is surer: a text is what is left.
  package static func confidence(of probe: ArchiveProbe) -> Int {
    let candidates = probe.members.lazy.filter(isNamedText).prefix(8)
    return candidates.contains { isText(probe.head(of: $0)) } ? 5 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter { tree.isFile || !$0.baseName.hasPrefix(".") }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no files",
        mend: "name a text, or a folder of texts"
      )
    }
    var texts: Set<String> = []
    for member in members {
      let isNamed = tree.isFile || TextFolder.isNamedText(member)
      if isNamed, tree.isFile || TextFolder.isText(tree.head(of: member, count: 1 << 12)) {
        texts.insert(member.name)
      }
    }
    let context = TextFile.Context(
      tree: tree,
      texts: texts,
      limits: options.limits,
      maxTextByteCount: options.maxRecordByteCount
    )
    files = ExportFiles(tree, members, context: context, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One file.
private struct TextFile: ExportFile {
  struct Context {
    let tree: ArchiveTree
    /// The names of members that are read as text.
    let texts: Set<String>
    let limits: Limits
    let maxTextByteCount: Int
  }

  private var lines: LineStream
  private let source: SourceLocation
  private let member: String
  private let context: Context
  private let isText: Bool
  private var isDone = false
  private var isFaultTold = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    lines = LineStream(window)
    self.source = source
    self.member = member
    self.context = context
    isText = context.texts.contains(member)
  }

  var offset: Int { lines.window.offset }

  private var channel: Channel { Channel(id: member) }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if !isText { return document() }
    var paragraph: [String] = []
    var start: (offset: Int, line: Int)?
    var byteCount = 0
    var repairCount = 0
    while let line = lines.next(limit: context.maxTextByteCount) {
      switch line {
      case .tooLong(let offset, let number):
        let detail = "a line is longer than \(context.maxTextByteCount) bytes"
        return source.gap(SourceFault(reason: .limit, detail: detail), at: offset, line: number)
      case .text(let range, let offset, let number):
        let (text, repairs) = decodedLine(lines.window.bytes, in: range)
        if text.allSatisfy(\.isWhitespace) {
          if let start { return message(paragraph, start, byteCount, repairCount) }
          continue
        }
        if start == nil { start = (offset, number) }
        paragraph.append(text)
        repairCount += repairs
        byteCount = offset + range.count - (start?.offset ?? offset)
        // A text without paragraphs comes in pieces.
        if byteCount > 1 << 16, let start {
          return message(paragraph, start, byteCount, repairCount)
        }
      }
    }
    if let start { return message(paragraph, start, byteCount, repairCount) }
    guard let fault = lines.window.fault, !isFaultTold else { return nil }
    isFaultTold = true
    return source.gap(fault, at: offset)
  }

  private func message(
    _ lines: [String],
    _ start: (offset: Int, line: Int),
    _ byteCount: Int,
    _ repairCount: Int
  ) -> ArchiveItem {
    var message = Message(
      id: "\(member):\(start.line)",
      body: lines.joined(separator: "\n"),
      channel: channel
    )
    if repairCount > 0 {
      let detail = "the text holds \(repairCount) bytes that are no text in any encoding tried"
      message.gaps.append(Gap(place: .body, reason: .encoding, detail: detail))
    }
    return .message(
      message,
      source: source.at(start.offset, line: start.line),
      byteCount: byteCount
    )
  }

  /// A file that is no text, as the only file of a message.
  private mutating func document() -> ArchiveItem? {
    guard !isDone else { return nil }
    isDone = true
    var message = Message(id: member, channel: channel)
    let name = member.split(separator: "/").last.map(String.init) ?? member
    message.attachments = [Attachment(name: name)]
    guard let file = context.tree.member(named: member) else {
      let fault = SourceFault(reason: .missing, detail: "a file cannot be opened")
      return source.gap(fault, at: 0)
    }
    context.tree.fill(&message, 0, from: file, context.limits)
    return .message(message, source: source, byteCount: file.byteCount)
  }
}
