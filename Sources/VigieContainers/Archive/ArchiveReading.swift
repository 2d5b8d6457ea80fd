import CArchive
import Glibc
package import VigieCore
package import VigieDocuments

/// An archive format that libarchive reads from front to back.
package enum ArchiveKind: Sendable {
  case tar
  case sevenZip
  case rar
  case rar5
  case cab
  case iso9660
  case cpio
  case ar
  case lha

  /// Lets a reader know this format and no other.
  fileprivate func enable(_ archive: OpaquePointer) -> CInt {
    switch self {
    case .tar:
      // What follows the end of a tar is one more tar, or damage: no program's choice to hide it.
      let status = unsafe archive_read_support_format_tar(archive)
      _ = unsafe archive_read_set_option(archive, "tar", "read_concatenated_archives", "1")
      return status
    case .sevenZip: return unsafe archive_read_support_format_7zip(archive)
    case .rar: return unsafe archive_read_support_format_rar(archive)
    case .rar5: return unsafe archive_read_support_format_rar5(archive)
    case .cab: return unsafe archive_read_support_format_cab(archive)
    case .iso9660: return unsafe archive_read_support_format_iso9660(archive)
    case .cpio: return unsafe archive_read_support_format_cpio(archive)
    case .ar: return unsafe archive_read_support_format_ar(archive)
    case .lha: return unsafe archive_read_support_format_lha(archive)
    }
  }
}

/// A member of an archive, as its header says.
package struct ArchiveMember: Sendable {
  /// The name, with `/` between its parts, in all readings.
  package var name: MemberName
  /// Where a symbolic or hard link leads; empty for what is no link.
  package var linkTarget = ""
}

/// Goes through an archive in memory.
///
/// Reading ends at the first damage: libarchive 3.6 has read freed memory when it went on after an
/// error in the data of a RAR5. What came out before is handed over.
package enum ArchiveReading {
  /// Hands over every member.
  ///
  /// - Parameters:
  ///   - bytes: The archive, from its first byte.
  ///   - kind: Its format; no other is tried.
  ///   - extraction: What may still be spent, and where gaps go.
  ///   - place: The archive.
  ///   - body: Called with each member; the bytes are empty for folders, links and what cannot be
  ///     read, of which a gap already says so.
  /// - Returns: The bytes of the archive that were used; `nil` where reading did not get to the end.
  package static func members(
    of bytes: RawSpan,
    _ kind: ArchiveKind,
    into extraction: inout Extraction,
    at place: Place,
    _ body: (ArchiveMember, [UInt8], inout Extraction) -> Void
  ) -> Int? {
    unsafe bytes.withUnsafeBytes { buffer in
      let wide = WideNames()
      defer { wide.leave() }
      SeldomUsed.need(.all)
      guard let archive = unsafe archive_read_new() else {
        extraction.miss(.limit, "no memory for the archive", at: place)
        return nil
      }
      defer { unsafe archive_read_free(archive) }
      guard unsafe kind.enable(archive) >= ARCHIVE_WARN,
        unsafe archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK
      else {
        unsafe miss(archive, "the archive cannot be opened", &extraction, at: place)
        return nil
      }
      var step = Step(
        byteCount: bytes.byteCount,
        place: place,
        knowsEncryption: [.rar, .rar5, .sevenZip].contains(kind)
      )
      while unsafe step.next(archive, &extraction, body) {}
      return step.isWhole ? Int(unsafe archive_filter_bytes(archive, -1)) : nil
    }
  }

  /// Unpacks a file that is packed as a whole, such as by bzip2.
  ///
  /// - Parameters:
  ///   - bytes: The packed file.
  ///   - filter: How it is packed; nothing else is tried.
  ///   - extraction: What may still be spent, and where gaps go.
  ///   - place: The packed file.
  /// - Returns: The bytes as far as they could be unpacked, and the packed bytes used, which is `nil`
  ///   where the end was not reached.
  package static func unpack(
    _ bytes: RawSpan,
    _ filter: CompressionFilter,
    into extraction: inout Extraction,
    at place: Place
  ) -> (bytes: [UInt8], packedByteCount: Int?) {
    SeldomUsed.need(.all)
    if filter == .zstd, let whole = WholeZstandard.unpack(bytes, into: &extraction, at: place) {
      return (whole.bytes, whole.packedByteCount)
    }
    return unsafe bytes.withUnsafeBytes { buffer in
      var result: [UInt8] = []
      guard let archive = unsafe archive_read_new() else {
        extraction.miss(.limit, "no memory for the packed file", at: place)
        return (result, nil)
      }
      defer { unsafe archive_read_free(archive) }
      var member: OpaquePointer?
      guard unsafe filter.enable(archive) >= ARCHIVE_WARN,
        unsafe archive_read_support_format_raw(archive) == ARCHIVE_OK,
        // Raw is no file of no bytes.
        unsafe archive_read_support_format_empty(archive) == ARCHIVE_OK,
        unsafe archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK
      else {
        unsafe miss(archive, "the packed file cannot be unpacked", &extraction, at: place)
        return (result, nil)
      }
      // A damage before the first byte is taken for a file of no bytes, and has been said by now.
      let isDamaged = unsafe archive_errno(archive) != 0
      let status = unsafe archive_read_next_header(archive, &member)
      if status == ARCHIVE_EOF, !isDamaged {
        return (result, Int(unsafe archive_filter_bytes(archive, -1)))
      }
      guard status >= ARCHIVE_WARN, status != ARCHIVE_EOF else {
        unsafe miss(archive, "the packed file cannot be unpacked", &extraction, at: place)
        return (result, nil)
      }
      // Room that nothing is written to costs nothing, and texts pack to a quarter or an eighth.
      result.reserveCapacity(
        min(extraction.unpackableByteCount, bytes.byteCount.clampedProduct(8))
      )
      while true {
        let got = unsafe read(archive, extraction, into: &result)
        guard got >= 0 else {
          unsafe miss(
            archive,
            "the packed file cannot be unpacked to its end",
            &extraction,
            at: place
          )
          return (result, nil)
        }
        guard
          extraction.unpack(got, total: result.count, packed: bytes.byteCount, at: place)
        else { return (result, nil) }
        if got == 0 { break }
      }
      return (result, Int(unsafe archive_filter_bytes(archive, -1)))
    }
  }

  /// The room beyond the bytes of a member in which its end is found.
  fileprivate static let spareByteCount = 64

  /// Appends the next block of the present member, no more than may still be unpacked and one byte
  /// that tells so; 0 at its end, less than 0 for damage.
  ///
  /// `archive_read_data` would fill all the room at once, and forget at a damage what it has put there.
  fileprivate static func read(
    _ archive: OpaquePointer,
    _ extraction: borrowing Extraction,
    into bytes: inout [UInt8]
  ) -> Int {
    var block: UnsafeRawPointer?
    var count = 0
    var offset: Int64 = 0
    var status = ARCHIVE_OK
    repeat {
      status = unsafe archive_read_data_block(archive, &block, &count, &offset)
    } while status == ARCHIVE_OK && count == 0
    if status == ARCHIVE_EOF { return 0 }
    // Blocks follow one another; a hole between them is zeros.
    guard status == ARCHIVE_OK, let start = unsafe block, offset >= bytes.count else { return -1 }
    let most = extraction.unpackableByteCount + 1
    let hole = min(Int(offset) - bytes.count, most)
    let taken = min(count, most - hole)
    bytes.append(contentsOf: repeatElement(0, count: hole))
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: taken))
    return hole + taken
  }

  /// Turns the last error of libarchive into a gap; its words may hold names and stay unsaid.
  ///
  /// - Parameters:
  ///   - archive: What failed.
  ///   - detail: What is not read.
  ///   - extraction: Where the gap goes.
  ///   - place: Where it lies.
  ///   - knowsEncryption: Whether the archive is open and its format can say that all of it is
  ///     encrypted. libarchive 3.6 jumps to a wild address when others are asked.
  fileprivate static func miss(
    _ archive: OpaquePointer,
    _ detail: String,
    _ extraction: inout Extraction,
    at place: Place,
    knowsEncryption: Bool = false
  ) {
    let words = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? ""
    let text = words.lowercased()
    let reason: GapReason
    if text.contains("encrypt") || text.contains("passphrase") || text.contains("password")
      || knowsEncryption && (unsafe archive_read_has_encrypted_entries(archive)) == 1
    {
      reason = .encrypted
      // Without a word it wanted more bytes than there are.
    } else if text.contains("truncat") || text.contains("end of file") || text.contains("premature")
      || text.contains("no progress is possible") || text.isEmpty
    {
      reason = .truncated
    } else if text.contains("unsupported") || text.contains("not supported")
      || text.contains("multivolume") || text.contains("unavailable")
    {
      reason = .unsupported
    } else if text.contains("memory") {
      reason = .limit
    } else {
      reason = .corrupt
    }
    extraction.miss(reason, detail, at: place)
  }
}

/// How a file is packed as a whole.
package enum CompressionFilter: Sendable {
  case bzip2
  case xz
  case zstd
  case lz4
  case lzip
  case lzma
  /// The LZW of `compress`, `.Z`.
  case compress

  /// Lets a reader know this filter and no other.
  ///
  /// A filter is set, not sniffed: sniffing goes on with what comes out, without end where that is the
  /// packed file itself. Only that of `compress` is sniffed: libarchive 3.6 reads from where nothing is
  /// open yet when it is set, and of filters that are sniffed it stacks 25 at most.
  fileprivate func enable(_ archive: OpaquePointer) -> CInt {
    switch self {
    case .bzip2: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_BZIP2)
    case .xz: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_XZ)
    case .zstd: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD)
    case .lz4: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_LZ4)
    case .lzip: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_LZIP)
    case .lzma: unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_LZMA)
    case .compress: unsafe archive_read_support_filter_compress(archive)
    }
  }
}

/// One member after the other.
private struct Step {
  var byteCount: Int
  var place: Place
  var knowsEncryption: Bool
  /// Whether the end was reached.
  var isWhole = false

  /// Handles the next member; `false` at the end.
  mutating func next(
    _ archive: OpaquePointer,
    _ extraction: inout Extraction,
    _ body: (ArchiveMember, [UInt8], inout Extraction) -> Void
  ) -> Bool {
    var found: OpaquePointer?
    let status = unsafe archive_read_next_header(archive, &found)
    if status == ARCHIVE_EOF {
      isWhole = true
      return false
    }
    guard status >= ARCHIVE_WARN, let entry = unsafe found else {
      let detail = "the archive cannot be read to its end"
      unsafe ArchiveReading.miss(
        archive,
        detail,
        &extraction,
        at: place,
        knowsEncryption: knowsEncryption
      )
      return false
    }
    let member = unsafe member(entry, &extraction)
    var inner = place
    inner.path.append(member.name.text)
    guard extraction.enter(place) else { return false }
    let type = unsafe archive_entry_filetype(entry)
    if unsafe archive_entry_is_encrypted(entry) != 0 {
      extraction.miss(.encrypted, "a file of the archive is encrypted", at: inner)
      body(member, [], &extraction)
      return true
    }
    guard type == S_IFREG || type == 0 else {
      body(member, [], &extraction)
      return true
    }
    var bytes: [UInt8] = []
    if unsafe archive_entry_size_is_set(entry) != 0 {
      let size = Int(unsafe archive_entry_size(entry))
      let most = min(extraction.unpackableByteCount, byteCount.clampedProduct(4))
      bytes.reserveCapacity(max(0, min(size, most)) + ArchiveReading.spareByteCount)
    }
    let mayGoOn = unsafe data(archive, &bytes, &extraction, at: inner)
    body(member, bytes, &extraction)
    return mayGoOn
  }

  /// Unpacks the data of a member; `false` where the archive must be left.
  private func data(
    _ archive: OpaquePointer,
    _ bytes: inout [UInt8],
    _ extraction: inout Extraction,
    at inner: Place
  ) -> Bool {
    while true {
      let got = unsafe ArchiveReading.read(archive, extraction, into: &bytes)
      guard got >= 0 else {
        let detail = "a file of the archive cannot be unpacked to its end"
        unsafe ArchiveReading.miss(
          archive,
          detail,
          &extraction,
          at: inner,
          knowsEncryption: knowsEncryption
        )
        extraction.miss(.corrupt, "the archive is not read beyond a damage in it", at: place)
        return false
      }
      if got == 0 { return true }
      guard extraction.unpack(got, total: bytes.count, packed: byteCount, at: inner) else {
        // One member too large leaves the others; all of them together end it.
        return extraction.unpackableByteCount > 0
      }
    }
  }

  private func member(_ entry: OpaquePointer, _ extraction: inout Extraction) -> ArchiveMember {
    let raw = unsafe archive_entry_pathname(entry).map { unsafe [UInt8](cString: $0) }
    if raw == nil {
      extraction.miss(.encoding, "the name of a file in the archive cannot be read", at: place)
    }
    var member = ArchiveMember(name: MemberName(raw ?? []))
    let target =
      unsafe archive_entry_symlink(entry) ?? archive_entry_hardlink(entry)
    if let target = unsafe target {
      member.linkTarget = MemberName(unsafe [UInt8](cString: target)).text
    }
    return member
  }
}

extension Int {
  /// The product, or the greatest number where that is greater.
  fileprivate func clampedProduct(_ other: Int) -> Int {
    let (product, isOver) = multipliedReportingOverflow(by: other)
    return isOver ? .max : product
  }
}

extension [UInt8] {
  /// The bytes up to the NUL that ends them.
  fileprivate init(cString: UnsafePointer<CChar>) {
    let count = unsafe strlen(cString)
    self = unsafe Array(UnsafeRawBufferPointer(start: cString, count: count))
  }
}

/// A locale of UTF-8 for the names that formats keep in UTF-16; this thread has it until it leaves.
///
/// In the locale `C` libarchive writes `?` for every letter above ASCII.
@safe package struct WideNames {
  private let previous: locale_t?

  /// Made once: a sandbox lets no locale be read later.
  private static let locale = SharedLocale()

  /// Reads the locale, before a sandbox makes that impossible.
  package static func prepare() { _ = locale }

  init() { unsafe previous = uselocale(WideNames.locale.value) }

  func leave() { unsafe uselocale(previous) }
}

/// A locale that is never changed or freed.
@safe private final class SharedLocale: @unchecked Sendable {
  // Unchecked: the value never changes after `init`.
  let value: locale_t?

  init() { unsafe value = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) }
}
