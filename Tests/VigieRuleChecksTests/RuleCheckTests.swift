import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieJSON
import VigieReports
import VigieRuleChecks
import VigieRulebook

@Suite("Marked text")
struct MarkedTextTests {
  @Test("gives the text without brackets and the spans in bytes")
  func spans() throws {
    let marked = try #require(MarkedText("é ⟦a⟧ – ⟦bc⟧"))
    #expect(String(decoding: marked.text, as: UTF8.self) == "é a – bc")
    #expect(marked.spans == [3..<4, 9..<11])
  }

  @Test("refuses brackets without a partner", arguments: ["⟦a", "a⟧", "⟦a⟦b⟧⟧"])
  func brackets(_ text: String) {
    #expect(MarkedText(text) == nil)
  }
}

@Suite("Examples of rules")
struct ExampleCheckTests {
  private func check(_ marked: String, _ usage: Usage?) throws -> ExampleCheck {
    let filter = try makeFilter()
    var rule = try #require(filter.rules.set.rules.first)
    let position = SourcePosition(file: "f.yaml", line: 3, column: 5)
    rule.examples = [Example(marked: Located(marked, at: position), usage: usage)]
    return ExampleCheck(of: [rule], with: filter, threadCount: 2)
  }

  @Test("those that hold pass")
  func hold() throws {
    for (text, usage) in [("⟦hush hush⟧", Usage.applied), ("nothing here", nil)] {
      let check = try check(text, usage)
      #expect(check.passedCount == 1)
      #expect(check.failures.isEmpty)
    }
  }

  @Test("those that do not are told apart")
  func fail() throws {
    let cases: [(String, Usage?, ExampleCheck.Fault)] = [
      ("⟦quiet⟧", .applied, .missed(.applied, coveredBy: nil)),
      ("⟦hush hush⟧", .mentioned, .usage(.mentioned, found: .applied)),
      ("⟦so hush hush⟧", .applied, .span(found: 3..<12)),
      ("hush hush", nil, .unexpected(.applied)),
      ("⟦hush hush⟧ and hush hush", .applied, .unexpected(.applied)),
      ("⟦hush", .applied, .brackets),
    ]
    for (text, usage, fault) in cases {
      let check = try check(text, usage)
      #expect(check.failures.map(\.fault) == [fault], "\(text)")
      #expect(check.passedCount == 0)
      let report = try #require(check.failures.first).describe(for: Terminal())
      #expect(report.hasPrefix("f.yaml:3:5: xx.hush: "))
      #expect(report.contains("^"))
    }
  }
}

@Suite("Evaluation")
struct EvaluationTests {
  private func line(_ text: String, _ expect: String = "[]", disguise: String = "[]") throws
    -> LabelledMessage
  {
    let json =
      "{\"id\":\"a-1\",\"lang\":\"en\",\"text\":\"\(text)\",\"expect\":\(expect),\"disguise\":\(disguise)}"
    return try LabelledMessage(Array(json.utf8), file: "f.jsonl", line: 7)
  }

  private let label = #"[{"scheme":"xx","level":"secret","usage":"applied"}]"#

  @Test("counts hits, misses and false findings")
  func counts() throws {
    let other = #"[{"scheme":"xx","level":"restricted","usage":"mentioned"}]"#
    let messages = [
      try line("⟦hush hush⟧", label),
      try line("so ⟦the hush hush⟧", label),
      try line("⟦quiet⟧", label, disguise: #"["leet"]"#),
      try line("hush hush"),
      try line("⟦hush hush⟧", other),
      try line("nothing"),
    ]
    let evaluation = Evaluation(of: messages, with: try makeFilter(), threadCount: 2)
    #expect(evaluation.messageCount == 6)
    #expect(evaluation.overall.expected == 4)
    #expect(evaluation.overall.found == 3)
    #expect(evaluation.overall.reported == 4)
    #expect(evaluation.overall.usageRight == 2)
    #expect(evaluation.overall.levelRight == 2)
    #expect(evaluation.overall.exact == 2)
    #expect(evaluation.plainApplied.recall == 1)
    #expect(evaluation.byDisguise["leet"]?.recall == 0)
    #expect(evaluation.alarmCount == 1)
    #expect(evaluation.mistakes.map(\.mistake) == [.span, .missed, .false, .usage, .level])
  }

  @Test("a disguise is judged by its recall once it has labels enough")
  func disguiseRecall() throws {
    let requirement = try #require(Requirement("disguise-recall=0.9"))
    let hidden = try line("⟦quiet⟧", label, disguise: #"["leet"]"#)
    func worst(_ count: Int) throws -> (value: Double, about: String?) {
      let messages = [LabelledMessage](repeating: hidden, count: count)
      return requirement.value(
        in: Evaluation(of: messages, with: try makeFilter(), threadCount: 1)
      )
    }
    #expect(try worst(19) == (1, nil))
    #expect(try worst(20) == (0, "leet"))
  }

  @Test("a finding that overlaps less than half is a miss and a false finding")
  func overlap() throws {
    let text = "⟦hush hush and so much more that it is too long⟧"
    let evaluation = Evaluation(of: [try line(text, label)], with: try makeFilter(), threadCount: 1)
    #expect(evaluation.mistakes.map(\.mistake) == [.missed, .false])
  }

  @Test("writes JSON that fits the published schema, and pages")
  func output() throws {
    let messages = [
      try line("⟦hush hush⟧", label), try line("⟦quiet⟧", label), try line("hush hush"),
    ]
    let evaluation = Evaluation(of: messages, with: try makeFilter(), threadCount: 1)
    let value = try JSONValue(Array(evaluation.json.utf8))
    #expect(try JSONSchema(RuleCheckSchema.evaluation).faults(in: value) == [])
    #expect(evaluation.mistakePage(for: Terminal()).contains("f.jsonl:7: a-1: missed"))
    #expect(evaluation.page(for: Terminal()).contains("66.7 %") == false)
    #expect(evaluation.page(for: Terminal()).contains("50.0 %"))
  }

  @Test("refuses lines that are not labelled messages, with file and line")
  func refusals() {
    let lines = [
      "no json", "{}", #"{"id":"a","lang":"en","text":"⟦a⟧","expect":[]}"#,
      #"{"id":"a","lang":"en","text":"⟦a","expect":[]}"#,
      #"{"id":"a","lang":"en","text":"a","expect":[],"role":"nose"}"#,
      #"{"id":"a","lang":"en","text":"⟦a⟧","expect":[{"scheme":"xx"}]}"#,
    ]
    for line in lines {
      #expect {
        try LabelledMessage(Array(line.utf8), file: "f", line: 2)
      } throws: { error in
        (error as? LabelledMessage.Failure)?.place == "f:2"
      }
    }
  }

  @Test(
    "requirements that are none are refused",
    arguments: ["", "recall", "recall=", "recall=2", "recall=x", "speed=1", "recall=0.5=1"]
  )
  func requirements(_ text: String) {
    #expect(Requirement(text) == nil)
  }
}

@Suite("Rule list")
struct RuleListTests {
  @Test("fits the published schema")
  func schema() throws {
    let list = RuleList(try makeFilter().rules.set)
    let value = try JSONValue(Array(list.json.utf8))
    #expect(try JSONSchema(RuleCheckSchema.list).faults(in: value) == [])
    #expect(list.table(for: Terminal()).contains("1 rule in 1 family"))
  }

  @Test("the catalogue has a section a scheme, the highest level first, and escapes what is text")
  func catalogue() throws {
    let rules = [
      TestRules.rule("xx.low", ["low low"], level: .internal),
      TestRules.rule("xx.high", ["high high", "very high"], marks: ["HI"], level: .secret),
      TestRules.rule("aa.other", patterns: [TestRules.pattern("other [0-9]")], scheme: "aa"),
    ]
    var set = RuleSet(rules: rules, evidence: [], id: "sha256:test")
    set.rules[1].title = "A|B *C* <d>"
    set.rules[1].cites = ["the law", "§2"]
    let lines = RuleList(set).markdown.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.hasPrefix("#") || $0.hasPrefix("- ") || $0.hasPrefix("| `") } == [
        "# Catalogue of rules",
        "- [aa](#scheme-aa): 1 rule",
        "- [xx](#scheme-xx): 2 rules",
        "## Scheme aa",
        "### restricted",
        "| `aa.other` | aa.other | 0 | 0 | 1 |  |",
        "## Scheme xx",
        "### secret",
        "| `xx.high` | A\\|B \\*C\\* \\<d> | 2 | 1 | 0 | the law; §2 |",
        "### internal",
        "| `xx.low` | xx.low | 1 | 0 | 0 |  |",
      ]
    )
  }
}

@Suite("Excerpt")
struct ExcerptTests {
  @Test("puts carets under the span, in columns, on one line")
  func carets() {
    let text = Array("日本\nhush hush".utf8)
    let lines = Excerpt.lines(of: text, span: 7..<11, terminal: Terminal(), margin: "")
    #expect(lines == "日本⏎hush hush\n     ^^^^")
  }

  @Test("shows no more than the width of a long text")
  func long() {
    let text = Array(String(repeating: "x", count: 5000).utf8)
    for span in [0..<3, 2000..<2400, 4990..<5000] {
      let excerpt = Excerpt.lines(of: text, span: span, terminal: Terminal(width: 80))
      for line in excerpt.split(separator: "\n") {
        #expect(Terminal.columnCount(String(line)) <= 80)
      }
    }
  }
}
