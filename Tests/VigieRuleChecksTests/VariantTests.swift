import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieReports
import VigieRuleChecks
import VigieRulebook

@Suite("Variants of texts")
struct VariantTextTests {
  static let changes: [(variant: ExampleVariant, before: String, after: String?)] = [
    (.upper, "a ⟦hush é⟧ b", "a ⟦HUSH É⟧ b"),
    (.upper, "a ⟦HUSH⟧ b", nil),
    (.lower, "A ⟦Hush É⟧ B", "A ⟦hush é⟧ B"),
    (.decomposed, "é ⟦hüsh⟧", "e\u{301} ⟦hu\u{308}sh⟧"),
    (.decomposed, "й ⟦ώ⟧", "и\u{306} ⟦ω\u{301}⟧"),
    (.decomposed, "plain ⟦hush⟧", nil),
    (.fullwidth, "ab ⟦Hé-z⟧ cd", "ab ⟦Ｈé-ｚ⟧ cd"),
    (.zeroWidth, "a ⟦(h-ush)⟧", "a ⟦(h-u\u{200B}sh)⟧"),
    (.zeroWidth, "⟦1 2⟧", nil),
    (.quoted, "a\n⟦b\nc⟧\nd", "> a\n> ⟦b\n> c⟧\n> d"),
    (.wrapped, "a b ⟦c d e⟧ f", "a b ⟦c\nd e⟧ f"),
    (.wrapped, "a b ⟦cd⟧", nil),
    (.emoji, "⟦a⟧", "\u{1F539} ⟦a⟧"),
    (.noBreakSpaces, "a b ⟦c d⟧", "a\u{A0}b\u{A0}⟦c\u{A0}d⟧"),
    (.otherRules, "a ⟦b⟧", nil),
  ]

  @Test("change what they say and move the spans", arguments: changes)
  func changed(_ change: (variant: ExampleVariant, before: String, after: String?)) throws {
    let marked = try #require(MarkedText(change.before))
    let found = change.variant.applied(to: marked) { _ in true }
    // Not by the text: to a Swift string what is canonically equivalent is equal.
    #expect(found?.text == change.after.flatMap(MarkedText.init)?.text, "\(change.before)")
    #expect(found?.spans == change.after.flatMap(MarkedText.init)?.spans, "\(change.before)")
  }

  @Test("leave the spans alone that are not chosen")
  func chosen() throws {
    let marked = try #require(MarkedText("⟦hush⟧ ⟦hush⟧"))
    #expect(ExampleVariant.upper.applied(to: marked) { $0 == 1 } == MarkedText("⟦hush⟧ ⟦HUSH⟧"))
  }
}

@Suite("Examples of rules under variants")
struct VariantCheckTests {
  private func check(_ rules: [Rule]) throws -> VariantCheck {
    let base = try makeFilter()
    let filter = Filter(
      rules: try TestRules.compiled(rules),
      policy: base.policy,
      tips: base.tips
    )
    return VariantCheck(of: rules, with: filter, threadCount: 2)
  }

  private func example(
    _ text: String,
    _ usage: Usage? = .applied,
    except exceptions: [String] = []
  ) -> Example {
    Example(marked: TestRules.at(text), usage: usage, exceptions: exceptions)
  }

  @Test("a phrase is found under every one of them")
  func phrase() throws {
    var rule = TestRules.rule("xx.hush", ["hush hüsh"])
    rule.examples = [example("é ⟦Hush hüsh⟧")]
    let check = try check([rule])
    #expect(check.failures == [])
    #expect(check.count == ExampleVariant.allCases.count - 1)
    #expect(check.passedCount == check.count)
  }

  @Test("the letter case varies as far as the rule lets it")
  func casing() throws {
    for (casing, count) in [(Casing.any, 2), (.title, 1), (.upper, 1), (.exact, 0)] {
      var rule = TestRules.rule("xx.hush", ["Hush Hush"], casing: casing)
      let text = casing == .upper ? "⟦HUSH HUSH⟧" : "⟦Hush Hush⟧"
      let others = ExampleVariant.allCases.filter { $0 != .upper && $0 != .lower }
      rule.examples = [example(text, except: others.map(\.rawValue))]
      let check = try check([rule])
      #expect(check.failures == [])
      // What is in capitals already is no variant of itself.
      #expect(check.count == (casing == .upper ? 0 : count), "\(casing)")
    }
  }

  @Test("a space in a pattern is found as a no-break space")
  func blanks() throws {
    var rule = TestRules.rule("xx.hush", patterns: [TestRules.pattern("hush [0-9]+")])
    rule.examples = [example("so ⟦hush 7⟧")]
    #expect(try check([rule]).failures == [])
  }

  @Test("small letters are not asked of words that are ordinary by themselves")
  func ordinary() throws {
    for (prior, count) in [(1.0, 1), (-0.5, 0)] {
      var rule = TestRules.rule("xx.hush", ["Hush Hush"])
      rule.prior = prior
      let others = ExampleVariant.allCases.filter { $0 != .lower }
      rule.examples = [example("⟦Hush Hush⟧", except: others.map(\.rawValue))]
      #expect(try check([rule]).count == count)
    }
  }

  @Test("a failure names the variant, the mend and the exception, and the exception lets it pass")
  func exception() throws {
    var rule = TestRules.rule("xx.hush", patterns: [TestRules.pattern(#"hush\x20[0-9]+"#)])
    rule.examples = [example("so ⟦hush 7⟧")]
    let failed = try check([rule])
    #expect(failed.failures.map(\.variant) == [.noBreakSpaces])
    #expect(failed.passedCount == failed.count - 1)
    let page = failed.page(for: Terminal())
    #expect(page.contains("xx.yaml:7:9: xx.hush: variant nbsp, found by a pattern without it"))
    #expect(page.contains("except: [nbsp]"))
    #expect(page.contains("mend: write a space or \\h in the pattern, and"))
    #expect(page.hasSuffix("1 failed (1 nbsp)\n"))
    rule.examples = [example("so ⟦hush 7⟧", except: ["nbsp"])]
    let passed = try check([rule])
    #expect(passed.failures == [])
    #expect(passed.count == failed.count - 1)
  }

  @Test("an example that fails as it is written is not varied")
  func failing() throws {
    var rule = TestRules.rule("xx.hush", ["hush hush"])
    rule.examples = [example("⟦quiet quiet⟧"), example("hush hush", nil)]
    let check = try check([rule])
    #expect(check.count == 0)
    #expect(check.failures == [])
  }

  @Test("a silent example fires no other rule, but those it names")
  func otherRules() throws {
    let other = TestRules.rule("xx.other", ["quiet quiet"])
    for (exceptions, fired) in [
      ([], ["xx.other"]), (["xx.other"], []), (["xx.*"], []), (["other-rules"], []),
      (["xx.another"], ["xx.other"]),
    ] as [([String], [String])] {
      var rule = TestRules.rule("xx.hush", ["hush hush"])
      rule.examples = [example("quiet quiet", nil, except: exceptions)]
      let check = try check([rule, other])
      #expect(check.failures.compactMap(\.other) == fired, "\(exceptions)")
      #expect(check.failures.allSatisfy { $0.variant == .otherRules })
    }
  }

  @Test("values are sought as they are written: only what stands around them varies")
  func values() throws {
    var rule = TestRules.rule(
      "xx.number",
      patterns: [TestRules.pattern("hush[0-9]+")],
      kind: .identifier
    )
    rule.examples = [example("my ⟦hush7⟧ é")]
    let check = try check([rule])
    #expect(check.failures == [])
    #expect(check.count == 2)
  }
}
