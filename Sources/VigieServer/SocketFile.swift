import Glibc
import VigieCrypto

/// The file of a Unix socket, under two names.
///
/// The socket is bound under a name of its own beside the path, and the path is a hard link to it. Where somebody
/// takes the path away, a link puts the same socket there again: with its owner and its mode, its connections and
/// those that wait, and without a second listener. It also leaves the path to us: NIO removes whatever lies under
/// the name it bound, be it the socket of another.
package struct SocketFile: Sendable {
  /// Why a socket cannot be had under its path.
  package struct Failure: Error, Equatable {
    /// One sentence without a full stop.
    package let reason: String
    /// What the operator can do about it.
    package let mend: String
  }

  /// What lies under a name.
  enum Occupant: Equatable {
    case ours, nobody, another
  }

  /// The most bytes of a path: the name beside it has one more.
  ///
  /// *Source:* unix(7): `sun_path` has 108 bytes with the NUL.
  package static let maxPathByteCount = 106

  /// Where clients connect.
  package let path: String
  /// The name beside it.
  package let spare: String

  /// The names of a socket, or `nil` where a path is too long or its last step is no name.
  package init?(_ path: String) {
    let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let name = path[start...]
    guard path.utf8.count <= SocketFile.maxPathByteCount, !path.utf8.contains(0),
      !["", ".", ".."].contains(name)
    else { return nil }
    self.path = path
    spare = path[..<start] + "." + name
  }

  // MARK: - Before it is bound

  /// Has files made from now on be this user's alone, so that a socket is never open to others before it gets its mode.
  package static func hide() { umask(0o077) }

  /// Whether somebody answers: what a process left that was killed does not, and may be replaced.
  package var isAnswered: Bool { SocketFile.isAnswered(path) || SocketFile.isAnswered(spare) }

  private static func isAnswered(_ path: String) -> Bool {
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

  /// That another process has the path.
  package var isTakenFailure: Failure {
    Failure(reason: "another process answers at \(path)", mend: "stop it, or name another path")
  }

  // MARK: - Once it is bound

  /// Gives the socket its mode, and then its path, in the place of one that nobody answers.
  ///
  /// - Parameter mode: Who may connect.
  /// - Returns: Which file it is.
  /// - Throws: ``Failure`` where the path cannot be had.
  func publish(mode: UInt32) throws(Failure) -> FileStatus.Identity {
    guard unsafe chmod(spare, mode) == 0, let identity = FileStatus(spare)?.identity else {
      throw SocketFile.failure("the mode of the socket cannot be set")
    }
    // A socket that was there before the rules were read may have come back to life since.
    guard !SocketFile.isAnswered(path) else { throw isTakenFailure }
    if let old = FileStatus(path) {
      guard old.isSocket else {
        throw Failure(
          reason: "the path of the socket is a file that is no socket",
          mend: "name another path, or take that file away"
        )
      }
      guard unsafe unlink(path) == 0 else {
        throw SocketFile.failure("the socket of a server that was killed cannot be removed")
      }
    }
    try restore()
    return identity
  }

  /// What lies under the path.
  func occupant(_ identity: FileStatus.Identity) -> Occupant {
    SocketFile.occupant(of: path, identity)
  }

  /// Puts the socket under its path again, where nothing lies.
  ///
  /// - Throws: ``Failure`` where it cannot be had there.
  func restore() throws(Failure) {
    guard unsafe link(spare, path) == 0 else {
      throw SocketFile.failure("the socket cannot be put at \(path)")
    }
  }

  /// Makes the name beside the path again where somebody took that away; the path alone serves clients as well.
  func keepSpare(_ identity: FileStatus.Identity) {
    if SocketFile.occupant(of: spare, identity) == .nobody { _ = unsafe link(path, spare) }
  }

  /// Takes the path away, where it is still ours.
  func withdraw(_ identity: FileStatus.Identity) {
    if occupant(identity) == .ours { _ = unsafe unlink(path) }
  }

  private static func occupant(of name: String, _ identity: FileStatus.Identity) -> Occupant {
    guard let status = FileStatus(name) else { return .nobody }
    return status.identity == identity ? .ours : .another
  }

  private static func failure(_ words: String) -> Failure {
    let code = errno
    let reason = unsafe String(cString: strerror(code)).lowercased()
    let mend =
      switch code {
      case ENOENT, ENOTDIR:
        "see whether the folder of the socket is there, and start the server again"
      case EACCES, EROFS: "choose a folder for the socket that this user may write to"
      case EEXIST: "take away what lies there"
      default: "choose a folder on a file system that has hard links, such as /run"
      }
    return Failure(reason: "\(words): \(reason)", mend: mend)
  }
}
