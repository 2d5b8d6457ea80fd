import VigieCore
import VigieDocuments

/// Word documents of 6.0 to 2003: the characters, parted into the stories of the document.
///
/// *Source:* [MS-DOC] §2.4.1 (retrieving text), §2.5 (the FIB), §2.3 (document parts); for Word 6
/// and 95 the layout that [MS-DOC] §2.5.1 leaves behind under the same offsets.
struct LegacyWord {
  /// The stream `WordDocument`.
  let main: Octets
  /// The stream that holds the tables of this document.
  var table: Octets
  /// Where the document lies.
  let place: Place
  /// The characters of all stories, UTF-16, by character position.
  var units: [UInt16] = []
  /// Runs of characters that are hidden or deleted, by character position, ascending.
  var marked: [(range: Range<Int>, mark: Mark)] = []

  /// Parts of the stream of an old document in a code page of their own, and the upper 128 letters of that.
  var fontRuns: [(range: Range<Int>, table: [UInt16])] = []

  /// The pieces of the text, in their order.
  var pieceStarts: [Piece] = []

  /// Comparisons of a run with a piece so far.
  var comparisonCount = 0

  private let tables: [Octets]

  /// What the format of a run says of its text.
  enum Mark { case hidden, deleted }

  /// Entries of the FIB's table of tables.
  ///
  /// *Source:* [MS-DOC] §2.5.6 (FibRgFcLcb97).
  enum Table: Int {
    case footnotes = 3
    case comments = 5
    case headers = 11
    case characterFormats = 12
    case bookmarks = 21
    case pieces = 33
    case endnotes = 47
    case drawings = 50
    case textBoxes = 56
    case headerTextBoxes = 58
    case variables = 60
  }

  /// A document of its streams; one of the two table streams is in use.
  init(main: Octets, tables: [Octets], place: Place) {
    self.main = main
    self.tables = tables
    self.place = place
    table = Octets([])
  }

  /// Whether the document is of Word 6 or 95, whose characters are bytes.
  var isOld: Bool { (main.u16(2) ?? 0) < 0x69 || main.u16(0) != 0xA5EC }

  /// How documents start: since Word 97; of Word 6 and 95; of Word 2; of those for East Asia.
  ///
  /// *Source:* [MS-DOC] §2.5.2 (FibBase); wv 1.2.9, `wvGetFIB` and `wvQuerySupported`.
  private static let magics: Set<Int> = [0xA5EC, 0xA5DC, 0xA5DB, 0xA697, 0xA698, 0xA699]

  /// Reads the document.
  mutating func read(into extraction: inout Extraction) {
    guard let magic = main.u16(0), let flags = main.u16(0x0A), LegacyWord.magics.contains(magic)
    else {
      return extraction.miss(.corrupt, "Word document: its header cannot be read", at: place)
    }
    if flags & 0x0100 != 0 {
      return extraction.miss(.encrypted, "Word document encrypted with a password", at: place)
    }
    table = isOld ? main : tables[flags >> 9 & 1]
    if !isOld, table.count == 0 { table = tables[1 - (flags >> 9 & 1)] }
    readFontRuns()
    if !readPieces() {
      extraction.miss(.corrupt, "Word document: its piece table is damaged", at: place)
    }
    if !isOld { readMarks() }
    addStories(to: &extraction)
    if !isOld {
      addNames(to: &extraction)
      addDrawings(to: &extraction)
    }
  }

  /// The bytes of a table, empty where there is none.
  func bytes(of table: Table) -> Octets {
    let entry = isOld ? 0 : 0x9A + table.rawValue * 8
    guard !isOld, let offset = main.u32(entry), let count = main.u32(entry + 4), count > 0 else {
      return Octets([])
    }
    return self.table.clamped(offset, count)
  }

  // MARK: Stories

  private mutating func addStories(to extraction: inout Extraction) {
    // Lengths in characters. *Source:* [MS-DOC] §2.5.5 (FibRgLw97).
    let first = isOld ? 0x34 : 0x4C
    var lengths = (0..<8).map { main.u32(first + $0 * 4) ?? 0 }
    let total = units.count
    var start = 0
    var parts: [Range<Int>] = []
    for index in lengths.indices {
      lengths[index] = min(lengths[index], total - start)
      parts.append(start..<start + lengths[index])
      start += lengths[index]
    }
    add(parts[0], role: .bodyText, location: "", to: &extraction)
    add(parts[1], by: .footnotes, .footnote, "footnote", to: &extraction)
    addHeaders(parts[2], to: &extraction)
    add(parts[3], role: .hidden, location: "macro text", to: &extraction)
    add(parts[4], by: .comments, .comment, "comment", to: &extraction)
    add(parts[5], by: .endnotes, .footnote, "endnote", to: &extraction)
    add(parts[6], by: .textBoxes, .textBox, "text box", to: &extraction)
    add(parts[7], by: .headerTextBoxes, .textBox, "header text box", to: &extraction)
    if total - start > 1 {
      add(start..<total, role: .hidden, location: "text after the last story", to: &extraction)
    }
  }

  /// The stories of a part, cut at the positions of a table; one story where there is no table.
  private func stories(of part: Range<Int>, _ table: Table) -> [Range<Int>] {
    let positions = bytes(of: table)
    // Text boxes have 22 bytes of data after the positions.
    let size = table == .textBoxes || table == .headerTextBoxes ? 26 : 4
    let count = positions.count > 4 ? (positions.count - 4) / size : 0
    var result: [Range<Int>] = []
    var start = part.lowerBound
    for index in 0..<count {
      guard start < part.upperBound, let next = positions.u32((index + 1) * 4) else { break }
      let end = min(part.upperBound, max(start, part.lowerBound + next))
      result.append(start..<end)
      start = end
    }
    if start < part.upperBound { result.append(start..<part.upperBound) }
    return result
  }

  private func add(
    _ part: Range<Int>,
    by table: Table,
    _ role: Role,
    _ name: String,
    to extraction: inout Extraction
  ) {
    for (index, story) in stories(of: part, table).enumerated() {
      add(story, role: role, location: "\(name) \(index + 1)", to: &extraction)
    }
  }

  private func addHeaders(_ part: Range<Int>, to extraction: inout Extraction) {
    if isOld { return add(part, role: .header, location: "headers", to: &extraction) }
    // Six separators of notes, then six stories a section. *Source:* [MS-DOC] §2.3.3.
    let kinds: [(Role, String)] = [
      (.header, "even-page header"), (.header, "header"), (.footer, "even-page footer"),
      (.footer, "footer"), (.header, "first-page header"), (.footer, "first-page footer"),
    ]
    for (index, story) in stories(of: part, .headers).enumerated() {
      if index < 6 {
        add(story, role: .footnote, location: "separator of notes", to: &extraction)
      } else {
        let (role, name) = kinds[index % 6]
        add(story, role: role, location: "\(name) \(index / 6)", to: &extraction)
      }
    }
  }

  private func add(
    _ range: Range<Int>,
    role: Role,
    location: String,
    to extraction: inout Extraction
  ) {
    guard !range.isEmpty, extraction.hasRoom else { return }
    let story = LegacyWordStory(units[range], marks(in: range))
    extraction.add(story.text, at: place, role: role, location: location)
    extraction.add(story.hidden, at: place, role: .hidden, location: location)
    extraction.add(story.deleted, at: place, role: .trackedChange, location: location)
    for (index, field) in story.fields.enumerated() {
      let prefix = location.isEmpty ? "" : location + " "
      let isLink = field.trimmed.starts(with: Array("HYPERLINK".utf8))
      extraction.add(
        field.trimmed,
        at: place,
        role: isLink ? .link : .metadata,
        location: "\(prefix)field \(index + 1)"
      )
    }
  }

  /// The marks of a range, relative to its start.
  private func marks(in range: Range<Int>) -> [(range: Range<Int>, mark: Mark)] {
    // The first run that ends behind the start: runs are in order and do not overlap.
    var low = 0
    var high = marked.count
    while low < high {
      let middle = (low + high) / 2
      if marked[middle].range.upperBound <= range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return marked[low...].prefix { $0.range.lowerBound < range.upperBound }.map { run in
      let part = run.range.clamped(to: range)
      let start = part.lowerBound - range.lowerBound
      return (start..<start + part.count, run.mark)
    }
  }

  // MARK: Names

  private func addNames(to extraction: inout Extraction) {
    for name in strings(bytes(of: .bookmarks)).texts {
      // Names of Word itself start with an underscore.
      if name.first == 0x5F { continue }
      extraction.add(name, at: place, role: .bookmark, location: "bookmark")
    }
    let variables = bytes(of: .variables)
    let names = strings(variables)
    var offset = names.end
    for name in names.texts {
      guard let length = variables.u16(offset),
        let value = variables.slice(offset + 2, length * 2)
      else { break }
      extraction.addProperty(
        name.string,
        value.utf16Decoded,
        at: place,
        location: "document variable \(name.string)"
      )
      offset += 4 + length * 2
    }
  }

  /// The strings of a string table, and where it ends.
  ///
  /// *Source:* [MS-DOC] §2.2.4 (STTB).
  private func strings(_ bytes: Octets) -> (texts: [[UInt8]], end: Int) {
    guard bytes.u16(0) == 0xFFFF, let count = bytes.u16(2), let extra = bytes.u16(4) else {
      return ([], 0)
    }
    var texts: [[UInt8]] = []
    var offset = 6
    for _ in 0..<count {
      guard let length = bytes.u16(offset), let text = bytes.slice(offset + 2, length * 2) else {
        break
      }
      texts.append(text.utf16Decoded)
      offset += 2 + length * 2 + extra
    }
    return (texts, offset)
  }

  private func addDrawings(to extraction: inout Extraction) {
    var art = OfficeArt()
    let drawings = bytes(of: .drawings)
    // The group of all drawings, then one drawing for the body and one for the headers, each after
    // a byte that says which. *Source:* [MS-DOC] §2.9.172 (OfficeArtContent).
    var offset = art.read(drawings, from: 0)
    while offset < drawings.count { offset = art.read(drawings, from: offset + 1) }
    art.add(at: place, prefix: "", to: &extraction)
    BLIP.open(drawings, store: main, at: place, into: &extraction)
  }
}
