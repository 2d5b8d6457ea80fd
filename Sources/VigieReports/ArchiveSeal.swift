/// By what the bytes of an archive are known again: for the chain of custody.
package struct ArchiveSeal: Sendable, Equatable {
  /// SHA-256 as 64 lower-case hex digits: of the bytes of a file; of a folder that of its list.
  ///
  /// The list has a line for each file in the folder, in the order of the bytes of their paths, as `sha256sum` writes
  /// it: the digest, two spaces, the path below the folder, a line feed.
  package var sha256: String
  /// The bytes of the file, or of all files of the folder, as they lie there.
  package var byteCount: Int
  /// The files of a folder; `nil` where the archive is a file itself.
  package var fileCount: Int?

  /// A value from its parts.
  package init(sha256: String, byteCount: Int, fileCount: Int? = nil) {
    self.sha256 = sha256
    self.byteCount = byteCount
    self.fileCount = fileCount
  }

  /// The digest and what it is of.
  package var inWords: [String] {
    let files = fileCount.map { [Terminal.count($0, "file")] } ?? []
    return ["SHA-256 \(sha256)"] + files + [Terminal.size(byteCount)]
  }
}
