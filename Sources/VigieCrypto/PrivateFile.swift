import Glibc

/// Why a file could not be trusted, read or written.
public struct FileFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path as it was given.
  public var path: String
  /// What is wrong, one sentence without a full stop.
  public var reason: String
  /// What the operator can do about it.
  public var mend: String

  /// A value from its parts.
  public init(path: String, reason: String, mend: String) {
    self.path = path
    self.reason = reason
    self.mend = mend
  }

  /// One line: path, reason and mend.
  public var description: String { "\(path): \(reason); \(mend)" }
}

/// Who may have written a file that is read.
package enum FileTrust: Sendable {
  /// Any regular file, links followed: the operator named it.
  case named
  /// A regular file of this user that no group and no other user can read or write.
  case secret
}

/// An open directory of this user that nobody else can write to.
package struct PrivateDirectory: ~Copyable {
  fileprivate let descriptor: CInt

  /// Opens a directory, making it (mode 0700) and its parent where they are missing.
  ///
  /// Returns `nil` where it is a link, belongs to another user or others can write to it.
  package init?(path: String) {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      unsafe mkdir(String(path[..<slash]), 0o700)
    }
    unsafe mkdir(path, 0o700)
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
      status.st_mode & 0o022 == 0
    else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Reads a private file of the directory.
  ///
  /// - Parameters:
  ///   - name: The name in the directory.
  ///   - limit: The greatest length, bytes, that is read; a longer file is refused.
  /// - Returns: Its bytes, or `nil` where it is missing, too long or not private.
  package func read(_ name: String, limit: Int) -> [UInt8]? {
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard untrusted(file, .secret) == nil else { return nil }
    return contents(of: file, limit: limit)
  }

  /// Replaces a file of the directory (mode 0600) at once: readers see the old or the new bytes.
  ///
  /// - Returns: Whether the file was written.
  @discardableResult
  package func replace(_ name: String, with bytes: [UInt8]) -> Bool {
    let temporary = ".\(name).\(getpid()).\(UInt64.random(in: .min ... .max)).tmp"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe openat(descriptor, temporary, flags, 0o600)
    guard file >= 0 else { return false }
    let isWritten = fchmod(file, 0o600) == 0 && write(bytes, to: file)
    close(file)
    if isWritten, unsafe renameat(descriptor, temporary, descriptor, name) == 0 { return true }
    unsafe unlinkat(descriptor, temporary, 0)
    return false
  }
}

/// Whether an open file is a regular one: no folder, pipe, socket or device.
///
/// For modules that may not name `stat` themselves: beside NIO the compiler takes it for a part of NIO's.
package func isRegularFile(_ descriptor: CInt) -> Bool {
  var status = stat()
  return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// Which file a name leads to, and its mode.
///
/// For modules that may not name `stat` themselves, see ``isRegularFile(_:)``.
package struct FileStatus: Sendable {
  /// One file under any of its names.
  package struct Identity: Equatable, Sendable {
    private let device: dev_t
    private let inode: ino_t

    fileprivate init(_ status: stat) {
      device = status.st_dev
      inode = status.st_ino
    }
  }

  package let identity: Identity
  package let isSocket: Bool
  /// The bits of the mode that say who may do what.
  package let permissions: UInt32

  /// What lies under a name, be it a link; `nil` where nothing does or nobody may look.
  package init?(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What an open file is, whatever name it has by now; `nil` where it is not open.
  package init?(descriptor: CInt) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = Identity(status)
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
    permissions = status.st_mode & 0o7777
  }
}

/// Reads a whole file.
///
/// - Parameters:
///   - path: The file.
///   - trust: Who may have written it.
///   - limit: The greatest length, bytes, that is read; a longer file is refused.
/// - Returns: Its bytes.
/// - Throws: ``FileFailure`` where it is missing, no regular file, too long or not trusted.
package func readFile(
  _ path: String,
  trust: FileTrust = .named,
  limit: Int = 1 << 26
) throws(FileFailure) -> [UInt8] {
  let link = trust == .secret ? O_NOFOLLOW : 0
  let file = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | link)
  guard file >= 0 else {
    let reason = unsafe String(cString: strerror(errno)).lowercased()
    throw FileFailure(
      path: path,
      reason: "cannot be opened: \(reason)",
      mend: "check the path and who may read it"
    )
  }
  defer { close(file) }
  if let (reason, mend) = untrusted(file, trust) {
    throw FileFailure(path: path, reason: reason, mend: mend)
  }
  guard let bytes = contents(of: file, limit: limit) else {
    throw FileFailure(
      path: path,
      reason: "cannot be read, or is longer than \(limit) bytes",
      mend: "check the file"
    )
  }
  return bytes
}

/// Writes a new file of mode 0600; refuses to replace one.
package func createSecretFile(_ path: String, _ bytes: [UInt8]) throws(FileFailure) {
  let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard file >= 0 else {
    let reason = unsafe String(cString: strerror(errno)).lowercased()
    throw FileFailure(
      path: path,
      reason: "cannot be created: \(reason)",
      mend: "check that the directory exists and that no such file does"
    )
  }
  defer { close(file) }
  guard fchmod(file, 0o600) == 0, write(bytes, to: file), fsync(file) == 0 else {
    unsafe unlink(path)
    throw FileFailure(path: path, reason: "cannot be written", mend: "check the space left")
  }
}

/// Why an open file does not deserve the trust, with the mend, or `nil` where it does.
private func untrusted(_ file: CInt, _ trust: FileTrust) -> (reason: String, mend: String)? {
  var status = stat()
  guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    return ("is not a regular file", "name a regular file")
  }
  guard trust == .secret else { return nil }
  guard status.st_uid == geteuid() else {
    return ("belongs to another user", "make it belong to the user who runs Vigie (chown)")
  }
  guard status.st_mode & 0o077 == 0 else {
    let mode = String(status.st_mode & 0o777, radix: 8)
    return ("can be read or written by others (mode 0\(mode))", "set its mode to 0600 (chmod 600)")
  }
  return nil
}

/// All bytes of an open file, or `nil` where it is longer than the limit or cannot be read.
private func contents(of file: CInt, limit: Int) -> [UInt8]? {
  var status = stat()
  guard unsafe fstat(file, &status) == 0, status.st_size <= limit else { return nil }
  var bytes: [UInt8] = []
  // One byte more than the size: a file that grew meanwhile is seen, the usual one ends at once.
  var room = Int(status.st_size) + 1
  while true {
    let start = bytes.count
    var failed = false
    bytes.append(addingCapacity: room) { span in
      failed = unsafe !span.withUnsafeMutableBufferPointer { buffer, count in
        let got = unsafe Glibc.read(file, buffer.baseAddress, buffer.count)
        count = max(0, got)
        return got >= 0
      }
    }
    if failed || bytes.count > limit { return nil }
    if bytes.count == start { return bytes }
    room = 4096
  }
}

/// Whether all bytes were written to an open file.
private func write(_ bytes: [UInt8], to file: CInt) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written)
    }
    guard count > 0 else { return false }
    written += count
  }
  return true
}

/// The names in a directory in byte order, or `nil` where it cannot be read.
package func directoryNames(_ directory: String) -> [String]? {
  guard let stream = unsafe opendir(directory) else { return nil }
  defer { unsafe closedir(stream) }
  var names: [String] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
        unsafe String(cString: $0)
      }
    }
    names.append(name)
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Files with one secret word.
package enum SecretFile {
  /// The most bytes of such a file.
  private static let maxByteCount = 4096

  /// The text of a file without the blanks around it.
  ///
  /// - Throws: ``FileFailure`` where it is missing, is a link, belongs to another user or can be read or
  ///   written by others (mode 0600 is right).
  package static func text(_ path: String) throws(FileFailure) -> String {
    let bytes = try readFile(path, trust: .secret, limit: maxByteCount)
    let words = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
    guard words.count == 1 else {
      throw FileFailure(
        path: path,
        reason: "does not hold one word",
        mend: "make one with: openssl rand -hex 32"
      )
    }
    return String(words[0])
  }
}
