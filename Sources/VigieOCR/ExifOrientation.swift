import VigieDocuments

/// How a camera was held, by the EXIF data of a JPEG picture.
enum ExifOrientation {
  /// The orientation, 1 to 8; 1, which is upright, where nothing is said.
  ///
  /// *Source:* Exif 2.32 (CIPA DC-008) §4.5.4 (APP1), §4.6.4 A (tag 0x0112); ISO/IEC 10918-1 §B.1.1.
  static func find(in bytes: RawSpan) -> Int {
    guard number(bytes, 2, at: 0) == 0xFFD8 else { return 1 }
    var offset = 2
    // Segments until the picture itself starts.
    while let mark = number(bytes, 2, at: offset), mark >> 8 == 0xFF, mark != 0xFFDA {
      guard let count = number(bytes, 2, at: offset + 2), count >= 2 else { return 1 }
      if mark == 0xFFE1, number(bytes, 4, at: offset + 4) == 0x4578_6966 {
        return orientation(bytes, tiff: offset + 10)
      }
      offset += 2 + count
    }
    return 1
  }

  private static func orientation(_ bytes: RawSpan, tiff: Int) -> Int {
    let isLittle = number(bytes, 2, at: tiff) == 0x4949
    guard let first = number(bytes, 4, at: tiff + 4, isLittle: isLittle), first < 1 << 16,
      let count = number(bytes, 2, at: tiff + first, isLittle: isLittle)
    else { return 1 }
    for index in 0..<count {
      let entry = tiff + first + 2 + 12 * index
      guard let tag = number(bytes, 2, at: entry, isLittle: isLittle) else { return 1 }
      guard tag == 0x0112 else { continue }
      let value = number(bytes, 2, at: entry + 8, isLittle: isLittle) ?? 1
      return (1...8).contains(value) ? value : 1
    }
    return 1
  }

  private static func number(
    _ bytes: RawSpan,
    _ count: Int,
    at offset: Int,
    isLittle: Bool = false
  ) -> Int? {
    guard offset >= 0, offset <= bytes.byteCount - count else { return nil }
    return (0..<count).reduce(0) { sum, index in
      let place = isLittle ? count - 1 - index : index
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset + place, as: UInt8.self)
      return sum << 8 | Int(byte)
    }
  }
}
