import Foundation
import Testing
import VigieRuleFiles
import VigieRulebook

/// Files as editors on Windows write them, and what YAML alone would leave an author puzzled by.
@Suite("Spellings of rule files")
struct SpellingTests {
  private func report(_ text: String) throws -> String {
    let directory = try RuleDirectory(["markings/xx.yaml": text])
    let faults = #expect(throws: RuleFaults.self) { try directory.load() }
    return (faults?.describe() ?? "").replacingOccurrences(of: directory.path + "/", with: "")
  }

  @Test("lines that end in \\r\\n are shown as others are", arguments: ["\n", "\r\n"])
  func lineEnds(_ end: String) throws {
    let text = RuleDirectory.family("    phrase: x").replacingOccurrences(of: "\n", with: end)
    #expect(
      try report(text).hasPrefix(
        """
        markings/xx.yaml:12:5: unknown key 'phrase' in a rule
          12 |     phrase: x
             |     ^
          mend: did you mean 'phrases'?
        """
      )
    )
    let first = text.replacingOccurrences(of: "family: xx", with: "family: yy")
    #expect(
      try report(first).hasPrefix(
        """
        markings/xx.yaml:1:9: the family is 'yy' but the file is called 'xx.yaml'
          1 | family: yy
            |         ^

        """
      )
    )
  }

  @Test("a byte order mark is no part of the file")
  func byteOrderMark() throws {
    for end in ["\n", "\r\n"] {
      let text = "\u{FEFF}" + RuleDirectory.family().replacingOccurrences(of: "\n", with: end)
      #expect(try RuleDirectory(["markings/xx.yaml": text]).load().rules.rules.count == 1)
    }
    let wrong = "\u{FEFF}famly: xx\n" + RuleDirectory.family()
    #expect(try report(wrong).hasPrefix("markings/xx.yaml:1:1: unknown key 'famly'"))
    #expect(try report(wrong).contains("  1 | famly: xx\n    | ^\n"))
  }

  @Test("a rule is added to a file of Windows as its lines end")
  func draft() throws {
    let text = RuleDirectory.family().replacingOccurrences(of: "\n", with: "\r\n")
    let directory = try RuleDirectory(["markings/xx.yaml": "\u{FEFF}" + text])
    let draft = try RuleDraft(id: "xx.second-one", family: nil, scheme: nil, level: "secret")
    let placement = try DraftPlacement(of: draft, in: RuleSources(shipped: directory.path))
    #expect(
      !placement.addition.unicodeScalars.split(separator: "\n").dropLast().contains {
        $0.last != "\r"
      }
    )
    try directory.write("markings/xx.yaml", placement.file)
    #expect(try directory.load().rules.rules.map(\.id) == ["xx.hush", "xx.second-one"])
  }

  @Test("weights of evidence are changed in a file of Windows too")
  func revision() throws {
    let text = "evidence:\r\n  - { name: own-line, title: a, marking: 2, usage: 1 }\r\n"
    let directory = try RuleDirectory(["evidence.yaml": text])
    let revision = try EvidenceRevision(
      of: directory.path + "/evidence.yaml",
      weights: ["own-line": ["marking": "3.5"]]
    )
    #expect(
      String(decoding: revision.bytes, as: UTF8.self)
        == text.replacingOccurrences(of: "marking: 2", with: "marking: 3.5")
    )
  }

  @Test("a tab, an escape and a sign that starts nothing are called by their names")
  func mends() throws {
    for (line, mend) in [
      ("\tprior: 1", "a tab stands here: indent with spaces"),
      ("    patterns: [\"RC-\\d{4}\"]", "write the text in single quotes"),
      ("    near: @home", "without quotes none begins with '@'"),
    ] {
      #expect(try report(RuleDirectory.family(line)).contains(mend), "\(line)")
    }
  }

  @Test(
    "the caret stands where the expression is wrong",
    arguments: [
      ("    patterns: ['RC-(\\d{4}']", "RC-(\\d{4}"), ("    patterns: ['it''s (a']", "it''s (a"),
      ("    patterns: [\"RC-(é\"]", "RC-(é"), ("    patterns: [RC-(é]", "RC-(é"),
    ]
  )
  func expression(_ line: String, _ before: String) throws {
    let directory = try RuleDirectory(["markings/xx.yaml": RuleDirectory.family(line)])
    let loaded = try directory.load()
    let faults = try #require(throws: RuleFaults.self) { try CompiledRules(loaded.rules) }
    let lines = faults.describe().split(separator: "\n").map(String.init)
    let place = try #require(line.range(of: before)).upperBound
    let column = line.unicodeScalars.distance(from: line.startIndex, to: place) + 1
    #expect(lines[0].contains("xx.yaml:12:\(column): the pattern is no regular expression"))
    #expect(lines[2].unicodeScalars.count == "  12 | ".count + column)
    // What has escapes, or is in other lines, is shown from its start.
    let other = try RuleDirectory([
      "markings/xx.yaml": RuleDirectory.family("    patterns:\n      - |-\n        RC-(a")
    ])
    let set = try other.load().rules
    let far = try #require(throws: RuleFaults.self) { try CompiledRules(set) }
    #expect(far.describe().contains("xx.yaml:13:9: the pattern"))
  }
}
