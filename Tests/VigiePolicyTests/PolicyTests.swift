import Testing
import VigieCore
import VigiePolicy

/// A finding of a scheme, with everything else of no matter.
func finding(
  _ scheme: String = "fr",
  _ level: Level = .restricted,
  _ usage: Usage = .applied,
  rule: String = "fr.diffusion-restreinte",
  caveats: [String] = [],
  confidence: Double = 0.9
) -> Finding {
  Finding(
    rule: rule,
    scheme: scheme,
    level: level,
    usage: usage,
    confidence: confidence,
    caveats: caveats,
    place: .body,
    range: 0..<1,
    line: 1,
    column: 1,
    masked: "D"
  )
}

/// A gap for a reason.
func gap(_ reason: GapReason) -> Gap { Gap(place: .body, reason: reason, detail: "test") }

/// A channel with a visibility and an answer about encryption.
func channel(
  _ visibility: Visibility,
  _ encrypted: Bool? = nil,
  name: String? = nil,
  federated: Bool? = nil
) -> Channel {
  Channel(
    id: "!c",
    name: name,
    visibility: visibility,
    encrypted: encrypted,
    federated: federated
  )
}

@Suite("Policy")
struct PolicyTests {
  @Test("no finding and no gap: allow")
  func nothing() {
    let policy = Policy(name: "p", cases: [PolicyCase(name: "all", verdict: .block)])
    #expect(policy.decide(findings: [], gaps: [], channel: nil, sender: nil) == .allow)
    #expect(Decision.allow.verdict == .allow)
  }

  @Test("each finding takes its first case, the message the highest verdict")
  func firstAndHighest() {
    let policy = Policy(
      name: "p",
      cases: [
        PolicyCase(
          name: "mentioned",
          when: Condition(.findings(FindingCondition(usage: .mentioned))),
          verdict: .log
        ),
        PolicyCase(
          name: "secret",
          when: Condition(.findings(FindingCondition(level: .secret))),
          verdict: .hold,
          tip: "secret"
        ),
        PolicyCase(name: "rest", verdict: .warn, tip: "rest", mayOverride: true),
        PolicyCase(name: "gap", when: Condition(.gaps([.encrypted])), verdict: .redact),
      ]
    )
    let decision = policy.decide(
      findings: [finding(), finding("fr", .secret, .mentioned), finding("fr", .topSecret)],
      gaps: [gap(.encrypted), gap(.corrupt)],
      channel: nil,
      sender: nil
    )
    #expect(decision.findings.map(\.name) == ["rest", "mentioned", "secret"])
    #expect(decision.findings.map(\.index) == [2, 0, 1])
    #expect(decision.gaps.map(\.name) == ["gap", nil])
    #expect(decision.gaps.map(\.verdict) == [.redact, .log])
    #expect(decision.verdict == .hold)
    #expect(decision.tip == "secret")
    #expect(!decision.mayOverride)
    #expect(decision.observed == nil)
    let warned = policy.decide(findings: [finding()], gaps: [], channel: nil, sender: nil)
    #expect(warned.verdict == .warn && warned.mayOverride && warned.tip == "rest")
  }

  @Test("shadow mode records the verdict and lets the message pass, without a tip")
  func observe() {
    let policy = Policy(
      name: "p",
      cases: [
        PolicyCase(
          name: "new",
          when: Condition(.findings(FindingCondition(level: .secret))),
          verdict: .block,
          tip: "secret",
          observe: true
        ),
        PolicyCase(name: "rest", verdict: .warn, tip: "rest"),
      ]
    )
    let shadow = policy.decide(
      findings: [finding("fr", .secret)],
      gaps: [],
      channel: nil,
      sender: nil
    )
    #expect(shadow.verdict == .log && shadow.observed == .block && shadow.tip == nil)
    let both = policy.decide(
      findings: [finding("fr", .secret), finding()],
      gaps: [],
      channel: nil,
      sender: nil
    )
    #expect(both.verdict == .warn && both.observed == .block && both.tip == "rest")
  }

  @Test(
    "a finding condition",
    arguments: [
      (FindingCondition(), true),
      (FindingCondition(usage: .applied), true),
      (FindingCondition(usage: .mentioned), false),
      (FindingCondition(level: .restricted), true),
      (FindingCondition(level: .confidential), false),
      (FindingCondition(schemes: ["eu", "fr"]), true),
      (FindingCondition(schemes: ["eu"]), false),
      (FindingCondition(kinds: [.marking]), true),
      (FindingCondition(kinds: [.identifier, .credential]), false),
      (FindingCondition(rules: [Glob("fr.*")]), true),
      (FindingCondition(rules: [Glob("!fr.*")]), false),
      (FindingCondition(caveats: ["special-france"]), true),
      (FindingCondition(caveats: ["noforn"]), false),
      (FindingCondition(confidence: 0.9), true),
      (FindingCondition(confidence: 0.95), false),
    ]
  )
  func findingCondition(condition: FindingCondition, holds: Bool) {
    #expect(condition.holds(for: finding(caveats: ["special-france"]), ceiling: nil) == holds)
  }

  @Test(
    "a ceiling",
    arguments: [
      (Level?.none, [CeilingRelation.none]), (.internal, [.above]), (.restricted, [.within]),
      (.secret, [.within]),
    ]
  )
  func ceiling(limit: Level?, holding: [CeilingRelation]) {
    for relation in CeilingRelation.allCases {
      let condition = FindingCondition(ceiling: [relation])
      #expect(condition.holds(for: finding(), ceiling: limit) == holding.contains(relation))
    }
  }

  @Test("the first ceiling that matches the channel counts")
  func ceilings() {
    let policy = Policy(
      name: "p",
      cases: [],
      ceilings: [
        ChannelCeiling(ChannelCondition(names: [Glob("cellule-*")]), level: .restricted),
        ChannelCeiling(ChannelCondition(), level: .internal),
      ]
    )
    #expect(policy.ceiling(of: channel(.private, name: "Cellule-A")) == .restricted)
    #expect(policy.ceiling(of: channel(.private, name: "café")) == .internal)
    #expect(policy.ceiling(of: nil) == .internal)
  }

  @Test(
    "a channel condition",
    arguments: [
      (ChannelCondition(), true, true),
      (ChannelCondition(visibility: [.private]), true, false),
      (ChannelCondition(visibility: [.public, .unknown]), false, true),
      (ChannelCondition(encrypted: [.yes]), true, false),
      (ChannelCondition(encrypted: [.no, .unknown]), false, true),
      (ChannelCondition(federated: [.no]), true, false),
      (ChannelCondition(names: [Glob("Salle*")]), true, false),
      (ChannelCondition(names: [Glob("!salle*")]), false, true),
      (ChannelCondition(ids: [Glob("!x")]), true, true),
    ]
  )
  func channelCondition(condition: ChannelCondition, known: Bool, unknown: Bool) {
    let room = channel(.private, true, name: "salle 4", federated: false)
    #expect(condition.holds(for: room) == known)
    #expect(condition.holds(for: nil) == unknown)
  }

  @Test(
    "a glob",
    arguments: [
      ("*.gouv.fr", "interieur.gouv.fr", true), ("*.gouv.fr", "gouv.fr", false),
      ("*", "", true), ("", "", true), ("", "a", false), ("a?c", "abc", true),
      ("a?c", "ac", false), ("*a*b*c", "xxaxbxbxc", true), ("*a*b*c", "xxaxcxb", false),
      ("ÉTAT*", "état-major", true), ("!x*", "xy", true),
      (String(repeating: "*a", count: 30), String(repeating: "a", count: 29), false),
    ]
  )
  func glob(pattern: String, name: String, holds: Bool) {
    #expect(Glob(pattern).describes(name) == holds)
  }

  @Test(
    "the domain of a sender",
    arguments: [
      ("@ann:agent.example.tchap.gouv.fr", "agent.example.tchap.gouv.fr"),
      ("@ann:localhost:8448", "localhost"), ("ann@dgse.example", "dgse.example"),
      ("ann@xmpp.example/phone", "xmpp.example"), ("Ann <ann@mail.example>", "mail.example"),
      ("U02ABC", nil), ("@ann", nil), ("ann@", nil),
    ]
  )
  func domain(sender: String, domain: String?) {
    #expect(Policy.domain(of: sender) == domain)
  }

  @Test(
    "a sender condition",
    arguments: [
      (["*.example"], "a@x.example", true), (["*.example"], "a@x.other", false),
      (["!*.example"], "a@x.example", false), (["!*.example"], "a@x.other", true),
      (["!*.example"], nil, true), (["*.example"], nil, false),
      (["*.example", "!bad.example"], "a@bad.example", false),
      (["*.example", "!bad.example"], "a@good.example", true),
    ]
  )
  func sender(patterns: [String], sender: String?, holds: Bool) {
    let policy = Policy(
      name: "p",
      cases: [
        PolicyCase(
          name: "these",
          when: Condition(senders: patterns.map(Glob.init)),
          verdict: .block
        )
      ]
    )
    let decision = policy.decide(findings: [finding()], gaps: [], channel: nil, sender: sender)
    #expect(decision.verdict == (holds ? .block : .log))
  }
}
