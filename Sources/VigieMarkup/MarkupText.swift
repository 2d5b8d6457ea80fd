/// The bytes of a document as clean UTF-8: valid, and without the controls that markup forbids.
///
/// *Source:* XML 1.0 §2.2 (characters), §4.3.3 and appendix F (encodings); WHATWG Encoding §4.2.
package struct MarkupText: Sendable {
  /// The encodings that are decoded here; every other one is read as Windows-1252 and doubted.
  enum Encoding: Sendable, Equatable {
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32(isBigEndian: Bool)
    case windows1252
    case latin9
    case unknown
  }

  /// The UTF-8, or `nil` where the document is it already from ``start`` on.
  package let bytes: [UInt8]?
  /// Where the text starts in the document: after a byte order mark.
  package let start: Int
  /// Whether the declared encoding is unknown, or bytes mean nothing in it.
  package let isDoubtful: Bool

  /// Decodes a document.
  package init(_ document: RawSpan) {
    let (encoding, start) = MarkupText.encoding(of: document)
    self.start = start
    switch encoding {
    case .utf8:
      if MarkupText.isClean(document, from: start) {
        (bytes, isDoubtful) = (nil, false)
      } else {
        var decoder = Decoder(document.byteCount)
        decoder.utf8(document, from: start)
        (bytes, isDoubtful) = (decoder.output, decoder.isDoubtful)
      }
    case .windows1252, .latin9, .unknown:
      var decoder = Decoder(document.byteCount)
      decoder.singleBytes(document, from: start, isLatin9: encoding == .latin9)
      let isPlain = decoder.output.count == document.byteCount - start
      (bytes, isDoubtful) = (decoder.output, encoding == .unknown && !isPlain)
    case .utf16(let isBigEndian):
      var decoder = Decoder(document.byteCount)
      decoder.utf16(document, from: start, isBigEndian: isBigEndian)
      (bytes, isDoubtful) = (decoder.output, decoder.isDoubtful)
    case .utf32(let isBigEndian):
      var decoder = Decoder(document.byteCount)
      decoder.utf32(document, from: start, isBigEndian: isBigEndian)
      (bytes, isDoubtful) = (decoder.output, decoder.isDoubtful)
    }
  }

  /// The encoding that a mark, the shape of the first bytes or a declaration tells.
  private static func encoding(of document: RawSpan) -> (Encoding, start: Int) {
    func starts(_ mark: [UInt8]) -> Bool {
      document.byteCount >= mark.count && mark.indices.allSatisfy { document.at($0) == mark[$0] }
    }
    if starts([0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if starts([0xFF, 0xFE, 0, 0]) { return (.utf32(isBigEndian: false), 4) }
    if starts([0, 0, 0xFE, 0xFF]) { return (.utf32(isBigEndian: true), 4) }
    if starts([0xFF, 0xFE]) { return (.utf16(isBigEndian: false), 2) }
    if starts([0xFE, 0xFF]) { return (.utf16(isBigEndian: true), 2) }
    if starts([0x3C, 0, 0, 0]) { return (.utf32(isBigEndian: false), 0) }
    if starts([0, 0, 0, 0x3C]) { return (.utf32(isBigEndian: true), 0) }
    if starts([0x3C, 0]) { return (.utf16(isBigEndian: false), 0) }
    if starts([0, 0x3C]) { return (.utf16(isBigEndian: true), 0) }
    return (declared(document), 0)
  }

  /// The encoding of `encoding="…"` in an XML declaration or `charset=…` in a meta element.
  private static func declared(_ document: RawSpan) -> Encoding {
    let isXML = document.byteCount > 5 && document.at(1) == 0x3F && document.at(2) == 0x78
    var head: [UInt8] = []
    for offset in 0..<min(document.byteCount, 2048) {
      let byte = document.at(offset)
      head.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      if isXML, byte == 0x3E { break }
    }
    guard var index = end(of: Array((isXML ? "encoding" : "charset").utf8), in: head) else {
      return .utf8
    }
    let skipped: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0x3D, 0x22, 0x27]
    while index < head.count, skipped.contains(head[index]) { index += 1 }
    var name = ""
    while index < head.count, name.utf8.count < 32 {
      let byte = head[index]
      let isLetter = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
      guard isLetter || byte == 0x2D || byte == 0x5F || byte == 0x2E else { break }
      name.unicodeScalars.append(Unicode.Scalar(byte))
      index += 1
    }
    switch name {
    case "", "utf-8", "utf8", "unicode-1-1-utf-8": return .utf8
    // The bytes were no UTF-16: the declaration is wrong.
    case "utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2", "iso-10646-ucs-2": return .utf8
    case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252", "l1":
      return .windows1252
    case "iso-8859-15", "latin-9", "latin9": return .latin9
    default: return .unknown
    }
  }

  private static func end(of word: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= word.count else { return nil }
    for start in 0...(bytes.count - word.count)
    where word.indices.allSatisfy({ bytes[start + $0] == word[$0] }) {
      return start + word.count
    }
    return nil
  }

  /// Whether the bytes are valid UTF-8 without forbidden controls; eight bytes at a time.
  private static func isClean(_ bytes: RawSpan, from start: Int) -> Bool {
    let count = bytes.byteCount
    var offset = start
    while offset < count {
      if offset + 8 <= count {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        // No high bit, and no byte below 0x20.
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        if (word | low) & 0x8080_8080_8080_8080 == 0 {
          offset += 8
          continue
        }
      }
      let byte = bytes.at(offset)
      if byte < 0x80 {
        guard byte >= 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return false }
        offset += 1
      } else {
        let length = sequenceLength(bytes, at: offset)
        guard length > 0 else { return false }
        offset += length
      }
    }
    return true
  }

  /// The length of the well-formed sequence at an offset whose byte is not ASCII; 0 for none and
  /// for U+FFFE and U+FFFF, which markup forbids.
  ///
  /// *Source:* The Unicode Standard 16.0, Table 3-7.
  static func sequenceLength(_ bytes: RawSpan, at offset: Int) -> Int {
    let first = bytes.at(offset)
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard offset + length <= bytes.byteCount, second.contains(bytes.at(offset + 1)) else {
      return 0
    }
    if length > 2, bytes.at(offset + 2) & 0xC0 != 0x80 { return 0 }
    if length > 3, bytes.at(offset + 3) & 0xC0 != 0x80 { return 0 }
    if first == 0xEF, bytes.at(offset + 1) == 0xBF, bytes.at(offset + 2) >= 0xBE { return 0 }
    return length
  }
}

extension RawSpan {
  /// The byte at a checked offset.
  @inline(__always)
  func at(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
