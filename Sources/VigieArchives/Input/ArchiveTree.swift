import Glibc
import VigieContainers
import VigieCore

/// An archive as a list of members that can be opened in any order: a file, a folder or a ZIP.
package struct ArchiveTree {
  /// One file of the archive.
  package struct Member: Sendable {
    /// The path within the archive, with `/` between its parts.
    package var name: String
    /// Bytes, unpacked, as the archive claims.
    package var byteCount: Int
    /// The entry of a ZIP.
    var entry: ZipEntry?

    /// The last part of the name.
    package var baseName: Substring {
      name[(name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]
    }
  }

  /// The file that the archive is, for formats of a single file.
  ///
  /// - Throws: ``ArchiveError`` where it is a folder or a ZIP.
  func onlyFile(mend: String) throws(ArchiveError) -> Member {
    guard isFile, let file = members.first else {
      throw ArchiveError(.notAnArchive, path: path, reason: "is no single file", mend: mend)
    }
    return file
  }

  private enum Storage {
    case file
    case folder
    case zip(ZipDirectory)
  }

  /// The path as it was given.
  package let path: String
  /// The files, sorted by name, without those that systems add of their own.
  package let members: [Member]
  private let storage: Storage

  init(path: String, zipLimits: ZipLimits) throws(ArchiveError) {
    self.path = path
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      throw ArchiveError(
        .unreadable,
        path: path,
        reason: "cannot be opened: \(reason)",
        mend: "check the path and who may read it"
      )
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      storage = .folder
      var found: [Member] = []
      try ArchiveTree.list(path, "", depth: 0, &found)
      members = ArchiveTree.sorted(found)
      return
    }
    guard let file = OpenFile(path: path, followsLinks: true) else {
      throw ArchiveError(
        .unreadable,
        path: path,
        reason: "is no regular file that can be read",
        mend: "name a file, a folder or a ZIP"
      )
    }
    var magic: [UInt8] = []
    _ = file.read(at: 0, 4, into: &magic)
    if magic.starts(with: [0x50, 0x4B, 3, 4]) || magic.starts(with: [0x50, 0x4B, 5, 6]) {
      let directory = try ZipDirectory(file, path: path, limits: zipLimits)
      storage = .zip(directory)
      members = ArchiveTree.sorted(
        directory.entries.map { Member(name: $0.name, byteCount: $0.byteCount, entry: $0) }
      )
      return
    }
    if magic.starts(with: [0xFF, 0xFE]) || magic.starts(with: [0xFE, 0xFF]) {
      throw ArchiveError(
        .unsupported,
        path: path,
        reason: "is text in UTF-16",
        mend: "convert it with iconv -f UTF-16 -t UTF-8"
      )
    }
    if magic.starts(with: [0x1F, 0x8B]) {
      throw ArchiveError(
        .unsupported,
        path: path,
        reason: "is compressed with gzip",
        mend: "unpack it with gunzip or tar -xzf and name the result"
      )
    }
    storage = .file
    let name = String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    members = [Member(name: name, byteCount: file.byteCount)]
  }

  /// Whether the archive is one plain file.
  package var isFile: Bool { if case .file = storage { true } else { false } }

  /// The name to report of a member: `nil` where the archive is that one file.
  func reportedName(_ member: Member) -> String? { isFile ? nil : member.name }

  /// The path on this machine of a member that is a file there.
  func filePath(_ member: Member) -> String? {
    if case .folder = storage { "\(path)/\(member.name)" } else { nil }
  }

  /// Opens a member.
  func open(_ member: Member) throws(SourceFault) -> any ByteSource {
    switch storage {
    case .zip(let directory):
      guard let entry = member.entry else { break }
      return try directory.open(entry)
    case .file, .folder:
      let path = isFile ? path : "\(path)/\(member.name)"
      guard let file = OpenFile(path: path, followsLinks: isFile) else { break }
      return FileSource(file)
    }
    throw SourceFault(reason: .missing, detail: "a file of the export cannot be opened")
  }

  private static func sorted(_ members: [Member]) -> [Member] {
    members.filter { member in
      let base = member.baseName
      return !member.name.hasPrefix("__MACOSX/") && !base.hasPrefix("._")
        && base != ".DS_Store" && base != "Thumbs.db" && !base.isEmpty
    }
    .sorted { $0.name < $1.name }
  }

  /// Lists the regular files below a folder; links are not followed.
  private static func list(
    _ root: String,
    _ prefix: String,
    depth: Int,
    _ found: inout [Member]
  ) throws(ArchiveError) {
    let folder = prefix.isEmpty ? root : "\(root)/\(prefix)"
    guard depth < 32, let directory = unsafe opendir(folder) else {
      throw ArchiveError(
        .unreadable,
        path: root,
        reason: "holds a folder that cannot be read",
        mend: "check who may read it"
      )
    }
    defer { unsafe closedir(directory) }
    var folders: [String] = []
    while let entry = unsafe readdir(directory) {
      let base = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if base == "." || base == ".." { continue }
      let name = prefix.isEmpty ? base : "\(prefix)/\(base)"
      var status = stat()
      guard unsafe lstat("\(root)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: found.append(Member(name: name, byteCount: Int(status.st_size)))
      case S_IFDIR: folders.append(name)
      default: break
      }
    }
    for name in folders { try list(root, name, depth: depth + 1, &found) }
  }
}
