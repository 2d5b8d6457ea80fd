/// A table that a text holds as people paste one: CSV, columns parted by tabs, bars or two blanks and more, the frames
/// of Markdown and of SQL clients.
///
/// Lines that follow each other and have as many cells are one table, and the first of them that may hold names heads it.
/// A line with another count ends it, and so does an empty one, or one over ``maxLineCount``. A frame
/// (`+----+`, `|:---|`) between two lines is none of them. A cell in quotation marks may hold separators; one that goes
/// on in the next line is not read.
package struct TextTable: Sendable, Equatable {
  /// What parts its cells.
  package enum Separator: Sendable, CaseIterable {
    case tab, bar, semicolon
    /// A comma, but one before a blank: that is one of a sentence, and so is one between the figures of an amount.
    case comma
    /// A comma before a blank.
    case spacedComma
    /// Two blanks and more.
    case blanks

    /// A bit of its own.
    fileprivate var bit: UInt8 {
      switch self {
      case .tab: 1
      case .bar: 2
      case .semicolon: 4
      case .comma: 8
      case .spacedComma: 16
      case .blanks: 32
      }
    }
  }

  /// The longest line that is read as one of a table, bytes.
  package static let maxLineCount = 4_096
  /// The longest name of a column, bytes.
  package static let maxNameCount = 64
  /// The most columns: what has more is measured data.
  static let maxColumnCount = 128
  /// How many lines at the head of a table may hold something else than names: its title in the first of empty cells.
  private static let maxTitleCount = 4
  /// The least columns between commas with blanks behind them, as sentences have them.
  private static let leastSpacedCount = 3

  /// What parts its cells.
  package let separator: Separator
  /// How many cells each of its lines has.
  package let columnCount: Int
  /// The line of names, bytes.
  package let header: Range<Int>

  /// The table in whose line of names a place stands; `nil` where it stands in none.
  package init?(_ text: Span<UInt8>, headedAt place: Range<Int>) {
    guard let line = TextTable.line(of: text, around: place) else { return nil }
    // Nearly all lines with a word that may be a name are of sentences: what does not stand in both lines is not counted.
    var separators = TextTable.separators(text, line)
    guard separators != 0, let below = TextTable.line(of: text, after: line) else { return nil }
    separators &= TextTable.separators(text, below)
    for separator in Separator.allCases where separators & separator.bit != 0 {
      let count = TextTable.cellCount(text, line, separator)
      guard count > 1, count <= TextTable.maxColumnCount,
        TextTable.cellCount(text, below, separator) == count
      else { continue }
      self.init(separator: separator, columnCount: count, header: line)
      guard mayHoldNames(text, line), isFirst(text, line) else { return nil }
      return
    }
    return nil
  }

  /// The table in one of whose rows a place stands; `nil` where it stands in none.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - place: Bytes on one line.
  ///   - floor: The first byte that may belong to it.
  package init?(_ text: Span<UInt8>, holding place: Range<Int>, from floor: Int) {
    guard let line = TextTable.line(of: text, around: place) else { return nil }
    for separator in Separator.allCases {
      let count = TextTable.cellCount(text, line, separator)
      guard count > 1, count <= TextTable.maxColumnCount else { continue }
      var first = line
      while let above = TextTable.line(of: text, before: first), above.lowerBound >= floor,
        TextTable.cellCount(text, above, separator) == count
      { first = above }
      guard first != line else { continue }
      self.init(separator: separator, columnCount: count, header: first)
      for _ in 0..<TextTable.maxTitleCount where !mayHoldNames(text, first) {
        guard first != line, let below = TextTable.line(of: text, after: first) else { break }
        first = below
      }
      self.init(separator: separator, columnCount: count, header: first)
      return
    }
    return nil
  }

  private init(separator: Separator, columnCount: Int, header: Range<Int>) {
    self.separator = separator
    self.columnCount = columnCount
    self.header = header
  }

  /// The row after a line of the table; `nil` after the last.
  package func row(_ text: Span<UInt8>, after line: Range<Int>) -> Range<Int>? {
    guard let below = TextTable.line(of: text, after: line),
      TextTable.cellCount(text, below, separator) == columnCount
    else { return nil }
    return below
  }

  /// The name of the column of a place in a row, without blanks and quotation marks around it; `nil` where there is none.
  package func name(_ text: Span<UInt8>, of place: Range<Int>, in row: Range<Int>) -> Range<Int>? {
    guard mayHoldNames(text, header) else { return nil }
    var cells = Cells(text, row, separator)
    var column = 0
    while let cell = cells.next(text) {
      if cell.upperBound >= place.upperBound {
        guard cell.lowerBound <= place.lowerBound else { return nil }
        var names = Cells(text, header, separator)
        for _ in 0..<column where names.next(text) == nil { return nil }
        return names.next(text).map { TextTable.bare(text, $0) }
      }
      column += 1
    }
    return nil
  }

  /// The number of the column in whose name a place stands, and that name; `nil` where it stands between two.
  package func column(_ text: Span<UInt8>, named place: Range<Int>) -> (Int, name: Range<Int>)? {
    var names = Cells(text, header, separator)
    var column = 0
    while let cell = names.next(text), cell.lowerBound <= place.lowerBound {
      let name = TextTable.bare(text, cell)
      if name.lowerBound <= place.lowerBound, place.upperBound <= name.upperBound {
        return (column, name)
      }
      column += 1
    }
    return nil
  }

  /// Whether the cells of a line may be names: short, hardly any of them empty, and no end of a sentence.
  private func mayHoldNames(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    if separator == .spacedComma, columnCount < TextTable.leastSpacedCount { return false }
    var emptyCount = 0
    var cells = Cells(text, line, separator)
    while let cell = cells.next(text) {
      let name = TextTable.bare(text, cell)
      if name.isEmpty {
        emptyCount += 1
        continue
      }
      // A short one is an abbreviation: tél.
      guard name.count <= TextTable.maxNameCount else { return false }
      switch text[name.upperBound - 1] {
      case 0x2E where name.count > 8, 0x21, 0x3F: return false
      default: break
      }
    }
    return emptyCount == 0 || emptyCount == 1 && columnCount > 2
  }

  /// Whether no line above one of the table may hold its names.
  private func isFirst(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var line = line
    for _ in 0..<TextTable.maxTitleCount {
      guard let above = TextTable.line(of: text, before: line),
        TextTable.cellCount(text, above, separator) == columnCount
      else { return true }
      if mayHoldNames(text, above) { return false }
      line = above
    }
    return false
  }

  /// What may part cells on a line: a bit for each separator, more rather than less.
  private static func separators(_ text: Span<UInt8>, _ line: Range<Int>) -> UInt8 {
    var end = line.upperBound
    while end > line.lowerBound, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    var bits: UInt8 = 0
    let bytes = unsafe text.bytes
    var index = line.lowerBound
    while index < line.upperBound {
      // Seven bytes and the one after them: most hold no separator. In bounds, as the line is.
      if index + 8 <= line.upperBound {
        let block = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index,
          as: UInt64.self
        )
        if !mayPart(UInt64(littleEndian: block)) {
          index += 7
          continue
        }
      }
      let isBeforeBlank = index + 1 < end && text[index + 1] == 0x20
      switch text[index] {
      case 0x09: bits |= Separator.tab.bit
      case 0x7C: bits |= Separator.bar.bit
      case 0x3B: bits |= Separator.semicolon.bit
      case 0x2C: bits |= isBeforeBlank ? Separator.spacedComma.bit : Separator.comma.bit
      case 0x20 where isBeforeBlank: bits |= Separator.blanks.bit
      default: break
      }
      index += 1
    }
    return bits
  }

  /// Whether one of eight bytes parts cells, or two blanks stand side by side in them.
  @inline(__always)
  private static func mayPart(_ block: UInt64) -> Bool {
    let every: UInt64 = 0x0101_0101_0101_0101
    let blanks = zeros(block ^ every &* 0x20)
    let signs =
      zeros(block ^ every &* 0x09) | zeros(block ^ every &* 0x7C)
      | zeros(block ^ every &* 0x3B) | zeros(block ^ every &* 0x2C)
    return signs | blanks & blanks << 8 != 0
  }
}
