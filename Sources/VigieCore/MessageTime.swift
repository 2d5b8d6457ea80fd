/// When a message was sent: RFC 3339 as the source wrote it, or a number that is written out when it is asked
/// for, which of most messages nobody does.
package struct MessageTime: Sendable, Hashable {
  private enum Value: Sendable {
    case none
    case written(String)
    /// Since 1970.
    case milliseconds(Int)
  }

  private var value: Value

  /// The time that a source wrote; `nil` where it says none.
  package init(text: String?) { value = text.map(Value.written) ?? .none }

  /// A time in milliseconds since 1970; beyond the years that RFC 3339 can say it is none.
  package init(milliseconds: Int) { value = .milliseconds(milliseconds) }

  /// RFC 3339, or `nil` where there is no time.
  package var text: String? {
    switch value {
    case .none: nil
    case .written(let text): text
    case .milliseconds(let milliseconds): rfc3339(milliseconds: milliseconds)
    }
  }

  /// The milliseconds since 1970 of which ``rfc3339(milliseconds:)`` makes this very text; `nil` of other text.
  package var canonicalMilliseconds: Int? {
    switch value {
    case .none: nil
    case .written(let text): VigieCore.canonicalMilliseconds(rfc3339: text)
    case .milliseconds(let number): rfc3339Milliseconds.contains(number) ? number : nil
    }
  }

  /// Whether two are written alike.
  package static func == (left: MessageTime, right: MessageTime) -> Bool { left.text == right.text }

  /// Hashes the value.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
