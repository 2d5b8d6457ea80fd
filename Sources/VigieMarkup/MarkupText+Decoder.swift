extension MarkupText {
  /// Makes clean UTF-8; a forbidden control becomes a space, so that it hides nothing.
  struct Decoder {
    private(set) var output: [UInt8] = []
    /// Whether bytes meant nothing in the encoding.
    private(set) var isDoubtful = false

    init(_ capacity: Int) { output.reserveCapacity(capacity) }

    /// Copies UTF-8; a byte of no sequence is read as Windows-1252, which it most often is.
    mutating func utf8(_ bytes: RawSpan, from start: Int) {
      var offset = start
      while offset < bytes.byteCount {
        let byte = bytes.at(offset)
        if byte < 0x80 {
          append(UInt32(byte))
          offset += 1
          continue
        }
        let length = MarkupText.sequenceLength(bytes, at: offset)
        if length == 0 {
          isDoubtful = true
          append(Decoder.windows1252(byte))
        }
        for index in 0..<length { output.append(bytes.at(offset + index)) }
        offset += max(1, length)
      }
    }

    /// Decodes Windows-1252 or ISO 8859-15.
    mutating func singleBytes(_ bytes: RawSpan, from start: Int, isLatin9: Bool) {
      guard start < bytes.byteCount else { return }
      for offset in start..<bytes.byteCount {
        let byte = bytes.at(offset)
        append(isLatin9 ? Decoder.latin9(byte) : Decoder.windows1252(byte))
      }
    }

    /// Decodes UTF-16; a lone surrogate means nothing.
    mutating func utf16(_ bytes: RawSpan, from start: Int, isBigEndian: Bool) {
      var offset = start
      var high: UInt32?
      while offset + 1 < bytes.byteCount {
        let (first, second) = (UInt32(bytes.at(offset)), UInt32(bytes.at(offset + 1)))
        let unit = isBigEndian ? first << 8 | second : second << 8 | first
        offset += 2
        if let lead = high {
          high = nil
          if (0xDC00...0xDFFF).contains(unit) {
            append(0x10000 + (lead - 0xD800) << 10 + (unit - 0xDC00))
            continue
          }
          append(0xD800)
        }
        if (0xD800...0xDBFF).contains(unit) { high = unit } else { append(unit) }
      }
      if high != nil || offset < bytes.byteCount { append(0xD800) }
    }

    /// Decodes UTF-32.
    mutating func utf32(_ bytes: RawSpan, from start: Int, isBigEndian: Bool) {
      var offset = start
      while offset + 3 < bytes.byteCount {
        var unit: UInt32 = 0
        for index in 0..<4 {
          unit = unit << 8 | UInt32(bytes.at(offset + (isBigEndian ? index : 3 - index)))
        }
        append(unit)
        offset += 4
      }
      if offset < bytes.byteCount { append(0xD800) }
    }

    private mutating func append(_ value: UInt32) {
      if value < 0x80 {
        let isForbidden = value < 0x20 && value != 0x0A && value != 0x0D && value != 0x09
        output.append(isForbidden ? 0x20 : UInt8(value))
        return
      }
      if let scalar = Unicode.Scalar(value), value != 0xFFFE, value != 0xFFFF,
        let encoded = UTF8.encode(scalar)
      {
        output.append(contentsOf: encoded)
      } else {
        isDoubtful = true
        output.append(contentsOf: [0xEF, 0xBF, 0xBD])
      }
    }

    private static func windows1252(_ byte: UInt8) -> UInt32 {
      (0x80..<0xA0).contains(byte) ? UInt32(high1252[Int(byte) - 0x80]) : UInt32(byte)
    }

    /// *Source:* ISO/IEC 8859-15: where it differs from ISO 8859-1.
    private static func latin9(_ byte: UInt8) -> UInt32 {
      switch byte {
      case 0xA4: 0x20AC
      case 0xA6: 0x160
      case 0xA8: 0x161
      case 0xB4: 0x17D
      case 0xB8: 0x17E
      case 0xBC: 0x152
      case 0xBD: 0x153
      case 0xBE: 0x178
      default: UInt32(byte)
      }
    }

    /// The scalars of the bytes 0x80…0x9F.
    ///
    /// *Source:* WHATWG Encoding Standard, index windows-1252.
    private static let high1252: [UInt16] = [
      0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
      0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    ]
  }
}
