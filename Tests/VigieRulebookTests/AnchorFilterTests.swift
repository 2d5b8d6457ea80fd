import Testing
import VigiePatterns

@testable import VigieRulebook
import TestSupport

@Suite("What may stand around an anchor")
struct AnchorFilterTests {
  /// Whether an expression may match around any place of its anchor in a text.
  private func allows(_ text: String, _ regex: String, _ anchor: String) -> Bool {
    let filter = AnchorFilter(
      AnchorSurroundings.of(regex, anchors: [anchor]),
      count: anchor.utf8.count
    )
    let bytes = Array(text.utf8)
    return AnchorFilterTests.places(of: anchor, in: bytes)
      .contains { filter.candidates(0, bytes.span, at: $0) != 0 }
  }

  private static func places(of anchor: String, in bytes: [UInt8]) -> [Int] {
    let letters = anchor.utf8.map(Prefilter.lowercased)
    guard bytes.count >= letters.count else { return [] }
    return (0...(bytes.count - letters.count)).filter { start in
      letters.indices.allSatisfy { Prefilter.lowercased(bytes[start + $0]) == letters[$0] }
    }
  }

  @Test(
    "what stands beside the anchor, in the match or where it looks around",
    arguments: [
      (#"classé DR"#, "classé DR", "rangé DR"),
      (#"(?i:en|du) DR"#, "DU DR", "le DR"),
      (#"\(DR\)"#, "(DR)", "[DR]"),
      (#"DR(?=-\d)"#, "DR-1", "DR-x"),
      (#"(?<=\|\h)DR"#, "| DR", "; DR"),
      (#"(?m)^DR$"#, "a\nDR\nb", "a DR\n"),
      (#"^DR"#, "DR, x", "le DR"),
      (#"DR$"#, "le DR", "DR, x"),
      (#"(?:SECRET|Secret)"#, "un Secret", "un secret"),
      (#"[a-c]{2,30}DR"#, "abcabcDR", "abcDabcxDR"),
      (#"(?:x|yz)?DR(?:;|,)"#, "yzDR,", "yzDR."),
      (#"(?<=au |du )DR"#, "du DR", "en DR"),
      // The letters of the anchor count where it is spelt alone, in the match or beside it.
      (#"\|\hS(?=\h\|[^|]{0,20}\|\hDR\h\|)"#, "| S |\u{20}a | DR |", "| S | DR, a | DR"),
      (#"[.(?&:]DR;"#, ".DR;", ".DR,"),
    ]
  )
  func told(_ regex: String, _ one: String, _ other: String) {
    let anchor = regex.lowercased().contains("secret") ? "secret" : "DR"
    #expect(allows(one, regex, anchor))
    #expect(!allows(other, regex, anchor))
  }

  @Test(
    "what may stand there is never ruled out",
    arguments: [
      (#"(?:note )?DR"#, "le DR"), (#"(?:note )*DR"#, "x DR"), (#"(?!note )DR"#, "note DR"),
      (#"(?:a*)*DR"#, "b DR"), (#"(x)\1DR"#, "x DR"), (#"(?<a>x)(?&a)DR"#, "x DR"),
      (#"n(*ACCEPT)DR"#, "DR"),
      (#"\RDR"#, "\r\nDR"), (#"\d DR"#, "\u{664} DR"), (#"(?i)k DR"#, "\u{212A} DR"),
      (#"(?i)s DR"#, "\u{17F} DR"), (#"é DR"#, "é DR"), (#". DR"#, "😀 DR"),
      (#"note DR"#, "note\u{A0}DR"),
      (#"(?m)DR$"#, "DR\r"), (#"[^x]DR"#, "\u{1}DR"), (#"[^x]DR"#, "\u{0}DR"),
      (#"DR(?=.{0,200}é)"#, "DR et é"), (#"\bDR\b"#, "DR"), (#"DR(?<=DR)"#, "DR"),
    ]
  )
  func open(_ regex: String, _ text: String) { #expect(allows(text, regex, "DR")) }

  @Test("an expression that does not spell its anchor may match at all of them")
  func unspelt() {
    #expect(allows("DR", "x", "DR"))
    #expect(AnchorSurroundings.of("x", anchors: ["DR"]) == [.unknown])
  }

  @Test("more than 64 expressions at an anchor are told apart")
  func many() {
    let sought = (0..<100).map { number in
      AnchorSurroundings.of("(?<=\(number) )DR", anchors: ["DR"])[0]
    }
    let filter = AnchorFilter(sought, count: 2)
    let bytes = Array("97 DR".utf8)
    #expect(filter.wordCount == 2)
    #expect(filter.candidates(0, bytes.span, at: 3) == 1 << 7)
    #expect(filter.candidates(1, bytes.span, at: 3) == 1 << (97 - 64))
    #expect(filter.number(1, 97 - 64) == 97)
  }

  @Test("only those that are asked for are told, wherever in a range they may start")
  func among() {
    let filter = AnchorFilter(
      ["[0-9]{3}x", "(?:4|77)[0-9]", "FR[0-9]"].map { .atStart(of: $0) },
      count: 0
    )
    let bytes = Array("FR 4x 123x".utf8)
    func told(_ numbers: Set<Int>, _ range: Range<Int>) -> Set<Int> {
      let sought = filter.bits(0) { numbers.contains($0) }
      let found = filter.candidates(0, bytes.span, in: range, among: sought)
      return Set((0..<64).filter { found >> UInt64($0) & 1 == 1 }.map { filter.number(0, $0) })
    }
    #expect(told([0, 1, 2], 0..<bytes.count) == [0])
    #expect(told([0, 1, 2], 0..<5) == [])
    #expect(told([1, 2], 0..<bytes.count) == [])
    #expect(told([], 0..<bytes.count) == [])
    #expect(filter.bits(0) { _ in false } == 0)
  }

  @Test("no shipped pattern that matches an example of its rule is ruled out at all its anchors")
  func shipped() throws {
    let rules = try ShippedRules.compiled()
    let matcher = ExpressionMatcher()
    var counts = (matches: 0, allowed: 0, asked: 0)
    for pattern in rules.patterns where pattern.source.digits == 0 {
      let source = pattern.source
      let anchors =
        source.anchors.isEmpty
        ? RequiredLiterals.of(source.regex.value) ?? [] : source.anchors
      let filters = zip(anchors, AnchorSurroundings.of(source.regex.value, anchors: anchors)).map {
        ($0, AnchorFilter([$1], count: $0.utf8.count))
      }
      let expression = try Expression(source.regex.value)
      for example in rules.set.rules[pattern.rule].examples {
        let text = example.marked.value.filter { $0 != "⟦" && $0 != "⟧" }
        let bytes = Array(text.utf8)
        var isMet = false
        var isAllowed = false
        for (anchor, filter) in filters {
          for place in AnchorFilterTests.places(of: anchor, in: bytes) {
            counts.asked += 1
            isMet = true
            guard filter.candidates(0, bytes.span, at: place) != 0 else { continue }
            counts.allowed += 1
            isAllowed = true
          }
        }
        let match = try matcher.firstMatch(
          of: expression,
          in: bytes.span,
          starting: 0...bytes.count,
          startsLine: true,
          endsLine: true
        )
        // Without an anchor it is not run at all.
        guard match != nil, isMet else { continue }
        counts.matches += 1
        if !isAllowed { Issue.record("\(source.regex.value) in \(text)") }
      }
    }
    #expect(counts.matches > 1_000)
    // Nor is it a test that lets everything pass.
    #expect(counts.allowed * 3 < counts.asked)
  }
}
