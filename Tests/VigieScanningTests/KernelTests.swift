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

  /// What a sweep finds: each match, and what the decoder is told.
  private func found(_ sweep: inout Sweep, _ text: [UInt8], _ role: Role) -> [String] {
    sweep.run(text.span, role: role)
    return Set(
      sweep.matches.map {
        "\($0.rule) \($0.range) \($0.source) \($0.letterCase) \($0.disguise.names)"
      }
    ).sorted()
  }

  /// Texts of phrases and anchors of the shipped rules, long enough for several segments.
  private func texts(seed: UInt64, count: Int, pieces: ClosedRange<Int>) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    let anchors = rules.prefilter.anchorGroups.map { String(decoding: $0.literal, as: UTF8.self) }
    let phrases = rules.phrases.map { phrase in
      String(decoding: phrase.folded.letters.map { max($0.base, 0x20) }, as: UTF8.self)
    }
    var soup = TextSoup(phrases.filter { !$0.isEmpty } + anchors, seed: seed)
    return (0..<count).map { _ in
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: pieces, using: &generator) {
        text += soup.next()
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: text += Array("1 85 05 78 006 084 91, FR76 3000 6000 0112 3456 7890 189 ".utf8)
        case 1: text += Array("06\u{202F}12\u{202F}34\u{A0}56-78 12345 ".utf8)
        case 2: text += Array(" <b>DIF</b>FUSION &amp; %44%52 \\u0044 RESTRE!NTE|+ ".utf8)
        case 3: text += Array("RElGRlVTSU9OIFJFU1RSRUlOVEUgZGVzIHRleHRlcw== ".utf8)
        case 4: text += (0..<3).map { _ in UInt8.random(in: 0...255, using: &generator) }
        default: break
        }
      }
      return text
    }
  }

  @Test("the same matches as the pass in Swift", arguments: KernelTests.variants)
  func matches(_ variant: PassKernel.Variant) {
    var portable = Sweep(rules, variant: .portable)
    var kernel = Sweep(rules, variant: variant)
    let texts =
      texts(seed: 7, count: 300, pieces: 1...4) + texts(seed: 8, count: 8, pieces: 80...300)
    var matchCount = 0
    for text in texts {
      let role: Role = text.count % 5 == 0 ? .filename : .body
      let expected = found(&portable, text, role)
      let got = found(&kernel, text, role)
      matchCount += expected.count
      if got != expected {
        let missed = Set(expected).subtracting(got).sorted()
        let added = Set(got).subtracting(expected).sorted()
          .filter { !isBesideUnseen($0, text) }
        if missed.isEmpty, added.isEmpty { continue }
        Issue.record("missed \(missed.prefix(3)), added \(added.prefix(3)) in \(text.prefix(400))")
      }
    }
    #expect(matchCount > 1_000)
  }

  /// Whether a short form touches what nobody sees: whether the pass in Swift then takes the letter behind that
  /// for its neighbour hangs on whether an even or an odd byte is before it.
  private func isBesideUnseen(_ match: String, _ text: [UInt8]) -> Bool {
    let words = match.split(separator: " ")
    let bounds = words[1].split(separator: ".").compactMap { Int($0.drop { $0 == "<" }) }
    guard words[2] != "phrase", bounds.count == 2 else { return false }
    return bounds[0] > 0 && text[bounds[0] - 1] >= 0x80
      || bounds[1] < text.count && text[bounds[1]] >= 0x80
  }

  @Test("the same judgements, decoded views included", arguments: KernelTests.variants)
  func judgements(_ variant: PassKernel.Variant) {
    let portable = Scanner(rules, variant: .portable)
    let kernel = Scanner(rules, variant: variant)
    for text in texts(seed: 21, count: 150, pieces: 1...5)
      + texts(seed: 22, count: 4, pieces: 60...150)
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
    for (piece, count) in [("a & b ", 270_000), ("\u{3B1} ", 270_000), ("rien ici & rien ", 8_000)] {
      let text = Array((String(repeating: piece, count: count) + hidden).utf8)
      let expected = report(portable, rules, text)
      #expect(expected.count >= 2)
      #expect(report(kernel, rules, text) == expected)
    }
  }

  @Test("a marking at every place of a segment's edge", arguments: KernelTests.variants)
  func edges(_ variant: PassKernel.Variant) {
    var portable = Sweep(rules, variant: .portable)
    var kernel = Sweep(rules, variant: variant)
    let markings = [
      "DIFFUSION RESTREINTE",
      "d\u{2E}i\u{2E}f\u{2E}f\u{2E}u\u{2E}s\u{2E}i\u{2E}o\u{2E}n restreinte",
      "(DR)", "ＤＩＦＦＵＳＩＯＮ ＲＥＳＴＲＥＩＮＴＥ", "FR76 3000 6000 0112 3456 7890 189", "très secret défense",
      "06\u{202F}12\u{202F}34\u{202F}56\u{202F}78", "ПОВЕРИТЕЛНО", "λ ΕΜΠΙΣΤΕΥΤΙΚΟ",
    ]
    for marking in markings {
      let bytes = Array(marking.utf8)
      for before in (PassScratch.segmentCount - bytes.count - 4)...(PassScratch.segmentCount + 4) {
        let text = [UInt8](repeating: 0x2E, count: before) + [0x0A] + bytes + [0x0A]
        let expected = found(&portable, text, .body)
        #expect(found(&kernel, text, .body) == expected, "\(marking) after \(before) bytes")
      }
    }
  }

  @Test("letters of other scripts, few and more than are told", arguments: KernelTests.variants)
  func scripts(_ variant: PassKernel.Variant) {
    var portable = Sweep(rules, variant: .portable)
    var kernel = Sweep(rules, variant: variant)
    for count in [0, 1, 255, 256, 257, 3_000, 40_000] {
      let text = Array((String(repeating: "ж ", count: count) + ". ПОВЕРИТЕЛНО. α + β, ДСП").utf8)
      let expected = found(&portable, text, .body)
      #expect(!expected.isEmpty)
      #expect(found(&kernel, text, .body) == expected, "\(count) letters before")
    }
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
    let whole = Array(
      "(DR) é’œ 06 12 34 56 78 — DIFFUSION RESTREINTE | NATO SECRET // TLP:AMBER+STRICT sk_live_4eC39HqLyjWDarjtT1zdp7dc "
        .utf8
    )
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

  @Test("every byte and every pair of bytes beyond ASCII", arguments: KernelTests.variants)
  func bytes(_ variant: PassKernel.Variant) {
    var portable = Sweep(rules, variant: .portable)
    var kernel = Sweep(rules, variant: variant)
    for first in UInt8(0)...255 {
      var text: [UInt8] = []
      for second in UInt8(0)...255 {
        text += Array("NATO SEC".utf8) + [first, second] + Array("RET ".utf8)
      }
      #expect(found(&kernel, text, .body) == found(&portable, text, .body), "\(first)")
    }
  }
}
