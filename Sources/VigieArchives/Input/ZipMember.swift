import VigieContainers
import VigieCore

extension ZipDirectory {
  /// Opens a member for unpacking.
  func open(_ entry: ZipEntry) throws(SourceFault) -> any ByteSource {
    guard !entry.isEncrypted else {
      throw SourceFault(reason: .encrypted, detail: "a file of the ZIP is encrypted")
    }
    var header: [UInt8] = []
    guard entry.headerOffset + 30 <= file.byteCount,
      readAll(at: entry.headerOffset, 30, into: &header),
      header.starts(with: [0x50, 0x4B, 3, 4])
    else {
      throw SourceFault(reason: .corrupt, detail: "a file of the ZIP is not where it should be")
    }
    let nameCount = Int(header[26]) | Int(header[27]) << 8
    let extraCount = Int(header[28]) | Int(header[29]) << 8
    let data = entry.headerOffset + 30 + nameCount + extraCount
    guard data + entry.packedByteCount <= file.byteCount else {
      throw SourceFault(reason: .truncated, detail: "a file of the ZIP goes beyond its end")
    }
    guard let member = ZipMember(self, entry, data) else {
      throw SourceFault(reason: .unsupported, detail: "a file of the ZIP cannot be unpacked")
    }
    return member
  }
}

/// The unpacked bytes of one member of a ZIP.
final class ZipMember: ByteSource {
  private let directory: ZipDirectory
  private let entry: ZipEntry
  private let stream: ZipMemberStream
  private var count = 0

  init?(_ directory: ZipDirectory, _ entry: ZipEntry, _ offset: Int) {
    let file = directory.file
    var rest = offset..<offset + entry.packedByteCount
    let stream = ZipMemberStream(entry) { block in
      guard let got = file.read(at: rest.lowerBound, min(rest.count, 1 << 16), into: &block) else {
        return false
      }
      rest = min(rest.lowerBound + got, rest.upperBound)..<rest.upperBound
      return true
    }
    guard let stream else { return nil }
    self.directory = directory
    self.entry = entry
    self.stream = stream
  }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    let limits = directory.limits
    guard directory.unpackedByteCount < limits.maxTotalByteCount else {
      throw SourceFault(
        reason: .limit,
        detail: "the ZIP unpacks to more than \(limits.maxTotalByteCount) bytes"
      )
    }
    guard
      self.count <= limits.freeByteCount
        || self.count / limits.maxRatio <= max(1, entry.packedByteCount)
    else {
      throw SourceFault(
        reason: .limit,
        detail: "a file of the ZIP unpacks to more than \(limits.maxRatio) times its size"
      )
    }
    guard let got = stream.read(count, into: &bytes) else {
      throw SourceFault(reason: .corrupt, detail: "a file of the ZIP is damaged")
    }
    self.count += got
    directory.unpackedByteCount += got
    if got == 0, self.count < entry.byteCount {
      throw SourceFault(reason: .truncated, detail: "a file of the ZIP ends too early")
    }
    return got
  }
}
