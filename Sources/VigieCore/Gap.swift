/// Why something could not be read.
public enum GapReason: String, Sendable, CaseIterable {
  case encrypted
  case corrupt
  case truncated
  case limit
  case unsupported
  case timeout
  case workerDied = "worker-died"
  case missing
  case componentMissing = "component-missing"
  case encoding
  case ruleLimit = "rule-limit"

  /// Whether it may be gone at the next try, with the same bytes and the same rules.
  public var isTransient: Bool {
    switch self {
    case .timeout, .workerDied, .missing: true
    case .encrypted, .corrupt, .truncated, .limit, .unsupported, .componentMissing, .encoding,
      .ruleLimit:
      false
    }
  }
}

/// Something that was not inspected, and why.
///
/// "Clean" never means "not looked at".
public struct Gap: Sendable, Hashable {
  /// Where it is.
  public var place: Place
  /// Why.
  public var reason: GapReason
  /// What was not read, in words, without any message text or file name.
  public var detail: String

  /// A value from its parts.
  public init(place: Place, reason: GapReason, detail: String) {
    self.place = place
    self.reason = reason
    self.detail = detail
  }
}
