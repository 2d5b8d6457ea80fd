import Glibc

extension Spool {
  /// Copies a regular file, so that nobody who writes to it disturbs its readers.
  ///
  /// A mapped file that somebody cuts short ends the process (SIGBUS); a copy does not.
  ///
  /// - Parameters:
  ///   - path: The file; links are followed.
  ///   - limit: The greatest number of bytes to copy.
  /// - Returns: The bytes, and whether they are all of the file.
  /// - Throws: ``MappedFile/Failure`` where it is missing, no regular file or cannot be copied.
  package static func copy(
    of path: String,
    limit: Int
  ) throws(MappedFile.Failure) -> (content: Content, isWhole: Bool) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(MappedFile.reason())
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(MappedFile.reason()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    var spool = Spool()
    do {
      let isWhole = try spool.append(contentsOf: descriptor, limit: limit)
      return (try spool.finish(), isWhole)
    } catch {
      throw .unreadable(error.reason)
    }
  }
}
