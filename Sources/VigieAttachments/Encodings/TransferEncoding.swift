/// Base64 as it stands in mail and markup: whatever is no digit of it is passed over.
///
/// *Source:* RFC 2045 §6.8.
enum Base64Text {
  /// The value of a digit; the web's variant is read too.
  @inline(__always)
  static func value(of byte: UInt8) -> UInt8? {
    let value = table[Int(byte)]
    return value < 64 ? value : nil
  }

  private static let table: [UInt8] = (0..<256).map { byte in
    switch byte {
    case 0x41...0x5A: UInt8(byte - 0x41)
    case 0x61...0x7A: UInt8(byte - 0x61 + 26)
    case 0x30...0x39: UInt8(byte - 0x30 + 52)
    case 0x2B, 0x2D: 62
    case 0x2F, 0x5F: 63
    default: 0xFF
    }
  }

  /// Decodes a text; padding in its middle starts anew, as parts that were joined have it.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
    let table = table
    var result: [UInt8] = []
    result.reserveCapacity(text.underestimatedCount / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      let value = table[Int(byte)]
      if value < 64 {
        bits = bits << 6 | UInt32(value)
        count += 1
        if count == 4 {
          result.append(UInt8(bits >> 16 & 0xFF))
          result.append(UInt8(bits >> 8 & 0xFF))
          result.append(UInt8(bits & 0xFF))
          bits = 0
          count = 0
        }
      } else if byte == 0x3D, count > 0 {
        finish(&result, bits, count)
        bits = 0
        count = 0
      }
    }
    finish(&result, bits, count)
    return result
  }

  private static func finish(_ result: inout [UInt8], _ bits: UInt32, _ count: Int) {
    if count == 2 { result.append(UInt8(bits >> 4 & 0xFF)) }
    if count == 3 {
      result.append(UInt8(bits >> 10 & 0xFF))
      result.append(UInt8(bits >> 2 & 0xFF))
    }
  }
}

/// Quoted-printable; what is no escape stands for itself.
///
/// *Source:* RFC 2045 §6.7.
enum QuotedPrintable {
  /// Decodes a text.
  ///
  /// - Parameters:
  ///   - text: What stands in the mail.
  ///   - isHeader: Whether `_` is a space, as in an encoded word (RFC 2047 §4.2).
  /// - Returns: The bytes.
  static func decode(_ text: ArraySlice<UInt8>, isHeader: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      index += 1
      if byte == 0x5F, isHeader {
        result.append(0x20)
      } else if byte != 0x3D {
        result.append(byte)
      } else if index + 1 < text.endIndex, let high = text[index].hexValue,
        let low = text[index + 1].hexValue
      {
        result.append(high << 4 | low)
        index += 2
      } else {
        // A soft line break, possibly with white space that a relay added.
        var end = index
        while end < text.endIndex, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
        if end < text.endIndex, text[end] == 0x0D { end += 1 }
        if end < text.endIndex, text[end] == 0x0A {
          index = end + 1
        } else if end == text.endIndex {
          index = end
        } else {
          result.append(byte)
        }
      }
    }
    return result
  }
}

/// The encoding of `uuencode`.
///
/// *Source:* POSIX.1-2017, uuencode, "Historical Algorithm".
enum UUEncoding {
  /// Decodes the lines between `begin` and `end`.
  static func decode(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
    var result: [UInt8] = []
    for line in lines {
      guard let first = line.first, (0x20...0x60).contains(first) else { continue }
      var left = Int((first &- 0x20) & 0x3F)
      var index = line.startIndex + 1
      while left > 0, index < line.endIndex {
        var bits: UInt32 = 0
        for offset in 0..<4 {
          // Trailing spaces may have been cut off.
          let byte = index + offset < line.endIndex ? line[index + offset] : 0x20
          bits = bits << 6 | UInt32((byte &- 0x20) & 0x3F)
        }
        index += 4
        for shift in [16, 8, 0] as [UInt32] where left > 0 {
          result.append(UInt8(bits >> shift & 0xFF))
          left -= 1
        }
      }
    }
    return result
  }
}
