public import VigieCore
public import VigiePolicy
public import VigieRulebook

/// Everything needed to judge messages: rules, policy, words for senders; shared by every thread.
public struct Filter: Sendable {
  /// The compiled rules.
  public let rules: CompiledRules
  /// What must happen.
  public let policy: Policy
  /// What senders read.
  public let tips: TipBook
  /// The key of fingerprints, or `nil` for none.
  public let authentication: (any MessageAuthentication)?
  /// What one message may cost.
  public let limits: Limits

  /// A filter from its parts.
  public init(
    rules: CompiledRules,
    policy: Policy,
    tips: TipBook,
    authentication: (any MessageAuthentication)? = nil,
    limits: Limits = Limits()
  ) {
    self.rules = rules
    self.policy = policy
    self.tips = tips
    self.authentication = authentication
    self.limits = limits
  }

  /// A worker for one thread.
  public func makeWorker() -> FilterWorker { FilterWorker(self) }
}

/// Judges messages on one thread; holds the scratch memory of that thread.
public final class FilterWorker {
  private let filter: Filter

  /// A worker of a filter.
  public init(_ filter: Filter) { self.filter = filter }

  /// Judges the text parts, the channel's name and the names of the attachments of a message.
  public func review(_ message: Message) -> Review { review(message, segments: [], gaps: []) }

  /// Judges a message together with text and gaps extracted from its attachments.
  public func review(_ message: Message, segments: [Segment], gaps: [Gap]) -> Review {
    Review(id: message.id, verdict: .allow, level: .public, ruleset: filter.rules.set.id)
  }

  /// Judges a message and one text that is too large to copy, such as a mapped file.
  public func review(
    _ message: Message,
    place: Place,
    text: UnsafeRawBufferPointer,
    gaps: [Gap]
  ) -> Review {
    Review(id: message.id, verdict: .allow, level: .public, ruleset: filter.rules.set.id)
  }

  /// The findings of one text alone, in text order, with the gaps of the engine.
  public func findings(in segment: Segment) -> (findings: [Finding], gaps: [Gap]) { ([], []) }

  /// Everything the engine considered in one text, reported or not, in text order.
  package func explain(_ segment: Segment) -> [Explanation] { [] }
}

/// How the engine judged one place of a text.
package struct Explanation: Sendable {
  /// What became of a candidate.
  package enum Outcome: Sendable, Equatable {
    /// It is reported.
    case reported
    /// Its confidence is below one half.
    case tooWeak
    /// A longer or surer marking of this rule covers it.
    case covered(by: String)
  }
  /// One piece of evidence with both weights.
  package struct Reason: Sendable, Equatable {
    package var name: String
    package var title: String
    package var marking: Double
    package var usage: Double
  }
  /// The finding as it is, or as it would be reported.
  package var finding: Finding
  /// What became of it.
  package var outcome: Outcome
  /// The logit of being the marking at all, prior included.
  package var markingLogit: Double
  /// The logit of applied against mentioned, prior included.
  package var usageLogit: Double
  /// The prior and every piece of evidence, prior first.
  package var reasons: [Reason]
}
