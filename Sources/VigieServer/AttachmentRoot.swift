import Glibc
import VigieCrypto

/// The folder beneath which requests may name files.
///
/// A path is followed step by step from the open folder and no link in it is followed, so that neither a
/// path nor whoever may write beneath the folder can lead out of it.
package final class AttachmentRoot: Sendable {
  /// Why a file cannot be had; it never quotes the path.
  package struct Failure: Error {
    package let reason: String
  }

  private let descriptor: CInt
  /// The folder as it was named and as it is, each with a slash at its end.
  private let prefixes: [String]

  /// Opens the folder.
  ///
  /// - Throws: ``Failure`` where it is none or cannot be opened.
  package init(_ path: String) throws(Failure) {
    guard let resolved = unsafe realpath(path, nil) else {
      throw Failure(reason: "cannot be opened: \(AttachmentRoot.lastError)")
    }
    defer { unsafe free(resolved) }
    let real = unsafe String(cString: resolved)
    prefixes = [path, real].map { $0.hasSuffix("/") ? $0 : $0 + "/" }
    descriptor = unsafe Glibc.open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(reason: "cannot be opened: \(AttachmentRoot.lastError)")
    }
  }

  deinit { close(descriptor) }

  /// Opens a regular file beneath the folder.
  ///
  /// - Parameter path: From the folder on, or whole.
  /// - Returns: The open file.
  /// - Throws: ``Failure`` where it lies elsewhere, is a link, leads over one, or is no regular file.
  package func open(_ path: String) throws(Failure) -> OpenFile {
    var rest = Substring(path)
    if path.hasPrefix("/") {
      guard let prefix = prefixes.first(where: path.hasPrefix) else {
        throw Failure(reason: "does not lie there")
      }
      rest = path.dropFirst(prefix.count)
    }
    let steps = rest.split(separator: "/", omittingEmptySubsequences: false)
    guard !steps.isEmpty, !path.utf8.contains(0),
      steps.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else { throw Failure(reason: "is no plain path") }
    var folder = OpenFile(dup(descriptor))
    for step in steps.dropLast() {
      folder = OpenFile(
        unsafe openat(
          folder.descriptor,
          String(step),
          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        )
      )
      guard folder.descriptor >= 0 else { throw Failure(reason: "does not exist or is a link") }
    }
    // Without O_NONBLOCK a pipe in the place of the file would hold us up.
    let file = OpenFile(
      unsafe openat(
        folder.descriptor,
        String(steps[steps.count - 1]),
        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
      )
    )
    guard file.descriptor >= 0 else { throw Failure(reason: "does not exist or is a link") }
    guard isRegularFile(file.descriptor) else { throw Failure(reason: "is no regular file") }
    return file
  }

  private static var lastError: String { unsafe String(cString: strerror(errno)).lowercased() }
}

/// An open file; closed when nobody holds it any more.
package final class OpenFile: Sendable {
  let descriptor: CInt

  init(_ descriptor: CInt) { self.descriptor = descriptor }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A path that leads to this very file, whatever lies where it was found.
  ///
  /// *Source:* proc(5), `/proc/self/fd`.
  package var path: String { "/proc/self/fd/\(descriptor)" }
}
