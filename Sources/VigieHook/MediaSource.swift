import Glibc
import VigieCore
import VigieCrypto

/// The bytes of an upload, known by their digest.
struct MediaSource {
  /// What a file looked like; two differ where it was written between them.
  private struct Stamp: Equatable {
    let device: UInt64
    let file: UInt64
    let byteCount: Int
    /// Seconds and nanoseconds.
    let changed: [Int]

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      file = UInt64(status.st_ino)
      byteCount = Int(status.st_size)
      changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
  }

  /// The SHA-256 of the bytes, 64 hex digits.
  let digest: String
  /// How many bytes they are.
  let byteCount: Int
  private let path: String?
  private let stamp: Stamp?

  /// Reads the bytes once, in pieces; `nil` where they cannot be read to their end.
  init?(_ content: Upload.Content) {
    switch content {
    case .bytes(let bytes):
      digest = Digest.sha256(bytes)
      byteCount = bytes.count
      path = nil
      stamp = nil
    case .file(let path):
      let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let digest = Digest.sha256(descriptor: descriptor)
      else { return nil }
      self.digest = digest
      byteCount = Int(status.st_size)
      self.path = path
      stamp = Stamp(status)
    }
  }

  /// Whether the path still leads to the bytes that the digest is of.
  var isUnchanged: Bool {
    guard let path, let stamp else { return true }
    var status = stat()
    return unsafe stat(path, &status) == 0 && Stamp(status) == stamp
  }
}

extension Upload.Content {
  /// The same as the content of an attachment.
  var attachment: Attachment.Content {
    switch self {
    case .file(let path): .file(path: path)
    case .bytes(let bytes): .bytes(bytes)
    }
  }
}
