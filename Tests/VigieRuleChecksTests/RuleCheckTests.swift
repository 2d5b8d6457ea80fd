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
      #expect(report.contains("\n  mend: "))
      #expect(report.contains("^"))
    }
  }
}

@Suite("Mends of examples")
struct ExampleMendTests {
  private func report(_ marked: String, _ usage: Usage?, role: Role = .body) throws -> String {
    let fixture = try makeFilter()
    var rule = TestRules.rule("xx.bo", ["hush hush"], marks: ["BO-AC"])
    rule.examples = [Example(marked: TestRules.at(marked), usage: usage, role: role)]
    let filter = Filter(
      rules: try TestRules.compiled([rule]),
      policy: fixture.policy,
      tips: fixture.tips
    )
    let check = ExampleCheck(of: [rule], with: filter, threadCount: 1)
    return check.failures.map { $0.describe(for: Terminal()) }.joined()
  }

  @Test("the role under which it would hold is named, and nothing where there is none")
  func roles() throws {
    #expect(try report("budget_⟦BO-AC⟧.pdf", .applied, role: .filename) == "")
    #expect(
      try report("budget_⟦BO-AC⟧.pdf", .applied).contains(
        "mend: it would be found with role: filename, written { text: …, role: filename }"
      )
    )
    let never = try report("⟦quiet⟧, it's all", .applied, role: .subject)
    #expect(
      never.contains(
        "mend: see what was weighed: vigie rules explain --text 'quiet, it'\\''s all' --role subject"
      )
    )
  }

  @Test("a long text and one of several lines are left out of the command")
  func command() throws {
    #expect(try report("⟦quiet⟧\nnote", .applied).contains("vigie rules explain --text …"))
    let usage = try report("⟦hush hush⟧", .mentioned)
    #expect(usage.contains("mend: move the text to applied:"))
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
    func mend(_ line: String) -> String? {
      do {
        _ = try LabelledMessage(Array(line.utf8), file: "f", line: 2)
        return ""
      } catch {
        return error.reason + " → " + (error.mend ?? "")
      }
    }
    #expect(
      mend(#"{"id":"a","lang":"en","text":"b"}"#)
        == "expect is missing → expect: a label for each ⟦…⟧ in text order; \"expect\":[] where nothing may "
        + "be found"
    )
    #expect(
      mend(#"{"lang":7,"text":"b","expect":[]}"#)?.hasPrefix("id is missing, lang is no text →")
        == true
    )
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
        "| `aa.other` | aa.other |  |  | 1 |  |",
        "## Scheme xx",
        "### secret",
        "| `xx.high` | A\\|B \\*C\\* \\<d> | high high · very high | HI | 0 | the law; §2 |",
        "### internal",
        "| `xx.low` | xx.low | low low |  | 0 |  |",
      ]
    )
  }

  @Test("of many words the catalogue shows some, and how many more there are")
  func manyWords() throws {
    let words = (1...11).map { "word \"\($0)|" }
    let set = RuleSet(rules: [TestRules.rule("xx.many", words)], evidence: [], id: "sha256:test")
    #expect(RuleList(set).markdown.contains("word \"8\\| and 3 more |"))
  }

  @Test("the evidence: each by name, with its weights and what it means")
  func evidence() throws {
    let kinds = [
      EvidenceKind(name: "quoted", title: "said by another", marking: 0.5, usage: -2),
      EvidenceKind(name: "own-line", title: "alone on its line", marking: 2, usage: 1.5),
    ]
    let set = RuleSet(rules: [], evidence: kinds, id: "sha256:test")
    let lines = RuleList(set).evidenceTable(for: Terminal()).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1] == "own-line     2.00    1.50  alone on its line")
    #expect(lines[2] == "quoted       0.50   -2.00  said by another")
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
