import CArchive
import VigieCore

extension ZipDirectory {
  /// Opens a member for unpacking.
  func open(_ entry: Entry) throws(SourceFault) -> any ByteSource {
    guard entry.flags & 1 == 0 else {
      throw SourceFault(reason: .encrypted, detail: "a file of the ZIP is encrypted")
    }
    var header: [UInt8] = []
    guard entry.headerOffset + 30 <= file.byteCount,
      readAll(at: entry.headerOffset, 30, into: &header), header.number(4, at: 0) == 0x0403_4B50
    else {
      throw SourceFault(reason: .corrupt, detail: "a file of the ZIP is not where it should be")
    }
    let data =
      entry.headerOffset + 30 + header.number(2, at: 26) + header.number(2, at: 28)
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
///
/// libarchive is handed a ZIP of that member alone: a local header made anew from the central
/// directory, which has the sizes that streamed ZIPs lack in front, then the packed bytes.
@safe final class ZipMember: ByteSource {
  private let directory: ZipDirectory
  private let entry: ZipDirectory.Entry
  private let archive: OpaquePointer
  private let input: ZipMemberInput
  private var count = 0

  init?(_ directory: ZipDirectory, _ entry: ZipDirectory.Entry, _ offset: Int) {
    guard let archive = unsafe archive_read_new() else { return nil }
    self.directory = directory
    self.entry = entry
    unsafe self.archive = unsafe archive
    input = ZipMemberInput(
      directory.file,
      offset..<offset + entry.packedByteCount,
      head: entry.head
    )
    let client = unsafe Unmanaged.passUnretained(input).toOpaque()
    var member: OpaquePointer?
    guard unsafe archive_read_support_format_zip_streamable(archive) == ARCHIVE_OK,
      unsafe archive_read_open(archive, client, nil, readMemberInput, nil) == ARCHIVE_OK,
      unsafe archive_read_next_header(archive, &member) >= ARCHIVE_WARN
    else { return nil }
  }

  deinit { unsafe archive_read_free(archive) }

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
    var got = 0
    bytes.append(addingCapacity: count) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, filled in
        got = unsafe archive_read_data(archive, buffer.baseAddress, min(count, buffer.count))
        filled = max(0, got)
      }
    }
    guard got >= 0 else {
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

/// The bytes libarchive reads: a header, then a range of the file.
@safe private final class ZipMemberInput {
  private let file: OpenFile
  private var rest: Range<Int>
  private var head: [UInt8]?
  /// What libarchive looks at until it asks for more; never moved meanwhile.
  private let block: UnsafeMutableBufferPointer<UInt8>

  init(_ file: OpenFile, _ range: Range<Int>, head: [UInt8]) {
    self.file = file
    rest = range
    self.head = head
    unsafe block = .allocate(capacity: 1 << 16)
  }

  deinit { unsafe block.deallocate() }

  /// Fills the block.
  ///
  /// - Returns: Where it starts and how much it holds; 0 at the end, less than 0 on failure.
  func next() -> (UnsafeRawPointer?, Int) {
    var bytes: [UInt8] = []
    if let head {
      bytes = head
      self.head = nil
    } else {
      guard let got = file.read(at: rest.lowerBound, min(rest.count, 1 << 16), into: &bytes) else {
        return (nil, -1)
      }
      rest = min(rest.lowerBound + got, rest.upperBound)..<rest.upperBound
    }
    _ = unsafe block.update(fromContentsOf: bytes)
    return unsafe (UnsafeRawPointer(block.baseAddress), bytes.count)
  }
}

/// Hands libarchive the next block of a member.
private func readMemberInput(
  _ archive: OpaquePointer?,
  _ client: UnsafeMutableRawPointer?,
  _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
  guard let client = unsafe client, let buffer = unsafe buffer else { return -1 }
  let input = unsafe Unmanaged<ZipMemberInput>.fromOpaque(client).takeUnretainedValue()
  let (start, count) = unsafe input.next()
  unsafe buffer.pointee = unsafe start
  return count
}

extension ZipDirectory.Entry {
  /// A local header with the sizes in it, and a name of no meaning.
  fileprivate var head: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: Int, _ count: Int) {
      for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
    let isLong = max(packedByteCount, byteCount) >= 0xFFFF_FFFF
    append(0x0403_4B50, 4)
    append(isLong ? 45 : 20, 2)
    append(Int(flags & ~8), 2)
    append(Int(method), 2)
    append(0, 4)
    append(Int(checksum), 4)
    append(isLong ? 0xFFFF_FFFF : packedByteCount, 4)
    append(isLong ? 0xFFFF_FFFF : byteCount, 4)
    append(1, 2)
    append(isLong ? 20 : 0, 2)
    bytes.append(UInt8(ascii: "m"))
    guard isLong else { return bytes }
    append(1, 2)
    append(16, 2)
    append(byteCount, 8)
    append(packedByteCount, 8)
    return bytes
  }
}
