/// When a message was sent: RFC 3339 as the source wrote it, or a number that is written out when it is asked
/// for, which of most messages nobody does.
package struct MessageTime: Sendable, Hashable {
  private var written: String?
  /// Milliseconds since 1970, where nothing is written.
  private var milliseconds: Int?

  /// The time that a source wrote; `nil` where it says none.
  package init(text: String?) { written = text }

  /// A time in milliseconds since 1970; beyond the years that RFC 3339 can say it is none.
  package init(milliseconds: Int) { self.milliseconds = milliseconds }

  /// RFC 3339, or `nil` where there is no time.
  package var text: String? { written ?? milliseconds.flatMap(rfc3339(milliseconds:)) }

  /// The milliseconds since 1970 of which ``rfc3339(milliseconds:)`` makes this very text; `nil` of other text.
  package var canonicalMilliseconds: Int? {
    if let written { return VigieCore.canonicalMilliseconds(rfc3339: written) }
    return milliseconds.flatMap { rfc3339Milliseconds.contains($0) ? $0 : nil }
  }

  /// Whether two are written alike.
  package static func == (left: MessageTime, right: MessageTime) -> Bool { left.text == right.text }

  /// Hashes the value.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
