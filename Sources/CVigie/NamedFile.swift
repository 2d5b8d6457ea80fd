import Glibc

/// A file as the caller names it: bytes, which the kernel does not ask to be UTF-8.
@safe final class NamedFile {
  /// A path that opens it.
  let path: String
  /// The last part of the name, for rules about names; U+FFFD where it is not UTF-8.
  let name: String
  /// What the path goes through, or -1.
  private let descriptor: CInt

  /// A file from its path.
  init(_ given: UnsafePointer<CChar>) {
    let shown = unsafe String(decoding: Handin.bytes(given), as: UTF8.self)
    name = shown.split(separator: "/").last.map(String.init) ?? shown
    if let valid = unsafe String(validatingCString: given) {
      path = valid
      descriptor = -1
      return
    }
    // A Swift string cannot name it, the descriptor's entry can. O_PATH opens nothing but the name:
    // *Source:* open(2).
    descriptor = unsafe open(given, O_CLOEXEC | 0o10_000_000)
    path = descriptor >= 0 ? "/proc/self/fd/\(descriptor)" : shown
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
