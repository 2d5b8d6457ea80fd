public import VigieCore

/// What one finding or gap leads to, and by which case.
public struct Outcome: Sendable, Hashable {
  /// The 0-based index of the case in the policy, or `nil` where no case took it.
  public var index: Int?
  /// The name of the case.
  public var name: String?
  /// The verdict as the case states it, shadow mode or not.
  public var verdict: Verdict
  /// The key of the words to show to the sender.
  public var tip: String?
  /// Whether the sender may send the message nevertheless.
  public var mayOverride: Bool
  /// Whether the case is in shadow mode.
  public var observe: Bool

  /// A value from its parts.
  public init(
    index: Int?,
    name: String?,
    verdict: Verdict,
    tip: String? = nil,
    mayOverride: Bool = false,
    observe: Bool = false
  ) {
    self.index = index
    self.name = name
    self.verdict = verdict
    self.tip = tip
    self.mayOverride = mayOverride
    self.observe = observe
  }

  /// The verdict that is enforced: in shadow mode nothing above `log`.
  public var enforced: Verdict { observe ? min(verdict, .log) : verdict }
}

/// What a policy says of one message.
public struct Decision: Sendable, Hashable {
  /// What must happen to the message.
  public var verdict: Verdict
  /// The verdict that shadow mode held back, where it is stricter than `verdict`.
  public var observed: Verdict?
  /// The key of the words to show to the sender.
  public var tip: String?
  /// Whether the message is stopped and the sender may send it nevertheless.
  public var mayOverride: Bool
  /// One outcome for each finding, in order.
  public var findings: [Outcome]
  /// One outcome for each gap, in order.
  public var gaps: [Outcome]

  /// The decision on a message with neither finding nor gap.
  public static let allow = Decision(findings: [], gaps: [])

  /// The highest of the outcomes.
  ///
  /// The tip is that of the first outcome that enforces the verdict and has one. A sender may
  /// override only what every stopping outcome lets them override.
  public init(findings: [Outcome], gaps: [Outcome]) {
    self.findings = findings
    self.gaps = gaps
    // One after the other, without a list of them all.
    var tally = OutcomeTally<String>()
    func take(_ outcome: Outcome) {
      tally.take(
        outcome.verdict,
        enforced: outcome.enforced,
        tip: outcome.observe ? nil : outcome.tip,
        mayOverride: outcome.mayOverride
      )
    }
    for outcome in findings { take(outcome) }
    for outcome in gaps { take(outcome) }
    self.verdict = tally.verdict
    self.observed = tally.observed
    self.tip = tally.tip
    self.mayOverride = tally.isOverridable
  }
}

/// What a policy says of one message, without the outcome of each finding and gap.
public struct Conclusion: Sendable, Hashable {
  /// What must happen to the message.
  public var verdict: Verdict
  /// The verdict that shadow mode held back, where it is stricter than `verdict`.
  public var observed: Verdict?
  /// The key of the words to show to the sender.
  public var tip: String?
  /// Whether the message is stopped and the sender may send it nevertheless.
  public var mayOverride: Bool
}

/// Adds up outcomes: the highest counts, with the tip of the first that enforces it and has one.
struct OutcomeTally<Tip> {
  private(set) var verdict = Verdict.allow
  private var strictest = Verdict.allow
  private(set) var tip: Tip?
  private var mayOverride = true

  /// Takes the verdict of a case, as it states it and as it is enforced; in shadow mode it has no tip.
  mutating func take(_ stated: Verdict, enforced: Verdict, tip: Tip?, mayOverride: Bool) {
    if enforced > verdict {
      verdict = enforced
      self.tip = nil
    }
    if self.tip == nil, enforced == verdict { self.tip = tip }
    strictest = max(strictest, stated)
    if enforced.isStop, !mayOverride { self.mayOverride = false }
  }

  /// The verdict that shadow mode held back.
  var observed: Verdict? { strictest > verdict ? strictest : nil }

  /// Whether the message is stopped, and by nothing that its sender may not override.
  var isOverridable: Bool { verdict.isStop && mayOverride }
}
