import CArchive
import VigieDocuments

/// The unpacked bytes of one member of a ZIP, by any method that libarchive knows.
///
/// libarchive is handed a ZIP of that member alone: a local header made anew from the central
/// directory, which has the sizes that streamed ZIPs lack in front, then the packed bytes.
@safe package final class ZipMemberStream {
  private let archive: OpaquePointer
  private let input: ArchiveInput

  /// Opens a member; `nil` where it cannot be unpacked.
  ///
  /// - Parameters:
  ///   - entry: The member.
  ///   - next: Puts the next packed bytes into an empty array, in order and without what follows
  ///     them; leaves it empty at the end. `false` where they cannot be read.
  package init?(_ entry: ZipEntry, next: @escaping (inout [UInt8]) -> Bool) {
    SeldomUsed.need(.all)
    guard let archive = unsafe archive_read_new() else { return nil }
    unsafe self.archive = unsafe archive
    input = ArchiveInput(head: entry.loneHeader, next)
    let client = unsafe Unmanaged.passUnretained(input).toOpaque()
    var member: OpaquePointer?
    guard unsafe archive_read_support_format_zip_streamable(archive) == ARCHIVE_OK,
      unsafe archive_read_open(archive, client, nil, readArchiveInput, nil) == ARCHIVE_OK,
      unsafe archive_read_next_header(archive, &member) >= ARCHIVE_WARN
    else { return nil }
  }

  deinit { unsafe archive_read_free(archive) }

  /// Appends up to some unpacked bytes.
  ///
  /// - Returns: How many were appended, 0 at the end; `nil` where the data are damaged.
  package func read(_ count: Int, into bytes: inout [UInt8]) -> Int? {
    var got = 0
    bytes.append(addingCapacity: count) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, filled in
        got = unsafe archive_read_data(archive, buffer.baseAddress, min(count, buffer.count))
        filled = max(0, got)
      }
    }
    return got < 0 ? nil : got
  }
}

extension ZipEntry {
  /// A local header with the sizes in it, and a name of no meaning.
  fileprivate var loneHeader: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: Int, _ count: Int) {
      for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
    let isLong = max(packedByteCount, byteCount) >= 0xFFFF_FFFF
    append(ZipEntry.localSignature, 4)
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
