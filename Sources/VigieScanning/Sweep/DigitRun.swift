/// Digits that stand together, with at most one separator between two of them.
///
/// What numbers of persons, companies, cards and accounts are written in. *2A* and *2B* count as two
/// digits: they are departments, and stand in the numbers of those who were born there.
struct DigitRun {
  /// From the first digit to the last, bytes.
  let range: Range<Int>
  /// How many there are.
  let count: Int

  /// How far before a byte the last digit may stand: a separator of three bytes.
  private static let lookCount = 4

  /// The run whose digit stands right before a byte, or before a separator there; `nil` for none.
  init?(_ text: Span<UInt8>, before place: Int) {
    var last = min(place, text.count) - 1
    let floor = max(0, place - DigitRun.lookCount)
    while last >= floor, !DigitRun.isDigit(text, last) { last -= 1 }
    guard last >= floor else { return nil }
    var count = 1
    var start = last
    while let before = DigitRun.before(text, start) {
      start = before
      count += 1
    }
    var end = last + 1
    while let next = DigitRun.next(text, end) {
      end = next + 1
      count += 1
    }
    self.range = start..<end
    self.count = count
  }

  /// Whether a digit stands at a byte, or the letter of a department that counts as one.
  private static func isDigit(_ text: Span<UInt8>, _ index: Int) -> Bool {
    let byte = text[index]
    if (0x30...0x39).contains(byte) { return true }
    return (0x61...0x62).contains(byte | 0x20) && index > 0 && text[index - 1] == UInt8(ascii: "2")
  }

  /// The digit before one, with a separator between at most.
  private static func before(_ text: Span<UInt8>, _ index: Int) -> Int? {
    guard index > 0 else { return nil }
    if isDigit(text, index - 1) { return index - 1 }
    for length in 1...3 where length < index && isSeparator(text, index - length, length) {
      return isDigit(text, index - length - 1) ? index - length - 1 : nil
    }
    return nil
  }

  /// The digit at a byte, or after a separator there.
  private static func next(_ text: Span<UInt8>, _ index: Int) -> Int? {
    guard index < text.count else { return nil }
    if isDigit(text, index) { return index }
    for length in 1...3 where index + length < text.count && isSeparator(text, index, length) {
      return isDigit(text, index + length) ? index + length : nil
    }
    return nil
  }

  /// Whether so many bytes are a separator: a blank of any width, a full stop, a hyphen or dash.
  private static func isSeparator(_ text: Span<UInt8>, _ index: Int, _ length: Int) -> Bool {
    switch length {
    case 1: return text[index] == 0x20 || text[index] == 0x2E || text[index] == 0x2D
    case 2: return text[index] == 0xC2 && text[index + 1] == 0xA0
    default:
      guard text[index] == 0xE2, text[index + 1] == 0x80 else { return false }
      // U+2009 thin space, U+2010…2015 hyphens and dashes, U+202F narrow no-break space
      switch text[index + 2] {
      case 0x89, 0x90...0x95, 0xAF: return true
      default: return false
      }
    }
  }
}
