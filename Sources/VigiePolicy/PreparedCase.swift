import VigieCore

/// What a case asks for, kept by reference: a condition that is copied is a dozen references to count, for every message.
final class PreparedCase: Sendable {
  private let condition: Condition
  /// Whether it is about every channel and every sender.
  private let isOpen: Bool
  private let channels: [PreparedChannel]
  /// What it asks of findings; `nil` where it is about gaps.
  private let wanted: FindingCondition?
  /// The least level and confidence of those, and the one usage of which they must be.
  private let level: Level
  private let confidence: Double
  private let usage: Usage?
  /// Whether that is all it asks of them.
  private let isPlain: Bool
  /// The reasons of gaps it is about, none for all; `nil` where it is about findings.
  private let reasons: [GapReason]?

  /// What it leads to, as it states it and as it is enforced.
  let verdict: Verdict
  let enforced: Verdict
  /// Whether it has words for the sender where it is enforced.
  let hasTip: Bool
  let mayOverride: Bool

  init(_ source: PolicyCase) {
    let condition = source.condition
    verdict = source.verdict
    enforced = source.observe ? min(source.verdict, .log) : source.verdict
    hasTip = source.tip != nil && !source.observe
    mayOverride = source.mayOverride
    self.condition = condition
    isOpen = condition.channels.isEmpty && condition.senders.isEmpty
    channels = condition.channels.map(PreparedChannel.init)
    switch condition.subject {
    case .findings(let wanted):
      self.wanted = wanted
      reasons = nil
    case .gaps(let reasons):
      wanted = nil
      self.reasons = reasons
    }
    level = wanted?.level ?? .public
    confidence = wanted?.confidence ?? 0
    usage = wanted?.usage
    let plain = FindingCondition(usage: usage, level: level, confidence: confidence)
    isPlain = wanted == nil || wanted == plain
  }

  /// Whether the channel, of which these are the properties, and the sender's domain meet the condition.
  func holds(_ properties: ChannelProperties, channel: Channel?, domain: String?) -> Bool {
    if isOpen { return true }
    if !condition.senders.isEmpty, !condition.senders.wants(domain) { return false }
    let all = channels
    let lent = all.span
    if lent.isEmpty { return true }
    for index in lent.indices where lent[index].allows(properties) {
      if !lent[index].asksForNames || condition.channels[index].holds(for: channel) { return true }
    }
    return false
  }

  /// Whether it is about findings, and the one at a place of a list meets it in a channel with this ceiling (`nil`:
  /// none).
  ///
  /// By its place: a finding that is handed over is copied, a dozen references to count.
  @inline(__always)
  func takes(_ findings: [Finding], _ index: Int, ceiling: Level?) -> Bool {
    guard reasons == nil, findings[index].level >= level, findings[index].confidence >= confidence
    else { return false }
    if let usage, usage != findings[index].usage { return false }
    return isPlain || (wanted?.holds(for: findings[index], ceiling: ceiling) ?? false)
  }

  /// Whether it is about gaps, and this one meets it.
  func takes(_ gap: Gap) -> Bool {
    guard let reasons else { return false }
    return reasons.isEmpty || reasons.contains(gap.reason)
  }
}

/// What conditions ask of a channel but for its names, a bit for each value it may have.
struct ChannelProperties {
  let visibility: UInt8
  let encrypted: UInt8
  let federated: UInt8

  /// Those of a channel; of `nil` nothing is known.
  init(_ channel: Channel?) {
    visibility = ChannelProperties.bit(channel?.visibility ?? .unknown)
    encrypted = ChannelProperties.bit(Answer(channel?.encrypted))
    federated = ChannelProperties.bit(Answer(channel?.federated))
  }

  static func bit(_ visibility: Visibility) -> UInt8 {
    switch visibility {
    case .public: 1
    case .private: 2
    case .direct: 4
    case .unknown: 8
    }
  }

  static func bit(_ answer: Answer) -> UInt8 {
    switch answer {
    case .yes: 1
    case .no: 2
    case .unknown: 4
    }
  }
}

/// The properties that one alternative of a condition allows.
private struct PreparedChannel: Sendable {
  private let visibility: UInt8
  private let encrypted: UInt8
  private let federated: UInt8
  /// Whether it is about names or ids as well.
  let asksForNames: Bool

  init(_ condition: ChannelCondition) {
    func bits<Value>(_ values: [Value], _ bit: (Value) -> UInt8) -> UInt8 {
      values.isEmpty ? .max : values.reduce(0) { $0 | bit($1) }
    }
    visibility = bits(condition.visibility, ChannelProperties.bit)
    encrypted = bits(condition.encrypted, ChannelProperties.bit)
    federated = bits(condition.federated, ChannelProperties.bit)
    asksForNames = !condition.names.isEmpty || !condition.ids.isEmpty
  }

  func allows(_ properties: ChannelProperties) -> Bool {
    visibility & properties.visibility != 0 && encrypted & properties.encrypted != 0
      && federated & properties.federated != 0
  }
}
