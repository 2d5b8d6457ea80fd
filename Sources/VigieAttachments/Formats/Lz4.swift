import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by LZ4, in frames or as the kernel has it.
///
/// *Source:* LZ4 Frame Format Description 1.6.3, General Structure and Legacy frame.
package enum Lz4: DocumentFormat {
  package static let name = "LZ4 file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x04, 0x22, 0x4D, 0x18]) || bytes.holds([0x02, 0x21, 0x4C, 0x18])
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .lz4, at: place, into: &extraction)
  }
}
