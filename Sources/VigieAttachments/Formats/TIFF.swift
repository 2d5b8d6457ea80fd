import VigieContainers
package import VigieCore
package import VigieDocuments

/// TIFF images, and the raw images of cameras that are built like them.
///
/// *Source:* TIFF 6.0 §2; BigTIFF (its magic number, which is 43).
package enum TIFF: DocumentFormat {
  package static let name = "TIFF image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x49, 0x49, 0x2A, 0]) || bytes.holds([0x4D, 0x4D, 0, 0x2A])
      || bytes.holds([0x49, 0x49, 0x2B, 0, 8]) || bytes.holds([0x4D, 0x4D, 0, 0x2B, 0, 8])
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    if !ExifTags.extract(bytes, at: place, into: &extraction) {
      extraction.miss(.truncated, "TIFF image: ends too early", at: place)
    }
  }
}
