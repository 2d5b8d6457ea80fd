import CVigieJSON
import Glibc

// How bytes between quotes become text: most need no more than a copy.
extension JSONReader {
  /// The text of a string with escapes, which ``stringRange()`` has checked, and whether some of it
  /// had to be replaced by U+FFFD.
  func unescape(_ range: Range<Int>) -> (text: String, isRepaired: Bool) {
    // What stands for an escape is never longer than the escape.
    unsafe withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 1) { output in
      let (count, isRepaired) = unsafe unescape(range, into: output)
      let (text, isInvalid) = unsafe JSONReader.text(
        UnsafeRawBufferPointer(rebasing: output[..<count]),
        isASCII: false
      )
      return (text, isRepaired || isInvalid)
    }
  }

  /// Writes the bytes of a string with escapes, which ``stringRange()`` has checked, to where there is room for as many
  /// as it has; they may not be UTF-8.
  ///
  /// - Returns: How many they are, and whether lone surrogates were replaced by U+FFFD.
  private func unescape(
    _ range: Range<Int>,
    into output: UnsafeMutableRawBufferPointer
  ) -> (count: Int, isRepaired: Bool) {
    var count = 0
    var isRepaired = false
    unsafe bytes.withUnsafeBytes { input in
      var index = range.lowerBound
      while index < range.upperBound {
        let run = unsafe JSONReader.countBeforeBackslash(input, index..<range.upperBound)
        unsafe UnsafeMutableRawBufferPointer(rebasing: output[count..<count + run])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: input[index..<index + run]))
        count += run
        index += run
        guard index < range.upperBound else { break }
        let letter = unsafe input[index + 1]
        index += 2
        guard letter == UInt8(ascii: "u") else {
          unsafe output[count] = JSONReader.meaning(letter)
          count += 1
          continue
        }
        let value = unsafe JSONReader.scalarValue(input, &index, range.upperBound)
        if Unicode.Scalar(value) == nil { isRepaired = true }
        for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}")
          ?? UTF8.encodedReplacementCharacter
        {
          unsafe output[count] = byte
          count += 1
        }
      }
    }
    return (count, isRepaired)
  }

  /// Adds the text of a piece to bytes that are UTF-8.
  ///
  /// - Parameters:
  ///   - piece: The piece.
  ///   - output: The bytes, with room for as many as the piece has.
  /// - Returns: Whether it is a string that needs no repair: otherwise what was added is of no meaning.
  package func append(_ piece: JSONPick.Piece, to output: inout OutputSpan<UInt8>) -> Bool {
    guard piece.isString, piece.count <= output.freeCapacity else { return false }
    if piece.count == 0 { return true }
    return unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
      let room = unsafe UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: buffer[filled...])
      )
      guard piece.isEscaped else {
        unsafe bytes.withUnsafeBytes { input in
          unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[piece.range]))
        }
        filled += piece.count
        return true
      }
      let (count, isRepaired) = unsafe unescape(piece.range, into: room)
      filled += count
      let written = unsafe UnsafeRawBufferPointer(rebasing: room[..<count])
      return unsafe !isRepaired && JSONReader.isUTF8(written)
    }
  }

  /// How many bytes of a range stand before a backslash, or all.
  private static func countBeforeBackslash(
    _ bytes: UnsafeRawBufferPointer,
    _ range: Range<Int>
  ) -> Int {
    guard let base = bytes.baseAddress,
      let found = unsafe memchr(base + range.lowerBound, 0x5C, range.count)
    else { return range.count }
    return unsafe UnsafeRawPointer(found) - base - range.lowerBound
  }

  /// The value of the code unit at an index, joined with the one after it where they are a pair of
  /// surrogates; the index goes on behind it.
  private static func scalarValue(
    _ bytes: UnsafeRawBufferPointer,
    _ index: inout Int,
    _ end: Int
  ) -> UInt32 {
    let value = unsafe codeUnit(bytes, at: index)
    index += 4
    guard value & 0xFC00 == 0xD800, index + 5 < end,
      unsafe bytes[index] == UInt8(ascii: "\\"), unsafe bytes[index + 1] == UInt8(ascii: "u")
    else { return value }
    let low = unsafe codeUnit(bytes, at: index + 2)
    guard low & 0xFC00 == 0xDC00 else { return value }
    index += 6
    return 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
  }

  private static func codeUnit(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 { value = unsafe value << 4 | (hexDigit(bytes[index + offset]) ?? 0) }
    return value
  }

  /// The text of UTF-8 bytes, and whether some had to be replaced by U+FFFD.
  static func text(
    of bytes: [UInt8],
    in range: Range<Int>,
    isASCII: Bool = false
  ) -> (String, isRepaired: Bool) {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe text(UnsafeRawBufferPointer(rebasing: buffer[range]), isASCII: isASCII)
    }
  }

  private static func text(
    _ bytes: UnsafeRawBufferPointer,
    isASCII: Bool
  ) -> (String, isRepaired: Bool) {
    guard unsafe isASCII || isUTF8(bytes) else {
      return unsafe (String(decoding: bytes, as: UTF8.self), true)
    }
    return unsafe (text(ofUTF8: bytes, isASCII: isASCII), false)
  }

  /// The text of bytes that are known to be UTF-8: checked faster than the standard library does where letters are not
  /// all ASCII.
  static func text(ofUTF8 bytes: UnsafeRawBufferPointer, isASCII: Bool) -> String {
    unsafe String(
      copying: UTF8Span(unchecked: Span(_bytes: bytes.bytes), isKnownASCII: isASCII)
    )
  }

  /// Whether bytes are UTF-8.
  static func isUTF8(
    _ bytes: UnsafeRawBufferPointer,
    _ variant: JSONPick.Variant = .chosen
  ) -> Bool {
    guard variant != .portable, let first = bytes.baseAddress else {
      return unsafe isUTF8Portably(bytes)
    }
    return unsafe vigie_json_is_utf8(
      first.assumingMemoryBound(to: UInt8.self),
      bytes.count,
      variant.code
    ) != 0
  }

  /// Whether bytes are UTF-8, found out eight of them at a time.
  ///
  /// *Source:* The Unicode Standard 16.0, table 3-7.
  static func isUTF8Portably(_ bytes: UnsafeRawBufferPointer) -> Bool {
    func isTrailing(_ index: Int) -> Bool {
      unsafe index < bytes.count && bytes[index] & 0xC0 == 0x80
    }
    var index = 0
    while index < bytes.count {
      // ASCII and letters of two bytes, as most beyond it are: each lead byte has its trailing byte behind it, and there are
      // no others. Shifts move the lower bits of each byte to its highest. Nothing but an end waits for what was found: where
      // letters beyond ASCII stand is not to be foreseen.
      var open: UInt64 = 0
      while index + 8 <= bytes.count {
        let word = unsafe UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        )
        let high = word & highBits
        let lead = high & (word << 1)
        // 0xC0 and 0xC1 have none of these bits.
        let value = (word << 3) | (word << 4) | (word << 5) | (word << 6)
        let expected = lead << 8 | open
        if (lead & (word << 2)) | (lead & ~value) | ((high ^ lead) ^ expected) != 0 {
          if open == 0 { index += high.trailingZeroBitCount >> 3 }
          break
        }
        // The last byte may lead one that is not read yet.
        open = lead >> 56
        index += 8
      }
      // Back to the byte that leads it.
      if open != 0 { index -= 1 }
      guard index < bytes.count else { break }
      let lead = unsafe bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      guard isTrailing(index + 1) else { return false }
      let second = unsafe bytes[index + 1]
      switch lead {
      case 0xC2...0xDF: index += 2
      case 0xE0...0xEF:
        guard isTrailing(index + 2), lead != 0xE0 || second >= 0xA0, lead != 0xED || second < 0xA0
        else { return false }
        index += 3
      case 0xF0...0xF4:
        guard isTrailing(index + 2), isTrailing(index + 3), lead != 0xF0 || second >= 0x90,
          lead != 0xF4 || second < 0x90
        else { return false }
        index += 4
      default: return false
      }
    }
    return true
  }
}

/// The text of UTF-8 bytes, with U+FFFD for what is not UTF-8, and whether there was such.
package func repairedText(_ bytes: [UInt8], in range: Range<Int>) -> (String, isRepaired: Bool) {
  JSONReader.text(of: bytes, in: range)
}

/// Whether bytes are UTF-8, found out in one of the ways that this machine has.
package func isUTF8(_ bytes: [UInt8], _ variant: JSONPick.Variant = .chosen) -> Bool {
  unsafe bytes.withUnsafeBytes { unsafe JSONReader.isUTF8($0, variant) }
}

/// How many bytes from an index on may stand in a JSON string as they are: those before a quote, a
/// backslash or a control character.
package func plainByteCount(_ bytes: Span<UInt8>, from first: Int) -> Int {
  unsafe bytes.withUnsafeBytes { buffer in
    var index = first
    while index + 8 <= buffer.count {
      let word = unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let found = JSONReader.special(UInt64(littleEndian: word))
      if found != 0 { return index - first + found.trailingZeroBitCount >> 3 }
      index += 8
    }
    while index < buffer.count {
      let byte = unsafe buffer[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      index += 1
    }
    return index - first
  }
}
