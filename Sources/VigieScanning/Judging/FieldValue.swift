import VigieRulebook
import VigieText

/// The field whose whole value a match is, as data write it: `"marking": "…"`, `marking = "…"`, `marking=…;`,
/// `<marking>…</marking>`, `<note marking="…">`.
///
/// A line `Marking: …` is none: people write that too, and the colon says enough of it.
enum FieldValue {
  /// Finds the name of the field.
  ///
  /// - Parameters:
  ///   - text: The view in which the match stands.
  ///   - value: The match with the caveats that belong to it.
  ///   - line: The line on which it stands.
  /// - Returns: Its bytes; `nil` where the match is no value, or not all of one.
  static func name(_ text: Span<UInt8>, _ value: Range<Int>, line: Range<Int>) -> Range<Int>? {
    var start = skipped(text, before: value.lowerBound, line)
    guard start > line.lowerBound else { return nil }
    var end = value.upperBound
    while end < line.upperBound, isBlank(text[end]) { end += 1 }
    switch text[start - 1] {
    case 0x22, 0x27:
      guard end < line.upperBound else { return nil }
      let quotation = text[start - 1]
      // JSON in a string of JSON has its quotation marks escaped.
      if text[end] == 0x5C, end + 1 < line.upperBound { end += 1 }
      guard text[end] == quotation else { return nil }
      start -= 1
      if start > line.lowerBound, text[start - 1] == 0x5C { start -= 1 }
      start = skipped(text, before: start, line)
      if start > line.lowerBound, text[start - 1] == 0x5B {
        // A list of one; of several none is the value.
        guard isClosed(text, from: end + 1, line) else { return nil }
        start = skipped(text, before: start - 1, line)
      }
      guard start > line.lowerBound, text[start - 1] == 0x3A || text[start - 1] == 0x3D else {
        return nil
      }
      return key(text, before: start - 1, line)
    case 0x3D:
      guard end == line.upperBound || isEnd(text[end]) else { return nil }
      return key(text, before: start - 1, line)
    case 0x3E:
      guard end + 1 < line.upperBound, text[end] == 0x3C, text[end + 1] == 0x2F else { return nil }
      return element(text, before: start - 1, line)
    default: return nil
    }
  }

  /// The longest name of a field, bytes.
  private static let maxCount = 64
  /// How far back the start of a tag is sought, bytes.
  private static let tagCount = 240

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func skipped(_ text: Span<UInt8>, before end: Int, _ line: Range<Int>) -> Int {
    var index = end
    while index > line.lowerBound, isBlank(text[index - 1]) { index -= 1 }
    return index
  }

  /// Whether a list ends here.
  private static func isClosed(_ text: Span<UInt8>, from start: Int, _ line: Range<Int>) -> Bool {
    var index = start
    while index < line.upperBound, isBlank(text[index]) { index += 1 }
    return index < line.upperBound && text[index] == 0x5D
  }

  /// Whether a byte ends a value without quotation marks: , ; & } or the end of a line.
  private static func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2C, 0x3B, 0x26, 0x7D, 0x0A, 0x0D: true
    default: false
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E, 0x3A, 0x80...: true
    default: false
    }
  }

  /// The key that ends before a colon or sign of equality; an operator of code has no key right before it.
  private static func key(
    _ text: Span<UInt8>,
    before separator: Int,
    _ line: Range<Int>
  ) -> Range<Int>? {
    var end = skipped(text, before: separator, line)
    while end > line.lowerBound,
      text[end - 1] == 0x22 || text[end - 1] == 0x27 || text[end - 1] == 0x5C
    {
      end -= 1
    }
    var start = end
    while start > max(line.lowerBound, end - maxCount), isNameByte(text[start - 1]) { start -= 1 }
    guard start < end else { return nil }
    // `<classification value="…">`, `<meta name="classification" content="…">`: the tag says it up to there.
    var open = start
    while open > max(line.lowerBound, end - maxCount), text[open - 1] != 0x3C,
      text[open - 1] != 0x3E
    { open -= 1 }
    if open > line.lowerBound, text[open - 1] == 0x3C {
      return isAmongTags(text, before: open - 1, line) ? open..<end : nil
    }
    return isAmongData(text, before: start, line) ? start..<end : nil
  }

  /// Whether a tag stands where one stands in data: after another, a colon, or nothing.
  private static func isAmongTags(_ text: Span<UInt8>, before tag: Int, _ line: Range<Int>) -> Bool
  {
    let index = skipped(text, before: tag, line)
    return index == line.lowerBound || text[index - 1] == 0x3E || text[index - 1] == 0x3A
  }

  /// Whether a key stands where one stands in data; prose that speaks of a field has a word before it.
  private static func isAmongData(_ text: Span<UInt8>, before key: Int, _ line: Range<Int>) -> Bool
  {
    var index = key
    while index > line.lowerBound,
      isBlank(text[index - 1]) || text[index - 1] == 0x22 || text[index - 1] == 0x27
        || text[index - 1] == 0x5C
    { index -= 1 }
    guard index > line.lowerBound else { return true }
    switch text[index - 1] {
    // { [ , ; & > - : ( | and the mark of a quoted line; ? only of an address.
    case 0x7B, 0x5B, 0x2C, 0x3B, 0x26, 0x3E, 0x2D, 0x3A, 0x28, 0x7C: return true
    case 0x3F: return index == key
    default: return false
    }
  }

  /// The name of the element whose opening tag ends at a byte.
  private static func element(
    _ text: Span<UInt8>,
    before close: Int,
    _ line: Range<Int>
  ) -> Range<Int>? {
    var open = close
    while open > max(line.lowerBound, close - tagCount), text[open - 1] != 0x3C { open -= 1 }
    guard open > line.lowerBound, text[open - 1] == 0x3C,
      isAmongTags(text, before: open - 1, line)
    else { return nil }
    var end = open
    while end < close, isNameByte(text[end]) { end += 1 }
    return open < end ? open..<end : nil
  }
}

extension Judge {
  /// Notes the field whose value a match is, with the caveats beside it, and whether it is one for markings.
  mutating func readField(
    _ text: Span<UInt8>,
    _ match: Range<Int>,
    _ caveats: [Range<Int>]
  ) {
    let start = caveats.reduce(match.lowerBound) { min($0, $1.lowerBound) }
    let end = caveats.reduce(match.upperBound) { max($0, $1.upperBound) }
    field = 0..<0
    isField = false
    guard let name = FieldValue.name(text, start..<end, line: line.range),
      !signs.hold(.code, text, line.range)
    else { return }
    field = wordRange(of: name)
    var says = 0.0
    for hit in spoken where evidence.reaches[hit.evidence] == .field && isWithinField(hit.words) {
      says += evidence.kinds[hit.evidence].usage
    }
    isField = says > 0
  }

  /// Whether all of some words stand in the name of the field at hand.
  func isWithinField(_ words: Range<Int>) -> Bool {
    field.lowerBound <= words.lowerBound && words.upperBound <= field.upperBound
  }
}
