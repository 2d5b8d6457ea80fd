import Testing
import TestSupport
import VigieCore
import VigieRulebook
import VigieScanning
import VigieText

/// Every variant of the kernel finds what the pass in Swift finds.
@Suite("Kernel")
struct KernelTests {
  private static let variants = PassKernel.Variant.allCases.filter {
    $0 != .portable && $0.isAvailable
  }

  private let rules: CompiledRules

  init() throws { rules = try ShippedRules.compiled() }

  @Test("the same matches as the pass in Swift")
  func matches() {
    // Together: most of the time goes to the pass in Swift.
    let agreement = PassAgreement(rules, KernelTests.variants)
    for family in KernelTexts(rules).families() {
      let matchCount = agreement.matchCount
      for (number, text) in family.texts.enumerated() {
        if let difference = agreement.difference(text, hasUnseen: family.hasUnseen) {
          Issue.record("\(family), text \(number): \(difference) in \(text.prefix(400))")
        }
      }
      #expect(agreement.matchCount > matchCount, "\(family) holds nothing")
    }
    #expect(agreement.matchCount > 1_000)
  }

  /// What stands before a text has the code of signs, and so has every letter of such an anchor.
  @Test("an anchor of signs alone, at the start of a text", arguments: PassKernel.Variant.allCases)
  func signs(_ variant: PassKernel.Variant) throws {
    guard variant.isAvailable else { return }
    let rules = try TestRules.compiled([
      TestRules.rule("xx.signs", patterns: [TestRules.pattern(":[*]:[0-9]+", anchors: [":*:"])])
    ])
    let scanner = Scanner(rules, variant: variant)
    for text in ["", "a", ":", ":*", "x :*", "12"] {
      #expect(!scanner.scan(Array(text.utf8)), "\(text)")
    }
    for text in [":*:1", "a :*:12 b"] {
      scanner.scan(Array(text.utf8))
      #expect(scanner.judgements.count == 1, "\(text)")
    }
  }

  @Test("the same judgements, decoded views included", arguments: KernelTests.variants)
  func judgements(_ variant: PassKernel.Variant) {
    let portable = Scanner(rules, variant: .portable)
    let kernel = Scanner(rules, variant: variant)
    let texts = KernelTexts(rules)
    for text in texts.soup(seed: 21, count: 150, pieces: 1...5)
      + texts.soup(seed: 22, count: 4, pieces: 60...150)
    {
      for role in [Role.body, .html] {
        let expected = report(portable, rules, text, role: role)
        #expect(report(kernel, rules, text, role: role) == expected)
        #expect(kernel.gaps.map(\.detail) == portable.gaps.map(\.detail))
      }
    }
  }

  @Test("more signs than are kept, and large texts with few", arguments: KernelTests.variants)
  func manySigns(_ variant: PassKernel.Variant) {
    let portable = Scanner(rules, variant: .portable)
    let kernel = Scanner(rules, variant: variant)
    let hidden = "\n<b>DIF</b>FUSION RESTREINTE\n&#68;IFFUSION RESTREINTE\n"
    for (piece, count) in [("a & b ", 12_000), ("\u{3B1} ", 24_000), ("rien ici & rien ", 5_000)] {
      let text = Array((String(repeating: piece, count: count) + hidden).utf8)
      let expected = report(portable, rules, text)
      #expect(expected.count >= 2)
      #expect(report(kernel, rules, text) == expected)
    }
  }

  /// The pass in Swift takes several times as long, and would pass over all of the text for it.
  @Test("texts full of look-alikes are told by the kernel", arguments: KernelTests.variants)
  func manyLookalikes(_ variant: PassKernel.Variant) {
    var sweep = Sweep(rules, variant: variant)
    let portable = Scanner(rules, variant: .portable)
    let kernel = Scanner(rules, variant: variant)
    var foundCount = 0
    for text in KernelTexts.lookalikes {
      #expect(sweep.kernelCost(of: text.span) != nil)
      let expected = report(portable, rules, text)
      foundCount += expected.count
      #expect(report(kernel, rules, text) == expected)
      // In disguise too, where nothing but look-alikes tells of it.
      sweep.run(text.span, role: .body)
      #expect(sweep.signs.contains(.lookalike))
    }
    #expect(foundCount >= KernelTexts.lookalikes.count / 2)
  }

  @Test("variants by their names")
  func names() {
    #expect(PassKernel.Variant(named: "swift") == .portable)
    #expect(PassKernel.Variant(named: "scalar") == .scalar)
    for variant in KernelTests.variants {
      #expect(PassKernel.Variant(named: "\(variant)") == variant)
    }
    for variant in PassKernel.Variant.allCases where !variant.isAvailable {
      #expect(PassKernel.Variant(named: "\(variant)") == nil)
    }
    for name in ["", "portable", "AVX2", "avx5", "avx5120"] {
      #expect(PassKernel.Variant(named: name) == nil)
    }
    #expect(PassKernel.Variant.chosen.isAvailable)
  }

  /// The edges of a text, of blocks and of what is read at once: nothing beyond the text may count.
  @Test("a marking that is cut off, at every length", arguments: KernelTests.variants)
  func lengths(_ variant: PassKernel.Variant) {
    var portable = Sweep(rules, variant: .portable)
    var kernel = Sweep(rules, variant: variant)
    let whole = KernelTexts.whole
    var matchCount = 0
    for start in [0, 1, 5, 6, 13] {
      for end in start...whole.count {
        // Of one allocation: what stands behind the text goes on with it.
        let text = whole.span.extracting(start..<end)
        portable.run(text, role: .body)
        kernel.run(text, role: .body)
        matchCount += portable.matches.count
        let expected = Set(portable.matches.map { "\($0.rule) \($0.range)" })
        #expect(
          Set(kernel.matches.map { "\($0.rule) \($0.range)" }) == expected,
          "\(start)..<\(end)"
        )
      }
    }
    #expect(matchCount > 100)
  }
}
