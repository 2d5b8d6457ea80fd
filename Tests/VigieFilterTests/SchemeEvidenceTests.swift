import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook

/// What the rest of a text says of words that several schemes have, and of short forms that mean more than one thing.
@Suite("What the rest of a text says of a word of several schemes")
struct SchemeEvidenceTests {
  private let worker: FilterWorker

  init() throws {
    let kinds = [
      EvidenceKind(name: "of-scheme", title: "of-scheme", marking: 0.1, usage: 0),
      EvidenceKind(name: "entry", title: "entry", marking: 0.1, usage: 0),
      EvidenceKind(name: "laughing", title: "laughing", marking: 0.1, usage: 0),
      EvidenceKind(
        name: "machines",
        title: "machines",
        marking: 0.1,
        usage: 0,
        reach: .nearShort,
        cues: [("en", ["runbook*"])]
      ),
    ]
    var unsure = TestRules.rule("xx.unsure", ["mum is the word"])
    unsure.prior = 0.9
    let rules = [
      TestRules.rule("xx.hush", ["hush hush"], marks: ["HH"]), unsure,
      TestRules.rule("xx.sure", ["lips are sealed"]),
      TestRules.rule("yy.sure", ["walls have ears"], scheme: "yy"),
    ]
    let loaded = try ShippedRules.load()
    worker = Filter(
      rules: try TestRules.compiled(rules, evidence: kinds),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
  }

  /// Whether evidence was seen for the first finding of `xx.hush`.
  private func sees(_ name: String, _ text: String) throws -> Bool {
    let findings = worker.review(Message(id: "m", body: text)).findings
    let finding = try #require(findings.first { $0.rule == "xx.hush" })
    return finding.evidence.contains { $0.name == name }
  }

  @Test(
    "A sure marking of the same scheme counts wherever it stands; an unsure one, another scheme's and itself do not",
    arguments: [
      (
        "HUSH HUSH\n" + String(repeating: "The men wait for the boat.\n", count: 80)
          + "LIPS ARE SEALED", true
      ),
      ("LIPS ARE SEALED\nHUSH HUSH", true),
      ("HUSH HUSH\nMUM IS THE WORD", false),
      ("HUSH HUSH\nWALLS HAVE EARS", false),
      ("HUSH HUSH", false),
    ]
  )
  func ofScheme(_ text: String, _ isSeen: Bool) throws {
    #expect(try sees("of-scheme", text) == isSeen)
  }

  @Test(
    "What speaks against a short form does not speak against its words",
    arguments: [
      ("[HH] see the runbook", true), ("HUSH HUSH, see the runbook", false),
      ("[HH] see the map", false),
    ]
  )
  func nearShort(_ text: String, _ isSeen: Bool) throws {
    #expect(try sees("machines", text) == isSeen)
  }

  @Test(
    "A line of bars is a table where another row stands beside it, or where a bar opens it",
    arguments: [
      ("HUSH HUSH | applicants | row count 214 | last refresh 11", false),
      ("HUSH HUSH | one | two | three\nOther words | one | two | three", true),
      ("Name of it | one | two | three\r\nHUSH HUSH | one | two | three", true),
      ("HUSH HUSH | one | two | three\nA sentence without any.", false),
      ("| HUSH HUSH | one | two |", true),
    ]
  )
  func rows(_ text: String, _ isSeen: Bool) throws {
    #expect(try sees("entry", text) == isSeen)
  }

  @Test("a cake laughs like a face does")
  func cake() throws {
    #expect(try sees("laughing", "HUSH HUSH \u{1F382} for Amy"))
    #expect(try !sees("laughing", "HUSH HUSH \u{1F4CE} for Amy"))
  }
}
