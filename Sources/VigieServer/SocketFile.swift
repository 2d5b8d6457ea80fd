import Glibc

/// The file of a Unix socket.
package enum SocketFile {
  /// Has files made from now on be this user's alone, so that a socket is never open to others before it gets its mode.
  package static func hide() { umask(0o077) }

  /// Whether somebody answers at a path: what a process left that was killed does not, and may be replaced.
  package static func isAnswered(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let count = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, count) == 0
      }
    }
  }

  /// Sets who may connect.
  static func allow(_ mode: UInt32, _ path: String) { _ = unsafe chmod(path, mode) }
}
