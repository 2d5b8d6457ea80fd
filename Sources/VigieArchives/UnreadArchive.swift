import Glibc
package import VigieCore

/// An archive that cannot be read at all, among others that can: one gap, which names it.
struct UnreadArchive: ArchiveFormat {
  static let name = "unread"
  static let title = "Archive that cannot be read"

  let totalByteCount: Int
  let byteCountRead = 0
  private var gap: ArchiveItem?

  /// None asks for it: it is what no format reads.
  static func confidence(of probe: ArchiveProbe) -> Int { 0 }

  init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    throw ArchiveError(
      .unknownFormat,
      path: tree.path,
      reason: "is named as what cannot be read",
      mend: "leave the format out"
    )
  }

  /// The gap that stands for an archive, with the bytes that were not read.
  init(_ error: ArchiveError) {
    var status = stat()
    let isFile = unsafe stat(error.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    totalByteCount = isFile ? Int(status.st_size) : 0
    gap = SourceLocation(member: error.path, byteOffset: 0).gap(error.fault, at: 0)
  }

  /// None: it proved to hold nothing.
  var exports: ExportCounts { ExportCounts() }

  mutating func next() throws(ArchiveError) -> ArchiveItem? {
    defer { gap = nil }
    return gap
  }
}

extension ArchiveError {
  /// Whether the archive is there and others can be scanned without it: a path that leads nowhere is a slip of the
  /// command.
  package var leavesOthers: Bool { kind != .missing && kind != .unknownName }

  /// The gap that stands for the archive, or for the rest of it.
  package var gap: Gap {
    var gap = Gap(place: .body, reason: fault.reason, detail: fault.detail)
    gap.place.path = [path]
    return gap
  }

  fileprivate var fault: SourceFault {
    let reason: GapReason =
      switch kind {
      case .unsupported, .unknownFormat, .unknownName, .notAnArchive: .unsupported
      case .unreadable, .missing: .missing
      case .damaged: .corrupt
      }
    return SourceFault(reason: reason, detail: "an archive \(self.reason)")
  }
}
