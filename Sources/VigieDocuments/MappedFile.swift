import Glibc

/// The bytes of a file, mapped into memory and never copied.
///
/// A file that shrinks while it is mapped cannot be read safely (SIGBUS) unless ``CutPages/survive()`` was called, so
/// a file that others may write is the caller's decision; the spool of this module is unlinked and private.
@safe package final class MappedFile: @unchecked Sendable {
  // Unchecked: the address and length never change after `init`, and the pages are read-only.
  private let address: UnsafeMutableRawPointer?
  /// Where it is looked after in case it becomes shorter.
  private let cutIndex: Int?
  /// The length in bytes.
  package let byteCount: Int
  /// The length of the file, which is greater where a limit cut it.
  package let fileByteCount: Int
  /// The file itself, open for reading, to hand it to another process; `nil` where it was not kept.
  package let descriptor: CInt?

  /// Why a file cannot be mapped.
  package enum Failure: Error, Sendable, Equatable {
    /// There is no such file.
    case missing
    /// It is a directory, a socket, a device.
    case notRegular
    /// It cannot be read, for the reason in words.
    case unreadable(String)
  }

  /// Maps a regular file.
  ///
  /// - Parameters:
  ///   - path: The file; links are followed.
  ///   - limit: The greatest number of bytes to map.
  ///   - keepsDescriptor: Whether the file stays open as long as the value.
  /// - Throws: ``Failure`` where it is missing, no regular file or not readable.
  package convenience init(
    path: String,
    limit: Int,
    keepsDescriptor: Bool = false
  ) throws(Failure) {
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(MappedFile.reason())
    }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, limit: limit, keepsDescriptor: keepsDescriptor)
  }

  /// Maps an open regular file, which may be closed afterwards.
  package init(descriptor: CInt, limit: Int, keepsDescriptor: Bool = false) throws(Failure) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .unreadable(MappedFile.reason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    fileByteCount = Int(status.st_size)
    // Files that the system makes up while they are read say so, those of /proc and of some network drives.
    var byte: UInt8 = 0
    if fileByteCount == 0, unsafe pread(descriptor, &byte, 1, 0) == 1 {
      throw .unreadable("it holds more than its size says")
    }
    byteCount = min(fileByteCount, max(0, limit))
    let kept = keepsDescriptor ? MappedFile.readable(descriptor) : -1
    self.descriptor = kept < 0 ? nil : kept
    guard byteCount > 0 else {
      unsafe address = nil
      cutIndex = nil
      return
    }
    do {
      let mapped = unsafe try MappedFile.map(descriptor, at: 0, byteCount)
      unsafe address = mapped
      cutIndex = unsafe CutPages.add(mapped, byteCount)
    } catch {
      if kept >= 0 { close(kept) }
      throw error
    }
  }

  /// Maps a part of an open regular file that nobody can cut short.
  ///
  /// - Parameters:
  ///   - descriptor: The file.
  ///   - offset: A multiple of the page of the machine.
  ///   - byteCount: The bytes from there on, at least 1; they lie in the file.
  /// - Throws: ``Failure`` where there is no room for it.
  package init(descriptor: CInt, offset: Int, byteCount: Int) throws(Failure) {
    self.byteCount = byteCount
    fileByteCount = byteCount
    self.descriptor = nil
    unsafe address = try MappedFile.map(descriptor, at: offset, byteCount)
    cutIndex = nil
  }

  /// The same file, open for reading only: whoever gets it cannot change what is mapped here.
  private static func readable(_ descriptor: CInt) -> CInt {
    let mode = fcntl(descriptor, F_GETFL)
    if mode >= 0, mode & O_ACCMODE == O_RDONLY { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
    return unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
  }

  private static func map(
    _ descriptor: CInt,
    at offset: Int,
    _ byteCount: Int
  ) throws(Failure) -> UnsafeMutableRawPointer {
    let mapped = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, offset)
    guard let mapped = unsafe mapped, unsafe mapped != UnsafeMutableRawPointer(bitPattern: -1)
    else {
      throw .unreadable(MappedFile.reason())
    }
    unsafe madvise(mapped, byteCount, MADV_SEQUENTIAL)
    return unsafe mapped
  }

  /// Whether the file became shorter since it was mapped.
  ///
  /// What was gone was read as zeros, or by another process not at all. Where ``CutPages/survive()`` was not called,
  /// reading it ends the process.
  package var isCut: Bool {
    if let cutIndex, CutPages.isCut(cutIndex) { return true }
    var status = stat()
    guard let descriptor, unsafe fstat(descriptor, &status) == 0 else { return false }
    return Int(status.st_size) < fileByteCount
  }

  deinit {
    if let cutIndex { CutPages.remove(cutIndex) }
    if let address = unsafe address { unsafe munmap(address, byteCount) }
    if let descriptor { close(descriptor) }
  }

  /// Calls a function with the bytes, which are valid only during the call.
  ///
  /// The function reads a long file once from start to end: what it read is given back meanwhile.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    var trimmer: PageTrimmer?
    if byteCount >= PageTrimmer.minByteCount, let address = unsafe address {
      trimmer = unsafe PageTrimmer(address: address, byteCount: byteCount)
    }
    defer { trimmer?.stop() }
    return try withExtendedLifetime(self) {
      try unsafe body(UnsafeRawBufferPointer(start: address, count: byteCount))
    }
  }

  /// What the last system call says of its failure.
  static func reason() -> String {
    unsafe String(cString: strerror(errno)).lowercased()
  }
}
