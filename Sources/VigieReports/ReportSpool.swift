import Glibc

/// Lines that a report can write only later: held in memory while few, then in a file without a name.
///
/// The file lies in the directory of the report, readable by its owner alone, and is gone with the process
/// whatever happens to it. A failure becomes that of the report.
package final class ReportSpool {
  /// The bytes that are held in memory.
  static let heldByteCount = 1 << 18

  private let output: Output
  private var buffer: [UInt8] = []
  private var descriptor: CInt = -1

  /// An empty spool of a report that is written to an output.
  package init(for output: Output) { self.output = output }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds bytes.
  package func write(_ bytes: [UInt8]) {
    buffer += bytes
    if buffer.count >= ReportSpool.heldByteCount { flush() }
  }

  /// Hands out all that was written in the order in which it was, in pieces.
  package func read(_ body: (ArraySlice<UInt8>) -> Void) {
    if descriptor < 0 { return body(buffer[...]) }
    flush()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var offset = 0
    while output.failure == nil {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress, $0.count, offset)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { output.fail() }
      if count <= 0 { return }
      body(piece[..<count])
      offset += count
    }
  }

  /// Hands out the lines, each without its line feed; all bytes before the last line feed are lines.
  package func readLines(_ body: (ArraySlice<UInt8>) -> Void) {
    var rest: [UInt8] = []
    read { piece in
      var start = piece.startIndex
      while let end = piece[start...].firstIndex(of: 0x0A) {
        if rest.isEmpty {
          body(piece[start..<end])
        } else {
          rest += piece[start..<end]
          body(rest[...])
          rest.removeAll(keepingCapacity: true)
        }
        start = end + 1
      }
      rest += piece[start...]
    }
  }

  private func flush() {
    if descriptor < 0 { descriptor = ReportSpool.open(in: output.directory) }
    // A report may replace a file in a directory to which nothing can be added.
    if descriptor < 0 { descriptor = ReportSpool.open(in: Output.temporaryDirectory) }
    if descriptor < 0 { output.fail() }
    var written = 0
    while written < buffer.count, output.failure == nil {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe Glibc.write(
          descriptor,
          bytes.baseAddress?.advanced(by: written),
          bytes.count - written
        )
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { output.fail() } else { written += count }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// An open file without a name, or -1 with the reason in `errno`.
  private static func open(in directory: String) -> CInt {
    // *Source:* open(2): O_TMPFILE makes a file without a name; not every file system has it.
    let file = unsafe Glibc.open(directory, O_RDWR | O_CLOEXEC | __O_TMPFILE | O_DIRECTORY, 0o600)
    if file >= 0 { return file }
    var template = Array("\(directory)/.vigie-XXXXXX".utf8CString)
    return unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let name = buffer.baseAddress else { return -1 }
      let file = unsafe mkstemp(name)
      guard file >= 0 else { return -1 }
      unsafe unlink(name)
      _ = fcntl(file, F_SETFD, FD_CLOEXEC)
      return file
    }
  }
}
