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
    "entry", "question", "questioned", "heading", "code", "stands-out", "set-off",
  ]
  private let worker: FilterWorker

  init() throws {
    let kinds =
      Self.structural.map {
        EvidenceKind(name: $0, title: $0, marking: 0, usage: 0.1)
      } + [
        Self.kind("denied", .clauseBefore, "is not"), Self.kind("denied-here", .rightBefore, "not"),
        Self.kind("form-name", .fileName, "template"),
      ]
    let loaded = try ShippedRules.load()
    let rules = [
      TestRules.rule("xx.hush", ["hush hush"]), TestRules.rule("xx.mum", ["mum is the word"]),
    ]
    worker = Filter(
      rules: try TestRules.compiled(
        rules,
        evidence: kinds + loaded.rules.evidence.filter { $0.reach == .grammar }
      ),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
  }

  private static func kind(_ name: String, _ reach: CueReach, _ words: String) -> EvidenceKind {
    EvidenceKind(
      name: name,
      title: name,
      marking: 0,
      usage: 0.1,
      reach: reach,
      cues: [("en", [words])]
    )
  }

  @Test(
    "Capitals stand out among words in small letters, in every script",
    arguments: [
      ("the note is HUSH HUSH as ever", true),
      ("the note is hush hush as ever", false),
      ("THE NOTE IS HUSH HUSH AS EVER", false),
      ("HUSH HUSH", false),
      ("note of the day\n\nHUSH HUSH\n\nall is well here", false),
      ("το σημείωμα είναι HUSH HUSH όπως πάντα", true),
      ("ΤΟ ΣΗΜΕΙΩΜΑ ΕΙΝΑΙ HUSH HUSH ΟΠΩΣ ΠΑΝΤΑ", false),
      ("it is A B C note HUSH HUSH for us", true),
    ]
  )
  func standsOut(text: String, isSeen: Bool) throws {
    #expect(try evidence(text).contains("stands-out") == isSeen)
  }

  @Test(
    "A marking between two dashes or bars is set off",
    arguments: [
      ("no. 88 – hush hush – the depot", true), ("no. 88 | hush hush | the depot", true),
      ("no. 88 – hush hush", false), ("hush hush – the depot", false),
      ("no. 88 is hush hush – the depot", false),
    ]
  )
  func setOff(text: String, isSeen: Bool) throws {
    #expect(try evidence(text).contains("set-off") == isSeen)
  }

  /// The evidence of usage of the first marking in a text.
  private func evidence(_ text: String) throws -> Set<String> {
    try evidence(Message(id: "m", body: text), 0)
  }

  /// The evidence of usage of a marking in a message.
  private func evidence(_ message: Message, _ index: Int) throws -> Set<String> {
    let findings = worker.review(message).findings
    let finding = try #require(findings.indices.contains(index) ? findings[index] : nil)
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
      ("( ) open (\u{2022}) hush hush", ["ticked"]),
      ("(\u{25CF}) open ( ) hush hush", ["unticked"]),
      ("\u{25CB} open \u{25CF} hush hush\n\u{2610} none", ["ticked"]),
      // The field of a form, filled.
      ("Level: \u{2612} hush hush\nDate: 4 March", ["ticked"]),
      ("Level: [x] hush hush", ["ticked"]),
      // Or not filled.
      ("Level: \u{2610} hush hush\nDate: 4 March", ["unticked"]),
      ("Level: [\u{A0}] hush hush", ["unticked"]),
      ("\"level\": [] hush hush", []),
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
    #expect(try evidence("hush hush: say that mum is the word") == ["heading"])
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

  @Test("what is not chosen in a form of HTML is not ticked, what is explained in it is an entry")
  func html() throws {
    func evidence(_ html: String) throws -> Set<String> {
      try self.evidence(Message(id: "m", html: html), 0)
    }
    let list = "<select><option>open<option"
    #expect(try evidence("\(list) selected>hush hush</select>") == ["ticked"])
    #expect(try evidence("<select><option selected>open<option>hush hush</select>") == ["unticked"])
    #expect(try evidence("<dl><dt>hush hush</dt><dd>what nobody says</dd></dl>") == ["entry"])
    #expect(try evidence("<dl><dt>all hush hush</dt><dd>what nobody says</dd></dl>").isEmpty)
    #expect(try evidence("<dl><dt>Level</dt><dd>hush hush</dd></dl>").isEmpty)
  }

  @Test("the first cell of a row is what the row is about")
  func rows() throws {
    #expect(try evidence("| hush hush | what nobody says |") == ["entry"])
    #expect(try evidence("| The plan | hush hush |").isEmpty)
    #expect(try evidence("| (hush hush) | The gate is open. |") == ["portion"])
    #expect(try evidence("| hush hush | |").isEmpty)
  }

  @Test("a question asks of the marking before it, not behind a heading or a portion mark")
  func questions() throws {
    #expect(try evidence("Is the list \"hush hush\" ?") == ["question", "questioned"])
    #expect(try evidence("Is the hush hush list here?") == ["question"])
    #expect(try evidence("hush hush - is the gate open?") == ["heading"])
  }

  @Test("a denial counts for the marking behind it, not for that of the next clause")
  func denials() throws {
    #expect(try evidence("it is not hush hush") == ["denied", "denied-here"])
    #expect(try evidence("it is not \"hush hush\"").isSuperset(of: ["denied", "denied-here"]))
    #expect(try evidence("it is not quite hush hush") == ["denied"])
    #expect(try evidence("it must not (hush hush) leave").isEmpty)
    #expect(try evidence("it is not new but hush hush").isEmpty)
    #expect(try evidence("it is not new, so hush hush").isEmpty)
    func second(_ text: String) throws -> Set<String> {
      try evidence(Message(id: "m", body: text), 1)
    }
    #expect(try second("it is not hush hush, but mum is the word").isEmpty)
    #expect(try second("it is not hush hush or mum is the word") == ["denied"])
  }

  @Test("some words speak in file names alone")
  func fileNames() throws {
    let file = Attachment(name: "template_hush_hush.doc")
    #expect(try evidence(Message(id: "m", attachments: [file]), 0) == ["form-name"])
    #expect(try evidence("use the template hush hush").isEmpty)
  }

  @Test("what a program logs is code, what hides in a spoiler is not")
  func logs() throws {
    #expect(try evidence("2026-05-04 ERROR [labels] no such label hush hush here") == ["code"])
    #expect(try evidence("the list is hu||sh hush||").isEmpty)
  }
}
