public import VigieCore

extension Policy {
  /// Returns what every channel would have for a file, of which nobody knows yet where it will be posted.
  ///
  /// Each finding and each gap takes the least verdict of the cases that may take it in some channel
  /// from some sender: the first that takes it everywhere, and those before it that take it somewhere.
  /// What a sender may override counts as logged: refusing the upload would take that away. So the
  /// verdict is never above what some channel gives; it may be below what all of them give.
  ///
  /// - Parameters:
  ///   - findings: What was found in the file.
  ///   - gaps: What could not be read of it.
  /// - Returns: The verdict with the case of each finding and gap; `Decision.allow` without any.
  /// - Complexity: O((findings + gaps) × cases).
  public func leastDecision(findings: [Finding], gaps: [Gap]) -> Decision {
    if findings.isEmpty && gaps.isEmpty { return .allow }
    let limits = possibleCeilings
    let mayOverride = findings.allSatisfy {
      $0.level <= overrideCeiling || $0.usage == .mentioned
    }
    return Decision(
      findings: findings.map { finding in
        least(mayOverride: mayOverride) { condition in
          guard case .findings(let wanted) = condition.subject else { return (false, false) }
          let held = limits.filter { wanted.holds(for: finding, ceiling: $0) }
          return (!held.isEmpty, held.count == limits.count)
        }
      },
      gaps: gaps.map { gap in
        least(mayOverride: mayOverride) { condition in
          guard case .gaps(let reasons) = condition.subject else { return (false, false) }
          let holds = reasons.isEmpty || reasons.contains(gap.reason)
          return (holds, holds)
        }
      }
    )
  }

  /// The ceilings that channels may have; `nil` stands for a channel without one.
  private var possibleCeilings: [Level?] {
    var levels: [Level?] = []
    for ceiling in ceilings {
      levels.append(ceiling.level)
      // It takes every channel that is left.
      if ceiling.channel == ChannelCondition() { return levels }
    }
    return levels + [nil]
  }

  /// The least outcome of the cases that may take something.
  ///
  /// - Parameters:
  ///   - mayOverride: Whether the level of the file is one that senders may override at all.
  ///   - takes: Whether a condition, channel and sender aside, holds in some channel and in every.
  /// - Returns: The outcome; where several are least, the first.
  private func least(
    mayOverride: Bool,
    _ takes: (Condition) -> (somewhere: Bool, everywhere: Bool)
  ) -> Outcome {
    var least: Outcome?
    for index in cases.indices {
      let condition = cases[index].condition
      let taken = takes(condition)
      guard taken.somewhere else { continue }
      var outcome = outcome(index)
      if outcome.mayOverride && mayOverride { outcome.verdict = min(outcome.verdict, .log) }
      outcome.mayOverride = false
      if least.map({ outcome.enforced < $0.enforced }) ?? true { least = outcome }
      if taken.everywhere, condition.holdsEverywhere { return least ?? outcome }
    }
    // Where no case takes it, it is logged.
    let logged = outcome(nil)
    guard let least, least.enforced < logged.enforced else { return logged }
    return least
  }
}

extension Condition {
  /// Whether every channel and every sender meet the condition.
  fileprivate var holdsEverywhere: Bool {
    (channels.isEmpty || channels.contains(ChannelCondition())) && senders.isEmpty
  }
}
