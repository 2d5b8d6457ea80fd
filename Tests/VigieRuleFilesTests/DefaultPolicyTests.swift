import Testing
import VigieCore
import VigiePolicy
import VigieRuleFiles

/// The shipped default, case by case, as `design.md` §7 states it.
@Suite("Default policy")
struct DefaultPolicyTests {
  static let openChannels: [Channel?] = [
    channel(.public, true), channel(.public, false), channel(.public, nil),
    channel(.private, false), channel(.private, nil), channel(.direct, false),
    channel(.unknown, true), channel(.unknown, nil), nil,
  ]
  static let closedChannels: [Channel?] = [channel(.private, true), channel(.direct, true)]
  let policy: Policy

  init() throws { policy = try RuleLoader.load(RuleSources(shipped: shippedRules)).policy }

  @Test("mentioned is logged, whatever and wherever", arguments: openChannels + closedChannels)
  func mentioned(channel: Channel?) {
    for scheme in ["fr", "pii", "credential"] {
      expect(.log, "mentioned", finding(scheme, .topSecret, .mentioned), channel)
    }
  }

  @Test("a credential is blocked in a public or unencrypted channel")
  func credential() {
    let secret = finding("credential", .confidential)
    expect(.block, "credential-in-the-open", secret, channel(.public, true))
    expect(.block, "credential-in-the-open", secret, channel(.private, false))
    expect(.block, "marked-in-the-open", secret, channel(.unknown, nil))
    expect(.log, "marked-behind-the-door", secret, channel(.private, true))
  }

  @Test("personal data warns, and the sender may go on", arguments: openChannels + closedChannels)
  func personalData(channel: Channel?) {
    let decision = expect(.warn, "personal-data", finding("pii"), channel)
    #expect(decision.mayOverride && decision.tip == "personal-data")
  }

  @Test("applied, restricted or above, in the open: block", arguments: openChannels)
  func open(channel: Channel?) {
    for level in [Level.restricted, .topSecret] {
      let decision = expect(.block, "marked-in-the-open", finding("fr", level), channel)
      #expect(!decision.mayOverride && decision.tip == "marked")
    }
    expect(.log, "anything-else", finding("fr", .internal), channel)
  }

  @Test("applied behind an encrypted private door: log", arguments: closedChannels)
  func closed(channel: Channel?) {
    expect(.log, "marked-behind-the-door", finding("fr", .secret), channel)
    expect(.log, "anything-else", finding("fr", .public), channel)
  }

  @Test("a gap is logged, for every reason", arguments: GapReason.allCases)
  func gaps(reason: GapReason) {
    let gap = Gap(place: .body, reason: reason, detail: "test")
    let decision = policy.decide(findings: [], gaps: [gap], channel: nil, sender: nil)
    #expect(decision.verdict == .log && decision.gaps.map(\.name) == ["not-inspected"])
  }

  @discardableResult
  private func expect(
    _ verdict: Verdict,
    _ name: String,
    _ finding: Finding,
    _ channel: Channel?
  ) -> Decision {
    let decision = policy.decide(findings: [finding], gaps: [], channel: channel, sender: nil)
    #expect(decision.verdict == verdict)
    #expect(decision.findings.map(\.name) == [name])
    return decision
  }
}

private func finding(
  _ scheme: String,
  _ level: Level = .restricted,
  _ usage: Usage = .applied
) -> Finding {
  Finding(
    rule: scheme + ".rule",
    scheme: scheme,
    level: level,
    usage: usage,
    confidence: 0.9,
    place: .body,
    range: 0..<1,
    line: 1,
    column: 1,
    masked: "D"
  )
}

private func channel(_ visibility: Visibility, _ encrypted: Bool?) -> Channel {
  Channel(id: "!c", visibility: visibility, encrypted: encrypted)
}
