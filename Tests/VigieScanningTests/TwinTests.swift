import TestSupport
import Testing
import VigieCore
import VigieRulebook
import VigieScanning

/// Lines at the head and at the foot of a document that say the same.
@Suite("Lines that say the same")
struct TwinTests {
  private let rules: CompiledRules

  init() throws { rules = try ShippedRules.compiled() }

  private func found(_ text: String) -> [String] {
    report(Scanner(rules), rules, Array(text.utf8))
  }

  /// A Swiss memorandum whose foot is far from what tells that it is Swiss.
  private func memorandum(foot: String, lines: Int = 60) -> String {
    "Schweizerische Eidgenossenschaft\nEidgenössisches Departement VBS\nVERTRAULICH\n\n"
      + String(repeating: "Die Anlage wird im Februar wieder geprüft.\n", count: lines) + "\n"
      + foot
  }

  @Test("the foot of a page is what its head is")
  func foot() {
    let text = memorandum(foot: "VERTRAULICH")
    let end = text.utf8.count
    #expect(found(text) == ["ch.vertraulich 66..<77 ", "ch.vertraulich \(end - 11)..<\(end) "])
    #expect(found(memorandum(foot: "  VERTRAULICH \r\n")).count == 2)
  }

  @Test(
    "other lines are not",
    arguments: ["vertraulich", "VERTRAULICHES", "X VERTRAULICH", "VERTRAULICH ist das nicht"]
  )
  func others(_ foot: String) {
    #expect(found(memorandum(foot: foot)).filter { $0.hasPrefix("ch.") }.count == 1)
  }

  @Test("of a flood of lines a few hundred are judged so")
  func flood() {
    let lines = String(repeating: "VERTRAULICH\n", count: 3_000)
    #expect(found(memorandum(foot: lines)).filter { $0.hasPrefix("ch.") }.count > 256)
  }

  /// The names of the evidence seen in a text.
  private func evidence(_ text: String) -> [String] {
    let scanner = Scanner(rules)
    scanner.scan(Array(text.utf8))
    return scanner.judgements.flatMap(\.reasons).map { rules.evidence.kinds[$0.evidence].name }
  }

  @Test("what shows in the place of the one is no evidence for the other")
  func places() {
    let scanner = Scanner(rules)
    scanner.scan(Array(("VERTRAULICH\n" + memorandum(foot: "VERTRAULICH")).utf8))
    let swiss = scanner.judgements.filter { rules.rules[$0.rule].id == "ch.vertraulich" }
    let names = swiss.map { $0.reasons.map { rules.evidence.kinds[$0.evidence].name } }
    #expect(names.map { $0.contains("first-line") } == [true, false, false])
    for judgement in swiss {
      let rule = rules.rules[judgement.rule]
      let sum = judgement.reasons.reduce(rule.prior) { $0 + $1.marking }
      #expect(abs(sum - judgement.markingLogit) < 1e-9)
    }
  }

  @Test(
    "the number of a page beside a marking leaves it alone on its line",
    arguments: [
      "VERTRAULICH        Seite 1/2", "VERTRAULICH\tSeite 2 von 7", "Seite 1 von 2     VERTRAULICH",
    ]
  )
  func pageNumbers(_ line: String) {
    #expect(evidence("Angebot\n\(line)\nEnde").contains("own-line"))
  }

  @Test("a match that begins within a number is judged")
  func withinNumber() throws {
    let rules = try TestRules.compiled([
      TestRules.rule("xx.late", patterns: [TestRules.pattern("[0-9] HUSH", anchors: ["hush"])])
    ])
    let found = report(Scanner(rules), rules, Array("Page 12 HUSH\nx".utf8))
    #expect(found == ["xx.late 6..<12 "])
  }

  @Test(
    "other words beside it do not",
    arguments: [
      "VERTRAULICH Seite 1/2", "VERTRAULICH      Bitte nicht weitergeben 1",
      "VERTRAULICH      Seite",
      "VERTRAULICH      Seite 2 Abschnitt",
    ]
  )
  func sentences(_ line: String) {
    #expect(!evidence("Angebot\n\(line)\nEnde").contains("own-line"))
  }
}
