import VigieCore

/// How far a ZIP may expand before reading stops with a gap.
package struct ZipLimits: Sendable, Hashable {
  /// The greatest ratio of unpacked to packed bytes of a member larger than ``freeByteCount``.
  package var maxRatio: Int
  /// Unpacked bytes of a member for which the ratio is not looked at.
  package var freeByteCount: Int
  /// Unpacked bytes of all that is read of the archive.
  package var maxTotalByteCount: Int
  /// Members of the archive.
  package var maxMemberCount: Int

  /// Limits with the defaults of a scan.
  package init(
    maxRatio: Int = 250,
    freeByteCount: Int = 1 << 24,
    maxTotalByteCount: Int = 1 << 40,
    maxMemberCount: Int = 4_000_000
  ) {
    self.maxRatio = maxRatio
    self.freeByteCount = freeByteCount
    self.maxTotalByteCount = maxTotalByteCount
    self.maxMemberCount = maxMemberCount
  }
}

/// The central directory of a ZIP: what it holds and where.
///
/// libarchive unpacks, but it goes through a ZIP from front to back; an export needs its members in
/// the order of channels and days and its files at any time. *Source:* PKWARE APPNOTE 6.3.10, §4.3.
final class ZipDirectory {
  /// One file of the ZIP.
  struct Entry: Sendable {
    var name: String
    var flags: UInt16
    var method: UInt16
    var checksum: UInt32
    var packedByteCount: Int
    var byteCount: Int
    var headerOffset: Int
  }

  let file: OpenFile
  let limits: ZipLimits
  private(set) var entries: [Entry] = []
  /// Bytes unpacked so far, of all members.
  var unpackedByteCount = 0

  init(_ file: OpenFile, path: String, limits: ZipLimits) throws(ArchiveError) {
    self.file = file
    self.limits = limits
    guard let (offset, byteCount, count) = endRecord() else {
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "is a ZIP without its directory, so it was cut off",
        mend: "fetch it again, or repair a copy with zip -FF"
      )
    }
    guard count <= limits.maxMemberCount, byteCount <= 1 << 30 else {
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "is a ZIP that claims more than \(limits.maxMemberCount) files",
        mend: "unpack it and name the folder"
      )
    }
    var bytes: [UInt8] = []
    guard offset >= 0, offset + byteCount <= file.byteCount,
      readAll(at: offset, byteCount, into: &bytes), list(bytes, count)
    else {
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "is a ZIP with a damaged directory",
        mend: "fetch it again, or repair a copy with zip -FF"
      )
    }
  }

  func readAll(at offset: Int, _ count: Int, into bytes: inout [UInt8]) -> Bool {
    let target = bytes.count + count
    while bytes.count < target {
      let done = bytes.count - (target - count)
      guard let got = file.read(at: offset + done, count - done, into: &bytes), got > 0 else {
        return false
      }
    }
    return true
  }

  /// Where the central directory is, from the end record and its 64-bit sibling.
  private func endRecord() -> (offset: Int, byteCount: Int, count: Int)? {
    let tailCount = min(file.byteCount, 22 + 0xFFFF)
    var tail: [UInt8] = []
    guard tailCount >= 22, readAll(at: file.byteCount - tailCount, tailCount, into: &tail) else {
      return nil
    }
    for index in stride(from: tail.count - 22, through: 0, by: -1)
    where tail.number(4, at: index) == 0x0605_4B50 {
      let count = tail.number(2, at: index + 10)
      let byteCount = tail.number(4, at: index + 12)
      let offset = tail.number(4, at: index + 16)
      guard count == 0xFFFF || byteCount == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else {
        return (offset, byteCount, count)
      }
      return endRecord64(before: file.byteCount - tailCount + index) ?? (offset, byteCount, count)
    }
    return nil
  }

  private func endRecord64(before end: Int) -> (offset: Int, byteCount: Int, count: Int)? {
    var locator: [UInt8] = []
    guard end >= 20, readAll(at: end - 20, 20, into: &locator),
      locator.number(4, at: 0) == 0x0706_4B50
    else { return nil }
    let position = locator.number(8, at: 8)
    var record: [UInt8] = []
    guard position >= 0, position <= end - 56, readAll(at: position, 56, into: &record),
      record.number(4, at: 0) == 0x0606_4B50
    else { return nil }
    let values = [32, 40, 48].map { record.number(8, at: $0) }
    guard values.allSatisfy({ $0 >= 0 && $0 < 1 << 62 }) else { return nil }
    return (values[2], values[1], values[0])
  }

  private func list(_ bytes: [UInt8], _ count: Int) -> Bool {
    var index = 0
    for _ in 0..<count {
      guard index + 46 <= bytes.count, bytes.number(4, at: index) == 0x0201_4B50 else {
        return false
      }
      let nameCount = bytes.number(2, at: index + 28)
      let extraCount = bytes.number(2, at: index + 30)
      let next = index + 46 + nameCount + extraCount + bytes.number(2, at: index + 32)
      guard next <= bytes.count else { return false }
      let name = String(decoding: bytes[index + 46..<index + 46 + nameCount], as: UTF8.self)
      var entry = Entry(
        name: name.replacingBackslashes,
        flags: UInt16(bytes.number(2, at: index + 8)),
        method: UInt16(bytes.number(2, at: index + 10)),
        checksum: UInt32(bytes.number(4, at: index + 16)),
        packedByteCount: bytes.number(4, at: index + 20),
        byteCount: bytes.number(4, at: index + 24),
        headerOffset: bytes.number(4, at: index + 42)
      )
      widen(&entry, bytes, index + 46 + nameCount, extraCount)
      guard
        [entry.packedByteCount, entry.byteCount, entry.headerOffset].allSatisfy({
          $0 >= 0 && $0 < 1 << 62
        })
      else { return false }
      if !entry.name.hasSuffix("/") { entries.append(entry) }
      index = next
    }
    return true
  }

  /// Takes sizes and offset from the 64-bit extra field where the short ones are full.
  private func widen(_ entry: inout Entry, _ bytes: [UInt8], _ start: Int, _ count: Int) {
    var index = start
    while index + 4 <= start + count {
      let length = bytes.number(2, at: index + 2)
      let end = min(index + 4 + length, start + count)
      if bytes.number(2, at: index) == 1 {
        var field = index + 4
        for path in [\Entry.byteCount, \Entry.packedByteCount, \Entry.headerOffset]
        where entry[keyPath: path] == 0xFFFF_FFFF && field + 8 <= end {
          entry[keyPath: path] = bytes.number(8, at: field)
          field += 8
        }
      }
      index = end
    }
  }
}

extension [UInt8] {
  /// The little-endian number of some bytes at an index; negative where it takes the 64th bit.
  func number(_ count: Int, at index: Int) -> Int {
    var value: UInt64 = 0
    for offset in 0..<count { value |= UInt64(self[index + offset]) << UInt64(8 * offset) }
    return Int(truncatingIfNeeded: value)
  }
}

extension String {
  /// The path with `/` for the `\` that some Windows programs write.
  fileprivate var replacingBackslashes: String {
    String(map { $0 == "\\" ? "/" : $0 })
  }
}
