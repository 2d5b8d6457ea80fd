import VigieContainers
package import VigieCore
package import VigieDocuments

/// ar archives, such as Debian packages.
///
/// *Source:* ar(5): `!<arch>` and a line feed.
package enum Ar: DocumentFormat {
  package static let name = "ar archive"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("!<arch>\n".utf8))
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    StreamedArchive.extract(bytes, .ar, at: place, into: &extraction)
  }
}
