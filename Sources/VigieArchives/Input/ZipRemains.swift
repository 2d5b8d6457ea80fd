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
  /// The bytes that nearly all headers fit in, and those that one may take: 30, then a name and an extra field of up to
  /// 65,535 bytes each.
  private static let headerByteCounts = [512, 30 + 2 * 0xFFFF]
  /// The bytes that the sizes after a file take at most: a signature, a checksum and two numbers of eight.
  private static let maxSizesByteCount = 24
  /// The bytes among which the next header is looked for at once.
  private static let chunkByteCount = 1 << 18

  private let file: OpenFile
  /// The files, in the order in which they lie there; the last one may be cut off.
  private(set) var entries: [ZipEntry] = []

  /// Goes through a file from its start, up to so many files.
  init(_ file: OpenFile, maxCount: Int) {
    self.file = file
    var offset = 0
    var count = 0
    while count < maxCount, offset < file.byteCount {
      guard var (entry, data) = header(at: offset) else { return }
      count += 1
      data += offset
      entry.headerOffset = offset
      // What there is of the last file is read; a length may be any number.
      entry.packedByteCount = min(entry.packedByteCount, file.byteCount - data)
      offset = data + entry.packedByteCount
      if entry.flags & 8 != 0, entry.packedByteCount == 0 { offset = measure(&entry, from: data) }
      if !entry.isFolder { entries.append(entry) }
    }
  }

  /// The header at a place, and how many bytes it has; `nil` where there is none.
  private func header(at offset: Int) -> (entry: ZipEntry, byteCount: Int)? {
    for count in ZipRemains.headerByteCounts {
      var bytes: [UInt8] = []
      _ = file.read(at: offset, count, into: &bytes)
      if let (entry, end) = unsafe ZipEntry.local(bytes.span.bytes, at: 0) { return (entry, end) }
      // What is shorter than was asked for has no more.
      if bytes.count < count || bytes[..<4] != [0x50, 0x4B, 3, 4] { return nil }
    }
    return nil
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
    var last: [UInt8] = []
    let room = min(range.count, ZipRemains.maxSizesByteCount)
    guard file.read(at: range.upperBound - room, room, into: &last) == room else { return false }
    // With and without a signature, with sizes of 4 and of 8 bytes.
    for (start, size) in [(4, 4), (4, 8), (0, 4), (0, 8)] {
      let count = start + 4 + 2 * size
      guard room >= count else { continue }
      let bytes = Array(last.suffix(count))
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
