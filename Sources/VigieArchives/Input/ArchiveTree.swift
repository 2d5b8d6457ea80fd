import Glibc
import VigieContainers
import VigieCore

/// An archive as a list of members that can be opened in any order: a file, a folder, a ZIP, or what was
/// spooled of a tar, a packed file or a pipe.
package struct ArchiveTree {
  /// One file of the archive.
  package struct Member: Sendable {
    /// The path within the archive, with `/` between its parts.
    package var name: String
    /// Bytes, unpacked, as the archive claims.
    package var byteCount: Int
    /// The entry of a ZIP.
    var entry: ZipEntry?
    /// Where it lies in a temporary file.
    var range: Range<Int>?
    /// The bytes of its path below a folder where they are no UTF-8: ``name`` is then a reading of them.
    var rawName: [UInt8]?

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

  private indirect enum Storage {
    case file
    case folder
    case zip(ZipDirectory)
    /// Files in a temporary file; whether they are one file that is no tar.
    case spool(OpenFile, isSingle: Bool)
    /// One file of another archive.
    case member(of: ArchiveTree)
  }

  /// The path that stands for standard input.
  package static let standardInput = "-"

  /// The path as it was given.
  package let path: String
  /// The files, sorted by name, without those that systems add of their own.
  package let members: [Member]
  private let storage: Storage
  private let limits: ZipLimits
  /// What could not be read when the archive was opened.
  let faults: [SourceFault]
  /// Whether the archive was copied to a temporary file, so that it is dear to open or cannot be
  /// opened again.
  package let isSpooled: Bool

  private init(
    _ storage: Storage,
    _ members: [Member],
    path: String,
    _ limits: ZipLimits,
    spooled faults: [SourceFault]? = nil,
    listing others: [SourceFault] = []
  ) {
    self.storage = storage
    self.members = members
    self.path = path
    self.limits = limits
    self.faults = (faults ?? []) + others
    isSpooled = faults != nil
  }

  /// What stands for an archive that cannot be opened: a file with nothing in it.
  init(unread path: String) { self.init(.file, [], path: path, ZipLimits()) }

  init(path: String, zipLimits limits: ZipLimits) throws(ArchiveError) {
    if path == ArchiveTree.standardInput {
      try self.init(StreamSource(0), path: path, name: path, limits)
      return
    }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let isMissing = errno == ENOENT || errno == ENOTDIR
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      throw ArchiveError(
        isMissing ? .missing : .unreadable,
        path: path,
        reason: "cannot be opened: \(reason)",
        mend: "check the path and who may read it"
      )
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      let listing = try FolderListing(path)
      let members = ArchiveTree.sorted(listing.members)
      self.init(.folder, members, path: path, limits, listing: listing.faults)
      return
    }
    if status.st_mode & S_IFMT == S_IFIFO, let pipe = StreamSource(path: path) {
      try self.init(pipe, path: path, name: path, limits)
      return
    }
    guard let file = OpenFile(path: path, followsLinks: true) else {
      throw ArchiveError(
        .unreadable,
        path: path,
        reason: "is no regular file that can be read",
        mend: "name a file, a folder or a ZIP, or - for standard input"
      )
    }
    var magic: [UInt8] = []
    _ = file.read(at: 0, Packing.headByteCount, into: &magic)
    let name = String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    switch Packing(magic) {
    case .zip?: try self.init(zip: file, path: path, limits)
    case .file?, .tar?: try self.init(FileSource(file), path: path, name: name, limits)
    case nil:
      try ArchiveTree.refuseUTF16(magic, path)
      self.init(.file, [Member(name: name, byteCount: file.byteCount)], path: path, limits)
    }
  }

  private init(
    zip file: OpenFile,
    path: String,
    _ limits: ZipLimits,
    spooled faults: [SourceFault]? = nil
  ) throws(ArchiveError) {
    let directory = try ZipDirectory(file, path: path, limits: limits)
    let members = directory.entries.map {
      Member(name: $0.name, byteCount: $0.byteCount, entry: $0)
    }
    self.init(
      .zip(directory),
      ArchiveTree.sorted(members),
      path: path,
      limits,
      spooled: faults,
      listing: directory.faults
    )
  }

  /// Spools what can be read only once.
  private init(
    _ source: any ByteSource,
    path: String,
    name: String,
    _ limits: ZipLimits
  ) throws(ArchiveError) {
    let files: SpooledFiles
    do {
      files = try SpooledFiles(source, name: name, limits: limits)
    } catch {
      throw ArchiveError(
        .unreadable,
        path: path,
        reason: "cannot be kept in a temporary file: \(error.reason)",
        mend: "set TMPDIR to a folder with more room, or unpack it and name the folder"
      )
    }
    if files.file.byteCount == 0, let fault = files.faults.first {
      throw ArchiveError(
        .damaged,
        path: path,
        reason: "cannot be unpacked: \(fault.detail)",
        mend: "fetch it again, or unpack what can be and name the folder"
      )
    }
    var head: [UInt8] = []
    if files.isSingle { _ = files.file.read(at: 0, Packing.headByteCount, into: &head) }
    if Packing(head) == .zip {
      try self.init(zip: files.file, path: path, limits, spooled: files.faults)
      return
    }
    try ArchiveTree.refuseUTF16(head, path)
    let storage = Storage.spool(files.file, isSingle: files.isSingle)
    let members = files.isSingle ? files.members : ArchiveTree.sorted(files.members)
    self.init(storage, members, path: path, limits, spooled: files.faults)
  }

  private static func refuseUTF16(_ head: [UInt8], _ path: String) throws(ArchiveError) {
    guard head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) else { return }
    throw ArchiveError(
      .unsupported,
      path: path,
      reason: "is text in UTF-16",
      mend: "convert it with iconv -f UTF-16 -t UTF-8"
    )
  }

  /// Whether the archive is a folder of the file system.
  var isFolder: Bool { if case .folder = storage { true } else { false } }

  /// Whether the archive is one plain file.
  package var isFile: Bool {
    switch storage {
    case .file: true
    case .spool(_, let isSingle): isSingle
    case .member: true
    case .folder, .zip: false
    }
  }

  /// The name to report of a member: `nil` where the archive is that one file.
  func reportedName(_ member: Member) -> String? { isFile ? nil : member.name }

  /// The path on this machine of a member that is a file there; `nil` where no text can say it.
  func filePath(_ member: Member) -> String? {
    switch storage {
    case .file: path
    case .folder: member.rawName == nil ? "\(path)/\(member.name)" : nil
    case .member(let parent): parent.filePath(member)
    case .zip, .spool: nil
    }
  }

  /// The folder in which the archive lies, for files that it names beside itself; empty, so that there
  /// are none, where it came from standard input.
  var folder: String { path == ArchiveTree.standardInput ? "" : path.folder }

  /// One file of the archive as an archive of its own.
  func single(_ member: Member) -> ArchiveTree {
    ArchiveTree(.member(of: self), [member], path: "\(path)/\(member.name)", limits)
  }

  /// What a member packs, where it is named as a ZIP or tar and is one; what cannot be unpacked is `nil`.
  ///
  /// A ZIP or tar within another is unpacked into a temporary file.
  func packed(in member: Member) -> ArchiveTree? {
    guard Packing.namesArchive(member.name), let source = try? open(member) else { return nil }
    if let path = filePath(member) {
      let tree = try? ArchiveTree(path: path, zipLimits: limits)
      return tree.flatMap { $0.isFile ? nil : $0 }
    }
    let path = "\(path)/\(member.name)"
    let tree = try? ArchiveTree(source, path: path, name: member.name, limits)
    return tree.flatMap { $0.isFile ? nil : $0 }
  }

  /// Some files of the archive as an archive of their own.
  func part(_ members: [Member]) -> ArchiveTree {
    ArchiveTree(storage, members, path: path, limits)
  }

  /// Opens a member.
  func open(_ member: Member) throws(SourceFault) -> any ByteSource {
    switch storage {
    case .member(let parent): return try parent.open(member)
    case .zip(let directory):
      guard let entry = member.entry else { break }
      return try directory.open(entry)
    case .file, .folder:
      guard let file = openFile(member) else { break }
      return FileSource(file)
    case .spool(let file, _):
      guard let range = member.range else { break }
      return FileSource(file, range)
    }
    throw SourceFault(reason: .missing, detail: "a file of the export cannot be opened")
  }

  /// Opens a member that is a file on this machine.
  private func openFile(_ member: Member) -> OpenFile? {
    guard let rawName = member.rawName else {
      return OpenFile(path: isFile ? path : "\(path)/\(member.name)", followsLinks: isFile)
    }
    return OpenFile(bytes: Array("\(path)/".utf8) + rawName, followsLinks: false)
  }

  /// Opens a member, unpacked where its name says that it is packed by gzip.
  func openUnpacked(_ member: Member) throws(SourceFault) -> any ByteSource {
    let source = try open(member)
    guard member.name.hasSuffix(".gz") else { return source }
    return try UnpackedSource(source, limits: limits)
  }

  private static func sorted(_ members: [Member]) -> [Member] {
    members.filter { member in
      let base = member.baseName
      return !member.name.hasPrefix("__MACOSX/") && !base.hasPrefix("._")
        && base != ".DS_Store" && base != "Thumbs.db" && !base.isEmpty
    }
    .sorted { $0.name < $1.name }
  }
}
