/// Checksums that the makers of tokens put at their ends.
enum TokenChecksum {
  /// How many characters of base 62 hold a CRC-32.
  private static let checksumCount = 6
  /// How many characters stand between prefix and checksum in a token of GitHub.
  private static let githubCount = 30

  /// Whether a token of the Matrix Authentication Service holds its own checksum.
  ///
  /// *Source:* matrix-authentication-service, `crates/data-model/src/tokens.rs`: `mat`, `mar`, `mct` or
  /// `mcr`, `_`, 30 characters, `_`, and the CRC-32 of all before that last `_` in base 62, the lowest
  /// digit first, zeros put before it up to six.
  static func isMatrixAuthentication(_ token: Span<UInt8>) -> Bool {
    guard let (body, checksum) = parts(token) else { return false }
    return spells(crc32(token, 0..<body), token, from: checksum, lowestFirst: true)
  }

  /// Whether a token of Synapse holds its own checksum.
  ///
  /// *Source:* Synapse, `handlers/auth.py` and `util/stringutils.py`: `syt` or `syr`, `_`, the base64 of
  /// the local part, `_`, 20 letters, `_`, and the CRC-32 of all before that last `_` in base 62, the
  /// highest digit first, with zeros up to six. `syl` has no local part.
  static func isSynapse(_ token: Span<UInt8>) -> Bool {
    guard let (body, checksum) = parts(token) else { return false }
    return spells(crc32(token, 0..<body), token, from: checksum, lowestFirst: false)
  }

  /// Whether a token of GitHub or npm holds its own checksum.
  ///
  /// *Source:* GitHub, "Behind GitHub's new authentication token formats" (2021): the last six
  /// characters are the CRC-32 of the 30 before them, without the prefix, in base 62 with zeros
  /// first. The longer `github_pat_` has another, unpublished form.
  static func isGitHub(_ token: Span<UInt8>) -> Bool {
    let checksum = token.count - checksumCount
    let start = checksum - githubCount
    guard start >= 0 else { return false }
    return spells(crc32(token, start..<checksum), token, from: checksum, lowestFirst: false)
  }

  /// Where the part before the last `_` ends, and the checksum starts.
  private static func parts(_ token: Span<UInt8>) -> (body: Int, checksum: Int)? {
    let checksum = token.count - checksumCount
    guard checksum > 1, token[checksum - 1] == UInt8(ascii: "_") else { return nil }
    return (checksum - 1, checksum)
  }

  /// Whether the last characters of a token spell a number in base 62.
  private static func spells(
    _ number: UInt32,
    _ token: Span<UInt8>,
    from start: Int,
    lowestFirst: Bool
  ) -> Bool {
    var left = number
    var digits: UInt64 = 0
    var count = 0
    // The lowest digit ends up lowest; zeros fill the side that the encoder fills.
    while left > 0 {
      digits |= UInt64(character(left % 62)) << UInt64(8 * count)
      left /= 62
      count += 1
    }
    for place in 0..<checksumCount {
      let digit: Int
      if lowestFirst {
        // 0…0, then the digits from the lowest on
        digit = place - (checksumCount - count)
      } else {
        digit = checksumCount - 1 - place
      }
      let wanted =
        digit >= 0 && digit < count
        ? UInt8(truncatingIfNeeded: digits >> UInt64(8 * digit)) : UInt8(ascii: "0")
      if token[start + place] != wanted { return false }
    }
    return true
  }

  /// A digit of base 62: digits, capitals, small letters.
  private static func character(_ value: UInt32) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: value)
    switch value {
    case ..<10: return 0x30 + value
    case ..<36: return 0x41 + value - 10
    default: return 0x61 + value - 36
    }
  }

  /// The CRC-32 of some bytes.
  ///
  /// *Source:* CRC-32/ISO-HDLC: polynomial 04C11DB7, here reversed, all bits set at first, inverted at
  /// the end. Bit by bit: a token has some 40 bytes, and hardly any text has one.
  private static func crc32(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
    var value = UInt32.max
    for index in range {
      value ^= UInt32(bytes[index])
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
