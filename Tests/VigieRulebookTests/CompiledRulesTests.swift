import Testing
import VigieCore
import VigieRulebook
import TestSupport

@Suite("Compiled rules")
struct CompiledRulesTests {
  /// The anchors a pattern without any is given, or the reason why it is refused.
  private func anchors(_ regex: String) -> [String] {
    do {
      let rules = try TestRules.compiled([
        TestRules.rule("xx.a", patterns: [TestRules.pattern(regex)])
      ])
      return rules.prefilter.anchorTargets.map { String(decoding: $0.literal, as: UTF8.self) }
    } catch {
      return error.faults.map { "refused: \($0.reason)" }
    }
  }

  @Test("the literals that every match holds, the longest")
  func requiredLiterals() {
    #expect(anchors("TLP:\\s?RED") == ["TLP:"])
    #expect(anchors("ab\\d+cdef") == ["cdef"])
    #expect(anchors("(?i)Secret\\b") == ["secret"])
    #expect(anchors("(?i:BASK)et") == ["bask"])
    #expect(anchors("(?:alpha|beta)\\d") == ["alpha", "beta"])
    #expect(anchors("(?:alpha|be)\\d+gamma") == ["gamma"])
    #expect(anchors("(?:foo)?barre") == ["barre"])
    #expect(anchors("(?:foobar)+x?") == ["foobar"])
    #expect(anchors("(?<!x)\\bDR-SF\\b") == ["DR-SF"])
    #expect(anchors("abc|defg") == ["abc", "defg"])
  }

  @Test(
    "a pattern that holds no literal for sure is refused",
    arguments: [
      "\\d{4}", "ab|cde", "(?:secret)?", "(?:secret)*x", "[A-Z]{3}", "é\\d+", ".", "",
    ]
  )
  func noLiteral(_ regex: String) {
    #expect(
      anchors(regex) == ["refused: the pattern requires no literal of three letters or more"]
    )
  }

  @Test("an anchor must stand in its case only where the pattern never ignores case")
  func exactAnchors() throws {
    let rules = try TestRules.compiled([
      TestRules.rule(
        "xx.a",
        patterns: [
          TestRules.pattern("Secret \\d", anchors: ["Secret"]),
          TestRules.pattern("(?i)Secret \\d", anchors: ["Secret"]),
          TestRules.pattern("S[e]cret \\d", anchors: ["Secret"]),
          TestRules.pattern("x DR", anchors: ["DR"]),
          TestRules.pattern("x DR-", anchors: ["DR-"]),
        ]
      )
    ])
    #expect(rules.prefilter.anchorTargets.map(\.isExact) == [true, false, false, true, true])
    #expect(rules.prefilter.anchorTargets.map(\.isWholeWord) == [false, false, false, true, false])
  }

  @Test("every fault of a set is told at once, each where it was written")
  func faults() {
    func at(_ line: Int) -> SourcePosition { SourcePosition(file: "f.yaml", line: line, column: 4) }
    var wrong = TestRules.rule("xx.regex")
    wrong.patterns = [Pattern(regex: Located("abc(", at: at(11)))]
    var silent = TestRules.rule("xx.silent")
    silent.phrases = [Located("secret", at: at(20)), Located("– !", at: at(21))]
    var unknown = TestRules.rule("xx.checksum", ["secret"])
    unknown.validator = Located("crc32", at: at(30))
    var loose = TestRules.rule("xx.loose")
    loose.patterns = [Pattern(regex: Located("\\d+", at: at(40)))]
    let faults = #expect(throws: RuleFaults.self) {
      try TestRules.compiled([wrong, silent, unknown, loose])
    }
    let told = (faults?.faults ?? []).sorted { $0.position.line < $1.position.line }
    #expect(told.map(\.position) == [at(11), at(21), at(30), at(40)])
    #expect(told.allSatisfy { !$0.mend.isEmpty })
    let reasons = told.map(\.reason)
    #expect(reasons.count == 4)
    guard reasons.count == 4 else { return }
    #expect(reasons[0].hasPrefix("the pattern is no regular expression: "))
    #expect(reasons[0].hasSuffix("at its byte 4"))
    #expect(reasons[1] == "the phrase '– !' has no two letters")
    #expect(reasons[2] == "'crc32' is not a checksum Vigie knows")
    #expect(told[2].mend.hasPrefix("choose one of luhn, iban, rib, nir, "))
    #expect(reasons[3] == "the pattern requires no literal of three letters or more")
  }

  @Test("a trusted set compiles its patterns when they are needed, and says so where one is wrong")
  func trusted() throws {
    let set = RuleSet(
      rules: [
        TestRules.rule(
          "xx.a",
          patterns: [
            TestRules.pattern("DR-\\d+", anchors: ["DR-"]),
            TestRules.pattern("DR-(", anchors: ["DR-"]),
          ]
        )
      ],
      evidence: [],
      id: "test"
    )
    let rules = try CompiledRules(set, checked: true)
    #expect(rules.program(0) != nil)
    #expect(rules.program(0)?.expression === rules.program(0)?.expression)
    #expect(rules.program(1) == nil)
    #expect(throws: RuleFaults.self) { try CompiledRules(set) }
  }

  @Test("letters of a phrase once it is folded")
  func letterCount() {
    #expect(CompiledRules.foldedLetterCount("Diffusion restreinte") == 19)
    #expect(CompiledRules.foldedLetterCount(" - ") == 0)
  }

  @Test("weights of a rule stand before those of the evidence")
  func weights() throws {
    var rule = TestRules.rule("xx.a", ["secret"])
    rule.weights = ["own-line": 3, "usage:own-line": -1]
    let rules = try TestRules.compiled(
      [rule, TestRules.rule("xx.b", ["geheim"])],
      evidence: [
        EvidenceKind(name: "own-line", title: "alone", marking: 1, usage: 2),
        EvidenceKind(
          name: "cue",
          title: "a word",
          marking: 0.5,
          usage: 0,
          cues: [("fr", ["ci-joint*"])]
        ),
      ]
    )
    #expect(rules.rules.map { $0.weights.map(\.marking) } == [[3, 0.5], [1, 0.5]])
    #expect(rules.rules.map { $0.weights.map(\.usage) } == [[-1, 0], [2, 0]])
    #expect(rules.evidence.number(of: .ownLine) == 0)
    #expect(rules.evidence.number(of: .bracketed) == nil)
  }

  @Test("evidence weighs on the kinds of rules it is about, or where a rule names it")
  func about() throws {
    var named = TestRules.rule("xx.c", ["mot de passe"], kind: .credential)
    named.weights = ["usage:own-line": -1]
    let rules = try TestRules.compiled(
      [
        TestRules.rule("xx.a", ["diffusion"]),
        TestRules.rule("xx.b", ["numero"], kind: .identifier), named,
      ],
      evidence: [
        EvidenceKind(name: "own-line", title: "alone", marking: 1, usage: 2),
        EvidenceKind(name: "said", title: "said", marking: 0, usage: -3, about: [.identifier]),
      ]
    )
    #expect(rules.rules.map { $0.weights.map(\.marking) } == [[1, 0], [0, 0], [0, 0]])
    #expect(rules.rules.map { $0.weights.map(\.usage) } == [[2, 0], [0, -3], [-1, 0]])
  }

  @Test("a pattern has anchors or digits, not both, and digits need no anchor")
  func gates() throws {
    let digits = Pattern(regex: TestRules.at("[0-9]{9}"), digits: 9)
    let rules = try TestRules.compiled([TestRules.rule("xx.a", patterns: [digits])])
    #expect(rules.digitPatterns == [0])
    #expect(rules.leastDigitCount == 9)
    for wrong in [
      Pattern(regex: TestRules.at("no[0-9]{9}"), anchors: ["no"], digits: 9),
      Pattern(regex: TestRules.at("[0-9]{9}"), digits: 9, mostDigits: 8),
      Pattern(regex: TestRules.at("no[0-9]{9}"), anchors: ["no"], mostDigits: 9),
    ] {
      #expect(throws: RuleFaults.self) {
        try TestRules.compiled([TestRules.rule("xx.a", patterns: [wrong])])
      }
    }
  }

  @Test("short forms and anchors that the pass cannot seek are faults")
  func anchorFaults() {
    let rules = [
      TestRules.rule("xx.mark", marks: ["ΑΑΠ", "DR"]),
      TestRules.rule("xx.letter", patterns: [TestRules.pattern("É1", anchors: ["É"])]),
      TestRules.rule("xx.single", patterns: [TestRules.pattern("A1", anchors: ["A"])]),
    ]
    do throws(RuleFaults) {
      _ = try TestRules.compiled(rules)
      Issue.record("compiled")
    } catch {
      #expect(
        error.faults.map(\.reason) == [
          "the short form 'ΑΑΠ' has letters beyond ASCII",
          "the anchor 'É' has letters beyond ASCII",
          "the anchor 'A' is a single letter",
        ]
      )
    }
  }

  @Test("whether an expression puts the start of a match behind what stands before it")
  func movedStarts() throws {
    func movesItsStart(_ regex: String) throws -> [Bool] {
      try TestRules.compiled([TestRules.rule("xx.a", patterns: [TestRules.pattern(regex)])])
        .patterns.map(\.movesItsStart)
    }
    #expect(try movesItsStart("secret:\\K\\d{4}") == [true])
    #expect(try movesItsStart("secret(?: key|\\K)K\\d{4}") == [true])
    #expect(try movesItsStart("secretK\\d{4}") == [false])
  }
}
