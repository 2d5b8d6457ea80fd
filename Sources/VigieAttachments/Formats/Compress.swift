import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by `compress` of Unix, `.Z`.
///
/// *Source:* ncompress, compress.h: the two bytes, then at most 16 bits and the block mode.
package enum Compress: DocumentFormat {
  package static let name = "compress file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x1F, 0x9D]) && (9...16).contains((bytes.byte(at: 2) ?? 0) & 0x1F)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .compress, at: place, into: &extraction)
  }
}
