import Foundation
import Testing
import VigieCore
import VigieRuleFiles
import VigieRulebook

@Suite("Drafts of rules")
struct DraftTests {
  private func draft(
    _ id: String,
    family: String? = nil,
    scheme: String? = nil,
    level: String = "restricted",
    title: String? = nil
  ) throws(RuleFault) -> RuleDraft {
    try RuleDraft(id: id, family: family, scheme: scheme, level: level, title: title)
  }

  private func refusal(_ id: String, _ directory: RuleDirectory, level: String = "restricted")
    -> String
  {
    do {
      let draft = try draft(id, level: level)
      _ = try DraftPlacement(of: draft, in: RuleSources(shipped: directory.path))
      return ""
    } catch let faults as RuleFaults {
      return faults.faults.map { "\($0.position.line): \($0.reason)" }.joined(separator: "; ")
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "ids with and without their family",
    arguments: [
      ("acme.board", nil, "acme.board", "acme"), ("board", "acme", "acme.board", "acme"),
      ("acme.board", "acme", "acme.board", "acme"), ("a.b.c", nil, "a.b.c", "a"),
      ("a.b.c", "a.b", "a.b.c", "a.b"),
    ] as [(String, String?, String, String)]
  )
  func ids(_ given: String, _ family: String?, _ id: String, _ named: String) throws {
    let draft = try draft(given, family: family)
    #expect(draft.id == id)
    #expect(draft.family == named)
  }

  @Test(
    "what is no id is refused",
    arguments: ["", "board", "acme.", ".board", "Acme.Board", "a b.c"]
  )
  func noIDs(_ id: String) {
    #expect(throws: RuleFault.self) { try draft(id) }
  }

  @Test("a new family loads, in a site that is not there yet too")
  func newFamily() throws {
    let directory = try RuleDirectory()
    for id in ["acme.internal-only", "acme.fyeo", "acme.nr-7"] {
      let sources = RuleSources(shipped: directory.path, sites: [directory.path + "-site"])
      let placement = try DraftPlacement(of: try draft(id, level: "secret"), in: sources)
      #expect(placement.path == directory.path + "-site/markings/acme.yaml")
      #expect(placement.file == placement.addition)
      let site = try RuleDirectory(["markings/acme.yaml": placement.file], minimal: false)
      let rule = try #require(try directory.load(sites: [site]).rules.rules.last)
      #expect(rule.id == id)
      #expect(rule.scheme == "acme")
      #expect(rule.level == .secret)
      #expect(rule.examples.count == 4)
    }
  }

  @Test(
    "a title is the marking as people write it",
    arguments: [
      "Réservé au conseil", #"Say "no" to no\body"#, "Nur für den Vorstand: R&D # 1",
      "- {x}: board",
      "'Board' | eyes",
    ]
  )
  func titles(_ title: String) throws {
    let directory = try RuleDirectory()
    let draft = try draft("acme.board", title: title)
    let placement = try DraftPlacement(of: draft, in: RuleSources(shipped: directory.path))
    try directory.write("markings/acme.yaml", placement.file)
    let rule = try #require(try directory.load().rules.rules.first { $0.id == "acme.board" })
    #expect(rule.title == title)
    #expect(rule.phrases.map(\.value) == [title.lowercased()])
    #expect(rule.examples.count == 4)
  }

  @Test("a title that cannot stand on a line is refused", arguments: ["", " ", "a\nb", "⟦x⟧", "7"])
  func noTitles(_ title: String) {
    #expect(throws: RuleFault.self) { try draft("acme.board", title: title) }
  }

  @Test("a rule is added at the end of its family, indented like the others, and all loads")
  func addition() throws {
    for indent in ["", "  ", "    "] {
      let family = RuleDirectory.family().replacingOccurrences(
        of: "\n  ",
        with: "\n" + indent
      )
      let directory = try RuleDirectory(["markings/xx.yaml": family])
      let draft = try draft("xx.second-one", scheme: "yy", level: "secret")
      let placement = try DraftPlacement(of: draft, in: RuleSources(shipped: directory.path))
      #expect(placement.file.hasPrefix(family))
      try directory.write("markings/xx.yaml", placement.file)
      let rules = try directory.load().rules.rules
      #expect(rules.map(\.id) == ["xx.hush", "xx.second-one"])
      #expect(rules.last?.scheme == "yy")
      #expect(rules.last?.cites == ["the law, §1"])
    }
  }

  @Test("what cannot be added is refused, with the place")
  func refusals() throws {
    let directory = try RuleDirectory()
    #expect(refusal("xx.hush", directory) == "6: the id 'xx.hush' is already used")
    #expect(
      refusal("xx.other", directory, level: "nonsense").contains(
        "'nonsense' is neither a level nor a grade of the scheme 'xx'"
      )
    )
    let notLast = RuleDirectory.family() + "\ntitles: more"
    #expect(!refusal("xx.other", try RuleDirectory(["markings/xx.yaml": notLast])).isEmpty)
    let flow = try RuleDirectory([
      "markings/xx.yaml": """
      family: xx
      title: Test
      scheme: xx
      sources: { LAW: the law }
      rules: [{ id: xx.hush, title: Hush, level: secret, cites: LAW, phrases: hush hush, examples: { applied: ["⟦hush hush⟧"] } }]
      """
    ])
    #expect(refusal("xx.other", flow).hasPrefix("5: the rules are not written as entries"))
    let order = try RuleDirectory([
      "markings/xx.yaml": RuleDirectory.family().replacingOccurrences(
        of: "scheme: xx\n",
        with: ""
      ) + "\nscheme: xx\n"
    ])
    #expect(refusal("xx.other", order).contains("rules: is not the last key"))
  }

  @Test("a site adds nothing to a family that is shipped, nor a rule that is switched off")
  func shippedFamily() throws {
    let directory = try RuleDirectory([
      "markings/yy.yaml": RuleDirectory.family(id: "yy.hush")
        .replacingOccurrences(of: "family: xx", with: "family: yy")
    ])
    let site = try RuleDirectory(
      ["overrides.yaml": "overrides: [{ rule: yy.hush, enabled: false }]\n"],
      minimal: false
    )
    let sources = RuleSources(shipped: directory.path, sites: [site.path])
    for (id, reason) in [
      ("xx.other", "the family 'xx' is there already"), ("yy.hush", "a site switched off"),
    ] {
      #expect {
        try DraftPlacement(of: try draft(id), in: sources)
      } throws: { error in
        (error as? RuleFaults)?.faults.first?.reason.contains(reason) == true
      }
    }
  }
}

@Suite("Stamps of rule files")
struct RuleStampTests {
  @Test("differ after every change, and only then")
  func changes() throws {
    let directory = try RuleDirectory()
    let site = try RuleDirectory(["markings/yy.yaml": "a"], minimal: false)
    let sources = RuleSources(shipped: directory.path, sites: [site.path])
    var last = RuleStamp(of: sources)
    #expect(RuleStamp(of: sources) == last)
    let changes: [() throws -> Void] = [
      { try directory.write("markings/xx.yaml", RuleDirectory.family("# more")) },
      { try directory.write("evidence.yaml", "evidence: []") },
      { try site.write("markings/yy.yaml", "ab") },
      { try site.write("markings/zz.yaml", "a") },
      { try FileManager.default.removeItem(atPath: site.path + "/markings/zz.yaml") },
      { try FileManager.default.removeItem(atPath: site.path) },
    ]
    for (number, change) in changes.enumerated() {
      try change()
      let stamp = RuleStamp(of: sources)
      #expect(stamp != last, "\(number)")
      last = stamp
    }
  }
}
