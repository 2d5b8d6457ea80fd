import VigieCore

/// What a case asks for, kept by reference: a condition that is copied is a dozen references to count, for every message.
final class PreparedCase: Sendable {
  private let condition: Condition
  /// Whether it is about every channel and every sender.
  private let isOpen: Bool
  /// What it asks of findings; `nil` where it is about gaps.
  private let wanted: FindingCondition?
  /// The reasons of gaps it is about, none for all; `nil` where it is about findings.
  private let reasons: [GapReason]?

  init(_ condition: Condition) {
    self.condition = condition
    isOpen = condition.channels.isEmpty && condition.senders.isEmpty
    switch condition.subject {
    case .findings(let wanted):
      self.wanted = wanted
      reasons = nil
    case .gaps(let reasons):
      wanted = nil
      self.reasons = reasons
    }
  }

  /// Whether the channel and the sender's domain meet the condition.
  func holds(channel: Channel?, domain: String?) -> Bool {
    isOpen || condition.holds(channel: channel, domain: domain)
  }

  /// Whether it is about findings, and this one meets it in a channel with this ceiling (`nil`: none).
  func takes(_ finding: Finding, ceiling: Level?) -> Bool {
    wanted?.holds(for: finding, ceiling: ceiling) ?? false
  }

  /// Whether it is about gaps, and this one meets it.
  func takes(_ gap: Gap) -> Bool {
    guard let reasons else { return false }
    return reasons.isEmpty || reasons.contains(gap.reason)
  }
}
