import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by xz.
///
/// *Source:* The .xz File Format 1.2.1, §2.1.1.1.
package enum Xz: DocumentFormat {
  package static let name = "xz file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .xz, at: place, into: &extraction)
  }
}
