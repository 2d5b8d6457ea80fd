import Testing
import VigieCore
import VigieRulebook

@Suite("Lint")
struct LintTests {
  /// A rule nothing is to say about, unless the test changes it.
  static func rule(_ change: (inout Rule) -> Void = { _ in }) -> Rule {
    let at = SourcePosition(file: "xx.yaml", line: 3, column: 5)
    func examples(_ usage: Usage?, _ count: Int) -> [Example] {
      (0..<count).map { Example(marked: Located("⟦a⟧ \($0)", at: at), usage: usage) }
    }
    var rule = Rule(
      id: "xx.hush",
      position: at,
      family: "xx",
      title: "Hush",
      scheme: "xx",
      level: .restricted,
      cites: ["the law"],
      phrases: [Located("hush hush", at: at)],
      patterns: [Pattern(regex: Located("HH-\\d+", at: at))],
      examples: examples(.applied, 5) + examples(.mentioned, 3) + examples(nil, 5)
    )
    change(&rule)
    return rule
  }

  private func remarks(_ change: (inout Rule) -> Void) -> [String] {
    let set = RuleSet(rules: [LintTests.rule(change)], evidence: [], id: "test")
    return Lint.remarks(on: set) { $0.filter(\.isLetter).count }
      .map { "\($0.severity.rawValue): \($0.fault.reason)" }
  }

  private func pattern(_ regex: String, reach: Int = 128) -> [Pattern] {
    let at = SourcePosition(file: "xx.yaml", line: 9, column: 9)
    return [Pattern(regex: Located(regex, at: at), reach: reach)]
  }

  @Test("a good rule passes")
  func good() { #expect(remarks { _ in } == []) }

  @Test("too few examples warn, none at all of a marking is an error")
  func examples() {
    #expect(
      remarks { $0.examples.removeAll { $0.usage == .mentioned || $0.marked.value == "⟦a⟧ 4" } }
        == [
          "warning: the rule has 4 of 5 applied examples",
          "error: the rule has 0 of 3 mentioned examples",
          "warning: the rule has 4 of 5 silent examples",
        ]
    )
    #expect(
      remarks {
        $0.kind = .identifier
        $0.examples.removeAll { $0.usage == .mentioned }
      } == ["warning: the rule has 0 of 3 mentioned examples"]
    )
  }

  @Test("a rule without a source is an error")
  func citation() {
    #expect(remarks { $0.cites = [] } == ["error: the rule cites nothing"])
  }

  @Test("short phrases", arguments: [(Casing.any, 6), (.title, 6), (.upper, 4), (.exact, 4)])
  func phrases(casing: Casing, least: Int) {
    for count in 3...7 {
      let phrase = String("abcdefg".prefix(count))
      let found = remarks {
        $0.casing = casing
        $0.phrases = [Located(phrase, at: $0.position)]
      }
      #expect(
        found
          == (count >= least
            ? []
            : ["error: the phrase '\(phrase)' has \(count) folded letters; \(least) are needed"])
      )
    }
  }

  @Test("patterns that blow up")
  func patterns() {
    #expect(
      remarks { $0.patterns = pattern("x(a+)+b") }
        == ["error: the pattern can take exponential time on 'xa' + 'a' × n + 'c'"]
    )
    #expect(
      remarks { $0.patterns = pattern("\\s*\\s*x", reach: 1000) }
        == ["warning: the pattern can take n^2 steps on ' ' + ' ' × n + 'a'"]
    )
    #expect(
      remarks { $0.patterns = pattern("\\s*\\s*x", reach: 60000) }
        == ["error: the pattern can take n^2 steps on ' ' + ' ' × n + 'a'"]
    )
    #expect(remarks { $0.patterns = pattern("\\s*\\s*x") } == [])
    #expect(
      remarks { $0.patterns = pattern("(?R)?a") }
        == [
          "warning: the cost of the pattern cannot be told: recursion, whose cost cannot be bounded"
        ]
    )
  }
}
