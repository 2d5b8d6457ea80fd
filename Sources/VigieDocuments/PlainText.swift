package import VigieCore

/// Text files: UTF-8, UTF-16 and UTF-32, Windows-1252 and Latin-1.
package enum PlainText: DocumentFormat {
  package static let name = "plain text"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    Signature.kind(of: bytes) == nil && TextEncoding.detect(bytes)?.isCertain == true
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let (encoding, shape) = TextEncoding.examine(bytes)
    extract(bytes, encoding, shape, at: place, into: &extraction)
  }

  /// Reads a text whose bytes say their encoding, which are gone through once.
  ///
  /// - Returns: Whether they do; where not, nothing is read.
  package static func extractCertain(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    guard Signature.kind(of: bytes) == nil else { return false }
    let (encoding, shape) = TextEncoding.examine(bytes)
    guard encoding?.isCertain == true else { return false }
    extract(bytes, encoding, shape, at: place, into: &extraction)
    return true
  }

  private static func extract(
    _ bytes: RawSpan,
    _ encoding: TextEncoding?,
    _ shape: UTF8Shape?,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var place = place
    place.role = .bodyText
    if isArmoured(bytes) {
      extraction.miss(.encrypted, "a file encrypted with PGP or age", at: place)
    }
    switch encoding {
    case .escaped:
      verbatim(bytes, from: 0, shape, at: place, into: &extraction)
      let detail = "signs that switch between alphabets are not followed"
      extraction.miss(.encoding, detail, at: place)
    case .utf8(let mark):
      verbatim(bytes, from: mark, shape, at: place, into: &extraction)
    case .utf16(let isBigEndian, let mark):
      decode(at: place, into: &extraction) { (decoder: inout WideDecoder) throws(Spool.Failure) in
        try decoder.utf16(bytes, from: mark, isBigEndian: isBigEndian)
      }
    case .utf32(let isBigEndian, let mark):
      decode(at: place, into: &extraction) { (decoder: inout WideDecoder) throws(Spool.Failure) in
        try decoder.utf32(bytes, from: mark, isBigEndian: isBigEndian)
      }
    case .windows1252:
      decode(at: place, into: &extraction) { (decoder: inout WideDecoder) throws(Spool.Failure) in
        try decoder.windows1252(bytes)
      }
      if !looksLatin(bytes) {
        let detail = "letters of an unknown 8-bit alphabet, read as Windows-1252"
        extraction.miss(.encoding, detail, at: place)
      }
    case nil:
      extraction.miss(.unsupported, "binary data: no text in it", at: place)
    }
  }

  /// How files start that are encrypted and yet all letters.
  ///
  /// *Source:* RFC 9580 §6.2; age-encryption.org/v1, ASCII armor.
  private static let armours = [
    "-----BEGIN PGP MESSAGE-----", "-----BEGIN AGE ENCRYPTED FILE-----",
  ]
  .map { Array($0.utf8) }

  private static func isArmoured(_ bytes: RawSpan) -> Bool {
    let head = unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(128)) }
    let start = head.drop { $0 <= 0x20 || $0 >= 0xBB }
    return armours.contains { start.starts(with: $0) }
  }

  private static func verbatim(
    _ bytes: RawSpan,
    from start: Int,
    _ shape: UTF8Shape?,
    at place: Place,
    into extraction: inout Extraction
  ) {
    if extraction.depth == 0 {
      extraction.add(ExtractedText(place: place, content: .verbatim(start..<bytes.byteCount)))
    } else {
      // What lies in a container lives only as long as its unpacked bytes.
      let text = unsafe bytes.withUnsafeBytes { unsafe Array($0[start...]) }
      extraction.add(text, at: place)
    }
    let bad = (shape ?? UTF8Shape(bytes)).badByteCount
    if bad > 0 { miss(bad, "bytes", at: place, in: &extraction) }
  }

  /// Whether letters of ASCII outnumber those above it, as in every language of Windows-1252.
  private static func looksLatin(_ bytes: RawSpan) -> Bool {
    var plain = 0
    var high = 0
    for offset in 0..<min(bytes.byteCount, TextEncoding.sampleByteCount) {
      switch bytes[offset] {
      case 0x41...0x5A, 0x61...0x7A: plain += 1
      case 0xC0...0xFF: high += 1
      default: break
      }
    }
    return plain >= high
  }

  private static func decode(
    at place: Place,
    into extraction: inout Extraction,
    _ decode: (inout WideDecoder) throws(Spool.Failure) -> Void
  ) {
    var decoder = WideDecoder()
    do {
      try decode(&decoder)
      let bad = decoder.badUnitCount
      switch try decoder.finish() {
      case .bytes(let bytes):
        if extraction.depth == 0 {
          extraction.add(ExtractedText(place: place, content: .bytes(bytes)))
        } else {
          extraction.add(bytes, at: place)
        }
      case .file(let file):
        extraction.add(ExtractedText(place: place, content: .file(file)))
      }
      if bad > 0 { miss(bad, "units", at: place, in: &extraction) }
    } catch {
      extraction.miss(.limit, "text not decoded: \(error.reason)", at: place)
    }
  }

  private static func miss(
    _ count: Int,
    _ unit: String,
    at place: Place,
    in extraction: inout Extraction
  ) {
    let detail = "\(count) \(unit) are not valid in the encoding of the text"
    extraction.miss(.encoding, detail, at: place)
  }
}

/// Decodes wide and single-byte encodings to UTF-8.
struct WideDecoder: ~Copyable {
  private var spool = Spool()
  /// Code units that mean nothing; each became U+FFFD.
  private(set) var badUnitCount = 0

  /// The UTF-8.
  consuming func finish() throws(Spool.Failure) -> Spool.Content { try spool.finish() }

  /// Decodes UTF-16; a lone surrogate and a last odd byte mean nothing.
  mutating func utf16(
    _ bytes: RawSpan,
    from start: Int,
    isBigEndian: Bool
  ) throws(Spool.Failure) {
    var high: UInt32?
    var offset = start
    while offset + 1 < bytes.byteCount {
      let first = UInt32(bytes[offset])
      let second = UInt32(bytes[offset + 1])
      let unit = isBigEndian ? first << 8 | second : second << 8 | first
      offset += 2
      if let lead = high {
        high = nil
        if (0xDC00...0xDFFF).contains(unit) {
          try append(0x10000 + (lead - 0xD800) << 10 + (unit - 0xDC00))
          continue
        }
        try appendBad()
      }
      if (0xD800...0xDBFF).contains(unit) { high = unit } else { try append(unit) }
    }
    if high != nil { try appendBad() }
    if offset < bytes.byteCount { try appendBad() }
  }

  /// Decodes UTF-32.
  mutating func utf32(
    _ bytes: RawSpan,
    from start: Int,
    isBigEndian: Bool
  ) throws(Spool.Failure) {
    var offset = start
    while offset + 3 < bytes.byteCount {
      var unit: UInt32 = 0
      for index in 0..<4 {
        unit = unit << 8 | UInt32(bytes[offset + (isBigEndian ? index : 3 - index)])
      }
      try append(unit)
      offset += 4
    }
    if offset < bytes.byteCount { try appendBad() }
  }

  /// Decodes Windows-1252, in which every byte means something.
  mutating func windows1252(_ bytes: RawSpan) throws(Spool.Failure) {
    for offset in 0..<bytes.byteCount {
      let byte = bytes[offset]
      if (0x80..<0xA0).contains(byte) {
        try append(UInt32(WideDecoder.windows1252High[Int(byte) - 0x80]))
      } else {
        try append(UInt32(byte))
      }
    }
  }

  private mutating func append(_ value: UInt32) throws(Spool.Failure) {
    guard let scalar = Unicode.Scalar(value) else { return try appendBad() }
    try spool.append(scalar)
  }

  private mutating func appendBad() throws(Spool.Failure) {
    badUnitCount += 1
    try spool.append("\u{FFFD}" as Unicode.Scalar)
  }

  /// The scalars of the bytes 0x80…0x9F.
  ///
  /// *Source:* WHATWG Encoding Standard, index windows-1252.
  private static let windows1252High: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}
