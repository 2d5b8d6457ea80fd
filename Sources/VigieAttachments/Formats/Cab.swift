import VigieContainers
package import VigieCore
package import VigieDocuments

/// Cabinet archives of Windows.
///
/// *Source:* [MS-CAB] §2.1, CFHEADER.
package enum Cab: DocumentFormat {
  package static let name = "cabinet archive"

  static let signature: [UInt8] = Array("MSCF".utf8) + [0, 0, 0, 0]

  package static func recognizes(_ bytes: RawSpan) -> Bool { bytes.holds(signature) }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let end = bytes.number(4, at: 8)
    StreamedArchive.extract(bytes, .cab, byteCount: end, at: place, into: &extraction)
    // Flags: 1 another cabinet comes before, 2 after.
    if (bytes.number(2, at: 30) ?? 0) & 3 != 0 {
      extraction.miss(.missing, "the archive goes on in other files", at: place)
    }
  }
}
