import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by Zstandard; frames that hold no data may come first.
///
/// *Source:* RFC 8878 §3.1.1, §3.1.2.
package enum Zstandard: DocumentFormat {
  package static let name = "Zstandard file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x28, 0xB5, 0x2F, 0xFD])
      || (bytes.holds([0x2A, 0x4D, 0x18], at: 1) && (bytes.byte(at: 0) ?? 0) & 0xF0 == 0x50)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .zstd, at: place, into: &extraction)
  }
}
