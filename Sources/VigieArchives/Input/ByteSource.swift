import Glibc
import VigieCore

/// Why bytes stop before their end.
struct SourceFault: Error, Equatable {
  var reason: GapReason
  /// In words, without names.
  var detail: String
}

/// A stream of bytes: a file or the member of a ZIP.
protocol ByteSource: AnyObject {
  /// Appends up to `count` bytes.
  ///
  /// - Returns: How many were appended; 0 at the end.
  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int
}

/// An open file, closed with its last user.
final class OpenFile {
  private let descriptor: CInt
  /// Bytes, when it was opened.
  let byteCount: Int

  /// Opens a regular file; links are followed only where the caller says so.
  convenience init?(path: String, followsLinks: Bool) {
    self.init(bytes: Array(path.utf8), followsLinks: followsLinks)
  }

  /// The same of a path that may be no UTF-8.
  init?(bytes path: [UInt8], followsLinks: Bool) {
    let link = followsLinks ? 0 : O_NOFOLLOW
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | link
    descriptor = unsafe path.withPath { unsafe open($0, flags) }
    var status = stat()
    guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
    byteCount = Int(status.st_size)
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// The same open file once more, for who already holds it; `nil` where the system has no room.
  init?(duplicating other: CInt, byteCount: Int) {
    descriptor = fcntl(other, F_DUPFD_CLOEXEC, 0)
    self.byteCount = byteCount
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The path by which this process can open the file once more, also where it has no name.
  var systemPath: String { "/proc/self/fd/\(descriptor)" }

  /// Appends up to `count` bytes from an offset; `nil` where the system cannot read them.
  func read(at offset: Int, _ count: Int, into bytes: inout [UInt8]) -> Int? {
    var got = 0
    bytes.append(addingCapacity: count) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, filled in
        let room = min(count, buffer.count)
        repeat {
          got = unsafe pread(descriptor, buffer.baseAddress, room, offset)
        } while got < 0 && errno == EINTR
        filled = max(0, got)
      }
    }
    return got < 0 ? nil : got
  }
}

/// The bytes of a plain file, or of a part of one.
final class FileSource: ByteSource {
  private let file: OpenFile
  private var rest: Range<Int>

  /// All of a file, or the bytes of a range.
  init(_ file: OpenFile, _ range: Range<Int>? = nil) {
    self.file = file
    // A file may grow while it is read: its end is found, not known.
    rest = range ?? 0..<Int.max
  }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    guard !rest.isEmpty else { return 0 }
    guard let got = file.read(at: rest.lowerBound, min(count, rest.count), into: &bytes) else {
      throw SourceFault(reason: .corrupt, detail: "the system cannot read the file further")
    }
    rest = rest.lowerBound + got..<rest.upperBound
    return got
  }
}
