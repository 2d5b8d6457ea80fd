import Glibc
import Synchronization
import VigieCrypto
package import VigieReports
import VigieThreads

/// Takes the digest of an archive on a thread of its own while it is scanned.
///
/// What is read of an archive is read in the order in which formats need it, and in parts that are packed; the digest
/// needs every byte in its order. The system has them in memory still, so that the disk is read once.
package final class ArchiveSealing {
  /// What the thread leaves.
  private final class Result: Sendable {
    let seal = Mutex<ArchiveSeal?>(nil)
  }

  private let result = Result()
  private let thread: Thread?

  /// Begins with a file or folder.
  package init(path: String) {
    let result = result
    thread = Thread(stackByteCount: 1 << 20) {
      let seal = ArchiveSealing.seal(of: path)
      result.seal.withLock { $0 = seal }
    }
  }

  /// Waits for the digest.
  ///
  /// - Returns: It, or `nil` where it is no file or folder, where one of its files cannot be read to its end, or where
  ///   the system has no room for a thread.
  package func finish() -> ArchiveSeal? {
    thread?.join()
    return result.seal.withLock(\.self)
  }

  private static func seal(of path: String) -> ArchiveSeal? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    if status.st_mode & S_IFMT == S_IFDIR { return folderSeal(of: path) }
    // A pipe can be read once.
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    return digest(of: Array(path.utf8)).map {
      ArchiveSeal(sha256: $0, byteCount: Int(status.st_size))
    }
  }

  private static func folderSeal(of path: String) -> ArchiveSeal? {
    var files: [(path: [UInt8], byteCount: Int)] = []
    guard list(Array(path.utf8), below: [], depth: 0, into: &files) else { return nil }
    files.sort { $0.path.lexicographicallyPrecedes($1.path) }
    var lines: [UInt8] = []
    for file in files {
      guard let digest = digest(of: Array("\(path)/".utf8) + file.path) else { return nil }
      lines += line(digest, file.path)
    }
    return ArchiveSeal(
      sha256: Digest.sha256(lines),
      byteCount: files.reduce(0) { $0 + $1.byteCount },
      fileCount: files.count
    )
  }

  /// A line as `sha256sum` writes it.
  ///
  /// *Source:* GNU coreutils 9, "md5sum invocation": a name with `\`, a line feed or a return stands with these escaped,
  /// behind a `\`.
  private static func line(_ digest: String, _ path: [UInt8]) -> [UInt8] {
    let escapes: [UInt8: String] = [0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r"]
    let name = path.flatMap { byte in escapes[byte].map { Array($0.utf8) } ?? [byte] }
    return (name.count > path.count ? [0x5C] : []) + Array("\(digest)  ".utf8) + name + [0x0A]
  }

  /// Lists the regular files below a folder; links are not followed, as when the archive is read.
  private static func list(
    _ folder: [UInt8],
    below prefix: [UInt8],
    depth: Int,
    into files: inout [(path: [UInt8], byteCount: Int)]
  ) -> Bool {
    guard depth <= ArchiveIdentity.maxDepth,
      let directory = unsafe withPath(folder, { unsafe opendir($0) })
    else { return false }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let base = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if base == Array(".".utf8) || base == Array("..".utf8) { continue }
      let path = folder + [UInt8(ascii: "/")] + base
      var status = stat()
      guard unsafe withPath(path, { unsafe lstat($0, &status) }) == 0 else { return false }
      switch status.st_mode & S_IFMT {
      case S_IFREG: files.append((prefix + base, Int(status.st_size)))
      case S_IFDIR:
        let below = prefix + base + [UInt8(ascii: "/")]
        guard list(path, below: below, depth: depth + 1, into: &files) else { return false }
      default: break
      }
    }
    return true
  }

  private static func digest(of path: [UInt8]) -> String? {
    let descriptor = unsafe withPath(path) { unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return Digest.sha256(descriptor: descriptor)
  }

  /// Gives bytes as the system takes a path.
  private static func withPath<Value>(
    _ path: [UInt8],
    _ body: (UnsafePointer<CChar>) -> Value
  ) -> Value {
    let path = path.map { CChar(bitPattern: $0) } + [0]
    return unsafe path.withUnsafeBufferPointer { buffer in
      // An array with an element has an address.
      guard let start = buffer.baseAddress else { preconditionFailure("a path has its end") }
      return unsafe body(start)
    }
  }
}
