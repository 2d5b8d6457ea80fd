import Glibc

/// The file of a Unix socket.
package enum SocketFile {
  /// Has files made from now on be this user's alone, so that a socket is never open to others before it gets its mode.
  package static func hide() { umask(0o077) }

  /// Sets who may connect.
  static func allow(_ mode: UInt32, _ path: String) { _ = unsafe chmod(path, mode) }
}
