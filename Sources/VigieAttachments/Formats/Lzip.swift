import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by lzip.
///
/// *Source:* Lzip manual, File format: `LZIP` and the version.
package enum Lzip: DocumentFormat {
  package static let name = "lzip file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("LZIP".utf8)) && (bytes.byte(at: 4) ?? 9) <= 1
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .lzip, at: place, into: &extraction)
  }
}
