import TestSupport
import Testing
import VigieCore
import VigiePolicy

@Suite("Policy of uploads")
struct UploadPolicyTests {
  private func verdict(_ cases: [PolicyCase], ceilings: [ChannelCeiling] = []) -> Verdict {
    Policy(name: "p", cases: cases, ceilings: ceilings)
      .leastDecision(findings: [finding("fr", .secret)], gaps: []).verdict
  }

  private func condition(
    _ finding: FindingCondition = FindingCondition(),
    _ channels: [ChannelCondition] = [],
    senders: [Glob] = []
  ) -> Condition { Condition(.findings(finding), channels: channels, senders: senders) }

  private let open = ChannelCondition(visibility: [.public])

  @Test("nothing found is allowed")
  func nothing() {
    let policy = Policy(name: "p", cases: [PolicyCase(name: "all", verdict: .block)])
    #expect(policy.leastDecision(findings: [], gaps: []) == .allow)
  }

  @Test("what every channel refuses is refused")
  func everywhere() {
    #expect(verdict([PolicyCase(name: "all", verdict: .block)]) == .block)
    let secret = condition(FindingCondition(level: .secret))
    #expect(verdict([PolicyCase(name: "secret", when: secret, verdict: .hold)]) == .hold)
    // A condition on channels that every channel meets is none.
    let any = condition(FindingCondition(), [open, ChannelCondition()])
    #expect(verdict([PolicyCase(name: "any", when: any, verdict: .block)]) == .block)
  }

  @Test("what some channel, some sender or some ceiling lets pass is not")
  func somewhere() {
    let rest = PolicyCase(name: "rest", verdict: .block)
    let here = condition(FindingCondition(), [open])
    let ours = condition(senders: [Glob("*.gouv.fr")])
    let within = condition(FindingCondition(ceiling: [.within]))
    #expect(verdict([PolicyCase(name: "here", when: here, verdict: .log), rest]) == .log)
    #expect(verdict([PolicyCase(name: "here", when: here, verdict: .hold), rest]) == .hold)
    #expect(verdict([PolicyCase(name: "here", when: here, verdict: .block)]) == .log)
    #expect(verdict([PolicyCase(name: "ours", when: ours, verdict: .log), rest]) == .log)
    // No channel is made for any level: the case takes nothing anywhere.
    #expect(verdict([PolicyCase(name: "within", when: within, verdict: .log), rest]) == .block)
    let high = ChannelCeiling(open, level: .topSecret)
    let low = ChannelCeiling(ChannelCondition(), level: .internal)
    #expect(
      verdict([PolicyCase(name: "within", when: within, verdict: .log), rest], ceilings: [high])
        == .log
    )
    #expect(
      verdict([PolicyCase(name: "within", when: within, verdict: .log), rest], ceilings: [low])
        == .block
    )
  }

  @Test("shadow mode stops no upload, and what a sender may override is left to the message")
  func lenient() {
    let observed = [PolicyCase(name: "all", verdict: .block, observe: true)]
    #expect(verdict(observed) == .log)
    func overridable(_ ceiling: Level) -> Verdict {
      Policy(
        name: "p",
        cases: [PolicyCase(name: "all", verdict: .block, mayOverride: true)],
        overrideCeiling: ceiling
      ).leastDecision(findings: [finding("fr", .secret)], gaps: []).verdict
    }
    #expect(overridable(.secret) == .log)
    #expect(overridable(.confidential) == .block)
  }

  @Test("gaps have their own cases, and the highest verdict counts")
  func gaps() {
    let policy = Policy(
      name: "p",
      cases: [
        PolicyCase(name: "gap", when: Condition(.gaps([.encrypted])), verdict: .hold),
        PolicyCase(name: "rest", verdict: .warn),
      ]
    )
    let decision = policy.leastDecision(findings: [finding()], gaps: [gap(.encrypted)])
    #expect(decision.verdict == .hold)
    #expect(!decision.mayOverride)
    #expect(decision.findings.map(\.name) == ["rest"] && decision.gaps.map(\.name) == ["gap"])
    #expect(policy.leastDecision(findings: [], gaps: [gap(.corrupt)]).verdict == .log)
  }

  @Test("is never above what some channel gives, whatever the policy")
  func property() {
    var random = SeededGenerator(seed: 7)
    let rooms: [Channel?] =
      [nil]
      + Visibility.allCases.flatMap { visibility in
        [true, false, nil].map { channel(visibility, $0, name: "salle") }
      }
    let senders: [String?] = [nil, "@a:x.example", "@a:y.example"]
    func condition() -> ChannelCondition {
      ChannelCondition(
        visibility: random.once(in: 2) ? [random.pick(Visibility.allCases)] : [],
        encrypted: random.once(in: 3) ? [random.pick(Answer.allCases)] : []
      )
    }
    var refusedCount = 0
    for _ in 0..<2_000 {
      let cases = (0..<Int.random(in: 1...4, using: &random)).map { number in
        let isGap = random.once(in: 3)
        let about = FindingCondition(
          usage: random.once(in: 4) ? random.pick(Usage.allCases) : nil,
          level: random.once(in: 3) ? random.pick(Level.allCases) : .public,
          ceiling: random.once(in: 3) ? [random.pick(CeilingRelation.allCases)] : []
        )
        return PolicyCase(
          name: "\(number)",
          when: Condition(
            isGap ? .gaps(random.once(in: 2) ? [] : [.corrupt]) : .findings(about),
            channels: random.once(in: 2) ? [condition()] : [],
            senders: random.once(in: 4) ? [Glob(random.pick(["x.example", "!x.example"]))] : []
          ),
          verdict: random.pick(Verdict.allCases),
          observe: random.once(in: 6)
        )
      }
      let ceilings = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        ChannelCeiling(condition(), level: random.pick(Level.allCases))
      }
      let policy = Policy(name: "p", cases: cases, ceilings: ceilings)
      let findings = [finding("fr", random.pick(Level.allCases), random.pick(Usage.allCases))]
      let gaps = random.once(in: 2) ? [gap(random.pick([.corrupt, .encrypted]))] : []
      let least = policy.leastDecision(findings: findings, gaps: gaps).verdict
      if least.isStop { refusedCount += 1 }
      for room in rooms {
        for sender in senders {
          let full = policy.decide(findings: findings, gaps: gaps, channel: room, sender: sender)
          #expect(least <= full.verdict)
          // Without the outcomes it comes to the same.
          var told = policy
          for number in told.cases.indices {
            told.cases[number].tip = number % 2 == 0 ? "tip \(number)" : nil
            told.cases[number].mayOverride = number % 3 == 0
          }
          let decision = told.decide(findings: findings, gaps: gaps, channel: room, sender: sender)
          let brief = told.conclude(findings: findings, gaps: gaps, channel: room, sender: sender)
          #expect(brief.verdict == decision.verdict)
          #expect(brief.observed == decision.observed)
          #expect(brief.tip == decision.tip)
          #expect(brief.mayOverride == decision.mayOverride)
        }
      }
    }
    #expect(refusedCount > 100)
  }
}

@Suite("Override ceiling")
struct OverrideCeilingTests {
  private func mayOverride(_ findings: [Finding], ceiling: Level = .restricted) -> Bool {
    Policy(
      name: "p",
      cases: [
        PolicyCase(
          name: "mentioned",
          when: Condition(.findings(FindingCondition(usage: .mentioned))),
          verdict: .log
        ),
        PolicyCase(
          name: "eu",
          when: Condition(.findings(FindingCondition(schemes: ["eu"]))),
          verdict: .log
        ),
        PolicyCase(name: "rest", verdict: .warn, mayOverride: true),
      ],
      overrideCeiling: ceiling
    ).decide(findings: findings, gaps: [], channel: nil, sender: nil).mayOverride
  }

  @Test("nothing above it may be overridden, whatever the case says")
  func above() {
    #expect(mayOverride([finding()]))
    #expect(!mayOverride([finding("fr", .confidential)]))
    #expect(mayOverride([finding("fr", .confidential)], ceiling: .confidential))
    #expect(!mayOverride([finding()], ceiling: .internal))
  }

  @Test("all that the message carries counts; what it only mentions does not")
  func carried() {
    #expect(!mayOverride([finding(), finding("eu", .secret)]))
    #expect(mayOverride([finding(), finding("fr", .secret, .mentioned)]))
  }

  @Test("a policy that states none allows up to restricted")
  func unstated() {
    #expect(Policy(name: "p", cases: []).overrideCeiling == .restricted)
  }
}
