import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook

/// What forms, glossaries and paragraphs of portions say of the markings in them.
@Suite("Forms, glossaries and portions around a marking")
struct FormEvidenceTests {
  private static let structural = [
    "ticked", "unticked", "defined", "placeholder", "portion", "second-portion",
  ]
  private let worker: FilterWorker

  init() throws {
    let kinds = Self.structural.map {
      EvidenceKind(name: $0, title: $0, marking: 0, usage: 0.1)
    }
    let loaded = try ShippedRules.load()
    let rules = [
      TestRules.rule("xx.hush", ["hush hush"]), TestRules.rule("xx.mum", ["mum is the word"]),
    ]
    worker = Filter(
      rules: try TestRules.compiled(rules, evidence: kinds),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
  }

  /// The evidence of usage of the first marking in a text.
  private func evidence(_ text: String) throws -> Set<String> {
    let finding = try #require(worker.review(Message(id: "m", body: text)).findings.first)
    return Set(
      finding.evidence.filter { $0.name.hasPrefix("usage:") }.map { String($0.name.dropFirst(6)) }
    )
  }

  @Test(
    "boxes to tick",
    arguments: [
      ("Level: \u{2610} open \u{2611} hush hush", ["ticked"]),
      ("Level: \u{2611} open \u{2610} hush hush", ["unticked"]),
      ("Level: open \u{2610}  hush hush \u{2612}", ["ticked"]),
      ("Level: open [x]  hush hush [ ]", ["unticked"]),
      ("[ ] open\n[X] hush hush\n[ ] shut", ["ticked"]),
      ("[x] open\n[ ] hush hush", ["unticked"]),
      ("( ) open (x) hush hush", ["ticked"]),
      ("\u{25CB} open \u{25CF} hush hush\n\u{2610} none", ["ticked"]),
      // The field of a form, filled.
      ("Level: \u{2612} hush hush\nDate: 4 March", ["ticked"]),
      ("Level: [x] hush hush", ["ticked"]),
      ("Level \u{2714} hush hush", []),
      // A tick or a disc alone is a bullet, a box alone is that of a task.
      ("\u{2705} hush hush", []),
      ("\u{25CF} hush hush\n\u{25CF} open", []),
      ("[x] hush hush", ["placeholder"]),
      ("- [ ] read\n- [x] write the words hush hush at the top", ["placeholder"]),
      ("call f() on hush hush", []),
    ] as [(String, [String])]
  )
  func boxes(_ text: String, _ names: [String]) throws {
    #expect(try evidence(text) == Set(names))
  }

  @Test("a sign of equality or a colon between two forms of one level is a glossary")
  func glossary() throws {
    #expect(try evidence("hush hush = mum is the word") == ["defined"])
    #expect(try evidence("hush hush: mum is the word") == ["defined"])
    #expect(try evidence("hush hush: say that mum is the word").isEmpty)
    #expect(try evidence("classification = hush hush").isEmpty)
    #expect(try evidence("hush hush (mum is the word)").isEmpty)
  }

  @Test("words that match as they stand are in no disguise, whatever their signs might stand for")
  func plainFirst() throws {
    let rules = [TestRules.rule("xx.colour", ["amber+strict", "amber7strict"])]
    let loaded = try ShippedRules.load()
    let worker = Filter(
      rules: try TestRules.compiled(rules),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
    func disguise(_ text: String) throws -> Disguise {
      try #require(worker.review(Message(id: "m", body: text)).findings.first).disguise
    }
    #expect(try disguise("amber+strict") == [])
    #expect(try disguise("amber+s+rict").contains(.leet))
  }

  @Test("portion marks follow one another in a paragraph as they do at the head of lines")
  func portions() throws {
    let amid = "(C) Rain fell. (hush hush) The gate is open. (U) Lunch was good."
    #expect(try evidence(amid) == ["portion", "second-portion"])
    #expect(try evidence("Rain fell (hush hush) at the gate.").isEmpty)
  }
}
