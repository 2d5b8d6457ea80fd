import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook

/// What the name of a field says of the marking that is its value, in JSON, XML, settings and logs.
@Suite("Fields of data whose value is a marking")
struct FieldEvidenceTests {
  private static let structural = [
    "quoted", "quotation", "code", "mid-sentence", "question", "questioned",
  ]
  private let worker: FilterWorker

  init() throws {
    let kinds =
      Self.structural.map { EvidenceKind(name: $0, title: $0, marking: 0, usage: -0.1) } + [
        EvidenceKind(
          name: "marking-field",
          title: "field",
          marking: 0,
          usage: 0.4,
          reach: .field,
          cues: [("any", ["marking", "mention", "einstufung"])]
        ),
        EvidenceKind(
          name: "sample-field",
          title: "sample",
          marking: 0,
          usage: -0.5,
          reach: .field,
          cues: [("any", ["default", "option"])]
        ),
      ]
    let loaded = try ShippedRules.load()
    worker = Filter(
      rules: try TestRules.compiled([TestRules.rule("xx.hush", ["hush hush"])], evidence: kinds),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
  }

  /// The evidence of usage in a text with one marking.
  private func evidence(_ text: String) throws -> Set<String> {
    let findings = worker.review(Message(id: "m", body: text)).findings
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    return Set(
      finding.evidence.compactMap {
        $0.name.hasPrefix("usage:") ? String($0.name.dropFirst(6)) : nil
      }
    )
  }

  @Test(
    "All of a value under a name that speaks of markings, and nothing else of the notation counts",
    arguments: [
      #"{"marking":"HUSH HUSH"}"#,
      #"{"a": {"marking": "HUSH HUSH", "b": 1}, "text": "we leave at five"}"#,
      #"{"marking": ["HUSH HUSH"], "text": "we leave"}"#,
      #""{\"marking\": \"HUSH HUSH\", \"text\": \"we leave\"}""#,
      #"{'marking': 'HUSH HUSH', 'text': 'we leave at five'}"#,
      #"the answer: {"doc_marking": "HUSH HUSH", "text": "we leave"}"#,
      #"marking = "HUSH HUSH" text = "we leave at five""#,
      "marking=HUSH HUSH; text=we leave at five",
      "text=we leave&marking=HUSH HUSH&id=4",
      "<marking>HUSH HUSH</marking><text>we leave at five</text>",
      #"<x:marking lang="en"> HUSH HUSH </x:marking>"#,
      #"<note marking="HUSH HUSH" id="4"><text>we leave</text></note>"#,
      #"<marking value="HUSH HUSH"/><text>we leave at five</text>"#,
    ]
  )
  func values(_ text: String) throws {
    #expect(try evidence(text) == ["marking-field"])
  }

  @Test(
    "Lists, other names, operators, prose about a field and part of a value are none",
    arguments: [
      #"{"marking": ["HUSH HUSH", "none"]}"#,
      #"{"colour": "HUSH HUSH"}"#,
      #"{"marking": "not HUSH HUSH any more"}"#,
      #"if note.marking == "HUSH HUSH" then stop"#,
      "SELECT * FROM notes WHERE marking = 'HUSH HUSH'",
      #"in the export the "marking":"HUSH HUSH" is new"#,
      "the <marking>HUSH HUSH</marking> of the note fails",
      "marking=HUSH HUSH is what it says",
      "marking: HUSH HUSH",
    ]
  )
  func others(_ text: String) throws {
    #expect(try !evidence(text).contains("marking-field"))
  }

  @Test("What the rest of a name says against it leaves the notation what it was")
  func samples() throws {
    #expect(
      try evidence(#"marking_default = "HUSH HUSH""#) == [
        "marking-field", "sample-field", "quoted", "code",
      ]
    )
    #expect(try evidence(#"{"option":"HUSH HUSH"}"#) == ["sample-field"])
  }

  @Test("The end of an encoded word of a mail header asks nothing")
  func encodedWord() throws {
    #expect(
      try evidence("Subject: =?UTF-8?Q?HUSH HUSH?=\nwe leave").isDisjoint(with: [
        "question", "questioned",
      ])
    )
    #expect(try evidence("is it HUSH HUSH?").isSuperset(of: ["question", "questioned"]))
  }

  @Test("A low mark opens what a straight one closes")
  func straightEnd() throws {
    #expect(try evidence("the word \u{201E}hush hush\" is old").contains("quoted"))
  }
}
