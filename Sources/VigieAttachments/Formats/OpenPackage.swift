package import VigieCore
package import VigieDocuments

/// Packages of the Open Packaging Conventions that are no Word, Excel or PowerPoint file: Visio, XPS.
///
/// *Source:* ISO/IEC 29500-2.
package enum OpenPackage: DocumentFormat {
  package static let name = "Open Packaging Conventions package"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    OfficePackage.kind(of: bytes) == .other
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    OfficePackage.extract(bytes, at: place, into: &extraction)
  }
}
