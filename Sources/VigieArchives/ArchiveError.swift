/// Why an archive cannot be read at all: what, where and the mend, never any content.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  package enum Kind: String, Sendable, CaseIterable {
    /// Nothing lies at the path.
    case missing
    case unreadable
    case notAnArchive = "not-an-archive"
    case unknownFormat = "unknown-format"
    /// There is no format of the name that was given.
    case unknownName = "unknown-name"
    case damaged
    case unsupported
  }

  package var kind: Kind
  /// The path of the archive as it was given.
  package var path: String
  /// What is wrong, without a full stop.
  package var reason: String
  /// What the reader of the error can do about it.
  package var mend: String

  /// A value from its parts.
  package init(_ kind: Kind, path: String, reason: String, mend: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
    self.mend = mend
  }

  /// One line: path, reason and mend.
  package var description: String { "\(path): \(reason); \(mend)" }
}
