import Glibc

/// Buffered writing to a file or a standard stream; a failure is kept until it is asked for.
package final class Output {
  /// Why a report could not be written.
  package struct Failure: Error, Sendable, Equatable {
    /// The path as it was given, or the name of the stream.
    package let name: String
    /// The reason in words.
    package let reason: String
  }

  private let name: String
  /// Where files that go with this one may lie: the directory of the file, or that of temporary files.
  let directory: String
  private let descriptor: CInt
  private let isOwned: Bool
  private var buffer: [UInt8] = []
  /// The first failure, after which nothing is written.
  package private(set) var failure: Failure?

  /// Writes to an open stream, such as standard output.
  package init(descriptor: CInt, name: String) {
    self.descriptor = descriptor
    self.name = name
    directory = Output.temporaryDirectory
    isOwned = false
  }

  /// Writes to a file, replacing what it held; a new file is readable by its owner alone.
  package init(path: String) throws(Failure) {
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(name: path, reason: Output.reason()) }
    name = path
    // A report may go to a pipe or a device, beside which nothing can lie.
    var status = stat()
    let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    directory = isFile ? folder ?? "." : Output.temporaryDirectory
    isOwned = true
  }

  deinit { if isOwned { close(descriptor) } }

  /// Standard output.
  package static func standard() -> Output { Output(descriptor: 1, name: "standard output") }

  /// Writes text as UTF-8.
  package func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { flush() }
  }

  /// Writes bytes.
  package func write(_ bytes: [UInt8]) {
    guard bytes.count < 1 << 16 else {
      // Many bytes are not copied first.
      flush()
      return put(bytes)
    }
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { flush() }
  }

  /// Writes out what is buffered.
  package func flush() {
    put(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count, failure == nil {
      let count = unsafe bytes.withUnsafeBytes { all in
        unsafe Glibc.write(descriptor, all.baseAddress?.advanced(by: written), all.count - written)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        fail()
        break
      }
      written += count
    }
  }

  /// Writes out what is buffered, or says why it could not be.
  package func finish() throws(Failure) {
    flush()
    if let failure { throw failure }
  }

  /// Keeps the reason of the system why something that belongs to this output cannot be done.
  func fail() { if failure == nil { failure = Failure(name: name, reason: Output.reason()) } }

  /// Where files without a name may lie.
  static var temporaryDirectory: String { Terminal.environment("TMPDIR") ?? "/tmp" }

  private static func reason() -> String { unsafe String(cString: strerror(errno)).lowercased() }
}
