/// Which lines may hold the names of columns.
extension TextTable {
  /// Whether the line of a place may hold names of columns, told from how far apart what may part cells stands in it: a
  /// name is short, and in a sentence something is not.
  ///
  /// More rather than less: of a line that may hold names ``init(_:headedAt:)`` says whether it does.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - place: Bytes on one line.
  ///   - end: Where that line ends.
  /// - Returns: Whether it may.
  /// - Complexity: O(bytes around the place up to a long cell).
  package static func mayHoldNames(
    _ text: Span<UInt8>,
    around place: Range<Int>,
    to end: Int
  ) -> Bool {
    guard place.upperBound <= end, end - place.upperBound <= maxLineCount else { return false }
    var isParted = false
    var cellStart = place.upperBound
    while true {
      // Of a long cell no more is read than says so.
      let most = min(end, cellStart + longCount)
      var cellEnd = edge(text, from: cellStart, to: most)
      if isLong(text, cellStart..<cellEnd) { return false }
      if cellEnd == most, most < end { cellEnd = edge(text, from: most, to: end) }
      if cellEnd == end { break }
      isParted = isParted || text[cellEnd] != 0x0D
      cellStart = cellEnd + 1
    }
    var cellEnd = place.lowerBound
    while place.lowerBound - cellEnd <= maxLineCount {
      let most = max(0, place.lowerBound - maxLineCount, cellEnd - longCount)
      cellStart = edge(text, before: cellEnd, from: most)
      if isLong(text, cellStart..<cellEnd) { return false }
      if cellStart == most {
        cellStart = edge(text, before: most, from: max(0, place.lowerBound - maxLineCount))
      }
      if cellStart == 0 || isLineEnd(text[cellStart - 1]) { return isParted }
      isParted = true
      cellEnd = cellStart - 1
    }
    return false
  }

  /// How much of a cell is read at first, bytes: a name, and what may stand around it.
  private static let longCount = maxNameCount + 16

  /// Whether bytes of one cell are too many for a name, whatever blanks and marks stand around it.
  private static func isLong(_ text: Span<UInt8>, _ cell: Range<Int>) -> Bool {
    guard cell.count > maxNameCount else { return false }
    var start = cell.lowerBound
    var end = cell.upperBound
    while start < end, !isSolid(text[start]) { start += 1 }
    while end > start, !isSolid(text[end - 1]) { end -= 1 }
    return end - start > maxNameCount
  }

  /// Whether a byte is of a letter or digit, which nothing takes off a name; of U+00A0 neither byte is.
  private static func isSolid(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
      || byte >= 0x80 && byte != 0xC2 && byte != 0xA0
  }

  /// The first byte from one on that may part cells, up to the end of a line.
  private static func edge(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
    let bytes = unsafe text.bytes
    var index = start
    while index &+ 8 <= end {
      // In bounds: the line is one of the text.
      let block = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      let found = edges(UInt64(littleEndian: block))
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      // Whether the last byte is the first of two blanks the next block tells.
      index &+= 7
    }
    while index < end, !isEdge(text, index) { index &+= 1 }
    return index
  }

  /// The byte after the last one before a place that may part cells or end the line above, not before another byte, which
  /// is the answer where there is none.
  private static func edge(_ text: Span<UInt8>, before end: Int, from start: Int) -> Int {
    let bytes = unsafe text.bytes
    var index = end
    while index &- 8 >= start {
      // In bounds: it is checked that eight bytes stand before.
      let block = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index &- 8,
        as: UInt64.self
      )
      let found = edges(UInt64(littleEndian: block))
      if found != 0 { return index &- found.leadingZeroBitCount / 8 }
      index &-= 7
    }
    while index > start, !isEdge(text, index &- 1) { index &-= 1 }
    return index
  }

  private static func isEdge(_ text: Span<UInt8>, _ index: Int) -> Bool {
    switch text[index] {
    case ..<0x20, 0x2C, 0x3B, 0x7C: true
    case 0x20: index + 1 < text.count && text[index + 1] == 0x20
    default: false
    }
  }

  /// The highest bit of each of eight bytes that may part cells or end a line: , ; | and whatever is no character, the
  /// first of two blanks, where both are among the eight.
  @inline(__always)
  private static func edges(_ block: UInt64) -> UInt64 {
    let every: UInt64 = 0x0101_0101_0101_0101
    let blanks = zeros(block ^ every &* 0x20)
    return zeros(block & (every &* 0xE0)) | zeros(block ^ every &* 0x2C)
      | zeros(block ^ every &* 0x3B) | zeros(block ^ every &* 0x7C) | blanks & blanks >> 8
  }
}
