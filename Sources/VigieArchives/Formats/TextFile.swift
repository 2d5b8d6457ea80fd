import VigieCore

/// A text of no known format, each paragraph of which is a message.
package struct TextFile: ArchiveFormat {
  package static let name = "text"
  package static let title = "Text of no known format, paragraph by paragraph"

  private var lines: LineStream
  private let source: SourceLocation
  private let channel: Channel
  private let limit: Int
  private var isFaultTold = false
  package let totalByteCount: Int

  private static let ends = [".txt", ".md", ".markdown", ".log", ".text", ".org", ".rst", ".asc"]

  /// Whether a head is text: no NUL, and hardly a control character.
  private static func isText(_ head: [UInt8]) -> Bool {
    guard !head.isEmpty, !head.contains(0) else { return false }
    let controls = head.count { $0 < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) }
    return controls * 50 <= head.count
  }

  /// Everything else is surer: a text is what is left.
  package static func confidence(of probe: ArchiveProbe) -> Int {
    let name = probe.path.lowercased()
    return probe.isFile && ends.contains(where: name.hasSuffix) && isText(probe.head) ? 5 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let file = try tree.onlyFile(mend: "name one text")
    source = SourceLocation(member: tree.reportedName(file), byteOffset: 0)
    channel = Channel(id: file.name)
    limit = options.maxRecordByteCount
    totalByteCount = file.byteCount
    do {
      lines = LineStream(ByteWindow(try tree.open(file)))
    } catch {
      throw ArchiveError(
        .unreadable,
        path: tree.path,
        reason: error.detail,
        mend: "check who may read it"
      )
    }
  }

  package var byteCountRead: Int { lines.window.offset }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    var paragraph: [String] = []
    var start: (offset: Int, line: Int)?
    var byteCount = 0
    var repairCount = 0
    while let line = lines.next(limit: limit) {
      switch line {
      case .tooLong(let offset, let number):
        let detail = "a line is longer than \(limit) bytes"
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
    return source.gap(fault, at: byteCountRead)
  }

  private func message(
    _ lines: [String],
    _ start: (offset: Int, line: Int),
    _ byteCount: Int,
    _ repairCount: Int
  ) -> ArchiveItem {
    var message = Message(
      id: "line-\(start.line)",
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
}
