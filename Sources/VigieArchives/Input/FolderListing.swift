import Glibc
import VigieContainers
import VigieCore

/// The regular files below a folder; links are not followed.
///
/// The system takes any bytes as a name. Those that are no UTF-8, as old programs and other systems wrote them,
/// are read like the names in archives, and opened by their bytes.
struct FolderListing {
  /// The depth of folders at which a walk ends.
  private static let maxDepth = 32

  /// The files, in the order the system tells them.
  private(set) var members: [ArchiveTree.Member] = []
  /// The root without links; empty where it is not known.
  private let root: [UInt8]
  private var unreadCount = 0

  /// Lists a folder.
  ///
  /// - Throws: ``ArchiveError`` where it, or one in it, cannot be read.
  init(_ path: String) throws(ArchiveError) {
    root = FolderListing.resolved(Array(path.utf8))
    try list(path, Array(path.utf8), [], depth: 0)
  }

  /// What was found and not read.
  var faults: [SourceFault] {
    guard unreadCount > 0 else { return [] }
    let detail = "links or special files of the folder were not followed: \(unreadCount)"
    return [SourceFault(reason: .unsupported, detail: detail)]
  }

  private mutating func list(
    _ path: String,
    _ folder: [UInt8],
    _ prefix: [UInt8],
    depth: Int
  ) throws(ArchiveError) {
    guard depth < FolderListing.maxDepth,
      let directory = unsafe folder.withPath({ unsafe opendir($0) })
    else {
      throw ArchiveError(
        .unreadable,
        path: path,
        reason: "holds a folder that cannot be read",
        mend: "check who may read it"
      )
    }
    defer { unsafe closedir(directory) }
    var folders: [[UInt8]] = []
    while let entry = unsafe readdir(directory) {
      let base = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if base == Array(".".utf8) || base == Array("..".utf8) { continue }
      let file = folder + [UInt8(ascii: "/")] + base
      var status = stat()
      guard unsafe file.withPath({ unsafe lstat($0, &status) }) == 0 else {
        // It was taken away while the folder was read.
        unreadCount += 1
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: members.append(member(prefix + base, Int(status.st_size)))
      case S_IFDIR: folders.append(base)
      // What a link names within the folder is read under its own name.
      case S_IFLNK where isWithin(FolderListing.resolved(file)): break
      default: unreadCount += 1
      }
    }
    for base in folders {
      let slash = [UInt8(ascii: "/")]
      try list(path, folder + slash + base, prefix + base + slash, depth: depth + 1)
    }
  }

  private func member(_ raw: [UInt8], _ byteCount: Int) -> ArchiveTree.Member {
    if let name = String(validating: raw, as: UTF8.self) {
      return ArchiveTree.Member(name: name, byteCount: byteCount)
    }
    // Each part on its own: one that is UTF-8 stays what it is.
    let parts = raw.split(separator: UInt8(ascii: "/")).map { MemberName(Array($0)).text }
    return ArchiveTree.Member(
      name: parts.joined(separator: "/"),
      byteCount: byteCount,
      rawName: raw
    )
  }

  private func isWithin(_ file: [UInt8]) -> Bool {
    !root.isEmpty && file.starts(with: root)
      && (file.count == root.count || file[root.count] == UInt8(ascii: "/"))
  }

  /// A path without links; empty where it leads nowhere.
  private static func resolved(_ path: [UInt8]) -> [UInt8] {
    guard let resolved = unsafe path.withPath({ unsafe realpath($0, nil) }) else { return [] }
    defer { unsafe free(resolved) }
    return unsafe Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
  }
}

extension [UInt8] {
  /// Gives the bytes as the system takes a path.
  func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let path = map { CChar(bitPattern: $0) } + [0]
    return unsafe path.withUnsafeBufferPointer { buffer in
      // An array with an element has an address.
      guard let start = buffer.baseAddress else { preconditionFailure("a path has its end") }
      return unsafe body(start)
    }
  }
}
