import CArchive
import Glibc
import VigieDocuments

/// Reads a tar, packed or not, or a file packed as a whole, from front to back and in bounded memory.
///
/// Of all that libarchive reads, this lets it try tar and the packings below alone: exports come in no
/// others, and what is not tried cannot be attacked.
@safe package final class TarStream {
  /// What is read.
  package enum Kind: Sendable {
    case tar
    /// One file, packed as a whole.
    case packedFile
  }

  /// A file of a tar.
  package struct Member: Sendable {
    /// The path, as the tar has it; nobody has checked it.
    package var name: String
    /// Whether it is a regular file, and not a folder, a link or a device.
    package var isFile: Bool
  }

  /// What comes next.
  package enum Step: Sendable {
    case member(Member)
    case end
    /// The tar is damaged, or ends too early.
    case damage
  }

  private let archive: OpaquePointer
  private let input: ArchiveInput
  private let kind: Kind

  /// Opens a stream; `nil` where there is no memory or it is packed in no way that is known.
  ///
  /// - Parameters:
  ///   - kind: What it holds.
  ///   - next: Puts the next packed bytes into an empty array; leaves it empty at the end. `false`
  ///     where they cannot be read.
  package init?(_ kind: Kind, next: @escaping (inout [UInt8]) -> Bool) {
    SeldomUsed.need(.all)
    guard let archive = unsafe archive_read_new() else { return nil }
    unsafe self.archive = unsafe archive
    self.kind = kind
    input = ArchiveInput(next)
    let client = unsafe Unmanaged.passUnretained(input).toOpaque()
    // A filter that is not built in would start a program: then it is not used.
    guard unsafe archive_read_support_filter_gzip(archive) == ARCHIVE_OK,
      unsafe archive_read_support_filter_bzip2(archive) == ARCHIVE_OK,
      unsafe archive_read_support_filter_xz(archive) == ARCHIVE_OK,
      unsafe archive_read_support_filter_zstd(archive) == ARCHIVE_OK,
      unsafe archive_read_support_filter_lz4(archive) == ARCHIVE_OK
    else { return nil }
    let format =
      switch kind {
      case .tar: unsafe archive_read_support_format_tar(archive)
      case .packedFile: unsafe archive_read_support_format_raw(archive)
      }
    guard format >= ARCHIVE_WARN,
      unsafe archive_read_open(archive, client, nil, readArchiveInput, nil) == ARCHIVE_OK
    else { return nil }
  }

  deinit { unsafe archive_read_free(archive) }

  /// Goes to the next file.
  package func next() -> Step {
    let wide = WideNames()
    defer { wide.leave() }
    var found: OpaquePointer?
    let status = unsafe archive_read_next_header(archive, &found)
    if status == ARCHIVE_EOF { return .end }
    guard status >= ARCHIVE_WARN, let entry = unsafe found else { return .damage }
    // What starts as a packed file and is none would come out as it went in.
    if kind == .packedFile, unsafe archive_filter_count(archive) < 2 { return .damage }
    let raw = unsafe archive_entry_pathname(entry).map { name in
      unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }
    let isLink =
      unsafe archive_entry_symlink(entry) != nil || archive_entry_hardlink(entry) != nil
    let type = unsafe archive_entry_filetype(entry)
    let isFile = kind == .packedFile || type == S_IFREG && !isLink
    return .member(Member(name: MemberName(raw ?? []).text, isFile: isFile))
  }

  /// Appends bytes of the present file.
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
