import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by bzip2.
///
/// *Source:* bzip2 1.0.8, decompress.c: `BZh`, the level, then the mark of a block or of the end.
package enum Bzip2: DocumentFormat {
  package static let name = "bzip2 file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("BZh".utf8))
      && (bytes.holds([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4)
        || bytes.holds([0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4))
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .bzip2, at: place, into: &extraction)
  }
}
