import VigieContainers
package import VigieCore
package import VigieDocuments

/// 7-Zip archives.
///
/// *Source:* 7zFormat.txt of the LZMA SDK 23.01, SignatureHeader.
package enum SevenZip: DocumentFormat {
  package static let name = "7-Zip archive"

  static let signature: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]

  package static func recognizes(_ bytes: RawSpan) -> Bool { bytes.holds(signature) }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    // The first header has a checksum of its own; without it nothing says where the others are.
    guard bytes.byteCount >= 32, let stated = bytes.number(4, at: 8),
      Int(CRC32.checksum(bytes.extracting(12..<32))) == stated
    else {
      let reason: GapReason = bytes.byteCount < 32 ? .truncated : .corrupt
      return extraction.miss(reason, "7-Zip archive: its first header is damaged", at: place)
    }
    guard let offset = bytes.number(8, at: 12), let count = bytes.number(8, at: 20),
      offset <= bytes.byteCount, count <= bytes.byteCount, 32 + offset + count <= bytes.byteCount
    else {
      return extraction.miss(.truncated, "7-Zip archive: it ends before its directory", at: place)
    }
    // An empty archive has no header at its end, which libarchive calls damage.
    if count == 0 {
      return extraction.openStray(bytes, 32 + offset..<bytes.byteCount, in: place)
    }
    let end = 32 + offset + count
    StreamedArchive.extract(bytes, .sevenZip, byteCount: end, at: place, into: &extraction)
  }
}
