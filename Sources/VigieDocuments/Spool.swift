import Glibc
import Synchronization

/// Collects bytes: a few in memory, many in an unlinked temporary file of this process alone.
package struct Spool: ~Copyable {
  /// The bytes that stay in memory, at most.
  package static let memoryByteCount = 8 << 20

  /// Keeps everything in memory from now on, in this process: for one that may open no file and whose
  /// memory is bounded.
  package static func stayInMemory() { staysInMemory.store(true, ordering: .relaxed) }

  private static let staysInMemory = Atomic<Bool>(false)

  /// The bytes that were collected.
  package enum Content: Sendable {
    case bytes([UInt8])
    case file(MappedFile)
  }

  /// Why bytes could not be kept.
  package struct Failure: Error, Sendable, Equatable {
    /// The reason in words.
    package let reason: String

    package init(reason: String) { self.reason = reason }
  }

  private let heldByteCount: Int
  private var buffer: [UInt8] = []
  private var descriptor: CInt = -1
  /// The number of bytes collected so far.
  package private(set) var byteCount = 0

  /// An empty spool that holds so many bytes in memory at most.
  package init(holding byteCount: Int = Spool.memoryByteCount) { heldByteCount = byteCount }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds one byte.
  package mutating func append(_ byte: UInt8) throws(Failure) {
    buffer.append(byte)
    byteCount += 1
    try flushIfLong()
  }

  /// Adds bytes.
  package mutating func append(contentsOf bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    byteCount += bytes.count
    try flushIfLong()
  }

  /// Adds the UTF-8 of a scalar.
  package mutating func append(_ scalar: Unicode.Scalar) throws(Failure) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { try append(byte) }
  }

  /// Adds everything an open file still holds, up to a limit.
  ///
  /// - Returns: Whether the file ended within the limit.
  package mutating func append(
    contentsOf file: CInt,
    limit: Int
  ) throws(Failure) -> Bool {
    let room = 1 << 16
    while true {
      var got = 0
      buffer.append(addingCapacity: room) { span in
        unsafe span.withUnsafeMutableBufferPointer { target, count in
          got = unsafe Glibc.read(file, target.baseAddress, target.count)
          count = max(0, got)
        }
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Spool.failure("cannot be read") }
      byteCount += got
      if byteCount > limit {
        let excess = byteCount - limit
        buffer.removeLast(min(excess, buffer.count))
        byteCount = limit
        return false
      }
      if got == 0 { return true }
      try flushIfLong()
    }
  }

  /// Ends the collection.
  package consuming func finish() throws(Failure) -> Content {
    guard descriptor >= 0 else { return .bytes(buffer) }
    try flush()
    do {
      return .file(try MappedFile(descriptor: descriptor, limit: .max, keepsDescriptor: true))
    } catch {
      throw Failure(reason: "the temporary file cannot be mapped")
    }
  }

  /// Ends the collection with a file, however few bytes there are.
  package consuming func finishAsFile() throws(Failure) -> MappedFile {
    try flush()
    do {
      return try MappedFile(descriptor: descriptor, limit: .max, keepsDescriptor: true)
    } catch {
      throw Failure(reason: "the temporary file cannot be mapped")
    }
  }

  private mutating func flushIfLong() throws(Failure) {
    guard buffer.count >= heldByteCount else { return }
    if !Spool.staysInMemory.load(ordering: .relaxed) { try flush() }
  }

  /// Moves the bytes in memory to the file.
  private mutating func flush() throws(Failure) {
    if descriptor < 0 { descriptor = try Spool.open() }
    var written = 0
    while written < buffer.count {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Spool.failure("the temporary file cannot be written") }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// A new unlinked file in `TMPDIR` or `/tmp`.
  private static func open() throws(Failure) -> CInt {
    let directory = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    // O_TMPFILE never has a name; file systems that lack it get a name for one instant.
    let hidden = unsafe Glibc.open(directory, O_RDWR | O_CLOEXEC | 0o20_200_000, 0o600)
    if hidden >= 0 { return hidden }
    var template = Array("\(directory)/vigie-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let name = buffer.baseAddress else { return CInt(-1) }
      let descriptor = unsafe mkstemp(name)
      if descriptor >= 0 {
        unsafe unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
      return descriptor
    }
    guard descriptor >= 0 else { throw failure("no temporary file can be made") }
    return descriptor
  }

  private static func failure(_ what: String) -> Failure {
    Failure(reason: "\(what): \(unsafe String(cString: strerror(errno)).lowercased())")
  }
}
