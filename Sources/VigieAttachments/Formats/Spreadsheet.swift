package import VigieCore
package import VigieDocuments

/// Excel workbooks and templates (Office Open XML).
///
/// *Source:* ISO/IEC 29500.
package enum Spreadsheet: DocumentFormat {
  package static let name = "Excel workbook"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    OfficePackage.kind(of: bytes) == .xl
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    OfficePackage.extract(bytes, at: place, into: &extraction)
  }
}
