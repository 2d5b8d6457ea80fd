import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook

/// What the engine sees by words of grammar: those of a language that no line of Swift names.
@Suite("Words of grammar")
struct GrammarTests {
  /// Evidence that words of grammar keep away from a marking, or show.
  private static let kinds =
    ["acronym", "ordinary-use", "figures", "boilerplate"].map {
      EvidenceKind(name: $0, title: $0, marking: 0.1, usage: 0)
    } + [
      EvidenceKind(
        name: "denied",
        title: "denied",
        marking: 0.1,
        usage: -1,
        reach: .clauseBefore,
        cues: [("eo", ["ne estas"])]
      ),
      EvidenceKind(
        name: "denied-after",
        title: "denied after",
        marking: 0.1,
        usage: -1,
        reach: .clauseAfter,
        cues: [("eo", ["ne iras"])]
      ),
    ]

  /// Whether evidence is seen of `xx.hush` in a text where some words of Esperanto are of a kind of grammar.
  private func sees(_ evidence: String, _ text: String, _ grammar: String?, _ words: [String])
    throws -> Bool
  {
    let own = grammar.map {
      EvidenceKind(
        name: $0,
        title: $0,
        marking: 0,
        usage: 0,
        reach: .grammar,
        cues: [("eo", words)]
      )
    }
    let shipped = try ShippedRules.load()
    let rules = [
      TestRules.rule("xx.hush", ["hush hush"], marks: ["HH"]),
      TestRules.rule("xx.sealed", ["lips are sealed"]),
    ]
    let worker = Filter(
      rules: try TestRules.compiled(
        rules,
        evidence: GrammarTests.kinds + (own.map { [$0] } ?? [])
      ),
      policy: shipped.policy,
      tips: shipped.tips
    ).makeWorker()
    let findings = worker.review(Message(id: "m", body: text)).findings
    let finding = try #require(findings.first { $0.rule == "xx.hush" })
    return finding.evidence.contains { $0.name == evidence }
  }

  @Test(
    "A language that a rule file adds is read like those that are shipped",
    arguments: [
      ("clause-contrast", "denied", "Tio ne estas granda sed HUSH HUSH restas", "sed", false),
      (
        "list-join", "denied", "Tio ne estas LIPS ARE SEALED kaj HUSH HUSH hodiaŭ", "kaj", true
      ),
      ("clause-therefore", "denied-after", "HUSH HUSH do ne iras tien", "do", false),
      ("clause-relative", "denied-after", "HUSH HUSH, kio ne iras tien", "kio", false),
      ("person-title", "ordinary-use", "Sinjoro Faure (HH) venas hodiaŭ", "sinjoro", true),
      ("acronym-skip", "acronym", "La Hotelo Por Homoj (HH) malfermas", "por", true),
      ("acronym-means", "acronym", "Dosiero [HH], ĝi signifas harmonia horo", "signifas", true),
      ("acronym-is", "acronym", "Dosiero [HH], ĝi estas «harmonia horo»", "estas", true),
      ("regulation-number", "figures", "HUSH HUSH, laŭ 77 kaj 78", "77", false),
      ("mail-footer", "boilerplate", "HUSH HUSH ricevinto sendinto erare", "", true),
    ]
  )
  func added(
    _ grammar: String,
    _ evidence: String,
    _ text: String,
    _ word: String,
    _ isSeen: Bool
  ) throws {
    let words = word.isEmpty ? ["ricev*", "sendinto", "erare"] : [word]
    #expect(try sees(evidence, text, grammar, words) == isSeen)
    #expect(try sees(evidence, text, nil, []) != isSeen)
    // Words of another name are none of this kind.
    #expect(try sees(evidence, text, "own-words", words) != isSeen)
  }

  @Test("a footer is told by three different words, however many languages list one of them")
  func footers() throws {
    let text = "HUSH HUSH ricevinto sendinto"
    #expect(try !sees("boilerplate", text, "mail-footer", ["ricevinto", "sendinto", "Ricevinto"]))
  }
}
