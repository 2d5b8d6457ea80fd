import Foundation
import Testing
import VigieRuleFiles
import VigieRulebook

/// What a new author of rules met: one cause must give one fault, whose mend leads on.
@Suite("Mends of rule files")
struct MendTests {
  private func faults(_ name: String, _ text: String) throws -> [String] {
    try RuleDirectory([name: text]).faults().map {
      $0.replacingOccurrences(of: name + ":", with: "")
    }
  }

  /// Faults of one rule with these lines instead of those of the fixture that start alike.
  private func rule(_ replacement: (String, String)) throws -> [String] {
    let family = RuleDirectory.family()
    #expect(family.contains(replacement.0))
    return try faults(
      "markings/xx.yaml",
      family.replacingOccurrences(of: replacement.0, with: replacement.1)
    )
  }

  @Test("a key that is misspelt is one fault, not a missing key as well")
  func misspeltKeys() throws {
    #expect(
      try rule(("    title:", "    titel:")) == [
        "7:5: unknown key 'titel' in a rule → did you mean 'title'?"
      ]
    )
    #expect(
      try rule(("phrases:", "frases:")) == [
        "10:5: unknown key 'frases' in a rule → did you mean 'phrases'?"
      ]
    )
    #expect(
      try rule(("scheme: xx", "shceme: xx")) == [
        "3:1: unknown key 'shceme' in a family → did you mean 'scheme'?"
      ]
    )
    #expect(
      try rule(("applied:", "aplied:")) == [
        "11:17: unknown key 'aplied' in an examples map → did you mean 'applied'?"
      ]
    )
  }

  @Test(
    "a rule with a misspelt key, or a key of sources that is none, is one to say nothing more of"
  )
  func unsure() throws {
    func survey(_ text: String) throws -> RuleSurvey {
      let directory = try RuleDirectory(["markings/xx.yaml": text])
      return RuleLoader.survey(try RuleSnapshot(reading: RuleSources(shipped: directory.path)))
    }
    #expect(try survey(RuleDirectory.family()).unsureRules == [])
    let misspelt = RuleDirectory.family().replacingOccurrences(of: "cites:", with: "cits:")
    #expect(try survey(misspelt).unsureRules == ["xx.hush"])
    let cites = RuleDirectory.family().replacingOccurrences(of: "cites: LAW", with: "cites: LAWS")
    #expect(try survey(cites).rules.rules.first?.cites == ["LAWS"])
  }

  @Test("a family and ids that disagree: the mend is the one after which all fits")
  func misnamedFamily() throws {
    let text = RuleDirectory.family(id: "yy.hush")
    #expect(
      try faults("markings/yy.yaml", text) == [
        "1:9: the family is 'xx' but the file is called 'yy.yaml' → write family: yy"
      ]
    )
    let whole = RuleDirectory.family(id: "zz.hush").replacingOccurrences(
      of: "family: xx",
      with: "family: zz"
    )
    #expect(
      try faults("markings/yy.yaml", whole) == [
        "1:9: the family is 'zz' but the file is called 'yy.yaml' → rename the file to zz.yaml"
      ]
    )
  }

  @Test("a name in capitals is written in small letters")
  func names() throws {
    #expect(
      try rule(("level: hush", "level: Top Secret")) == [
        "8:12: 'Top Secret' is not a name → write top-secret"
      ]
    )
    #expect(
      try rule(("level: hush", "level: très")) == [
        "8:12: 'très' is not a name → use small letters a-z, digits, '-' and '.' only"
      ]
    )
  }

  @Test("evidence: the name that was meant, by its parts too")
  func evidence() throws {
    #expect(
      try rule(("    phrases:", "    raises: [line]\n    phrases:")) == [
        "10:14: there is no evidence called 'line' → did you mean 'own-line'?"
      ]
    )
    let site = try RuleDirectory(
      ["evidence.yaml": "evidence: [{ name: negatd, words: { en: [no] } }]"],
      minimal: false
    )
    #expect(
      try RuleDirectory().faults(sites: [site]) == [
        "evidence.yaml:1:20: there is no evidence 'negatd' yet, and new evidence needs title, marking, "
          + "usage → did you mean 'negated'? If it is new, add title:, marking:, usage:"
      ]
    )
  }

  @Test("an override takes no words, and one that changes nothing is noted")
  func overrides() throws {
    func site(_ entry: String) throws -> RuleDirectory {
      try RuleDirectory(
        ["overrides.yaml": "overrides: [{ rule: xx.hush, \(entry) }]"],
        minimal: false
      )
    }
    let faults = try RuleDirectory().faults(sites: [try site("phrases: [x]")])
    #expect(faults.count == 1)
    #expect(faults.first?.contains("write a rule of your own") == true)
    let directory = try RuleDirectory()
    for (entry, isIdle) in [
      ("level: hush", true), ("level: secret", false), ("enabled: true", true),
      ("enabled: false", false), ("because: why", true), ("prior: 0", true), ("prior: 1", false),
      ("raises: [own-line]", true), ("raises: [{ own-line: 2 }]", true),
      ("raises: [{ own-line: 3 }]", false), ("lowers: [{ \"usage:negated\": -2 }]", true),
    ] {
      let site = try site(entry)
      let sources = RuleSources(shipped: directory.path, sites: [site.path])
      let survey = RuleLoader.survey(try RuleSnapshot(reading: sources))
      let loaded = try #require(survey.loaded, "\(entry)")
      let remarks = Lint.remarks(on: loaded, origins: survey.origins) { $0.count }
        .filter { $0.fault.reason.contains("changes nothing") }
      #expect(remarks.count == (isIdle ? 1 : 0), "\(entry)")
      #expect(remarks.allSatisfy { $0.fault.position.file == site.path + "/overrides.yaml" })
    }
  }

  @Test("a cue of evidence is remarked on where it stands, and only to who can change it")
  func cues() throws {
    let shipped = try RuleDirectory([
      "evidence.yaml": """
      evidence:
        - { name: own-line, title: alone on its line, marking: 2, usage: 1.5 }
        - { name: negated, title: denied, marking: 0, usage: -2,
            words: { en: ["not for the board"] } }
      """
    ])
    func remarks(_ files: [String: String]) throws -> [String] {
      let site = try RuleDirectory(files, minimal: false)
      let sources = RuleSources(shipped: shipped.path, sites: [site.path])
      let survey = RuleLoader.survey(try RuleSnapshot(reading: sources))
      let loaded = try #require(survey.loaded)
      return Lint.remarks(on: loaded, origins: survey.origins) { $0.count }
        .filter { $0.fault.reason.contains("holds the marking of") }
        .map { "\($0.fault.position.file):\($0.fault.position.line): \($0.fault.reason)" }
        .map { $0.replacingOccurrences(of: site.path + "/", with: "") }
    }
    let family = RuleDirectory.family(id: "acme.board").replacingOccurrences(
      of: "xx\n",
      with: "acme\n"
    )
    .replacingOccurrences(of: "hush hush", with: "for the board")
    .replacingOccurrences(of: "level: hush", with: "level: secret")
    #expect(try remarks(["markings/acme.yaml": family]) == [])
    let own = "evidence:\n  - name: negated\n    words: { en: [so not for the board] }\n"
    #expect(
      try remarks(["markings/acme.yaml": family, "evidence.yaml": own]) == [
        "evidence.yaml:3: the cue 'so not for the board' of 'negated' holds the marking of "
          + "acme.board and never fires for it"
      ]
    )
  }

  @Test("a scheme that one family has, and that is a letter away from another, is remarked on")
  func schemes() throws {
    func remarks(_ scheme: String) throws -> [String] {
      let directory = try RuleDirectory([
        "ladder.yaml": "grades: { xx: { hush: confidential }, nato: { restricted: restricted } }\n",
        "markings/acme.yaml": RuleDirectory.family(level: "secret", id: "acme.hush")
          .replacingOccurrences(of: "family: xx", with: "family: acme")
          .replacingOccurrences(of: "scheme: xx", with: "scheme: \(scheme)"),
      ])
      let sources = RuleSources(shipped: directory.path)
      let survey = RuleLoader.survey(try RuleSnapshot(reading: sources))
      return Lint.remarks(on: try #require(survey.loaded), origins: survey.origins) { $0.count }
        .map(\.fault.reason).filter { $0.contains("scheme '") }
    }
    for (scheme, near) in [("xxx", "xx"), ("natto", "nato"), ("acne", "acme")] {
      #expect(
        try remarks(scheme) == [
          "no other family and no grade of the ladder has the scheme '\(scheme)', which is near '\(near)'"
        ]
      )
    }
    for scheme in ["xx", "xy", "acme", "quite-another"] { #expect(try remarks(scheme) == []) }
  }

  @Test("a site's directory that is missing is not mended by --rules")
  func missingSite() throws {
    let directory = try RuleDirectory()
    let sources = RuleSources(shipped: directory.path, sites: ["/nowhere"])
    let faults = #expect(throws: RuleFaults.self) { try RuleLoader.load(sources) }
    #expect(faults?.faults.first?.mend.contains("--site DIR") == true)
  }
}
