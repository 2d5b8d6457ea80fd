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
    var end: Int?
    if let offset = bytes.number(8, at: 12), let count = bytes.number(8, at: 20),
      offset < bytes.byteCount, count < bytes.byteCount
    {
      end = 32 + offset + count
      // An empty archive has no header at its end, which libarchive calls damage.
      if count == 0 {
        let rest = min(32 + offset, bytes.byteCount)..<bytes.byteCount
        return extraction.openStray(bytes, rest, in: place)
      }
    }
    StreamedArchive.extract(bytes, .sevenZip, byteCount: end, at: place, into: &extraction)
  }
}
