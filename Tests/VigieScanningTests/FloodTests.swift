import Testing
import VigieCore
import VigieRulebook
import VigieScanning
import TestSupport

@Suite("Floods and odd input")
struct FloodTests {
  private let rules: CompiledRules

  init() throws {
    rules = try TestRules.compiled([
      TestRules.rule("xx.dr", ["diffusion restreinte"], marks: ["DR"]),
      TestRules.rule("xx.s", ["secret"]),
      TestRules.rule("xx.slow", patterns: [TestRules.pattern("hush(a+)+$", reach: 256)]),
      TestRules.rule("xx.fast", patterns: [TestRules.pattern("hush-\\d+")]),
    ])
  }

  private func repeated(_ text: String, _ count: Int) -> [UInt8] {
    let bytes = Array(text.utf8)
    var all: [UInt8] = []
    all.reserveCapacity(bytes.count * count)
    for _ in 0..<count { all += bytes }
    return all
  }

  @Test("more matches than are kept: no more memory, and a gap")
  func tooMany() {
    var sweep = Sweep(rules)
    sweep.run(repeated("secret ", Sweep.maxMatchCount + 1).span, role: .body)
    #expect(sweep.matches.count == Sweep.maxMatchCount)

    let scanner = Scanner(rules, maxMatchCount: 50)
    #expect(scanner.scan(repeated("secret ", 50), .body))
    #expect(scanner.judgements.count == 50)
    #expect(scanner.gaps.isEmpty)
    scanner.scan(repeated("secret ", 51), .body)
    #expect(scanner.judgements.count == 50)
    #expect(scanner.gaps.map(\.reason) == [.limit])
    #expect(scanner.gaps.map(\.detail) == ["more than 50 places to judge; the rest was not judged"])
    // The next text starts afresh.
    #expect(!scanner.scan(Array("rien".utf8), .body))
    #expect(scanner.gaps.isEmpty)
  }

  @Test("a flood on one line is judged in time that grows with it", .timeLimit(.minutes(1)))
  func manyOnOneLine() {
    let scanner = Scanner(rules)
    scanner.scan(repeated("secret ", 500), .body)
    #expect(scanner.judgements.count == 500)
  }

  @Test("a pattern over its limits is a gap that names the rule and no word of the text")
  func ruleLimit() {
    let scanner = Scanner(rules)
    let text = repeated("hush", 1) + repeated("a", 60) + Array("! hush-42 secret".utf8)
    #expect(report(scanner, rules, text) == ["xx.fast 66..<73 ", "xx.s 74..<80 "])
    #expect(scanner.gaps.map(\.reason) == [.ruleLimit])
    #expect(
      scanner.gaps.allSatisfy { $0.detail.contains("xx.slow") && !$0.detail.contains("hush") }
    )
  }

  @Test("empty text, NUL bytes, nothing but broken bytes, nothing but marks")
  func odd() {
    let scanner = Scanner(rules)
    #expect(!scanner.scan([UInt8](), .body))
    #expect(!scanner.scan([UInt8](), .html))
    for byte in UInt8.min ... .max {
      let text = [UInt8](repeating: byte, count: 300)
      for role in Role.allCases where scanner.scan(text, role) {
        Issue.record("\(byte) as \(role.rawValue)")
      }
    }
    let nul = SpannedText("\0\0⟦DIFFUSION\0RESTREINTE⟧\0")
    #expect(report(scanner, rules, nul.bytes) == nul.spans.map { "xx.dr \($0) " })
    #expect(!scanner.scan(repeated("\u{301}", 500), .body))
    #expect(!scanner.scan(repeated("\u{200B}", 500), .body))
    #expect(!scanner.scan(repeated("&#", 500), .html))
    #expect(!scanner.scan(repeated("<", 500), .html))
  }

  @Test("8 MB on one line", .timeLimit(.minutes(1)))
  func longLine() {
    let scanner = Scanner(rules)
    var text = repeated("les equipes du soir preparent la releve, ", 200_000)
    let start = text.count / 2
    text[start - 1] = 0x20
    let marking = Array("DIFFUSION RESTREINTE ".utf8)
    for offset in marking.indices { text[start + offset] = marking[offset] }
    #expect(text.count > 8_000_000)
    #expect(report(scanner, rules, text) == ["xx.dr \(start..<(start + 20)) "])
    #expect(scanner.gaps.isEmpty)
  }

  @Test("the same text gives the same judgements on every thread, and when it is seen again")
  func determinism() async throws {
    let set = try ShippedRules.ruleSet()
    let rules = try ShippedRules.compiled()
    let texts = set.rules.flatMap { rule in
      rule.examples.prefix(2).map { (SpannedText($0.marked.value).bytes, $0.role) }
    }
    func all(_ scanner: Scanner) -> [String] {
      texts.map { text, role in
        scanner.scan(text, role)
        return scanner.judgements.map { "\($0)" }.joined(separator: "\n")
      }
    }
    let results = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<4 { group.addTask { all(Scanner(rules)) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4)
    #expect(results[0].filter { !$0.isEmpty }.count > 50)
    #expect(Set(results).count == 1)
    let scanner = Scanner(rules)
    _ = all(scanner)
    #expect(all(scanner) == results[0])
  }
}
