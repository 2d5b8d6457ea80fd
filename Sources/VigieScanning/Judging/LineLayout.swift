import VigieText
import VigieUnicode

/// The line on which a match stands, read from the bytes around it.
struct LineLayout {
  /// How far a line is followed on either side, bytes; beyond, it is no line with a stamp on it.
  static let maxCount = 600
  /// How far the text before the first line, or after the last, is searched for a word.
  static let edgeCount = 240

  /// The bytes of the line, half-open, without its end; cut at ``maxCount`` on either side.
  var range: Range<Int>
  /// Whether the line starts (ends) within reach.
  var hasStart: Bool
  var hasEnd: Bool
  /// Whether it is the same line for any match on it: one line, both ends of which are in reach from everywhere.
  private(set) var isWhole: Bool

  /// No line at all.
  init() {
    range = 0..<0
    hasStart = false
    hasEnd = false
    isWhole = false
  }

  init(_ text: Span<UInt8>, around match: Range<Int>) {
    var start = match.lowerBound
    let floor = max(0, start - LineLayout.maxCount)
    while start > floor, !LineLayout.isLineEnd(text[start - 1]) { start -= 1 }
    var end = match.upperBound
    let ceiling = min(text.count, end + LineLayout.maxCount)
    while end < ceiling, !LineLayout.isLineEnd(text[end]) { end += 1 }
    self.hasStart = start == 0 || LineLayout.isLineEnd(text[start - 1])
    self.hasEnd = end == text.count || LineLayout.isLineEnd(text[end])
    self.range = start..<end
    isWhole = hasStart && hasEnd && end - start <= LineLayout.maxCount
    if isWhole {
      for index in match where LineLayout.isLineEnd(text[index]) { isWhole = false }
    }
  }

  @inline(__always)
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// From how many bars on a line is the row of a table: two cells have three.
  static let rowBarCount = 3

  /// Whether the line is the row of a table, in which every cell starts and ends like a line.
  ///
  /// A line that no bar opens is none where no other row stands beside it: bars part what a banner says too.
  func isTableRow(_ text: Span<UInt8>) -> Bool {
    guard LineLayout.barCount(text, range) >= LineLayout.rowBarCount else { return false }
    if text[range.lowerBound] == 0x7C { return true }
    return LineLayout.barCount(text, neighbour(text, isAbove: true)) >= LineLayout.rowBarCount
      || LineLayout.barCount(text, neighbour(text, isAbove: false)) >= LineLayout.rowBarCount
  }

  /// How many bars stand in a range; those without anything between them are one: `||…||` hides what it holds until
  /// a reader taps it.
  private static func barCount(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    var bars = 0
    for index in range
    where text[index] == 0x7C && (index == range.lowerBound || text[index - 1] != 0x7C) {
      bars += 1
    }
    return bars
  }

  /// The line above or below, as far as ``edgeCount`` bytes of it; empty where there is none.
  private func neighbour(_ text: Span<UInt8>, isAbove: Bool) -> Range<Int> {
    if isAbove {
      var end = range.lowerBound
      while end > 0, range.lowerBound - end < 2, LineLayout.isLineEnd(text[end - 1]) { end -= 1 }
      var start = end
      while start > 0, end - start < LineLayout.edgeCount, !LineLayout.isLineEnd(text[start - 1]) {
        start -= 1
      }
      return start..<end
    }
    var start = range.upperBound
    while start < text.count, start - range.upperBound < 2, LineLayout.isLineEnd(text[start]) {
      start += 1
    }
    var end = start
    while end < text.count, end - start < LineLayout.edgeCount, !LineLayout.isLineEnd(text[end]) {
      end += 1
    }
    return start..<end
  }

  /// Whether a match is all of the first cell of a row, and words stand in a later one.
  func isRowHead(_ text: Span<UInt8>, _ match: Range<Int>) -> Bool {
    guard !LineLayout.hasWord(text, range.lowerBound..<match.lowerBound) else { return false }
    var index = match.upperBound
    while index < range.upperBound, text[index] != 0x7C { index += 1 }
    return !LineLayout.hasWord(text, match.upperBound..<index)
      && LineLayout.hasWord(text, index..<range.upperBound)
  }

  /// Whether no word stands before the line.
  func isFirst(_ text: Span<UInt8>) -> Bool {
    hasStart && range.lowerBound <= LineLayout.edgeCount
      && !LineLayout.hasWord(text, 0..<range.lowerBound)
  }

  /// Whether no word stands after the line.
  func isLast(_ text: Span<UInt8>) -> Bool {
    hasEnd && text.count - range.upperBound <= LineLayout.edgeCount
      && !LineLayout.hasWord(text, range.upperBound..<text.count)
  }

  static func hasWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      if ScalarFold.isWord(unit.value) { return true }
      index += unit.length
    }
    return false
  }

  /// The first place of an ASCII literal in a range.
  static func find(_ text: Span<UInt8>, _ range: Range<Int>, _ literal: StaticString) -> Int? {
    let length = literal.utf8CodeUnitCount
    guard range.count >= length else { return nil }
    let bytes = unsafe UnsafeBufferPointer(start: literal.utf8Start, count: length)
    var index = range.lowerBound
    while index + length <= range.upperBound {
      var offset = 0
      while offset < length, unsafe text[index + offset] == bytes[offset] { offset += 1 }
      if offset == length { return index }
      index += 1
    }
    return nil
  }
}
