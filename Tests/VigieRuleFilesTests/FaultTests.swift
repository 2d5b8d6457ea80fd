import Foundation
import Testing
import VigieRuleFiles
import VigieRulebook

/// A file that replaces or joins the minimal directory, and the faults it must give.
struct BadFile: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var faults: [String]

  init(_ name: String, _ text: String, _ faults: String...) {
    self.name = name
    self.text = text
    self.faults = faults
  }

  var testDescription: String { faults.first ?? name }

  /// One rule line of the family of the fixture, at line 6.
  static func rule(_ lines: String, _ faults: String...) -> BadFile {
    let text = """
      family: xx
      title: Test
      scheme: xx
      sources: { LAW: "the law, §1" }
      rules:
        - id: xx.hush
          title: Hush
          level: hush
          cites: LAW
          phrases: [hush hush]
          examples: { applied: ["⟦hush hush⟧"] }
      \(lines)
      """
    var file = BadFile("markings/xx.yaml", text)
    file.faults = faults.map { "markings/xx.yaml:" + $0 }
    return file
  }
}

@Suite("Faults of rule files")
struct FaultTests {
  static let files: [BadFile] = [
    // Not YAML, not UTF-8, empty.
    BadFile(
      "markings/yy.yaml",
      "family: [a\ntitle: b\n",
      "markings/yy.yaml:2:6: not YAML: did not find expected ',' or ']' (while parsing a flow sequence, line 1) → check the indentation, quote texts that hold ': ' or ' #', close every bracket"
    ),
    BadFile(
      "markings/yy.yaml",
      "",
      "markings/yy.yaml:1:1: the file is empty → write the file's keys, or remove the file"
    ),
    BadFile(
      "markings/yy.yaml",
      "family: yy\ntitle: é\u{1}\n",
      "markings/yy.yaml:2:9: not YAML: control characters are not allowed → remove the character, or write it as an escape in double quotes"
    ),
    BadFile(
      "tips/en.yaml",
      "language: en\ntips: { marked: a }\n---\nlanguage: en\n",
      "tips/en.yaml:3:1: not YAML: but found another document (expected a single document in the stream, line 1) → check the indentation, quote texts that hold ': ' or ' #', close every bracket"
    ),
    BadFile(
      "tips/en.yaml",
      "language: *english\n",
      "tips/en.yaml:1:11: not YAML: found undefined alias → check the indentation, quote texts that hold ': ' or ' #', close every bracket"
    ),
    BadFile(
      "tips/en.yaml",
      "language: \(String(repeating: "[", count: 120))\n",
      "tips/en.yaml:1:110: not YAML: more than 100 values in one another → check the indentation, quote texts that hold ': ' or ' #', close every bracket"
    ),
    // Keys.
    .rule("    phrase: [x]", "12:5: unknown key 'phrase' in a rule → did you mean 'phrases'?"),
    .rule(
      "    level: secret",
      "8:5: the key 'level' is written twice → keep one of the two and move what the other says into it"
    ),
    BadFile(
      "ladder.yaml",
      "{}",
      "ladder.yaml:1:1: the key 'grades' is missing in a ladder → add grades: scheme to its grades, each with its level on the common ladder",
      "markings/xx.yaml:8:12: 'hush' is neither a level nor a grade of the scheme 'xx' → write one of public, internal, restricted, confidential, secret, top-secret"
    ),
    BadFile(
      "ladder.yaml",
      "grades: { xx: { hush: confidental } }",
      "ladder.yaml:1:23: 'confidental' is not one of public, internal, restricted, confidential, secret, top-secret → did you mean 'confidential'?",
      "markings/xx.yaml:8:12: 'hush' is neither a level nor a grade of the scheme 'xx' → write one of public, internal, restricted, confidential, secret, top-secret"
    ),
    // Values.
    .rule(
      "    prior: likely",
      "12:12: 'likely' is not one of unmistakable, distinctive, ordinary or a number → write one of these"
    ),
    .rule(
      "    prior: distinctve",
      "12:12: 'distinctve' is not one of unmistakable, distinctive, ordinary or a number → did you mean 'distinctive'?"
    ),
    .rule("    usage: much", "12:12: 'much' is not a number → write a number such as 1.5"),
    .rule(
      "    case: lower",
      "12:11: 'lower' is not one of any, upper, title, exact → write one of them"
    ),
    .rule(
      "    marks: []",
      "12:12: the list has 0 of at least 1 entries → write an entry, or remove the key"
    ),
    .rule("    marks: [HH, HH]", "12:17: 'HH' stands here twice → remove one"),
    .rule(
      "    marks: [{ a: b }]",
      "12:13: a map of keys where a text is expected → write one value"
    ),
    .rule("    marks:", "12:11: a value is missing: a text is expected → write it"),
    .rule("    near: [\"\"]", "12:12: the text is empty → write the text, or remove the entry"),
    .rule(
      "    caveats: [a]",
      "12:14: a list where 'name: value' lines are expected → write name: value"
    ),
    .rule(
      "    patterns: [{ regex: a, reach: 0 }]",
      "12:35: '0' is not a whole number from 1 to 65536 → write a whole number in that range"
    ),
    .rule(
      "    patterns: [{ regex: a, anchors: é }]",
      "12:37: the anchor 'é' is not ASCII → choose a run of ASCII letters that every match holds"
    ),
    .rule(
      "    patterns: [[a]]",
      "12:16: a list is not a text or the keys of a pattern → write one of these"
    ),
    .rule(
      "    ordinary: { before: [a b c d e f] }",
      "12:26: 'a b c d e f' has 6 words; a cue has one to five → keep the words that decide"
    ),
    .rule(
      "    ordinary: { before: [a* b] }",
      "12:26: a '*' stands inside 'a* b' → write * only at the end of the last word"
    ),
    // Evidence.
    .rule(
      "    raises: [own-lin]",
      "12:14: there is no evidence called 'own-lin' → did you mean 'own-line'?"
    ),
    .rule(
      "    raises: [own-line, { own-line: 2 }]",
      "12:26: the evidence 'own-line' stands here twice → keep one"
    ),
    .rule(
      "    lowers: [{ \"usage:nothing\": -1 }]",
      "12:16: there is no evidence called 'nothing' → see vigie rules list --evidence, or define it in evidence.yaml"
    ),
    .rule(
      "    lowers: [{ negated: 1 }]",
      "12:25: lowers holds a weight of the other sign → move it to raises, or change the sign"
    ),
    BadFile(
      "evidence.yaml",
      "evidence: [{ name: own-line, title: a, marking: 1, usage: 1 }, { name: own-line }, { name: x }]",
      "evidence.yaml:1:72: the evidence 'own-line' is defined twice → keep one of the two",
      "evidence.yaml:1:92: there is no evidence 'x' yet, and new evidence needs title, marking, usage → add title:, marking:, usage:"
    ),
    // Examples.
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [\"⟦hush hush\"] }"),
      "markings/xx.yaml:11:27: ⟦ and ⟧ do not pair up in the example → put ⟦ before and ⟧ after each span, never one inside the other"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [\"⟦a ⟦b⟧⟧\"] }"),
      "markings/xx.yaml:11:27: ⟦ and ⟧ do not pair up in the example → put ⟦ before and ⟧ after each span, never one inside the other"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [\"a⟦⟧\"] }"),
      "markings/xx.yaml:11:27: a span ⟦⟧ of the example is empty → put the words found inside it"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [hush hush] }"),
      "markings/xx.yaml:11:27: the example does not show what is found → put ⟦…⟧ around it, or move the text to silent"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [⟦a⟧], silent: [⟦b⟧] }"),
      "markings/xx.yaml:11:42: a silent example has a span → remove ⟦…⟧, or move the text to applied or mentioned"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ applied: [] }"),
      "markings/xx.yaml:11:26: the list has 0 of at least 1 entries → write an entry, or remove the key"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(examples: "{ silent: [a] }"),
      "markings/xx.yaml:11:15: the key 'applied' is missing in an examples map → add applied: texts that carry it, with ⟦…⟧ spans"
    ),
    // Identity.
    BadFile(
      "markings/yy.yaml",
      RuleDirectory.family(),
      "markings/yy.yaml:1:9: the family is 'xx' but the file is called 'yy.yaml' → write family: yy, or rename the file",
      "markings/yy.yaml:1:9: the family 'xx' is already defined in markings/xx.yaml → name yours otherwise, such as site-xx; overrides.yaml changes its rules",
      "markings/yy.yaml:6:9: the id 'xx.hush' is already used in markings/xx.yaml, line 6 → give each rule an id of its own"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(id: "yy.hush"),
      "markings/xx.yaml:6:9: the id 'yy.hush' does not start with its family → write xx.hush"
    ),
    BadFile(
      "markings/xx.yaml",
      RuleDirectory.family(id: "XX.hush"),
      "markings/xx.yaml:6:9: 'XX.hush' is not a name → write xx.hush"
    ),
    BadFile(
      "overrides.yaml",
      "overrides: [{ rule: xx.hush, level: secret }]",
      "overrides.yaml:1:1: the shipped rules have no overrides → change the rule itself"
    ),
    BadFile(
      "evidences.yaml",
      "a: b",
      "evidences.yaml:0:0: nothing reads this file → did you mean 'evidence.yaml'?"
    ),
    BadFile(
      "markings/zz.yml",
      "a: b",
      "markings/zz.yml:0:0: nothing reads this file → rename it to end in .yaml"
    ),
  ]

  @Test("each is told with file, line, column, reason and mend", arguments: files)
  func fault(file: BadFile) throws {
    let directory = try RuleDirectory([file.name: file.text])
    #expect(directory.faults() == file.faults)
  }

  @Test("faults of all files come at once, in file order")
  func together() throws {
    let directory = try RuleDirectory([
      "markings/xx.yaml": RuleDirectory.family("    phrase: x", level: "loud"),
      "evidence.yaml": "evidence: []",
      "tips/fr.yaml": "language: en\ntips: {}",
    ])
    #expect(directory.faults().count == 4)
  }

  @Test("a report shows the line, a caret below the column, and the mend")
  func report() throws {
    let directory = try RuleDirectory([
      "markings/xx.yaml": RuleDirectory.family(
        "    lowers: [{ \"usage:negatd\": -2 }]",
        examples: "{ applied: [\"⟦é\"] }"
      )
    ])
    let faults = try #require(throws: RuleFaults.self) { try directory.load() }
    let report = faults.describe().replacingOccurrences(of: directory.path + "/", with: "")
    #expect(
      report == """
        markings/xx.yaml:11:27: ⟦ and ⟧ do not pair up in the example
          11 |     examples: { applied: ["⟦é"] }
             |                           ^
          mend: put ⟦ before and ⟧ after each span, never one inside the other

        markings/xx.yaml:12:16: there is no evidence called 'negatd'
          12 |     lowers: [{ "usage:negatd": -2 }]
             |                ^
          mend: did you mean 'negated'?

        2 faults: nothing was loaded
        """
    )
  }

  @Test("a long line is shown around the column")
  func longLine() {
    let line = String(repeating: "é", count: 100) + "X" + String(repeating: "é", count: 100)
    let fault = RuleFault(
      at: SourcePosition(file: "f", line: 2, column: 101),
      "wrong",
      mend: "right"
    )
    let shown = fault.describe(in: "first\n" + line + "\r\n").split(separator: "\n")
    #expect(shown.count == 4)
    #expect(shown[1].count == 4 + 2 + 94 && shown[1].hasSuffix("…"))
    let offset = shown[2].unicodeScalars.count - 1
    #expect(Array(shown[1].unicodeScalars)[offset] == "X")
  }

  @Test("a whole directory or file that cannot be read is one fault without a line")
  func unreadable() {
    let faults = #expect(throws: RuleFaults.self) {
      try RuleLoader.load(RuleSources(shipped: "/nonexistent", policyFile: "/nowhere.yaml"))
    }
    #expect(
      faults?.describe() == """
        /nonexistent: the rules directory cannot be read
          mend: name an existing directory (--rules DIR)

        /nowhere.yaml: cannot be opened: no such file or directory
          mend: check the path and who may read it

        2 faults: nothing was loaded
        """
    )
  }

  @Test("a policy that could lose something, or say something twice, is refused")
  func policy() throws {
    let directory = try RuleDirectory([
      "policies/default.yaml": """
      policy: default
      ceilings: [{ channel: { name: a* }, level: high }]
      cases:
        - { name: a, verdict: log, tip: markd }
        - { name: a, when: { level: secret }, verdict: block }
        - { name: c, when: { gap: timeout, usage: applied }, verdict: halt }
        - { name: d, when: { confidence: 2, channel: { encrypted: maybe } }, verdict: log }
      """
    ])
    #expect(
      directory.faults()
        == [
          "2:44: 'high' is not one of public, internal, restricted, confidential, secret, top-secret"
            + " → write one of them",
          "4:3: a gap may match no case of the policy → end with a case for when: { gap: any }",
          "4:35: there is no tip called 'markd' → did you mean 'marked'?",
          "5:13: two cases are called 'a' → give each a name of its own",
          "5:13: the case 'a' can never be reached: 'a' takes everything before it"
            + " → move it up, or remove it",
          "6:38: a case about gaps has no usage"
            + " → remove it, or make a case of its own for findings",
          "6:65: 'halt' is not one of allow, log, warn, redact, hold, block → write one of them",
          "7:13: the case 'd' can never be reached: 'a' takes everything before it"
            + " → move it up, or remove it",
          "7:36: a confidence lies between 0 and 1 → write one such as 0.8",
          "7:61: 'maybe' is not one of yes, no, unknown, true, false → write one of them",
        ].map { "policies/default.yaml:" + $0 }
    )
  }

  @Test("an override that the policy as a whole forbids is refused")
  func overrides() throws {
    func faults(_ ceiling: String) throws -> [String] {
      try RuleDirectory([
        "policies/default.yaml": """
        policy: default
        \(ceiling)
        cases:
          - { name: a, when: { level: secret }, verdict: block, override: true }
          - { name: b, when: { level: restricted }, verdict: block, override: true }
          - { name: c, verdict: log }
          - { name: d, when: { gap: any }, verdict: log, override: true }
        """
      ]).faults()
    }
    #expect(try faults("override-ceiling: secret") == [])
    for (ceiling, name) in [("override-ceiling: confidential", "confidential"), ("", "restricted")]
    {
      #expect(
        try faults(ceiling) == [
          "policies/default.yaml:4:67: nobody can override this case: it begins above "
            + "override-ceiling, which is \(name) → remove the override, or raise override-ceiling"
        ]
      )
    }
    #expect(
      try faults("override-ceiling: high").first
        == "policies/default.yaml:2:19: 'high' is not one of "
        + "public, internal, restricted, confidential, secret, top-secret → write one of them"
    )
  }

  @Test("a policy that names what nothing bears is refused")
  func unknownNames() throws {
    let directory = try RuleDirectory([
      "policies/default.yaml": """
      policy: default
      cases:
        - { name: a, when: { scheme: [xx, xy], caveat: ours, rule: "yy.*" }, verdict: log }
        - { name: b, verdict: log }
        - { name: c, when: { gap: any }, verdict: log }
      """
    ])
    #expect(
      directory.faults()
        == [
          "3:37: no rule has the scheme 'xy' → did you mean 'xx'?",
          "3:50: no rule has the caveat 'ours' → remove it",
          "3:62: no rule is called 'yy.*' → see vigie rules list",
        ].map { "policies/default.yaml:" + $0 }
    )
  }

  @Test("aliases that multiply are refused before they fill the memory")
  func aliases() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let faults = try RuleDirectory(["markings/yy.yaml": text]).faults()
    #expect(faults.count == 1)
    #expect(faults.first?.contains("the file holds more than 1000000 values") == true)
  }

  @Test(
    "a damaged file loads or is refused, and never stops the program",
    arguments: ["markings/tlp.yaml", "policies/default.yaml", "ladder.yaml", "tips/fr.yaml"]
  )
  func damaged(file: String) throws {
    let pieces = [
      "- ", ": ", "{", "}", "[", "]", "\"", "'", "#", "&a", "*a", "!x ", "|", ">", "\n", "  ", "\t",
      "%", "@", "---\n", "...\n", "?", ",", "⟦", "⟧", "<<: ", "!!binary x", "~", "\0", "\u{FEFF}",
    ]
    let text = try String(contentsOfFile: shippedRules + "/" + file, encoding: .utf8)
    let directory = try RuleDirectory()
    // A fixed sequence, so that what fails once fails again.
    var state: UInt64 = 20_260_601
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<60 {
      var scalars = Array(text.unicodeScalars.prefix(4000))
      for _ in 0...next(3) {
        let at = next(scalars.count)
        if next(2) == 0 {
          scalars.insert(contentsOf: pieces[next(pieces.count)].unicodeScalars, at: at)
        } else {
          scalars.removeSubrange(at..<min(scalars.count, at + 1 + next(200)))
        }
      }
      try directory.write(file, String(String.UnicodeScalarView(scalars)))
      do throws(RuleFaults) {
        _ = try directory.load()
      } catch {
        #expect(!error.faults.isEmpty && !error.describe().isEmpty)
      }
    }
  }

  @Test("an override of what does not exist is refused")
  func override() throws {
    let site = try RuleDirectory(
      ["overrides.yaml": "overrides: [{ rule: xx.hsh, level: loud }, { rule: '!*', enabled: no }]"],
      minimal: false
    )
    #expect(
      try RuleDirectory().faults(sites: [site]) == [
        "overrides.yaml:1:21: there is no rule 'xx.hsh' → did you mean 'xx.hush'?",
        "overrides.yaml:1:52: there is no rule '!*' → see vigie rules list",
      ]
    )
  }
}
