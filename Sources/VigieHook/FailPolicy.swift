public import VigieCore

/// What happens to a message that could not be judged in time.
public enum FailMode: String, Sendable, CaseIterable {
  /// It passes; that it was not judged is recorded.
  case open
  /// It is refused.
  case closed
  /// It waits for a person.
  case hold

  /// What the server is told.
  public var verdict: Verdict {
    switch self {
    case .open: .log
    case .closed: .block
    case .hold: .hold
    }
  }
}

/// What happens to messages that could not be judged, by the level their channel is made for.
public struct FailPolicy: Sendable, Hashable {
  /// A mode from a level on.
  public struct Step: Sendable, Hashable {
    /// The least ceiling of the channels it is for.
    public var level: Level
    /// What happens there.
    public var mode: FailMode

    /// A step from its parts.
    public init(from level: Level, _ mode: FailMode) {
      self.level = level
      self.mode = mode
    }
  }

  /// What happens in channels of which the policy states no ceiling, and in those below all steps.
  public var mode: FailMode
  /// What happens in others; of those that hold the highest counts.
  public var steps: [Step]

  /// A fail policy from its parts.
  public init(_ mode: FailMode, _ steps: Step...) {
    self.mode = mode
    self.steps = steps
  }

  /// What happens to an upload: of all that may happen in a channel the least, since nobody knows yet
  /// in which it will be posted.
  public var leastMode: FailMode {
    steps.map(\.mode).reduce(mode) { $0.verdict <= $1.verdict ? $0 : $1 }
  }

  /// What happens in a channel made for a level; `nil` where the policy does not say for which.
  public func mode(upTo ceiling: Level?) -> FailMode {
    guard let ceiling else { return mode }
    let holding = steps.filter { $0.level <= ceiling }
    return holding.max { $0.level < $1.level }?.mode ?? mode
  }
}
