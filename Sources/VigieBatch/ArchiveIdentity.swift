import Glibc
import VigieCrypto

/// What tells the bytes of an archive from others without reading them.
package struct ArchiveIdentity: Sendable, Equatable {
  /// How deep folders are looked at, as readers of archives do.
  static let maxDepth = 32

  /// A digest, 64 hex digits, of the sizes and times of change of all files, with their names in a folder.
  package let digest: String
  /// The latest time of change, milliseconds since 1970.
  package let modified: Int

  /// The identity of a file or folder, or `nil` where it cannot be looked at.
  package init?(path: String) {
    var digest = DigestBuilder()
    var modified = 0
    guard ArchiveIdentity.add(path, name: "", depth: 0, to: &digest, &modified) else { return nil }
    self.digest = Digest.hex(digest.finalize())
    self.modified = modified
  }

  private static func add(
    _ path: String,
    name: String,
    depth: Int,
    to digest: inout DigestBuilder,
    _ modified: inout Int
  ) -> Bool {
    var status = stat()
    // The archive itself may be a link; links in a folder are not followed when it is read.
    let isRead = unsafe depth == 0 ? stat(path, &status) == 0 : lstat(path, &status) == 0
    guard isRead else { return false }
    digest.add(name)
    let time = status.st_mtim
    if status.st_mode & S_IFMT == S_IFREG {
      digest.add("\(status.st_size) \(time.tv_sec) \(time.tv_nsec)")
      modified = max(modified, Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000)
      return true
    }
    guard status.st_mode & S_IFMT == S_IFDIR, depth < maxDepth else { return true }
    guard let names = directoryNames(path) else { return false }
    return names.allSatisfy { entry in
      entry == "." || entry == ".."
        || add(
          "\(path)/\(entry)",
          name: "\(name)/\(entry)",
          depth: depth + 1,
          to: &digest,
          &modified
        )
    }
  }
}
