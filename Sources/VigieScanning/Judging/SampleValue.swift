/// Values that stand for a value: placeholders, counted through or repeated characters.
enum SampleValue {
  /// Whether a value is no secret and no number of anybody.
  ///
  /// - Parameters:
  ///   - value: The bytes of the match.
  ///   - isNumber: Whether it is an identifier: counting in any part of it shows that it is made up,
  ///     while people end true passwords with 12345678.
  /// - Returns: Whether it stands for another value.
  static func holds(_ value: Span<UInt8>, isNumber: Bool) -> Bool {
    isPlain(value, isNumber: isNumber) || words.contains { stands($0, in: value) }
  }

  /// Words that people put where a secret belongs, in small letters.
  private static let words: [StaticString] = [
    "example", "exemple", "beispiel", "sample", "dummy", "placeholder", "changeme", "change_me",
    "change-me", "changezmoi", "replace_me", "replaceme", "xxxx", "****", "....", "your_", "your-",
    "votre_", "votre-", "yourpass", "yourtoken", "motdepasse", "mot_de_passe", "not_a_real",
    "notareal", "fake", "todo", "redacted", "insert_", "foobar",
  ]

  /// From how many characters on a value may be too plain.
  private static let leastCount = 6
  /// The most different characters of a plain value.
  private static let plainKinds = 2
  /// How many characters in a row, each the next of the last, show that somebody counted.
  private static let countedCount = 8
  /// From how many on they count towards the share of a secret that is counted, and that share.
  private static let countedPart = (count: 4, share: 0.75)

  /// Whether letters and digits are of two kinds at most, or counted up or down.
  private static func isPlain(_ value: Span<UInt8>, isNumber: Bool) -> Bool {
    var kinds: (UInt64, UInt64) = (0, 0)
    var count = 0
    var (up, down) = (1, 1)
    var longest = 1
    var counted = 0
    var last: UInt8 = 0
    for index in 0..<value.count {
      let byte = value[index] | ((0x41...0x5A).contains(value[index]) ? 0x20 : 0)
      let isDigit = (0x30...0x39).contains(byte)
      guard isDigit || (0x61...0x7A).contains(byte) else { continue }
      count += 1
      if isDigit {
        kinds.0 |= 1 << UInt64(byte - 0x30)
      } else {
        kinds.1 |= 1 << UInt64(byte - 0x61)
      }
      // 9 is followed by 0 where somebody counts through the digits.
      let isNext = byte == last &+ 1 || byte == 0x30 && last == 0x39
      let isPrevious = byte &+ 1 == last || byte == 0x39 && last == 0x30
      up = isNext ? up + 1 : 1
      down = isPrevious ? down + 1 : 1
      let run = max(up, down)
      longest = max(longest, run)
      if run == countedPart.count {
        counted += run
      } else if run > countedPart.count {
        counted += 1
      }
      last = byte
    }
    let kindCount = kinds.0.nonzeroBitCount + kinds.1.nonzeroBitCount
    let isCounted =
      isNumber
      ? longest >= countedCount : Double(counted) >= countedPart.share * Double(count)
    return count >= leastCount && (kindCount <= plainKinds || isCounted)
  }

  private static func stands(_ word: StaticString, in value: Span<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard value.count >= count else { return false }
    for start in 0...(value.count - count) {
      var place = 0
      while place < count {
        let byte = value[start + place]
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        if unsafe lower != word.utf8Start[place] { break }
        place += 1
      }
      if place == count { return true }
    }
    return false
  }
}
