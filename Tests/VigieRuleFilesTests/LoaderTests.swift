import Testing
import VigieCore
import VigiePolicy
import VigieRuleFiles
import VigieRulebook

@Suite("Loading rule files")
struct LoaderTests {
  @Test("the shipped set loads without a fault")
  func shipped() throws {
    do {
      let loaded = try RuleLoader.load(RuleSources(shipped: shippedRules))
      #expect(loaded.rules.rules.count > 50)
      #expect(loaded.rules.evidence.count > 20)
      #expect(loaded.policy.name == "default")
      #expect(loaded.tips["marked"]?["fr"] != nil)
      #expect(loaded.tips["marked"]?["en"] != nil)
      #expect(loaded.rules.id.hasPrefix("sha256:"))
    } catch {
      Issue.record("\(error.describe())")
    }
  }

  @Test("every key of a rule arrives in the rule")
  func everyKey() throws {
    let text = """
      family: xx
      title: Test markings
      scheme: xx
      sources: { LAW: "the law, §1" , DECREE: "the decree" }
      rules:
        - id: xx.hush
          title: Hush
          kind: identifier
          scheme: yy
          level: secret
          cites: [LAW, DECREE]
          prior: ordinary
          usage: -0.5
          case: upper
          phrases: ["no", 'très secret']
          marks: [HH]
          patterns:
            - 'H\\d+'
            - { regex: 'K\\d+', anchors: [K], reach: 64 }
          caveats: { ours: [ours only], eyes: your eyes }
          raises: [own-line]
          lowers: [{ "usage:negated": -3 }]
          ordinary: { before: [la], after: ["du bulletin*"] }
          near: [reference]
          validate: luhn
          examples:
            applied: ["⟦NO⟧ a", { text: "⟦HH⟧_b.pdf", role: filename }]
            mentioned: ["say ⟦NO⟧"]
            silent: ["yes"]
      """
    let directory = try RuleDirectory(["markings/xx.yaml": text])
    let rule = try #require(try directory.load().rules.rules.first)
    let file = directory.path + "/markings/xx.yaml"
    func at(_ line: Int, _ column: Int) -> SourcePosition {
      SourcePosition(file: file, line: line, column: column)
    }
    let expected = Rule(
      id: "xx.hush",
      position: at(6, 9),
      family: "xx",
      title: "Hush",
      kind: .identifier,
      scheme: "yy",
      level: .secret,
      cites: ["the law, §1", "the decree"],
      prior: -2,
      usagePrior: -0.5,
      casing: .upper,
      phrases: [Located("no", at: at(15, 15)), Located("très secret", at: at(15, 21))],
      marks: [Located("HH", at: at(16, 13))],
      patterns: [
        Pattern(regex: Located("H\\d+", at: at(18, 9))),
        Pattern(regex: Located("K\\d+", at: at(19, 18)), anchors: ["K"], reach: 64),
      ],
      caveats: [
        Caveat(name: "ours", phrases: ["ours only"]), Caveat(name: "eyes", phrases: ["your eyes"]),
      ],
      weights: ["usage:negated": -3],
      ordinary: OrdinaryUse(before: ["la"], after: ["du bulletin*"]),
      near: ["reference"],
      validator: Located("luhn", at: at(25, 15)),
      examples: [
        Example(marked: Located("⟦NO⟧ a", at: at(27, 17)), usage: .applied),
        Example(marked: Located("⟦HH⟧_b.pdf", at: at(27, 35)), usage: .applied, role: .filename),
        Example(marked: Located("say ⟦NO⟧", at: at(28, 19)), usage: .mentioned),
        Example(marked: Located("yes", at: at(29, 16)), usage: nil),
      ]
    )
    #expect(rule == expected)
  }

  @Test(
    "a level is a grade of the scheme first, then a common level",
    arguments: [("hush", Level.confidential), ("secret", .secret), ("top-secret", .topSecret)]
  )
  func levels(name: String, level: Level) throws {
    let directory = try RuleDirectory(["markings/xx.yaml": RuleDirectory.family(level: name)])
    #expect(try directory.load().rules.rules.first?.level == level)
  }

  @Test("the id changes with every byte and every name, and not with the place")
  func identity() throws {
    let first = try RuleDirectory()
    let second = try RuleDirectory()
    #expect(try first.load().rules.id == second.load().rules.id)
    try second.write("tips/en.yaml", "language: en\ntips: { marked: Do not send this! }\n")
    #expect(try first.load().rules.id != second.load().rules.id)
    let third = try RuleDirectory(["policies/other.yaml": RuleDirectory.otherPolicy])
    #expect(try first.load().rules.id != third.load().rules.id)
  }

  @Test("a policy file of its own replaces the default")
  func policyFile() throws {
    let directory = try RuleDirectory()
    let other = try RuleDirectory(["strict.yaml": RuleDirectory.otherPolicy], minimal: false)
    let loaded = try directory.load(policy: other.path + "/strict.yaml")
    #expect(loaded.policy.name == "other")
    #expect(loaded.policy.cases.first?.verdict == .hold)
    #expect(loaded.policy.overrideCeiling == .restricted)
    try other.write("strict.yaml", "override-ceiling: internal\n" + RuleDirectory.otherPolicy)
    let strict = try directory.load(policy: other.path + "/strict.yaml")
    #expect(strict.policy.overrideCeiling == .internal)
    #expect(strict.rules.id != loaded.rules.id)
  }

  @Test("a site adds families, tips and evidence, and changes rules, ladder and weights")
  func site() throws {
    let directory = try RuleDirectory()
    let site = try RuleDirectory(
      [
        "markings/acme.yaml": """
        family: acme
        title: House markings
        sources: { BOOK: "security handbook" }
        rules:
          - { id: acme.amber, title: Amber, scheme: acme, level: internal, cites: BOOK,
              phrases: [acme amber], raises: [on-wall],
              examples: { applied: ["⟦acme amber⟧"] } }
        """,
        "evidence.yaml": """
        evidence:
          - { name: on-wall, title: on a wall, marking: 1, usage: 0 }
          - { name: negated, usage: -4, words: { de: [kein*] } }
        """,
        "ladder.yaml": "grades: { xx: { hush: secret } }",
        "tips/de.yaml": "language: de\ntips: { marked: Nicht senden. }",
        "overrides.yaml": """
        overrides:
          - { rule: "xx.*", prior: unmistakable, raises: [{ own-line: 4 }], because: we know }
        """,
      ],
      minimal: false
    )
    let loaded = try directory.load(sites: [site])
    #expect(loaded.rules.rules.map(\.id) == ["xx.hush", "acme.amber"])
    let rule = try #require(loaded.rules.rules.first)
    #expect(rule.level == .secret)
    #expect(rule.prior == 3)
    #expect(rule.weights == ["own-line": 4])
    let negated = try #require(loaded.rules.evidence.first { $0.name == "negated" })
    #expect(negated.usage == -4)
    #expect(negated.cues.map(\.language) == ["fr", "de"])
    #expect(loaded.tips["marked"]?.texts.map(\.language) == ["de", "en", "fr"])
    try site.write("overrides.yaml", "overrides: [{ rule: xx.hush, enabled: false }]")
    let without = try directory.load(sites: [site])
    #expect(without.rules.rules.map(\.id) == ["acme.amber"])
    #expect(without.disabled == ["xx.hush"])
  }
}

extension RuleDirectory {
  static let otherPolicy = """
    policy: other
    cases:
      - { name: any-finding, verdict: hold }
      - { name: any-gap, when: { gap: [any] }, verdict: hold }
    """
}
