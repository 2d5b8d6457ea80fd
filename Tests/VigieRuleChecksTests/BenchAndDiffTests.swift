import TestSupport
import Testing
import VigieArchives
import VigieCore
import VigieFilter
import VigieJSON
import VigieReports
import VigieRuleChecks
import VigieRulebook
import VigieScanning

@Suite("Cost of rules")
struct RuleBenchTests {
  private let rules = [
    TestRules.rule("xx.hush", ["hush hush"]), TestRules.rule("xx.never", ["never never"]),
    TestRules.rule("xx.code", patterns: [TestRules.pattern("code-[0-9]+", anchors: ["code"])]),
  ]

  @Test("counts the candidates and confirmations of one round, whatever the rounds")
  func counts() throws {
    let text = Array("hush hush, code 1, code-22 and code-345".utf8)
    for roundCount in [1, 3] {
      let bench = RuleBench(
        of: try TestRules.compiled(rules),
        on: [(text, .body), (Array("hush hush".utf8), .subject)],
        roundCount: roundCount
      )
      let costs = Dictionary(uniqueKeysWithValues: bench.rows.map { ($0.rule, $0.cost) })
      // Two windows of the phrase end in each place.
      #expect((costs["xx.hush"]?.candidateCount ?? 0) >= 2)
      #expect(costs["xx.hush"]?.matchCount == 2)
      #expect(costs["xx.code"]?.matchCount == 2)
      #expect(costs["xx.code"]?.phraseTime == 0)
      #expect(costs["xx.never"] == nil)
      #expect(bench.byteCount == text.count + 9)
      #expect(bench.scanTime > 0)
    }
  }

  @Test("writes JSON that fits the published schema, and a page of the dearest")
  func output() throws {
    let bench = RuleBench(
      of: try TestRules.compiled(rules),
      on: [(Array("hush hush code-7".utf8), .body)],
      roundCount: 2
    )
    let value = try JSONValue(Array(bench.json.utf8))
    #expect(try JSONSchema(RuleCheckSchema.bench).faults(in: value) == [])
    let page = bench.page(for: Terminal(), limit: 1)
    #expect(page.contains("… and 1 rule more"))
    #expect(page.contains("1 rule of 3 had no candidate"))
  }

  @Test("shows the rules that are asked about; the others run all the same")
  func some() throws {
    let bench = RuleBench(
      of: try TestRules.compiled(rules),
      on: [(Array("hush hush code-7".utf8), .body)],
      roundCount: 1,
      shown: ["xx.code", "xx.never"]
    )
    #expect(bench.rows.map(\.rule) == ["xx.code"])
    let page = bench.page(for: Terminal(), limit: 9)
    #expect(page.contains("1 rule of 2 had no candidate"))
    #expect(page.contains("the work at candidates of these rules."))
  }
}

@Suite("Difference of rules")
struct RuleDiffTests {
  /// The rules of a fixture with one of them changed.
  private func filter(_ change: (inout Rule) -> Void) throws -> Filter {
    let filter = try makeFilter()
    var set = filter.rules.set
    change(&set.rules[0])
    return Filter(rules: try CompiledRules(set), policy: filter.policy, tips: filter.tips)
  }

  private func diff(
    _ new: Filter,
    _ lines: [String],
    threadCount: Int = 2
  ) throws -> (diff: RuleDiff, changes: [RuleDiff.Change]) {
    let directory = try TemporaryDirectory()
    let path = try directory.write("messages.jsonl", lines.joined(separator: "\n") + "\n")
    var reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
    var diff = RuleDiff()
    var changes: [RuleDiff.Change] = []
    diff.scan(&reader, old: try makeFilter(), new: new, threadCount: threadCount) {
      changes.append($0)
    }
    return (diff, changes)
  }

  private let lines = [
    #"{"id":"a","body":"hush hush","channel":{"id":"c","visibility":"public"}}"#,
    #"{"id":"b","body":"quiet please"}"#, #"{"id":"c","body":"nothing"}"#, "no JSON",
  ]

  @Test("tells gained from lost, counts verdicts and what was not read")
  func gainedAndLost() throws {
    let new = try filter { $0.phrases = [TestRules.at("quiet please")] }
    let (diff, changes) = try diff(new, lines)
    #expect(changes.map(\.kind) == [.lost, .gained])
    #expect(changes.map(\.message) == ["a", "b"])
    #expect(diff.byRule == ["xx.hush": count(old: 1, new: 1, gained: 1, lost: 1)])
    #expect(diff.messageCount == 3)
    #expect(diff.changedMessageCount == 2)
    #expect(diff.gapCount == 1)
    #expect(diff.verdicts[.init(old: .block, new: .allow)] == 1)
  }

  private func count(
    old: Int,
    new: Int,
    gained: Int = 0,
    lost: Int = 0,
    moved: Int = 0
  ) -> RuleDiff.Count {
    var count = RuleDiff.Count()
    count.old = old
    count.new = new
    count.gained = gained
    count.lost = lost
    count.moved = moved
    return count
  }

  @Test("says what moved: usage, level, confidence, rule")
  func moved() throws {
    let cases: [((inout Rule) -> Void, [RuleDiff.Aspect])] = [
      ({ $0.usagePrior = -2 }, [.usage]), ({ $0.level = .internal }, [.level]),
      ({ $0.prior = 1 }, [.confidence]), ({ $0.id = "xx.other" }, [.rule]), ({ _ in }, []),
    ]
    for (change, aspects) in cases {
      let (diff, changes) = try diff(try filter(change), lines)
      #expect(changes.flatMap(\.aspects) == aspects)
      #expect(diff.total == count(old: 1, new: 1, moved: aspects.isEmpty ? 0 : 1))
    }
  }

  @Test("pages hold the masked marking alone; JSON is one object by the published schema")
  func output() throws {
    let new = try filter {
      $0.phrases = [TestRules.at("quiet please"), TestRules.at("hush hush")]
      $0.level = .internal
    }
    let (diff, changes) = try diff(new, lines)
    let page = RuleDiffPage(for: Terminal())
    let text = changes.map(page.lines).joined() + page.summary(of: diff)
    #expect(text.contains("secret → internal"))
    #expect(text.contains("q···· p·····"))
    #expect(!text.contains("quiet"))
    var json = RuleDiffJSON(old: "one", new: "two")
    let bytes = changes.flatMap { json.part($0) } + json.end(diff)
    let value = try JSONValue(bytes)
    #expect(try JSONSchema(RuleCheckSchema.difference).faults(in: value) == [])
    #expect(value["changes"]?.elements?.count == 2)
  }
}
