import VigieContainers
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
/// the order of channels and days and its files at any time.
final class ZipDirectory {
  let file: OpenFile
  let limits: ZipLimits
  private(set) var entries: [ZipEntry] = []
  /// What of the ZIP as a whole could not be read.
  private(set) var faults: [SourceFault] = []
  /// Bytes unpacked so far, of all members.
  var unpackedByteCount = 0

  init(_ file: OpenFile, path: String, limits: ZipLimits) throws(ArchiveError) {
    self.file = file
    self.limits = limits
    let end = ZipEndRecord.find(byteCount: file.byteCount) { range in
      var bytes: [UInt8] = []
      return readAll(at: range.lowerBound, range.count, into: &bytes) ? bytes : nil
    }
    guard let end else {
      entries = ZipRemains(file, maxCount: limits.maxMemberCount).entries
      if !entries.isEmpty {
        let detail = "the ZIP ends before its directory"
        faults.append(SourceFault(reason: .truncated, detail: detail))
        return
      }
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "is a ZIP without its directory, so it was cut off",
        mend: "fetch it again, or repair a copy with zip -FF"
      )
    }
    let byteCount = end.directoryByteCount
    guard end.entryCount <= limits.maxMemberCount, byteCount <= 1 << 30 else {
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "is a ZIP that claims more than \(limits.maxMemberCount) files",
        mend: "unpack it and name the folder"
      )
    }
    var bytes: [UInt8] = []
    guard end.directoryOffset + byteCount <= file.byteCount,
      readAll(at: end.directoryOffset, byteCount, into: &bytes), list(bytes, end.entryCount)
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

  private func list(_ bytes: [UInt8], _ count: Int) -> Bool {
    let span = unsafe bytes.span.bytes
    var index = 0
    for _ in 0..<count {
      guard let (entry, next) = ZipEntry.central(span, at: index) else { return false }
      if !entry.isFolder { entries.append(entry) }
      index = next
    }
    return true
  }
}
