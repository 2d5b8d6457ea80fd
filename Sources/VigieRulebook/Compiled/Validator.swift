/// A checksum that tells an identifier from a number of the same shape.
package enum Validator: String, Sendable, CaseIterable {
  /// *Source:* ISO/IEC 7812-1:2017, annex B.
  case luhn
  /// *Source:* ISO 13616-1:2020 §6.1 with ISO 7064 MOD 97-10.
  case iban
  /// *Source:* INSEE: the key is 97 less the first 13 digits modulo 97; 2A and 2B count as 19, 18.
  case nir

  /// Whether a match satisfies the checksum; separators do not count.
  package func accepts(_ match: Span<UInt8>) -> Bool {
    var digits: [UInt8] = []
    for index in 0..<match.count {
      let byte = match[index]
      switch byte {
      case 0x30...0x39: digits.append(byte - 0x30)
      case 0x41...0x5A: digits.append(byte - 0x41 + 10)
      case 0x61...0x7A: digits.append(byte - 0x61 + 10)
      default: continue
      }
    }
    switch self {
    case .luhn: return Validator.luhn(digits)
    case .iban: return Validator.iban(digits)
    case .nir: return Validator.nir(digits)
    }
  }

  private static func luhn(_ digits: [UInt8]) -> Bool {
    guard digits.count >= 2, digits.allSatisfy({ $0 < 10 }) else { return false }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }

  private static func iban(_ digits: [UInt8]) -> Bool {
    guard digits.count >= 15, digits.count <= 34 else { return false }
    var remainder = 0
    for digit in digits[4...] + digits[..<4] {
      remainder = (remainder * (digit > 9 ? 100 : 10) + Int(digit)) % 97
    }
    return remainder == 1
  }

  private static func nir(_ digits: [UInt8]) -> Bool {
    guard digits.count == 15 else { return false }
    var body = Array(digits[..<13])
    var offset = 0
    // Corsica: 2A and 2B stand where others have two digits.
    if body[5] == 2, body[6] == 10 || body[6] == 11 {
      offset = body[6] == 10 ? 19 : 18
      body[5] = UInt8(offset / 10)
      body[6] = UInt8(offset % 10)
    }
    guard body.allSatisfy({ $0 < 10 }), digits[13] < 10, digits[14] < 10 else { return false }
    let number = body.reduce(0) { $0 * 10 + Int($1) }
    return 97 - number % 97 == Int(digits[13]) * 10 + Int(digits[14])
  }
}
