package import VigieCore
package import VigieDocuments

/// PowerPoint presentations and templates (Office Open XML).
///
/// *Source:* ISO/IEC 29500.
package enum Presentation: DocumentFormat {
  package static let name = "PowerPoint presentation"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    OfficePackage.kind(of: bytes) == .ppt
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    OfficePackage.extract(bytes, at: place, into: &extraction)
  }
}
