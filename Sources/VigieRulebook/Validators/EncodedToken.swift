/// Tokens that show what they are once their base64 is undone.
enum EncodedToken {
  /// Whether the first part of a token decodes to a JSON object that names an algorithm.
  ///
  /// *Source:* RFC 7519 §5 and RFC 7515 §4.1.1: the header is a JSON object, in base64url without
  /// padding, and must hold `alg`.
  static func isJWT(_ token: Span<UInt8>) -> Bool {
    var end = 0
    while end < token.count, token[end] != UInt8(ascii: ".") { end += 1 }
    guard end < token.count else { return false }
    var reader = Base64Reader(0..<end)
    guard reader.next(token) == UInt8(ascii: "{") else { return false }
    // The last bytes, the newest lowest, are compared with the name in its quotation marks.
    let name: UInt64 = 0x22_61_6C_67_22
    var window: UInt64 = 0
    var last: UInt8 = 0
    var hasAlgorithm = false
    var isAfterName = false
    while let byte = reader.next(token) {
      if byte <= 0x20 { continue }
      guard byte < 0x80 else { return false }
      if isAfterName, byte == UInt8(ascii: ":") { hasAlgorithm = true }
      window = window << 8 | UInt64(byte)
      isAfterName = window & 0xFF_FFFF_FFFF == name
      last = byte
    }
    return !reader.isBroken && hasAlgorithm && last == UInt8(ascii: "}")
  }

  /// Whether a token decodes to a macaroon of Synapse, by its first packet.
  ///
  /// *Source:* matrix-authentication-service, `tokens.rs`; libmacaroons README: four hexadecimal digits
  /// of length, then `location `.
  static func isSynapseMacaroon(_ token: Span<UInt8>) -> Bool {
    var reader = Base64Reader(0..<token.count)
    for _ in 0..<4 {
      guard let byte = reader.next(token) else { return false }
      guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return false }
    }
    let name: StaticString = "location "
    for place in 0..<name.utf8CodeUnitCount {
      guard unsafe reader.next(token) == name.utf8Start[place] else { return false }
    }
    return true
  }

  /// The bytes that base64 in the alphabet of URLs stands for, one after the other.
  private struct Base64Reader {
    private var index: Int
    private let end: Int
    private var bits: UInt32 = 0
    private var bitCount = 0
    /// Whether a byte stands there that is none of the alphabet.
    private(set) var isBroken = false

    init(_ range: Range<Int>) {
      self.index = range.lowerBound
      self.end = range.upperBound
    }

    /// The next byte, or `nil` at the end or where the text is no base64.
    mutating func next(_ text: Span<UInt8>) -> UInt8? {
      while bitCount < 8 {
        guard index < end, let value = Base64Reader.value(text[index]) else {
          if index < end { isBroken = true }
          return nil
        }
        index += 1
        bits = bits << 6 | UInt32(value)
        bitCount += 6
      }
      bitCount -= 8
      return UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
    }

    private static func value(_ byte: UInt8) -> UInt8? {
      switch byte {
      case 0x41...0x5A: byte - 0x41
      case 0x61...0x7A: byte - 0x61 + 26
      case 0x30...0x39: byte - 0x30 + 52
      case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
      case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
      default: nil
      }
    }
  }
}
