/// The digits and letters of a number, as values 0…35, without what separates them.
struct CheckedCharacters {
  /// The most characters any of the numbers has; a longer one is none of them.
  static let capacity = 40

  private var values = [40 of UInt8](repeating: 0)
  /// How many there are; more than ``capacity`` where the number is too long.
  private(set) var count = 0
  /// Whether all of them are digits.
  private(set) var areDigits = true

  /// Reads the ASCII letters, in either case, and digits of a match.
  init(_ match: Span<UInt8>) {
    for index in 0..<match.count {
      let byte = match[index]
      switch byte {
      case 0x30...0x39: append(byte - 0x30)
      case 0x41...0x5A: append(byte - 0x41 + 10)
      case 0x61...0x7A: append(byte - 0x61 + 10)
      default: continue
      }
    }
  }

  private mutating func append(_ value: UInt8) {
    if count < CheckedCharacters.capacity { values[count] = value }
    if value > 9 { areDigits = false }
    count += 1
  }

  /// The value of one; 0 beyond the end.
  subscript(index: Int) -> Int { index < CheckedCharacters.capacity ? Int(values[index]) : 0 }

  /// Changes one to another value.
  mutating func set(_ index: Int, _ value: UInt8) { values[index] = value }

  /// Whether there are just so many.
  func hasCount(_ wanted: Int) -> Bool { count == wanted }

  /// The number that some digits spell; they must be digits, and 18 at most.
  func number(_ range: Range<Int>) -> Int {
    var number = 0
    for index in range { number = number * 10 + self[index] }
    return number
  }

  /// Whether all characters of a range are digits.
  func areDigits(in range: Range<Int>) -> Bool {
    for index in range where self[index] > 9 { return false }
    return true
  }
}

/// Checksums that more than one kind of number has.
enum Checksum {
  /// The check digit of Luhn over all digits.
  ///
  /// *Source:* ISO/IEC 7812-1:2017, annex B: every second digit from the right counts double, less 9
  /// where that has two digits; the sum is a multiple of ten.
  static func luhn(_ characters: CheckedCharacters) -> Bool {
    luhn(characters, count: characters.count)
  }

  /// The same over the first digits only.
  static func luhn(_ characters: CheckedCharacters, count: Int) -> Bool {
    guard count >= 2, count <= CheckedCharacters.capacity,
      characters.areDigits(in: 0..<count)
    else { return false }
    var sum = 0
    for index in 0..<count {
      let value = (count - index) % 2 == 0 ? characters[index] * 2 : characters[index]
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }
}
