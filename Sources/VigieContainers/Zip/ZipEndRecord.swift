/// The end of a ZIP: where its central directory is.
///
/// *Source:* PKWARE APPNOTE 6.3.10, §4.3.14 (64-bit record), §4.3.15 (its locator), §4.3.16.
package struct ZipEndRecord: Sendable, Equatable {
  /// Where the directory starts, as the record says: before any bytes that were put in front.
  package var directoryOffset: Int
  /// Bytes of the directory.
  package var directoryByteCount: Int
  /// Entries of the directory.
  package var entryCount: Int
  /// Where this record, or the 64-bit one before it, starts.
  package var offset: Int
  /// Where the ZIP ends: after the comment.
  package var end: Int
  /// Where the comment is; it may reach beyond the file.
  package var comment: Range<Int>

  static let signature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

  /// Bytes at the end of a file in which the record starts: itself and the longest comment.
  package static let searchByteCount = 22 + 0xFFFF

  /// The last record of a file, or `nil` for none.
  ///
  /// A comment may hold what looks like a record: one whose comment ends with the file goes first.
  ///
  /// - Parameters:
  ///   - byteCount: Bytes of the file.
  ///   - read: Reads a range of the file; `nil` where it cannot.
  /// - Returns: The record, with the numbers of its 64-bit sibling where that is needed.
  package static func find(
    byteCount: Int,
    read: (Range<Int>) -> [UInt8]?
  ) -> ZipEndRecord? {
    let tailCount = min(byteCount, searchByteCount)
    let start = byteCount - tailCount
    guard tailCount >= 22, let tail = read(start..<byteCount), tail.count == tailCount else {
      return nil
    }
    var found: ZipEndRecord?
    for index in stride(from: tailCount - 22, through: 0, by: -1)
    where tail[index] == 0x50 && tail[index..<index + 4].elementsEqual(signature) {
      let span = unsafe tail.span.bytes
      let commentCount = span.number(2, at: index + 20) ?? 0
      let record = ZipEndRecord(
        directoryOffset: span.number(4, at: index + 16) ?? 0,
        directoryByteCount: span.number(4, at: index + 12) ?? 0,
        entryCount: span.number(2, at: index + 10) ?? 0,
        offset: start + index,
        end: min(start + index + 22 + commentCount, byteCount),
        comment: start + index + 22..<start + index + 22 + commentCount
      )
      if record.comment.upperBound == byteCount { return record.widened(read) }
      if found == nil { found = record }
    }
    return found?.widened(read)
  }

  /// The record with the numbers of the 64-bit one where the short ones are full.
  private func widened(_ read: (Range<Int>) -> [UInt8]?) -> ZipEndRecord {
    guard
      entryCount == 0xFFFF || directoryByteCount == 0xFFFF_FFFF || directoryOffset == 0xFFFF_FFFF,
      offset >= 20, let locator = read(offset - 20..<offset), locator.count == 20
    else { return self }
    let link = unsafe locator.span.bytes
    guard link.number(4, at: 0) == 0x0706_4B50, let position = link.number(8, at: 8),
      position <= offset - 56, let record = read(position..<position + 56), record.count == 56
    else { return self }
    let wide = unsafe record.span.bytes
    guard wide.number(4, at: 0) == 0x0606_4B50, let count = wide.number(8, at: 32),
      let byteCount = wide.number(8, at: 40), let start = wide.number(8, at: 48),
      max(count, byteCount, start) < 1 << 62
    else { return self }
    var result = self
    result.entryCount = count
    result.directoryByteCount = byteCount
    result.directoryOffset = start
    result.offset = position
    return result
  }
}
