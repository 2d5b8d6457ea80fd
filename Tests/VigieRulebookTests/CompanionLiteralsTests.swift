import Testing
import VigiePatterns

@testable import VigieRulebook
import TestSupport

@Suite("What a match must hold beside its anchor")
struct CompanionLiteralsTests {
  /// Whether the letters of a text allow for a match of an expression.
  private func allows(_ text: String, _ regex: String, _ anchors: [String]) -> Bool {
    let literals = CompanionLiterals([(regex: regex, anchors: anchors)])
    var triples = Triples()
    let bytes = Array(text.utf8)
    triples.read(bytes.span, 0..<bytes.count)
    return literals.allow(0, in: triples)
  }

  @Test(
    "words that must stand there, in the match or where it looks around",
    arguments: [
      ("note.{0,9}DR", "une note en DR", "une fiche en DR"),
      ("(?i)(?:note|fiche)s? DR", "FICHES DR", "les listes DR"),
      ("DR(?=.{0,20}diffuser)", "DR, ne pas diffuser", "DR, ne pas partager"),
      ("(?<=classé )DR", "classé DR", "rangé DR"),
      ("(?i)(?:très|fort) DR", "TRÈS DR", "tres DR"),
      ("DR 11[./]12[./]1998", "DR 11/12/1998", "DR 11/12/2001"),
      ("(?:note ){2}DR", "note note DR", "fiche fiche DR"),
      ("(?:un (?:avis|plan)|une (?:note|liste)) DR", "une liste DR", "une fiche DR"),
      ("par exemple DR", "par exemple DR", "par hasard DR"),
    ]
  )
  func required(_ regex: String, _ one: String, _ other: String) {
    #expect(allows(one, regex, ["DR"]))
    #expect(!allows(other, regex, ["DR"]))
  }

  @Test(
    "what may be missing is not asked for",
    arguments: [
      "(?:note )?DR", "(?:note )*DR", "(?:note|en) DR", "(?!note )DR", "(?<!note )DR",
      "DR(?=note)?",
      "[a-z]{4} DR", "(?:note |)DR", "n.t.e DR", "note(*ACCEPT)fiche DR", "((note)|DR)(?(2)fiche)",
    ]
  )
  func optional(_ regex: String) { #expect(allows("du DR", regex, ["DR"])) }

  @Test("letters of an anchor stand there wherever the pattern is run: they are no literal")
  func anchors() {
    let literals = CompanionLiterals([(regex: "(?i)top secret(?: pages?)?", anchors: ["secret"])])
    #expect(literals.sets == [[[Triples.literal(bit("top"), bit("top"))]]])
    #expect(CompanionLiterals([(regex: "secret", anchors: ["secret"])]).sets == [[]])
    // A class of a letter in both cases and another one is no letter.
    #expect(
      CompanionLiterals([(regex: "secret [Ddo]oc", anchors: ["secret"])]).sets == [[]]
    )
  }

  private func bit(_ text: String) -> UInt32 {
    let bytes = Array(text.utf8)
    return UInt32(Triples.bit(bytes[0], bytes[1], bytes[2]))
  }

  @Test("letters that match without regard to case, and are none of ASCII, allow for everything")
  func foldedLetters() {
    #expect(allows("le tan\u{212A} DR", "(?i)tank DR", ["DR"]))
    #expect(allows("la li\u{17F}te DR", "(?i)liste DR", ["DR"]))
  }

  @Test("the literals are known again from what a cache keeps")
  func sets() throws {
    let literals = CompanionLiterals([
      (regex: "note DR", anchors: ["DR"]), (regex: "DR", anchors: ["DR"]),
      (regex: "(?:une note|fiche).* page DR", anchors: ["DR"]),
    ])
    #expect(literals.sets.map(\.count) == [1, 0, 2])
    #expect(CompanionLiterals(sets: literals.sets) == literals)
    #expect(CompanionLiterals(sets: [[[0]]]) == nil)
  }

  @Test("no shipped pattern that matches an example of its rule is ruled out there")
  func shipped() throws {
    let rules = try ShippedRules.compiled()
    let matcher = ExpressionMatcher()
    var counts = (matches: 0, allowed: 0, asked: 0)
    for (number, pattern) in rules.patterns.enumerated() {
      let expression = try Expression(pattern.source.regex.value)
      for example in rules.set.rules[pattern.rule].examples {
        let text = example.marked.value.filter { $0 != "⟦" && $0 != "⟧" }
        let bytes = Array(text.utf8)
        var triples = Triples()
        triples.read(bytes.span, 0..<bytes.count)
        let isAllowed = rules.companions.allow(number, in: triples)
        let match = try matcher.firstMatch(
          of: expression,
          in: bytes.span,
          starting: 0...bytes.count,
          startsLine: true,
          endsLine: true
        )
        counts.asked += 1
        counts.allowed += isAllowed ? 1 : 0
        guard match != nil else { continue }
        counts.matches += 1
        if !isAllowed { Issue.record("\(pattern.source.regex.value) in \(text)") }
      }
    }
    #expect(counts.matches > 1_000)
    // Nor is it a test that lets everything pass.
    #expect(counts.allowed * 3 < counts.asked * 2)
  }
}
