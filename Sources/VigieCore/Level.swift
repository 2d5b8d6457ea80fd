/// How sensitive content is, on one ladder common to all regimes.
///
/// National grades are mapped to it by `Rules/ladder.yaml`, which a site may change.
public enum Level: UInt8, Sendable, Comparable, CaseIterable {
  case `public`
  case `internal`
  case restricted
  case confidential
  case secret
  case topSecret

  /// The name used in rules, policies and JSON, such as `top-secret`.
  public var name: String {
    switch self {
    case .public: "public"
    case .internal: "internal"
    case .restricted: "restricted"
    case .confidential: "confidential"
    case .secret: "secret"
    case .topSecret: "top-secret"
    }
  }

  /// The level of a name, or `nil` where there is no such level.
  public init?(name: String) {
    guard let level = Level.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Whether one is below the other.
  public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// What must happen to a message, from nothing to refusal.
///
/// A value, never an error.
public enum Verdict: UInt8, Sendable, Comparable, CaseIterable {
  case allow
  case log
  case warn
  case redact
  case hold
  case block

  /// The name used in policies and JSON.
  public var name: String {
    switch self {
    case .allow: "allow"
    case .log: "log"
    case .warn: "warn"
    case .redact: "redact"
    case .hold: "hold"
    case .block: "block"
    }
  }

  /// The verdict of a name, or `nil` where there is no such verdict.
  public init?(name: String) {
    guard let verdict = Verdict.allCases.first(where: { $0.name == name }) else { return nil }
    self = verdict
  }

  /// Whether the message was stopped: `warn` or above.
  public var isStop: Bool { self >= .warn }

  /// Whether one is below the other.
  public static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
}
