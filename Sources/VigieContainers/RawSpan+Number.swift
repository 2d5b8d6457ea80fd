import Glibc

extension RawSpan {
  /// A number of some bytes at an offset.
  ///
  /// - Parameters:
  ///   - count: Bytes, at most 8.
  ///   - offset: Where the first lies; any value, as it may come from the document.
  ///   - isBigEndian: Whether the first byte is the greatest.
  /// - Returns: `nil` where the bytes do not lie within the span or the number is greater than an
  ///   `Int` holds.
  package func number(_ count: Int, at offset: Int, isBigEndian: Bool = false) -> Int? {
    guard let range = range(at: offset, count) else { return nil }
    var value: UInt64 = 0
    for index in range {
      let byte = UInt64(unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self))
      if isBigEndian {
        value = value << 8 | byte
      } else {
        value |= byte << UInt64(8 * (index - offset))
      }
    }
    return Int(exactly: value)
  }

  /// The byte at an offset, or `nil` beyond the span.
  package func byte(at offset: Int) -> UInt8? {
    guard offset >= 0, offset < byteCount else { return nil }
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The offsets of some bytes.
  ///
  /// - Parameters:
  ///   - offset: Where the first lies; any value, as it may come from the document.
  ///   - count: Bytes; any value, likewise.
  /// - Returns: `nil` where they do not all lie within the span.
  package func range(at offset: Int, _ count: Int) -> Range<Int>? {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      return nil
    }
    return offset..<offset + count
  }

  /// A copy of the bytes of a range, which is cut to the span.
  package func array(_ range: Range<Int>) -> [UInt8] {
    let range = range.clamped(to: 0..<byteCount)
    return unsafe withUnsafeBytes { unsafe Array($0[range]) }
  }

  /// Whether some bytes stand at an offset.
  package func holds(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
    guard let range = range(at: offset, bytes.count) else { return false }
    return bytes.indices.allSatisfy { index in
      unsafe unsafeLoad(fromByteOffset: range.lowerBound + index, as: UInt8.self) == bytes[index]
    }
  }

  /// Where some bytes stand first within a range of offsets, or `nil`.
  package func firstOffset(of bytes: [UInt8], in range: Range<Int>) -> Int? {
    guard let first = bytes.first else { return nil }
    let range = range.clamped(to: 0..<byteCount)
    guard range.count >= bytes.count else { return nil }
    // The last place where they fit.
    let last = range.upperBound - bytes.count
    var offset = range.lowerBound
    while offset <= last {
      let found = unsafe withUnsafeBytes { buffer in
        unsafe buffer.baseAddress.flatMap { start in
          unsafe memchr(start + offset, CInt(first), last - offset + 1).map {
            unsafe UnsafeRawPointer($0) - start
          }
        }
      }
      guard let found else { return nil }
      if holds(bytes, at: found) { return found }
      offset = found + 1
    }
    return nil
  }
}
