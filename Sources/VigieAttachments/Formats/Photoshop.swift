import VigieContainers
package import VigieCore
package import VigieDocuments

/// Photoshop documents: the properties of the image, not the text of its layers.
///
/// *Source:* Adobe Photoshop File Formats Specification, File Header Section to Image Resources.
package enum Photoshop: DocumentFormat {
  package static let name = "Photoshop document"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("8BPS".utf8)) && [1, 2].contains(bytes.number(2, at: 4, isBigEndian: true))
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    ImageText.missPixels(of: "Photoshop images", at: place, into: &extraction)
    guard let colors = bytes.number(4, at: 26, isBigEndian: true),
      let count = bytes.number(4, at: 30 + colors, isBigEndian: true),
      let range = bytes.range(at: 34 + colors, count)
    else {
      return extraction.miss(.truncated, "Photoshop document: ends too early", at: place)
    }
    PhotoshopResources.extract(bytes.extracting(range), at: place, into: &extraction)
    extraction.miss(.unsupported, "text in the layers of the image is not read", at: place)
  }
}
