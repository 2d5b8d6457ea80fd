import VigieContainers

/// The files of a ZIP that was cut off before its directory, as far as it goes.
///
/// Each file has a header of its own before its bytes. Where that does not say how long they are, as in a ZIP that was
/// written in one go, the sizes stand between them and the next header; those that do not fit belong to no header, but
/// to a ZIP in the file.
///
/// *Source:* PKWARE APPNOTE 6.3.10, §4.3.7 (local header), §4.3.9 (sizes after the bytes), §4.3.12 (central header),
/// §4.4.4 (bit 3).
struct ZipRemains {
  /// The bytes that a header may take: 30, then a name and an extra field of up to 65,535 bytes each.
  private static let maxHeaderByteCount = 30 + 2 * 0xFFFF
  /// The bytes among which the next header is looked for at once.
  private static let chunkByteCount = 1 << 18

  private let file: OpenFile
  /// The files, in the order in which they lie there; the last one may be cut off.
  private(set) var entries: [ZipEntry] = []

  /// Goes through a file from its start, up to so many files.
  init(_ file: OpenFile, maxCount: Int) {
    self.file = file
    var offset = 0
    while entries.count < maxCount, offset < file.byteCount {
      var bytes: [UInt8] = []
      _ = file.read(at: offset, ZipRemains.maxHeaderByteCount, into: &bytes)
      guard var (entry, data) = unsafe ZipEntry.local(bytes.span.bytes, at: 0) else { return }
      data += offset
      entry.headerOffset = offset
      offset = data + entry.packedByteCount
      if entry.flags & 8 != 0, entry.packedByteCount == 0 { offset = measure(&entry, from: data) }
      // What there is of the last file is read.
      entry.packedByteCount = min(entry.packedByteCount, file.byteCount - data)
      if !entry.isFolder { entries.append(entry) }
    }
  }

  /// Finds the sizes that stand after the bytes of a file; without them it goes to the end.
  ///
  /// - Returns: Where the next header is.
  private func measure(_ entry: inout ZipEntry, from data: Int) -> Int {
    var offset = data
    while offset < file.byteCount {
      var bytes: [UInt8] = []
      guard let got = file.read(at: offset, ZipRemains.chunkByteCount, into: &bytes), got > 3 else {
        break
      }
      for index in 0..<got - 3 where bytes[index] == 0x50 && bytes[index + 1] == 0x4B {
        let kind = (bytes[index + 2], bytes[index + 3])
        guard kind == (3, 4) || kind == (1, 2) else { continue }
        if takeSizes(&entry, data..<offset + index) { return offset + index }
      }
      // A signature may lie across the edge.
      offset += got - 3
    }
    entry.packedByteCount = file.byteCount - data
    entry.byteCount = entry.packedByteCount
    return file.byteCount
  }

  /// Takes the sizes at the end of a range, where they are those of the bytes before them.
  private func takeSizes(_ entry: inout ZipEntry, _ range: Range<Int>) -> Bool {
    // With and without a signature, with sizes of 4 and of 8 bytes.
    for (start, size) in [(4, 4), (4, 8), (0, 4), (0, 8)] {
      let count = start + 4 + 2 * size
      var bytes: [UInt8] = []
      guard range.count >= count,
        file.read(at: range.upperBound - count, count, into: &bytes) == count
      else { continue }
      func number(_ offset: Int, _ count: Int) -> Int {
        bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      // *Source:* APPNOTE 6.3.10, §4.3.9.3: the signature is `PK`, 7, 8.
      if start == 4, bytes[..<4] != [0x50, 0x4B, 7, 8] { continue }
      guard number(start + 4, size) == range.count - count else { continue }
      entry.checksum = UInt32(truncatingIfNeeded: number(start, 4))
      entry.packedByteCount = range.count - count
      entry.byteCount = number(start + 4 + size, size)
      return true
    }
    return false
  }
}
