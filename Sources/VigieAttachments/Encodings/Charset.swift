/// The 8-bit and multi-byte encodings of old documents and of mail, by their Windows numbers.
///
/// Those of a byte a character are tables in the program. glibc's `iconv` is not used: it loads its
/// modules from files while it works, which a sandboxed process may not.
enum Charset {
  /// The code page of western Windows, what is assumed where a document says nothing.
  static let western = 1252
  /// UTF-8.
  static let utf8 = 65001

  /// Readies what must read files, before the process gives up its right to do so.
  static func prepare() {
    MultibyteCharset.prepare()
    EncodingDetector.prepare()
  }

  /// Decodes bytes.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - codePage: The Windows number, such as 1252, 932 or 65001.
  /// - Returns: UTF-8, U+FFFD for what means nothing; `nil` where the code page is not known.
  static func decode(_ bytes: ArraySlice<UInt8>, _ codePage: Int) -> [UInt8]? {
    switch codePage {
    case 20127 where !bytes.contains { $0 >= 0x80 }: return Array(bytes)
    // An unlabelled or falsely labelled byte of 8 bits is western more often than anything else.
    case 0, 20127: return single(bytes, western)
    case utf8: return repaired(bytes)
    case 65000: return utf7(bytes)
    case 1200: return Octets(Array(bytes)).utf16Decoded
    case 1201: return Octets(swapped(bytes)).utf16Decoded
    case 12000, 12001: return utf32(bytes, isBigEndian: codePage == 12001)
    // Latin-1 is read as Windows-1252 by everything that shows it.
    case 28591: return single(bytes, western)
    case 50220, 50221, 50222, 50225, 50227, 52936, 1147, 1148:
      return MultibyteCharset.decode(bytes, codePage)
    default:
      if tableNumbers.contains(codePage) { return single(bytes, codePage) }
      if !bytes.contains(where: { $0 >= 0x80 }) { return Array(bytes) }
      return MultibyteCharset.decode(bytes, codePage)
    }
  }

  /// Decodes bytes.
  static func decode(_ bytes: [UInt8], _ codePage: Int) -> [UInt8]? {
    decode(bytes[...], codePage)
  }

  /// Decodes a code page of a byte a character.
  private static func single(_ bytes: ArraySlice<UInt8>, _ codePage: Int) -> [UInt8] {
    guard let index = tableNumbers.firstIndex(of: codePage) else { return Array(bytes) }
    let table = tables[index]
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 4)
    for byte in bytes {
      if byte < 0x80 {
        result.append(byte)
      } else {
        result.append(scalar: UInt32(table[Int(byte & 0x7F)]))
      }
    }
    return result
  }

  /// UTF-8 in which every bad byte became U+FFFD.
  private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  private static func swapped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result = Array(bytes)
    for offset in stride(from: 0, to: result.count - 1, by: 2) {
      result.swapAt(offset, offset + 1)
    }
    return result
  }

  private static func utf32(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
    let octets = Octets(Array(bytes))
    var result: [UInt8] = []
    var offset = 0
    while let unit = octets.u32(offset) {
      let value = UInt32(truncatingIfNeeded: unit)
      result.append(scalar: isBigEndian ? value.byteSwapped : value)
      offset += 4
    }
    if offset < octets.count { result.append(scalar: 0xFFFD) }
    return result
  }

  /// Decodes UTF-7, which hides a text from all who take it for ASCII.
  ///
  /// *Source:* RFC 2152.
  private static func utf7(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      guard byte == 0x2B else {
        if byte < 0x80 { result.append(byte) } else { result.append(scalar: 0xFFFD) }
        continue
      }
      if index < bytes.endIndex, bytes[index] == 0x2D {
        result.append(0x2B)
        index += 1
        continue
      }
      var units: [UInt8] = []
      var bits: UInt32 = 0
      var bitCount: UInt32 = 0
      while index < bytes.endIndex, bytes[index] != 0x2D, bytes[index] != 0x5F,
        let value = Base64Text.value(of: bytes[index])
      {
        bits = bits << 6 | UInt32(value)
        bitCount += 6
        if bitCount >= 16 {
          bitCount -= 16
          let unit = bits >> bitCount & 0xFFFF
          units.append(UInt8(unit & 0xFF))
          units.append(UInt8(unit >> 8))
          bits &= (1 << bitCount) - 1
        }
        index += 1
      }
      if index < bytes.endIndex, bytes[index] == 0x2D { index += 1 }
      result += Octets(units).utf16Decoded
    }
    return result
  }
}
