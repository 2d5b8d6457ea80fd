/// One file or folder of a ZIP, as its directory or its local header says.
///
/// *Source:* PKWARE APPNOTE 6.3.10, §4.3.7 (local header), §4.3.12 (central header), §4.4, §4.5.3.
package struct ZipEntry: Sendable {
  /// The name as it is written: paths with `/`, in UTF-8 or a code page of the past.
  package var rawName: [UInt8]
  /// What somebody wrote about it, in the encoding of the name.
  package var rawComment: [UInt8] = []
  /// The general purpose flags.
  package var flags: UInt16
  /// The compression method.
  package var method: UInt16
  /// The CRC-32 of the unpacked bytes.
  package var checksum: UInt32
  /// Bytes, packed.
  package var packedByteCount: Int
  /// Bytes, unpacked, as the ZIP claims.
  package var byteCount: Int
  /// Where the local header starts.
  package var headerOffset: Int
  /// The upper half is the mode of Unix where that is where it was made.
  package var externalAttributes: UInt32 = 0
  /// Whether the central directory names it; what it does not name, some programs see nevertheless.
  package var isListed = true
  /// Whether the sizes are those of the packed bytes and not only where they must end.
  package var hasSizes = true

  /// The name in Unicode, with `/` between its parts.
  package private(set) var name = ""
  /// The name with all readings of its bytes.
  package var readings: MemberName { MemberName(rawName, isUTF8: flags & 0x800 != 0) }
  /// Whether the bytes cannot be read without a password.
  ///
  /// Bit 0 is the encryption, bit 6 the strong one, bit 13 masks the local header.
  package var isEncrypted: Bool { flags & 0x2041 != 0 }
  /// Whether it is a folder.
  package var isFolder: Bool { rawName.last == 0x2F || rawName.last == 0x5C && byteCount == 0 }
  /// Whether its bytes are the path to which it leads.
  package var isSymbolicLink: Bool { externalAttributes >> 28 == 0xA }

  static let centralSignature = 0x0201_4B50
  static let localSignature = 0x0403_4B50

  /// The entry of a central header, and where the next header is.
  ///
  /// - Parameters:
  ///   - bytes: What the header is in.
  ///   - offset: Where it starts there.
  /// - Returns: `nil` where there is no whole header.
  package static func central(_ bytes: RawSpan, at offset: Int) -> (ZipEntry, next: Int)? {
    guard bytes.range(at: offset, 46) != nil, bytes.number(4, at: offset) == centralSignature,
      let nameCount = bytes.number(2, at: offset + 28),
      let extraCount = bytes.number(2, at: offset + 30),
      let commentCount = bytes.number(2, at: offset + 32),
      let rest = bytes.range(at: offset + 46, nameCount + extraCount + commentCount)
    else { return nil }
    let nameEnd = rest.lowerBound + nameCount
    var entry = ZipEntry(
      rawName: bytes.array(rest.lowerBound..<nameEnd),
      rawComment: bytes.array(nameEnd + extraCount..<rest.upperBound),
      flags: UInt16(truncatingIfNeeded: bytes.number(2, at: offset + 8) ?? 0),
      method: UInt16(truncatingIfNeeded: bytes.number(2, at: offset + 10) ?? 0),
      checksum: UInt32(truncatingIfNeeded: bytes.number(4, at: offset + 16) ?? 0),
      packedByteCount: bytes.number(4, at: offset + 20) ?? 0,
      byteCount: bytes.number(4, at: offset + 24) ?? 0,
      headerOffset: bytes.number(4, at: offset + 42) ?? 0,
      externalAttributes: UInt32(truncatingIfNeeded: bytes.number(4, at: offset + 38) ?? 0)
    )
    guard entry.widen(bytes, nameEnd..<nameEnd + extraCount) else { return nil }
    return (entry, rest.upperBound)
  }

  /// The entry of a local header, and where its packed bytes start.
  package static func local(_ bytes: RawSpan, at offset: Int) -> (ZipEntry, data: Int)? {
    guard bytes.range(at: offset, 30) != nil, bytes.number(4, at: offset) == localSignature,
      let nameCount = bytes.number(2, at: offset + 26),
      let extraCount = bytes.number(2, at: offset + 28),
      let rest = bytes.range(at: offset + 30, nameCount + extraCount)
    else { return nil }
    let nameEnd = rest.lowerBound + nameCount
    var entry = ZipEntry(
      rawName: bytes.array(rest.lowerBound..<nameEnd),
      flags: UInt16(truncatingIfNeeded: bytes.number(2, at: offset + 6) ?? 0),
      method: UInt16(truncatingIfNeeded: bytes.number(2, at: offset + 8) ?? 0),
      checksum: UInt32(truncatingIfNeeded: bytes.number(4, at: offset + 14) ?? 0),
      packedByteCount: bytes.number(4, at: offset + 18) ?? 0,
      byteCount: bytes.number(4, at: offset + 22) ?? 0,
      headerOffset: offset
    )
    entry.isListed = false
    guard entry.widen(bytes, nameEnd..<rest.upperBound) else { return nil }
    return (entry, rest.upperBound)
  }

  /// Completes the entry: takes sizes and offset from the 64-bit extra field where the short ones are full.
  ///
  /// - Returns: Whether every number is one that an offset can be.
  private mutating func widen(_ bytes: RawSpan, _ extra: Range<Int>) -> Bool {
    name = readings.text
    var index = extra.lowerBound
    while index + 4 <= extra.upperBound {
      guard let kind = bytes.number(2, at: index), let length = bytes.number(2, at: index + 2)
      else { return true }
      let end = min(index + 4 + length, extra.upperBound)
      if kind == 1 {
        var field = index + 4
        for path in [\ZipEntry.byteCount, \ZipEntry.packedByteCount, \ZipEntry.headerOffset]
        where self[keyPath: path] == 0xFFFF_FFFF && field + 8 <= end {
          guard let value = bytes.number(8, at: field), value < 1 << 62 else { return false }
          self[keyPath: path] = value
          field += 8
        }
      }
      index = end
    }
    return true
  }
}
