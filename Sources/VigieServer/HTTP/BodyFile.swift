import Glibc
import VigieHook

/// The body of an upload: in memory while it is small, then in a file that nobody else can see.
final class BodyFile {
  /// Why the bytes cannot be kept.
  struct Failure: Error {
    let reason: String
  }

  /// Up to here a body stays in memory, bytes.
  private static let heldByteCount = 1 << 20

  private var held: [UInt8] = []
  /// The file, where there is one.
  private(set) var file: OpenFile?
  private(set) var byteCount = 0

  /// Keeps more of the body.
  ///
  /// - Throws: ``Failure`` where the disk takes no more.
  func append(_ bytes: some Collection<UInt8>) throws {
    byteCount += bytes.count
    held.append(contentsOf: bytes)
    guard held.count > BodyFile.heldByteCount || file != nil else { return }
    let target = try file ?? BodyFile.unlinked()
    file = target
    try BodyFile.write(held, to: target.descriptor)
    held.removeAll(keepingCapacity: true)
  }

  /// What is inspected; valid as long as ``file`` is.
  var content: Upload.Content {
    guard let file else { return .bytes(held) }
    return .file(path: file.path)
  }

  private static func unlinked() throws -> OpenFile {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    // O_TMPFILE: a file without a name is gone with the process. *Source:* open(2); the macro is not imported.
    let flag: CInt = 0o20_000_000 | O_DIRECTORY
    let file = OpenFile(unsafe open(folder, flag | O_RDWR | O_CLOEXEC, 0o600))
    guard file.descriptor >= 0 else { throw Failure(reason: lastError) }
    return file
  }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) throws {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(reason: lastError) }
      written += count
    }
  }

  private static var lastError: String { unsafe String(cString: strerror(errno)).lowercased() }
}
