/// The encoding of a text file, told from its bytes.
package enum TextEncoding: Sendable, Equatable {
  /// UTF-8, with the length of its byte order mark.
  case utf8(markByteCount: Int)
  case utf16(isBigEndian: Bool, markByteCount: Int)
  case utf32(isBigEndian: Bool, markByteCount: Int)
  /// An encoding of a byte or more a letter; Windows-1252 where nobody knows it better, of which
  /// Latin-1 text is the common part.
  case windows1252
  /// Seven bits with signs that switch between alphabets (ISO/IEC 2022).
  case escaped

  /// Whether the bytes say it, so that no other encoding need be tried.
  package var isCertain: Bool { self != .windows1252 && self != .escaped }

  /// The bytes that are looked at where the whole need not be.
  static let sampleByteCount = 1 << 16

  /// The encoding, or `nil` where the bytes are no text.
  ///
  /// A byte order mark settles it, an escape sequence to letters of several bytes too. Without one, NUL at every other byte is UTF-16, valid UTF-8 is
  /// UTF-8, and other bytes without many control characters are Windows-1252, in which every
  /// byte means something.
  ///
  /// *Source:* The Unicode Standard 16.0 §23.8 (byte order mark); WHATWG Encoding (windows-1252).
  package static func detect(_ bytes: RawSpan) -> TextEncoding? { examine(bytes).encoding }

  /// The encoding as ``detect(_:)`` tells it, and how far the bytes are UTF-8 where that was looked at.
  static func examine(_ bytes: RawSpan) -> (encoding: TextEncoding?, shape: UTF8Shape?) {
    if let marked = marked(bytes) { return (marked, nil) }
    let sample = Sample(bytes)
    if let wide = sample.wideEncoding { return (wide, nil) }
    if sample.isBinary { return (nil, nil) }
    let shape = UTF8Shape(bytes)
    // A text with more good sequences than bad bytes is UTF-8 that was damaged.
    let isUTF8 = shape.badByteCount == 0 || shape.sequenceCount > shape.badByteCount
    if sample.isEscaped, shape.sequenceCount == 0, shape.badByteCount == 0 {
      return (.escaped, shape)
    }
    return (isUTF8 ? .utf8(markByteCount: 0) : .windows1252, shape)
  }

  /// Whether the bytes are text in some encoding, which costs a look at the first of them.
  static func isText(_ bytes: RawSpan) -> Bool {
    if marked(bytes) != nil { return true }
    let sample = Sample(bytes)
    return sample.wideEncoding != nil || !sample.isBinary
  }

  private static func marked(_ bytes: RawSpan) -> TextEncoding? {
    let count = bytes.byteCount
    func starts(_ mark: [UInt8]) -> Bool {
      count >= mark.count && mark.indices.allSatisfy { bytes[$0] == mark[$0] }
    }
    if starts([0xEF, 0xBB, 0xBF]) { return .utf8(markByteCount: 3) }
    if starts([0xFF, 0xFE, 0, 0]) { return .utf32(isBigEndian: false, markByteCount: 4) }
    if starts([0, 0, 0xFE, 0xFF]) { return .utf32(isBigEndian: true, markByteCount: 4) }
    if starts([0xFF, 0xFE]) { return .utf16(isBigEndian: false, markByteCount: 2) }
    if starts([0xFE, 0xFF]) { return .utf16(isBigEndian: true, markByteCount: 2) }
    return nil
  }

  /// What the first bytes hold of NUL and of control characters.
  private struct Sample {
    /// NUL by offset modulo 4.
    var zeros = [0, 0, 0, 0]
    var controlCount = 0
    /// Signs that shift between two alphabets (SO, SI), which escape sequences call for.
    var shiftCount = 0
    /// Whether an escape sequence leads to an alphabet of several bytes a letter.
    ///
    /// *Source:* ISO/IEC 2022 §14.3.2 (ESC $).
    var isEscaped = false
    var count: Int

    init(_ bytes: RawSpan) {
      count = min(bytes.byteCount, TextEncoding.sampleByteCount)
      var offset = 0
      while offset < count {
        if offset + 8 <= count {
          let found = Sample.controls(in: bytes, at: offset)
          if found == 0 {
            offset += 8
            continue
          }
          offset += found.trailingZeroBitCount >> 3
        }
        let byte = bytes[offset]
        if byte == 0 {
          zeros[offset & 3] += 1
        } else if byte == 0x0E || byte == 0x0F {
          shiftCount += 1
        } else if byte < 0x20, !(0x07...0x0D).contains(byte), byte != 0x1B {
          controlCount += 1
        } else if byte == 0x7F {
          controlCount += 1
        } else if byte == 0x1B, offset + 1 < count, bytes[offset + 1] == 0x24 {
          isEscaped = true
        }
        offset += 1
      }
    }

    /// The top bit of each NUL and control character among eight bytes, but for line feeds.
    ///
    /// *Source:* Warren, "Hacker's Delight", 2nd edition, §6-1 (the test for a zero byte that carries nothing).
    @inline(__always)
    private static func controls(in bytes: RawSpan, at offset: Int) -> UInt64 {
      let loaded = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let controls = zeros(in: word & 0xE0E0_E0E0_E0E0_E0E0)
      let lineFeeds = zeros(in: word ^ 0x0A0A_0A0A_0A0A_0A0A)
      return controls & ~lineFeeds | zeros(in: word ^ 0x7F7F_7F7F_7F7F_7F7F)
    }

    /// The top bit of each byte that is zero.
    @inline(__always)
    private static func zeros(in word: UInt64) -> UInt64 {
      let rest: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
      return ~((word & rest) &+ rest | word | rest)
    }

    /// UTF-16 or UTF-32 without a mark, or `nil`.
    var wideEncoding: TextEncoding? {
      let quarter = count / 4
      guard quarter >= 2 else { return nil }
      func isFull(_ index: Int) -> Bool { zeros[index] * 10 > quarter * 7 }
      func isBare(_ index: Int) -> Bool { zeros[index] * 20 < quarter }
      let full = (0..<4).map(isFull)
      let bare = (0..<4).map(isBare)
      if bare[0] && full[1] && full[2] && full[3] {
        return .utf32(isBigEndian: false, markByteCount: 0)
      }
      if full[0] && full[1] && full[2] && bare[3] {
        return .utf32(isBigEndian: true, markByteCount: 0)
      }
      if bare[0] && full[1] && bare[2] && full[3] {
        return .utf16(isBigEndian: false, markByteCount: 0)
      }
      if full[0] && bare[1] && full[2] && bare[3] {
        return .utf16(isBigEndian: true, markByteCount: 0)
      }
      return nil
    }

    /// Whether there is too much that no text holds: a NUL here and there is still a text.
    var isBinary: Bool {
      let zeroCount = zeros.reduce(0, +)
      let controlCount = isEscaped ? controlCount : controlCount + shiftCount
      return zeroCount * 16 > count && zeroCount > 8
        || controlCount * 16 > count && controlCount > 8
    }
  }
}

/// How far bytes are UTF-8.
package struct UTF8Shape: Sendable, Equatable {
  /// The well-formed sequences of two bytes or more.
  package var sequenceCount = 0
  /// The bytes that belong to no well-formed sequence.
  package var badByteCount = 0

  /// Counts over bytes; one pass, a fast path over ASCII and over letters of two bytes.
  ///
  /// *Source:* The Unicode Standard 16.0, Table 3-7.
  package init(_ bytes: RawSpan) {
    let count = bytes.byteCount
    var offset = 0
    var next = 1
    while offset < count {
      if offset + 32 <= count, UTF8Shape.isASCII(bytes, at: offset) {
        offset += 32
        continue
      }
      if offset >= next {
        let taken = takePairs(bytes, from: offset)
        // What stopped it is gone over byte by byte.
        next = offset + taken + 32
        if taken > 0 {
          offset += taken
          continue
        }
      }
      if offset + 8 <= count {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let high = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
        if high == 0 {
          offset += 8
          continue
        }
        offset += high.trailingZeroBitCount >> 3
      }
      let first = bytes[offset]
      if first < 0x80 {
        offset += 1
        continue
      }
      // Two bytes, as the letters of most languages of Europe have.
      if (0xC2...0xDF).contains(first), offset + 1 < count, bytes[offset + 1] & 0xC0 == 0x80 {
        sequenceCount += 1
        offset += 2
        continue
      }
      let length = UTF8Shape.length(of: bytes, at: offset)
      if length == 0 {
        badByteCount += 1
        offset += 1
      } else {
        sequenceCount += 1
        offset += length
      }
    }
  }

  /// Goes over whole blocks that hold nothing but ASCII and sequences of two bytes, as texts of most languages of Europe
  /// do: each byte is compared with the one before it, in vectors of words.
  ///
  /// - Parameters:
  ///   - bytes: All bytes.
  ///   - start: Where a sequence starts, not at the start of the bytes.
  /// - Returns: The bytes that were gone over, whole sequences.
  private mutating func takePairs(_ bytes: RawSpan, from start: Int) -> Int {
    let top = SIMD4<UInt64>(repeating: 0x8080_8080_8080_8080)
    var leads = SIMD4<UInt64>()
    var offset = start
    // A byte of `leads` holds up to 255.
    let end = min(bytes.byteCount, start + 200 * 31)
    while offset + 32 <= end {
      let words = UTF8Shape.words(bytes, at: offset)
      let before = UTF8Shape.words(bytes, at: offset - 1)
      let high = words & top
      let lead = high & words &<< 1 & ~(words &<< 2)
      let next = high & ~(words &<< 1)
      let awaited = before & top & before &<< 1 & ~(before &<< 2)
      // 0xC0 and 0xC1 start nothing.
      let long = words &<< 3 | words &<< 4 | words &<< 5 | words &<< 6
      let wrong = high & ~(lead | next) | lead & ~long | next ^ awaited
      guard wrong.x | wrong.y | wrong.z | wrong.w == 0 else { break }
      leads &+= lead &>> 7
      offset += 32
      // A sequence that goes on in the next block belongs to that.
      if (0xC2...0xDF).contains(bytes[offset - 1]) {
        offset -= 1
        sequenceCount -= 1
      }
    }
    for index in 0..<4 {
      for byte in stride(from: UInt64(0), to: 64, by: 8) {
        sequenceCount += Int(leads[index] >> byte & 0xFF)
      }
    }
    return offset - start
  }

  @inline(__always)
  private static func words(_ bytes: RawSpan, at offset: Int) -> SIMD4<UInt64> {
    let words = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    return SIMD4(
      UInt64(littleEndian: words.x),
      UInt64(littleEndian: words.y),
      UInt64(littleEndian: words.z),
      UInt64(littleEndian: words.w)
    )
  }

  /// Whether 32 bytes are ASCII.
  @inline(__always)
  private static func isASCII(_ bytes: RawSpan, at offset: Int) -> Bool {
    let words = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    return (words.x | words.y | words.z | words.w) & 0x8080_8080_8080_8080 == 0
  }

  /// The length of the well-formed sequence at an offset whose byte is not ASCII; 0 for none.
  private static func length(of bytes: RawSpan, at offset: Int) -> Int {
    let first = bytes[offset]
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard offset + length <= bytes.byteCount, second.contains(bytes[offset + 1]) else { return 0 }
    for index in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[offset + index]) {
      return 0
    }
    return length
  }
}
