import VigieContainers
package import VigieCore
package import VigieDocuments

/// BMP images, which say nothing but what they show.
///
/// *Source:* [MS-WMF] §2.2.2.9; BITMAPFILEHEADER of the Windows GDI.
package enum BMP: DocumentFormat {
  package static let name = "BMP image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    // The sizes of the headers of all versions.
    bytes.holds([0x42, 0x4D]) && bytes.number(4, at: 6) == 0
      && [12, 16, 40, 52, 56, 64, 108, 124].contains(bytes.number(4, at: 14) ?? 0)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    guard let end = bytes.number(4, at: 2), end >= 26 else { return }
    if end > bytes.byteCount {
      extraction.miss(.truncated, "BMP image: ends too early", at: place)
    } else {
      extraction.openStray(bytes, end..<bytes.byteCount, in: place)
    }
  }
}
