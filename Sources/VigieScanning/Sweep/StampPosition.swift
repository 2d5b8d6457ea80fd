import VigieCore
import VigieUnicode
import VigieText

/// Where a short form is a stamp: in brackets, alone on its line, a token of a file name, or at the
/// edge of a text made for markings.
enum StampPosition {
  /// The longest line in which a form can stand alone, bytes.
  private static let maxLineCount = 80

  static func holds(_ text: Span<UInt8>, _ range: Range<Int>, role: Role) -> Bool {
    switch role {
    case .filename, .label: return true
    case .header, .footer, .subject, .channel:
      if isAtEdge(text, range) { return true }
    default: break
    }
    return !isCredit(text, range) && (isBracketed(text, range) || isOwnLine(text, range))
  }

  /// Whether the form names who holds the rights of a picture: `© DR`.
  private static func isCredit(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start > 0 {
      let unit = text.scalar(before: start)
      if unit.value == 0xA9 { return true }
      guard ScalarFold.isWhiteSpace(unit.value) else { return false }
      start -= unit.length
    }
    return false
  }

  /// Whether brackets of one kind enclose the form, with nothing but white space between.
  static func isBracketed(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var before = range.lowerBound - 1
    while before >= 0, text[before] == 0x20 { before -= 1 }
    var after = range.upperBound
    while after < text.count, text[after] == 0x20 { after += 1 }
    guard before >= 0, after < text.count else { return false }
    if text[before] >= 0x80 {
      let opening = text.scalar(before: before + 1).value
      return wideBrackets.contains { $0 == (opening, text.scalar(at: after).value) }
    }
    switch (text[before], text[after]) {
    case (0x28, 0x29), (0x5B, 0x5D), (0x7B, 0x7D), (0x3C, 0x3E): return true
    default: return false
    }
  }

  /// The brackets of Chinese, Japanese and Korean typography.
  private static let wideBrackets: [(UInt32, UInt32)] = [
    (0xFF08, 0xFF09), (0xFF3B, 0xFF3D), (0x3010, 0x3011), (0x3014, 0x3015),
  ]

  private static func isOwnLine(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index > 0, text[index - 1] != 0x0A {
      let unit = text.scalar(before: index)
      if ScalarFold.isWord(unit.value) || range.lowerBound - index > maxLineCount { return false }
      index -= unit.length
    }
    index = range.upperBound
    while index < text.count, text[index] != 0x0A {
      let unit = text.scalar(at: index)
      if ScalarFold.isWord(unit.value) || index - range.upperBound > maxLineCount { return false }
      index += unit.length
    }
    return true
  }

  private static func isAtEdge(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    !hasWord(text, 0..<range.lowerBound) || !hasWord(text, range.upperBound..<text.count)
  }

  private static func hasWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      if ScalarFold.isWord(unit.value) { return true }
      index += unit.length
    }
    return false
  }
}
