import VigieContainers
package import VigieCore
package import VigieDocuments

/// cpio archives in the portable and the old binary form.
///
/// *Source:* POSIX.1-2001 pax, cpio Interchange Format; cpio(5) of libarchive.
package enum Cpio: DocumentFormat {
  package static let name = "cpio archive"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    isTextHeader(bytes)
      || (bytes.holds([0xC7, 0x71]) || bytes.holds([0x71, 0xC7])) && isBinaryHeader(bytes)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    StreamedArchive.extract(bytes, .cpio, at: place, into: &extraction)
  }

  /// Whether the header of a portable form is there, all in digits: a text may start with six of them too.
  private static func isTextHeader(_ bytes: RawSpan) -> Bool {
    let isOld = bytes.holds(Array("070707".utf8))
    guard isOld || ["070701", "070702"].contains(where: { bytes.holds(Array($0.utf8)) }),
      bytes.byteCount >= (isOld ? 76 : 110)
    else { return false }
    return (6..<(isOld ? 76 : 110)).allSatisfy { bytes.byte(at: $0)?.hexValue != nil }
  }

  /// Whether the header of the old binary form names a file type and a believable name.
  private static func isBinaryHeader(_ bytes: RawSpan) -> Bool {
    let isBigEndian = bytes.byte(at: 0) == 0x71
    guard let mode = bytes.number(2, at: 6, isBigEndian: isBigEndian),
      let nameCount = bytes.number(2, at: 20, isBigEndian: isBigEndian)
    else { return false }
    return [1, 2, 4, 6, 8, 10, 12].contains(mode >> 12) && (1...1024).contains(nameCount)
      && bytes.byte(at: 26 + nameCount - 1) == 0
  }
}
