import VigieText
import VigieUnicode

/// Portion marks: a level in brackets at the head of a paragraph.
enum Portions {
  /// How much of a text is searched for portion marks, bytes on either side of a match.
  private static let reach = 16_384
  /// The longest portion mark, bytes between the brackets.
  private static let maxCount = 64
  /// Heads of portion marks of all schemes, as they are written.
  ///
  /// *Source:* markings.md §2.2, §3.1, §4, §7.1, §8.
  private static let heads: Set<String> = [
    "S", "TS", "C", "U", "R", "DR", "NP", "SF", "CTS", "NS", "NC", "NR", "NU", "CUI", "SBU", "LES",
    "CTSA", "NSAT", "NCA", "UE", "NfD", "EU", "UNCLASSIFIED", "SECRET", "FOUO",
  ]

  /// Whether a match in brackets stands at the head of a paragraph that goes on after it.
  static func isPortion(_ text: Span<UInt8>, _ match: Range<Int>, line: Range<Int>) -> Bool {
    var start = match.lowerBound - 1
    while start >= line.lowerBound, text[start] == 0x20 || text[start] == 0x2F { start -= 1 }
    guard start >= line.lowerBound, text[start] == 0x28 || text[start] == 0x5B else { return false }
    guard
      isHead(text, line.lowerBound..<start)
        || isSentenceStart(text, start, line: line) && inlineCount(text, line) >= 2
    else { return false }
    var end = match.upperBound
    while end < line.upperBound, text[end] != 0x29, text[end] != 0x5D { end += 1 }
    return end < line.upperBound && LineLayout.hasWord(text, end..<line.upperBound)
  }

  /// Whether nothing but bullets and numbering stands in a range.
  static func isHead(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var letters = 0
    var digits = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      index += unit.length
      if (0x30...0x39).contains(unit.value) {
        digits += 1
      } else if ScalarFold.isWord(unit.value) {
        letters += 1
      }
    }
    return letters <= 1 && digits <= 6
  }

  /// Whether a sentence ends before a byte of a line: portions may follow one another in a paragraph.
  private static func isSentenceStart(_ text: Span<UInt8>, _ start: Int, line: Range<Int>) -> Bool {
    var index = start
    while index > line.lowerBound, text[index - 1] == 0x20 { index -= 1 }
    guard index < start, index > line.lowerBound else { return false }
    return [0x2E, 0x21, 0x3F, 0x3A, 0x3B].contains(text[index - 1])
  }

  /// How many portion marks stand in a line, at its head or at the head of a sentence.
  private static func inlineCount(_ text: Span<UInt8>, _ line: Range<Int>) -> Int {
    var count = 0
    var index = line.lowerBound
    while index < line.upperBound {
      if text[index] == 0x28 || text[index] == 0x5B,
        isHead(text, line.lowerBound..<index) || isSentenceStart(text, index, line: line),
        startsWithPortion(text, index..<line.upperBound)
      {
        count += 1
      }
      index += 1
    }
    return count
  }

  /// How many lines around a place start with a portion mark, and sentences of its own line do; and how many with another
  /// letter in brackets, as those of a list that has letters of its own do.
  static func count(_ text: Span<UInt8>, around place: Int) -> (own: Int, foreign: Int) {
    var count = 0
    var foreignCount = 0
    var index = max(0, place - reach)
    while index > 0, !LineLayout.isLineEnd(text[index - 1]) {
      index -= 1
      if place - index > 2 * reach { break }
    }
    let end = min(text.count, place + reach)
    while index < end {
      var lineEnd = index
      while lineEnd < end, !LineLayout.isLineEnd(text[lineEnd]) { lineEnd += 1 }
      if (index...lineEnd).contains(place) {
        count += max(
          startsWithPortion(text, index..<lineEnd) ? 1 : 0,
          inlineCount(text, index..<lineEnd)
        )
      } else if startsWithPortion(text, index..<lineEnd) {
        count += 1
      } else if startsWithForeignLetter(text, index..<lineEnd) {
        foreignCount += 1
      }
      index = lineEnd + 1
    }
    return (count, foreignCount)
  }

  /// The single letters in brackets that are marks of portions in any scheme (*P* and *O* in Australia), and the one that
  /// ticks a box.
  private static let singleHeads: [UInt8] = Array("SCURPOX".utf8)

  /// Whether a line starts with a capital letter in brackets that is no mark of a portion, and goes on.
  private static func startsWithForeignLetter(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var index = line.lowerBound
    while index < line.upperBound, text[index] == 0x20 || text[index] == 0x3E { index += 1 }
    guard index + 3 < line.upperBound, text[index] == 0x28 || text[index] == 0x5B,
      text[index + 2] == (text[index] == 0x28 ? 0x29 : 0x5D)
    else { return false }
    return (0x41...0x5A).contains(text[index + 1]) && !singleHeads.contains(text[index + 1])
      && LineLayout.hasWord(text, index + 3..<line.upperBound)
  }

  private static func startsWithPortion(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var index = line.lowerBound
    let limit = min(line.upperBound, index + 16)
    while index < limit, text[index] != 0x28, text[index] != 0x5B { index += 1 }
    guard index < limit, isHead(text, line.lowerBound..<index) else { return false }
    let start = index + 1
    var end = start
    while end < line.upperBound, end - start < maxCount, text[end] != 0x29, text[end] != 0x5D {
      end += 1
    }
    guard end < line.upperBound, end > start, text[end] == 0x29 || text[end] == 0x5D else {
      return false
    }
    guard LineLayout.hasWord(text, end..<line.upperBound) else { return false }
    var head: [UInt8] = []
    for place in start..<end {
      let byte = text[place]
      let isLetter = (0x61...0x7A).contains(byte | 0x20)
      if isLetter { head.append(byte) } else if !head.isEmpty { break }
    }
    return heads.contains(String(decoding: head, as: UTF8.self))
  }
}
