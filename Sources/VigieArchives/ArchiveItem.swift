package import VigieCore

/// Where in an archive something stands, so that the officer can find it again.
package struct SourceLocation: Sendable, Hashable {
  /// The member of a folder or ZIP; `nil` where the archive is one file.
  package var member: String?
  /// Bytes from the start of the member (once unpacked) or file.
  package var byteOffset: Int
  /// The 1-based line, where the format has lines.
  package var line: Int?

  /// A value from its parts.
  package init(member: String? = nil, byteOffset: Int, line: Int? = nil) {
    self.member = member
    self.byteOffset = byteOffset
    self.line = line
  }
}

/// One thing an archive holds.
package enum ArchiveItem: Sendable {
  /// A message; edits, redacted and system messages are messages too, each once.
  case message(Message, source: SourceLocation, byteCount: Int)
  /// What a channel says of itself (topic, purpose), in the shape of a message. It is inspected and
  /// is not counted among the messages.
  case channel(Message, source: SourceLocation, byteCount: Int)
  /// What the archive says of who can read a channel; only where ``ArchiveOptions/readsAccess`` asks
  /// for it.
  case access(AccessChange, source: SourceLocation)
  /// Something of the archive that no message stands for and that could not be read.
  case gap(Gap, source: SourceLocation)
}
