import VigieContainers
import VigieCore
import VigieDocuments
import VigiePDF

/// A PDF that was saved by appending holds what it said before: a program shows the last revision, but
/// whoever cuts the file at an earlier end has the earlier one, with all that was painted over or taken
/// out since.
extension PDFReading {
  /// Earlier revisions that are read, the latest ones.
  static let maxRevisionCount = 8

  /// Where earlier revisions of a document end, the earliest first.
  ///
  /// The end of a revision counts where its reference to a table of objects leads to one. A linearized
  /// file also has a mark of the end after the objects of its first page; there the reference is 0.
  ///
  /// *Source:* ISO 32000-1 §7.5.5 (trailer), §7.5.6 (incremental updates), Annex F.
  static func revisionEnds(of bytes: RawSpan) -> [Int] {
    let mark = "%%EOF"
    var ends: [Int] = []
    var from = 0
    while let found = bytes.firstOffset(of: "%%EOF", in: from..<bytes.byteCount) {
      from = found + mark.utf8.count
      if isRevisionEnd(found, of: bytes) { ends.append(from) }
    }
    // The last one is the document as programs show it.
    return Array(ends.dropLast())
  }

  /// Whether `startxref` and the place of a table of objects stand before a mark of the end.
  private static func isRevisionEnd(_ mark: Int, of bytes: RawSpan) -> Bool {
    let word = "startxref"
    let lines = bytes.array(max(0, mark - 64)..<mark)
    guard let start = lines.indices.last(where: { lines[$0...].starts(with: word.utf8) }) else {
      return false
    }
    let digits = lines[(start + word.utf8.count)...].drop { $0 <= 0x20 }.prefix(while: \.isDigit)
    guard digits.count < 16, let table = Int(String(decoding: digits, as: UTF8.self)), table > 0,
      table < mark, let first = bytes.byte(at: table)
    else { return false }
    // A table, or a stream that is one: `xref`, or the number of an object.
    return first == UInt8(ascii: "x") || first.isDigit || first <= 0x20
  }

  /// Keeps what the pages say, to know again what earlier revisions say too.
  mutating func keepShown(_ text: PDFText, of bytes: RawSpan) {
    revisionEnds = PDFReading.revisionEnds(of: bytes)
    guard !revisionEnds.isEmpty else { return }
    for page in text.pages { shown.formUnion(PDFReading.lines(of: page).map(PDFReading.bare)) }
  }

  /// Adds what earlier revisions say and the last one does not.
  mutating func readRevisions(_ bytes: RawSpan, to extraction: inout Extraction) {
    var known = Set(properties)
    for end in revisionEnds.suffix(PDFReading.maxRevisionCount).reversed() {
      guard extraction.hasRoom else { return }
      let revision = bytes.extracting(0..<end)
      try? PDFFile.read(revision) { file in
        for property in file.properties() where known.insert(property).inserted {
          extraction.addProperty(
            property.name,
            Array(property.value.utf8),
            at: place,
            location: "property \(property.name) of an earlier revision"
          )
        }
      }
      addPages(of: revision, to: &extraction)
    }
    if revisionEnds.count > PDFReading.maxRevisionCount {
      let count = revisionEnds.count - PDFReading.maxRevisionCount
      extraction.miss(.limit, "\(count) of the earliest revisions are not read", at: place)
    }
  }

  private mutating func addPages(of revision: RawSpan, to extraction: inout Extraction) {
    let textLimits = PDFTextLimits(
      maxPageCount: limits.maxPageCount,
      maxCharacterCount: limits.maxTextByteCount,
      maxMilliseconds: limits.maxMilliseconds / 8
    )
    guard
      let text = try? PDFTextReader.read(revision, isAnnotated: { _ in true }, limits: textLimits)
    else {
      // Without the library of pages, or with a password, that is said of the document already.
      if textFailure == nil {
        extraction.miss(.corrupt, "an earlier revision cannot be read", at: place)
      }
      return
    }
    for (index, page) in text.pages.enumerated() {
      let lines = PDFReading.lines(of: page).filter { shown.insert(PDFReading.bare($0)).inserted }
      extraction.add(
        lines.joined,
        at: place,
        role: .hidden,
        location: "page \(index + 1) of an earlier revision"
      )
    }
    if let stop = text.stop {
      let reason: GapReason = stop == .time ? .timeout : .limit
      extraction.miss(reason, "an earlier revision is not read to its end", at: place)
    }
  }

  private static func lines(of page: PDFPageText) -> [PDFLine] { page.lines + page.annotationLines }

  /// A line without white space.
  private static func bare(_ line: PDFLine) -> String { line.text.filter { !$0.isWhitespace } }
}
