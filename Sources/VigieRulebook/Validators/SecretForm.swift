import Glibc

/// What secrets without a checksum look like.
enum SecretForm {
  /// The least entropy of a generated secret of letters and digits, bits a character.
  ///
  /// *Source:* 20,000 random strings of each length: of 20 small letters and digits one in a hundred
  /// has less than 3.40, of 24 or more, or with capitals, one in a thousand at most. Names of programs
  /// and words joined by `_` have 3.3 to 3.9 as well: hence the digit that is asked for besides.
  static let leastBits = 3.4
  /// The same where all characters are hexadecimal digits.
  ///
  /// *Source:* of 32 random hexadecimal digits one in a thousand has less than 3.12, of 24 one in a
  /// hundred less than 3.04; `deadbeef` four times has 2.2.
  static let leastHexBits = 3.0

  /// Whether characters are spread as those of a generated secret are, mostly with a digit among them.
  static func isRandom(
    _ match: Span<UInt8>,
    least: Double,
    needsDigit: Bool = true
  ) -> Bool {
    var counts = [128 of UInt16](repeating: 0)
    var count = 0
    var hasDigit = false
    var isHex = true
    for index in 0..<match.count where match[index] < 0x80 {
      let byte = match[index]
      if (0x30...0x39).contains(byte) {
        hasDigit = true
      } else if !(0x61...0x66).contains(byte | 0x20) {
        isHex = false
      }
      counts[Int(byte)] &+= 1
      count += 1
    }
    guard hasDigit || !needsDigit, count > 1 else { return false }
    // log2 n − Σ c · log2 c / n, which is −Σ p · log2 p
    var sum = 0.0
    for byte in 0..<128 where counts[byte] > 1 {
      sum += Double(counts[byte]) * log2(Double(counts[byte]))
    }
    return log2(Double(count)) - sum / Double(count) >= (isHex ? min(least, leastHexBits) : least)
  }

  /// Whether characters are those of a generated secret that need not hold a digit.
  ///
  /// Without one, two capitals follow each other in it, and a capital a small letter.
  ///
  /// *Source:* of 200,000 random words of 34 letters of either case, two in a thousand fail, of 20 letters one in
  /// a hundred. Entropy tells nothing here: it is 4.6 on average, and 4.2 for English words that capitals join,
  /// in which capitals stand alone.
  static func isRandomWord(_ match: Span<UInt8>) -> Bool {
    if isRandom(match, least: leastBits) { return true }
    var hasPair = false
    var hasRise = false
    for index in 1..<max(1, match.count) where (0x41...0x5A).contains(match[index]) {
      switch match[index - 1] {
      case 0x41...0x5A: hasPair = true
      case 0x61...0x7A: hasRise = true
      default: continue
      }
    }
    return hasPair && hasRise && isRandom(match, least: leastBits, needsDigit: false)
  }

  /// The least entropy of the 16 characters of an access key of AWS, bits a character.
  ///
  /// *Source:* gitleaks, `aws-access-token`; of random ones one in a thousand has less than 2.95.
  private static let leastKeyBits = 2.9
  /// The characters of an access key of AWS after its four letters.
  private static let keyCount = 16

  /// Whether the 16 characters after the prefix of an access key of AWS are of its alphabet and random.
  ///
  /// *Source:* AWS IAM User Guide, "Unique identifiers": `AKIA`, `ASIA`…, then base32 (A–Z, 2–7), as
  /// the number of the account is in it.
  static func isAWSKey(_ match: Span<UInt8>) -> Bool {
    guard match.count == 4 + keyCount else { return false }
    if hasExample(match) { return true }
    for index in 4..<match.count {
      switch match[index] {
      case 0x41...0x5A, 0x32...0x37: continue
      default: return false
      }
    }
    // A word of sixteen capitals is no key.
    return isRandom(match.extracting(4...), least: leastKeyBits, needsDigit: false)
  }

  /// Whether a key ends as those of the documentation do: it is found, and known for a sample.
  private static func hasExample(_ match: Span<UInt8>) -> Bool {
    let end: StaticString = "EXAMPLE"
    let start = match.count - end.utf8CodeUnitCount
    for place in 0..<end.utf8CodeUnitCount where unsafe match[start + place] != end.utf8Start[place]
    {
      return false
    }
    return true
  }

  /// The least bytes of a password among words.
  private static let leastPasswordCount = 6

  /// Whether a word after *password:* can be one, and is hardly a word of the sentence.
  ///
  /// Letters and something besides: a digit, or a sign that is not at its end.
  static func isPassword(_ match: Span<UInt8>) -> Bool {
    guard match.count >= leastPasswordCount else { return false }
    var hasLetter = false
    var hasOther = false
    for index in 0..<match.count {
      let byte = match[index]
      switch byte {
      case 0x41...0x5A, 0x61...0x7A: hasLetter = true
      case 0x80...: hasLetter = true
      case 0x30...0x39: hasOther = true
      // Words are joined by these.
      case UInt8(ascii: "'"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "_"):
        continue
      default: if index > 0, index < match.count - 1 { hasOther = true }
      }
    }
    return hasLetter && hasOther
  }
}
