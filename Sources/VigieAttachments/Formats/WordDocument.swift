package import VigieCore
package import VigieDocuments

/// Word documents and templates (Office Open XML).
///
/// *Source:* ISO/IEC 29500.
package enum WordDocument: DocumentFormat {
  package static let name = "Word document"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    OfficePackage.kind(of: bytes) == .word
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    OfficePackage.extract(bytes, at: place, into: &extraction)
  }
}
