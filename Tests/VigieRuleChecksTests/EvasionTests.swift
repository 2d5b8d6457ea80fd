import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieJSON
import VigieReports
import VigieRuleChecks
import VigieRulebook

@Suite("Evasion")
struct EvasionTests {
  private func check(
    _ examples: [String],
    seed: UInt64 = 1,
    depth: Int = 2,
    threadCount: Int = 2,
    change: (inout Rule) -> Void = { _ in }
  ) throws -> EvasionCheck {
    let filter = try makeFilter()
    var rule = try #require(filter.rules.set.rules.first)
    rule.examples = examples.map { Example(marked: TestRules.at($0), usage: .applied) }
    change(&rule)
    return EvasionCheck(
      of: [rule],
      with: filter,
      seed: seed,
      depth: depth,
      survivorLimit: 3,
      threadCount: threadCount
    )
  }

  @Test("tries every form of every disguise, and finds a phrase under nearly all")
  func phrase() throws {
    let check = try check(["⟦Hush Hush⟧\nnote"], depth: 1)
    #expect(check.markingCount == 1)
    // Too short to be known misspelt.
    #expect(Set(check.byGroup.keys) == Set(EvasionGroup.allCases).subtracting([.misspelt]))
    #expect(check.byPair.isEmpty)
    #expect(check.overall.shapes.count == 0)
    #expect(check.overall.phrases.count > 70)
    #expect(check.overall.phrases.found * 10 > check.overall.phrases.count * 9)
    #expect(check.byGroup[.zeroWidth]?.phrases.found == check.byGroup[.zeroWidth]?.phrases.count)
  }

  @Test("the same seed gives the same run on any number of threads, another seed other pairs")
  func deterministic() throws {
    let examples = ["⟦Hush Hush⟧\nnote", "so ⟦HUSH HUSH⟧ now", "⟦hush-hush⟧"]
    let one = try check(examples, threadCount: 1)
    #expect(!one.byPair.isEmpty)
    #expect(try check(examples, threadCount: 3).json == one.json)
    #expect(try check(examples, seed: 2).json != one.json)
  }

  @Test("a marking that is not found as it is is left out and counted")
  func unfound() throws {
    let check = try check(["⟦quiet please⟧"])
    #expect(check.markingCount == 0)
    #expect(check.unfoundCount == 1)
    #expect(check.overall.all.count == 0)
  }

  @Test("the case is part of a marking whose rule asks for one; identifiers are left out")
  func exceptions() throws {
    let cased = try check(["⟦hush hush⟧"], depth: 1) { $0.casing = .exact }
    #expect(cased.byGroup[.letterCase] == nil)
    #expect(cased.byGroup[.homoglyph] != nil)
    #expect(try check(["⟦hush hush⟧"]) { $0.kind = .identifier }.markingCount == 0)
  }

  @Test("a long marking is found misspelt, and misspelt under nearly every other disguise")
  func misspelt() throws {
    var rule = TestRules.rule("xx.dr", ["diffusion restreinte"])
    rule.examples = [
      Example(marked: TestRules.at("⟦DIFFUSION RESTREINTE⟧\nnote"), usage: .applied)
    ]
    let fixture = try makeFilter()
    let check = EvasionCheck(
      of: [rule],
      with: Filter(
        rules: try TestRules.compiled([rule]),
        policy: fixture.policy,
        tips: fixture.tips
      ),
      seed: 1,
      depth: 2,
      survivorLimit: 3,
      threadCount: 1
    )
    let alone = try #require(check.byGroup[.misspelt]?.phrases)
    #expect(alone.count == 4)
    #expect(alone.found == 4)
    let pairs = check.byPair.filter { $0.key.hasPrefix("misspelt") }.values.map(\.phrases)
    #expect(pairs.count >= 8)
    #expect(pairs.reduce(0) { $0 + $1.found } >= pairs.reduce(0) { $0 + $1.count } - 1)
  }

  @Test("what a pattern finds counts as a shape, though it reads like a phrase in another case")
  func shape() throws {
    let fixture = try makeFilter()
    var rule = TestRules.rule(
      "xx.hush",
      ["hush hush"],
      patterns: [TestRules.pattern("hush hush", anchors: ["hush"])],
      casing: .upper
    )
    rule.examples = [Example(marked: TestRules.at("so ⟦hush hush⟧ now"), usage: .applied)]
    let check = EvasionCheck(
      of: [rule],
      with: Filter(
        rules: try TestRules.compiled([rule]),
        policy: fixture.policy,
        tips: fixture.tips
      ),
      seed: 1,
      depth: 1,
      survivorLimit: 3,
      threadCount: 1
    )
    #expect(check.overall.phrases.count == 0)
    #expect(check.overall.shapes.count > 70)
  }

  @Test("survivors are shown so that a terminal shows all of them")
  func escaped() {
    #expect(EvasionCheck.escaped("Dé\u{200B}\u{410}\\\n") == "Dé\\u{200B}\\u{410}\\\\\\u{A}")
  }

  @Test("writes JSON that fits the published schema, and a page")
  func output() throws {
    let check = try check(["⟦Hush Hush⟧\nnote"])
    let value = try JSONValue(Array(check.json.utf8))
    #expect(try JSONSchema(RuleCheckSchema.evasion).faults(in: value) == [])
    let page = check.page(for: Terminal())
    #expect(page.contains("1 applied marking, seed 1"))
  }

  @Test("what gets through stands first, and disguises that hide nothing are one line")
  func order() throws {
    var rule = TestRules.rule("xx.lt", ["little title"])
    rule.examples = [Example(marked: TestRules.at("⟦LITTLE TITLE⟧\nnote"), usage: .applied)]
    let fixture = try makeFilter()
    let check = EvasionCheck(
      of: [rule],
      with: Filter(
        rules: try TestRules.compiled([rule]),
        policy: fixture.policy,
        tips: fixture.tips
      ),
      seed: 1,
      depth: 1,
      survivorLimit: 3,
      threadCount: 1
    )
    let whole = check.byGroup.filter { $0.value.all.found == $0.value.all.count }
    #expect(!whole.isEmpty && whole.count < check.byGroup.count)
    let lines = check.page(for: Terminal()).split(separator: "\n")
    let survivors = try #require(lines.firstIndex { $0.hasPrefix("survivors") })
    #expect(survivors < (try #require(lines.firstIndex { $0.hasPrefix("forms that hide some") })))
    #expect(lines.contains("all are found under \(whole.count) other disguises"))
    #expect(!lines.contains { $0.hasPrefix("zero-width ") })
  }
}
