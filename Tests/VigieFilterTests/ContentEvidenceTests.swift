import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import TestSupport

/// What a text is made of beside its words, and what the sentences beside that of a marking say.
@Suite("Content and sentences around a marking")
struct ContentEvidenceTests {
  private static let structural = [
    "text-start", "figures", "indicators", "announces", "asked", "quoted", "quotation", "pictured",
    "question", "file-named", "heading", "set-off", "code",
  ]
  private let worker: FilterWorker

  init() throws {
    let kinds =
      Self.structural.map { EvidenceKind(name: $0, title: $0, marking: 0, usage: 0.1) } + [
        EvidenceKind(
          name: "transmits",
          title: "handed over",
          marking: 0,
          usage: 2,
          beside: 0.5,
          cues: [("en", ["attached"])]
        ),
        EvidenceKind(
          name: "elsewhere",
          title: "not here",
          marking: 0,
          usage: -2,
          cues: [("en", ["in the safe"])]
        ),
        EvidenceKind(
          name: "denied",
          title: "denied after it",
          marking: 0,
          usage: -2,
          reach: .clauseAfter,
          cues: [("en", ["is not"])]
        ),
      ]
    let loaded = try ShippedRules.load()
    let grammar = loaded.rules.evidence.filter { $0.reach == .grammar }
    worker = Filter(
      rules: try TestRules.compiled(
        [TestRules.rule("xx.hush", ["hush hush"])],
        evidence: kinds + grammar
      ),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
  }

  /// The evidence of usage in a text with one marking.
  private func evidence(_ text: String) throws -> [String: Double] {
    let findings = worker.review(Message(id: "m", body: text)).findings
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    return Dictionary(
      finding.evidence.filter { $0.name.hasPrefix("usage:") }
        .map { (String($0.name.dropFirst(6)), $0.weight) }
    ) { first, _ in first }
  }

  @Test(
    "what a text is made of",
    arguments: [
      ("HUSH HUSH and nothing else", ["text-start"]),
      ("> HUSH HUSH", ["text-start"]),
      ("the hush hush list has 12 lines, 3 gaps", ["figures"]),
      ("the hush hush list of 1998 and 2024", []),
      ("the hush hush rules of IGI 1300 and II 901", []),
      ("1 tent, 2 axes, 3 lamps, 4 ropes, 5 cups. It is hush hush now", ["figures"]),
      ("seen at 192.0.2.17, so hush hush", ["indicators"]),
      ("seen at 192.0.2[.]17, so hush hush", ["indicators"]),
      ("version 1.2.3 is hush hush", []),
      ("2026-05-04 11:02:19 is hush hush", ["figures"]),
      ("hxxp://example.org is hush hush", ["indicators"]),
      ("d41d8cd98f00b204e9800998ecf8427e is hush hush", ["indicators"]),
      ("all hush hush, for the watch: stay low", ["announces"]),
      ("the hush hush meeting at 10:30", ["figures"]),
      ("is it so? I take hush hush papers home", ["asked"]),
      ("I take hush hush papers home. is it so?", ["asked"]),
      ("do I take hush hush papers home?", ["question"]),
      ("the word \"hush hush\" is old", ["quoted"]),
      ("he wrote \"we keep all of it hush hush for now\" to me", ["quotation"]),
      ("\u{1F4CE} plan.pdf is hush hush", ["pictured"]),
      ("\u{1F600} it is hush hush", []),
      ("the slides are in plan_hush-hush_v2.pptx now", ["file-named"]),
      ("the slides are in plan_HUSH-HUSH.PDF now", ["file-named"]),
      ("the site is at hush-hush.pdfs.example now", []),
      ("it is hush hush. pdf follows", []),
    ] as [(String, [String])]
  )
  func content(_ text: String, _ names: [String]) throws {
    #expect(try Set(evidence(text).keys) == Set(names))
  }

  @Test("the sentence before or after counts a share, one further away nothing, its own all of it")
  func beside() throws {
    #expect(try evidence("it is attached and hush hush now")["transmits"] == 2)
    #expect(try evidence("It is attached. It is hush hush now")["transmits"] == 1)
    #expect(try evidence("It is hush hush now. It is attached")["transmits"] == 1)
    #expect(try evidence("It is attached. You know. It is hush hush now")["transmits"] == nil)
    // Once, and the nearer counts.
    #expect(try evidence("It is attached. So hush hush is attached")["transmits"] == 2)
    // A kind without a share counts in its own sentence alone.
    #expect(try evidence("It lies in the safe. It is hush hush now")["elsewhere"] == nil)
    #expect(try evidence("it lies in the safe, hush hush now")["elsewhere"] == -2)
  }

  @Test(
    "words after a marking belong to it until a colon, a semicolon or a dash, unless they follow at once",
    arguments: [
      ("the list is hush hush is not so", true),
      ("hush hush: is not so", true),
      ("the list is hush hush and is not so", true),
      ("the list is hush hush: the gate is not shut", false),
      ("the list is hush hush; the gate is not shut", false),
      ("the list is hush hush - the gate is not shut", false),
      ("the list is hush hush \u{2013} the gate is not shut", false),
      ("the hush-hush well-known gate is not shut", true),
    ]
  )
  func clause(_ text: String, _ isDenied: Bool) throws {
    #expect(try evidence(text)["denied"] == (isDenied ? -2 : nil))
  }

  @Test(
    "a dash heads a text where it stands by itself, a hyphen before small letters joins",
    arguments: [
      ("HUSH HUSH - the gate", "heading", true),
      ("HUSH HUSH -the gate", "heading", true),
      ("HUSH HUSH-Report of May", "heading", true),
      ("HUSH HUSH-stamp is gone", "heading", false),
      ("Slide 3 \u{2500}\u{2500} HUSH HUSH \u{2500}\u{2500} gaps", "set-off", true),
      ("News ++ HUSH HUSH ++ gaps", "set-off", true),
    ]
  )
  func separators(_ text: String, _ name: String, _ isSeen: Bool) throws {
    #expect(try (evidence(text)[name] != nil) == isSeen)
  }

  @Test(
    "the name of a file may hold a few blanks, and is no name of a program",
    arguments: [
      ("see OS_HUSH-HUSH_tenancy list.xlsx here", true),
      ("see plan_HUSH-HUSH_(1).pdf here", true),
      ("see OS_HUSH-HUSH_tenancy list of the four.xlsx here", false),
      ("see OS_HUSH-HUSH_tenancy here", false),
    ]
  )
  func fileNames(_ text: String, _ isFile: Bool) throws {
    let seen = try evidence(text)
    #expect((seen["file-named"] != nil) == isFile)
    #expect((seen["code"] != nil) != isFile)
  }
}
