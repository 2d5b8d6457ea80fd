public import VigieCore

/// One case of a policy: when it applies and what must happen.
public struct PolicyCase: Sendable, Hashable {
  /// The name under which reports and `explain` cite the case.
  public var name: String
  /// When the case applies.
  public var condition: Condition
  /// What must happen.
  public var verdict: Verdict
  /// The key of the words shown to the sender, or `nil` for none.
  public var tip: String?
  /// Whether the sender may confirm and send nevertheless.
  public var mayOverride: Bool
  /// Shadow mode: the verdict is recorded, the message passes.
  public var observe: Bool

  /// A value from its parts.
  public init(
    name: String,
    when condition: Condition = Condition(),
    verdict: Verdict,
    tip: String? = nil,
    mayOverride: Bool = false,
    observe: Bool = false
  ) {
    self.name = name
    self.condition = condition
    self.verdict = verdict
    self.tip = tip
    self.mayOverride = mayOverride
    self.observe = observe
  }
}

/// The highest level some channels are made for.
public struct ChannelCeiling: Sendable, Hashable {
  /// The channels.
  public var channel: ChannelCondition
  /// The highest level they are made for.
  public var level: Level

  /// A value from its parts.
  public init(_ channel: ChannelCondition, level: Level) {
    self.channel = channel
    self.level = level
  }
}

/// What must happen to a message, given what was found in it and where it goes.
///
/// Each finding and each gap takes its **first** matching case; the message's verdict is the
/// **highest** of them. A finding or gap that no case takes is logged: nothing is ever dropped
/// silently (the loader refuses a policy in which that could happen).
public struct Policy: Sendable, Hashable {
  /// The name of the policy, cited by reports.
  public var name: String
  /// In order: the first match counts.
  public var cases: [PolicyCase] {
    didSet { prepared = cases.map { PreparedCase($0) } }
  }
  /// In order: the first match is the ceiling of the channel.
  public var ceilings: [ChannelCeiling]
  /// The highest level of a message that its sender may send against the verdict, where the case says so.
  public var overrideCeiling: Level
  /// What the cases ask for.
  private var prepared: [PreparedCase]

  /// The override ceiling of a policy that states none: what serves every day, and no secrets.
  public static let defaultOverrideCeiling = Level.restricted

  /// A value from its parts.
  public init(
    name: String,
    cases: [PolicyCase],
    ceilings: [ChannelCeiling] = [],
    overrideCeiling: Level = Policy.defaultOverrideCeiling
  ) {
    self.name = name
    self.cases = cases
    self.ceilings = ceilings
    self.overrideCeiling = overrideCeiling
    self.prepared = cases.map { PreparedCase($0) }
  }

  /// Whether two policies say the same; what is prepared follows from it.
  public static func == (left: Policy, right: Policy) -> Bool {
    left.name == right.name && left.cases == right.cases && left.ceilings == right.ceilings
      && left.overrideCeiling == right.overrideCeiling
  }

  /// Hashes what the policy says.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(cases)
    hasher.combine(ceilings)
    hasher.combine(overrideCeiling)
  }

  /// The highest level a channel is made for, or `nil` where the policy does not say.
  public func ceiling(of channel: Channel?) -> Level? {
    ceilings.first { $0.channel.holds(for: channel) }?.level
  }

  /// Returns what must happen to a message.
  ///
  /// - Parameters:
  ///   - findings: What was found in the message.
  ///   - gaps: What could not be read of it.
  ///   - channel: Where it goes; `nil` where nothing is known (visibility and encryption unknown).
  ///   - sender: The sender's id, such as `@ann:server.example` or `ann@server.example`.
  /// - Returns: The verdict with the case of each finding and gap; `Decision.allow` without any.
  /// - Complexity: O((findings + gaps) × cases).
  public func decide(
    findings: [Finding],
    gaps: [Gap],
    channel: Channel?,
    sender: String?
  ) -> Decision {
    if findings.isEmpty && gaps.isEmpty { return .allow }
    let domain = sender.flatMap(Policy.domain(of:))
    let ceiling = ceiling(of: channel)
    let open = openCases(channel, domain)
    var findingOutcomes: [Outcome] = []
    findingOutcomes.reserveCapacity(findings.count)
    for number in findings.indices {
      findingOutcomes.append(
        outcome(open.first { prepared[$0].takes(findings, number, ceiling: ceiling) })
      )
    }
    let gapOutcomes = gaps.map { gap in
      outcome(open.first { prepared[$0].takes(gap) })
    }
    var decision = Decision(findings: findingOutcomes, gaps: gapOutcomes)
    if decision.mayOverride { decision.mayOverride = isBelowOverrideCeiling(findings, decision) }
    return decision
  }

  /// Returns what ``decide(findings:gaps:channel:sender:)`` comes to, without the case of each finding and gap.
  ///
  /// - Complexity: O((findings + gaps) × cases).
  public func conclude(
    findings: [Finding],
    gaps: [Gap],
    channel: Channel?,
    sender: String?
  ) -> Conclusion {
    let ceiling = ceilings.isEmpty ? nil : ceiling(of: channel)
    let open = openCases(channel, sender.flatMap(Policy.domain(of:)))
    var tally = OutcomeTally<Int>()
    var isBelowCeiling = true
    for number in findings.indices {
      // In a loop: a finding that is handed to a closure is copied, a dozen references to count.
      var taken: Int?
      for index in open where prepared[index].takes(findings, number, ceiling: ceiling) {
        taken = index
        break
      }
      let enforced = add(taken, to: &tally)
      if !isBelowOverrideCeiling(
        findings[number].level,
        findings[number].usage,
        enforced
      ) {
        isBelowCeiling = false
      }
    }
    for gap in gaps { _ = add(open.first { prepared[$0].takes(gap) }, to: &tally) }
    return Conclusion(
      verdict: tally.verdict,
      observed: tally.observed,
      tip: tally.tip.flatMap { cases[$0].tip },
      mayOverride: tally.isOverridable && isBelowCeiling
    )
  }

  /// Adds what a case leads to, or that no case took it; returns the verdict that is enforced.
  private func add(_ index: Int?, to tally: inout OutcomeTally<Int>) -> Verdict {
    guard let index else {
      tally.take(.log, enforced: .log, tip: nil, mayOverride: false)
      return .log
    }
    let chosen = prepared[index]
    tally.take(
      chosen.verdict,
      enforced: chosen.enforced,
      tip: chosen.hasTip ? index : nil,
      mayOverride: chosen.mayOverride
    )
    return chosen.enforced
  }

  /// The cases that are about a channel and the domain of a sender.
  private func openCases(_ channel: Channel?, _ domain: String?) -> [Int] {
    let properties = ChannelProperties(channel)
    var open: [Int] = []
    // At once: a list that grows is made anew three times for each message in which anything is found.
    open.reserveCapacity(prepared.count)
    for index in prepared.indices
    where prepared[index].holds(properties, channel: channel, domain: domain) {
      open.append(index)
    }
    return open
  }

  /// Whether all that a message carries, and all that stops it, is of a level senders may override.
  private func isBelowOverrideCeiling(_ findings: [Finding], _ decision: Decision) -> Bool {
    zip(findings, decision.findings).allSatisfy { finding, outcome in
      isBelowOverrideCeiling(finding.level, finding.usage, outcome.enforced)
    }
  }

  /// Whether a finding does not keep a message from being overridden by its sender.
  @inline(__always)
  private func isBelowOverrideCeiling(
    _ level: Level,
    _ usage: Usage,
    _ enforced: Verdict
  ) -> Bool {
    level <= overrideCeiling || usage == .mentioned && !enforced.isStop
  }

  /// The server part of a sender's id, or `nil` where it has none.
  ///
  /// *Source:* Matrix specification v1.11, Appendices, "User identifiers" (`@localpart:domain`);
  /// RFC 5322 §3.4.1 and RFC 7622 §3 (`localpart@domain/resource`).
  public static func domain(of sender: String) -> String? {
    let bytes = sender.utf8
    let domain: Substring.UTF8View
    if bytes.first == UInt8(ascii: "@") {
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      domain = bytes[bytes.index(after: colon)...].prefix { $0 != UInt8(ascii: ":") }
    } else {
      guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
      domain = bytes[bytes.index(after: at)...].prefix {
        $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">")
      }
    }
    return domain.isEmpty ? nil : String(Substring(domain))
  }

  /// What a case leads to, or that no case took it.
  func outcome(_ index: Int?) -> Outcome {
    guard let index else { return Outcome(index: nil, name: nil, verdict: .log) }
    let chosen = cases[index]
    return Outcome(
      index: index,
      name: chosen.name,
      verdict: chosen.verdict,
      tip: chosen.tip,
      mayOverride: chosen.mayOverride,
      observe: chosen.observe
    )
  }
}
