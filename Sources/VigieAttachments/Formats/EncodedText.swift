import VigieContainers
package import VigieCore
package import VigieDocuments

/// Text files in old encodings: of a byte a letter, of East Asia, of mainframes, UTF-16 that does not say
/// that it is.
package enum EncodedText: DocumentFormat {
  package static let name = "text in an old encoding"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard Signature.kind(of: bytes) == nil else { return false }
    switch TextEncoding.detect(bytes) {
    case .windows1252, .escaped: return true
    case .utf8, .utf16, .utf32: return false
    case nil:
      return EncodingDetector.isBigEndianUTF16(bytes) != nil
        || EncodingDetector.isEBCDIC(bytes.array(0..<min(bytes.byteCount, 4_096)))
    }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var place = place
    place.role = .bodyText
    guard bytes.byteCount <= extraction.limits.maxTextByteCount else {
      let detail = "more text than may be taken out of one file"
      return extraction.miss(.limit, detail, at: place)
    }
    if let isBigEndian = EncodingDetector.isBigEndianUTF16(bytes) {
      let text = Charset.decode(bytes.array(0..<bytes.byteCount), isBigEndian ? 1201 : 1200)
      return extraction.add(text ?? [], at: place)
    }
    let (candidates, isDecided) = EncodingDetector.candidates(bytes)
    let all = bytes.array(0..<bytes.byteCount)
    var first: [UInt8]?
    var isHollow = true
    for candidate in candidates {
      guard extraction.hasRoom, let text = Charset.decode(all, candidate.codePage) else { continue }
      isHollow = isHollow && EncodedText.hasHoles(text)
      guard let known = first else {
        first = text
        extraction.add(text, at: place)
        continue
      }
      // The rest says what the first reading says, but for the lines that differ.
      let other = differing(text, from: known)
      extraction.add(other, at: place, location: "read as \(candidate.name)")
    }
    if first == nil {
      extraction.miss(.encoding, "text in an encoding that is not known", at: place)
    } else if !isDecided {
      let detail = "letters of an unknown alphabet, read in the likeliest encodings"
      extraction.miss(.encoding, detail, at: place)
    } else if isHollow {
      let detail = "some bytes mean nothing in the encoding of the text"
      extraction.miss(.encoding, detail, at: place)
    }
  }

  /// Whether a decoded text holds U+FFFD, which stands for what could not be decoded.
  private static func hasHoles(_ text: [UInt8]) -> Bool {
    unsafe text.span.bytes.firstOffset(of: [0xEF, 0xBF, 0xBD], in: 0..<text.count) != nil
  }

  /// The lines of a text that another reading of the same bytes has otherwise.
  private static func differing(_ text: [UInt8], from other: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    let others = other.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count == others.count else { return text }
    var kept: [UInt8] = []
    for (line, other) in zip(lines, others) where line != other {
      kept += line
      kept.append(0x0A)
    }
    return kept
  }
}
