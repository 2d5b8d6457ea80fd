import VigieContainers
package import VigieCore
package import VigieDocuments

/// WebP images: EXIF and XMP.
///
/// *Source:* RFC 9649 §2.3 (RIFF), §2.7.1.5 (metadata).
package enum WebP: DocumentFormat {
  package static let name = "WebP image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("RIFF".utf8)) && bytes.holds(Array("WEBP".utf8), at: 8)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    let end = 8 + (bytes.number(4, at: 4) ?? 0)
    var offset = 12
    while offset < min(end, bytes.byteCount) {
      guard let count = bytes.number(4, at: offset + 4),
        let range = bytes.range(at: offset + 8, count)
      else {
        return extraction.miss(.truncated, "WebP image: ends too early", at: place)
      }
      if bytes.holds(Array("EXIF".utf8), at: offset) {
        // Some programs leave the mark of JPEG in front.
        let data = bytes.extracting(range)
        let skip = data.holds(Array("Exif\0\0".utf8)) ? 6 : 0
        let body = data.extracting(skip..<data.byteCount)
        ExifTags.extract(body, at: place, into: &extraction)
      } else if bytes.holds(Array("XMP ".utf8), at: offset) {
        XMPPacket.extract(bytes.array(range), at: place, into: &extraction)
      }
      offset = range.upperBound + range.count % 2
    }
    if end > bytes.byteCount {
      return extraction.miss(.truncated, "WebP image: ends too early", at: place)
    }
    extraction.openStray(bytes, min(end, bytes.byteCount)..<bytes.byteCount, in: place)
  }
}
