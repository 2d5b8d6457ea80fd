import Foundation
import Testing
import VigieRuleFiles
import VigieRulebook

@Suite("Evidence in a folder, a file for each language")
struct EvidenceFolderTests {
  private static let kinds = """
    evidence:
      - { name: own-line, title: alone on its line, marking: 2, usage: 1.5 }
      - { name: sent, title: handed over, marking: 0.8, usage: 2.7, reach: sentence, beside: 0.5 }
      - { name: negated, title: denied, marking: 0, usage: -2 }

    """

  /// The smallest directory with its evidence in a folder, and further files.
  private func folder(_ files: [String: String] = [:]) throws -> RuleDirectory {
    var all = RuleDirectory.minimal
    all["evidence.yaml"] = nil
    all["evidence/kinds.yaml"] = EvidenceFolderTests.kinds
    all["evidence/de.yaml"] = "language: de\nnegated: [kein*]\n"
    all["evidence/fr.yaml"] = "language: fr\nsent:\n  - ci-joint*\nnegated: [pas, \"n'est pas\"]\n"
    return try RuleDirectory(all.merging(files) { _, new in new }, minimal: false)
  }

  @Test("the folder says what a single file with kinds and words says")
  func same() throws {
    let single = try RuleDirectory([
      "evidence.yaml": """
      evidence:
        - { name: own-line, title: alone on its line, marking: 2, usage: 1.5 }
        - { name: sent, title: handed over, marking: 0.8, usage: 2.7, reach: sentence, beside: 0.5,
            words: { fr: [ci-joint*] } }
        - { name: negated, title: denied, marking: 0, usage: -2,
            words: { de: [kein*], fr: [pas, "n'est pas"] } }
      """
    ]).load()
    let split = try folder().load()
    #expect(split.rules.evidence == single.rules.evidence)
    #expect(split.rules.evidence.map(\.cues.count) == [0, 1, 2])
  }

  @Test("a site adds a language, kinds and their words, in either form")
  func site() throws {
    let site = try RuleDirectory(
      [
        "evidence.yaml": "evidence: [{ name: negated, usage: -4, words: { fr: [jamais] } }]",
        "evidence/kinds.yaml":
          "evidence: [{ name: on-wall, title: on a wall, marking: 1, usage: 0 }]",
        "evidence/lv.yaml": "language: lv\nnegated: nav\non-wall: [pie sienas]\n",
      ],
      minimal: false
    )
    let evidence = try folder().load(sites: [site]).rules.evidence
    #expect(evidence.map(\.name) == ["own-line", "sent", "negated", "on-wall"])
    let negated = try #require(evidence.first { $0.name == "negated" })
    #expect(negated.usage == -4)
    #expect(negated.cues.map(\.language) == ["de", "fr", "lv"])
    #expect(negated.cues.map(\.phrases) == [["kein*"], ["pas", "n'est pas", "jamais"], ["nav"]])
    #expect(evidence.last?.cues.map(\.phrases) == [["pie sienas"]])
    // To a shipped file of before a site may add a language as well.
    let both = try RuleDirectory().load(sites: [
      try RuleDirectory(["evidence/lv.yaml": "language: lv\nnegated: [nav]\n"], minimal: false)
    ])
    #expect(both.rules.evidence.last?.cues.map(\.language) == ["fr", "lv"])
  }

  @Test("a fault names file, line, column, reason and mend")
  func faults() throws {
    let files = [
      "evidence/lv.yaml": "language: lv\nnegatd:\n  - nav\nwall: [a, b c d e f g]\n",
      "evidence/lt.yaml": "language: lv\nnegated: [nėra]\nevidence: [a]\nwords: { sent: [b] }\n",
      "evidence/pl.yaml": "langage: pl\nnegated: { a: b }\n",
    ]
    #expect(
      try folder(["evidence/cs.yml": "language: cs\n"]).faults() == [
        "evidence/cs.yml:0:0: nothing reads this file → rename it to end in .yaml"
      ]
    )
    #expect(
      try folder(files).faults() == [
        "evidence/lt.yaml:1:11: the language is 'lv' but the file is called 'lt.yaml' → write language: lt, or rename the file",
        "evidence/lt.yaml:3:1: unknown key 'evidence' in a language file → kinds of evidence lie in evidence/kinds.yaml; here stand words of one language",
        "evidence/lt.yaml:4:1: unknown key 'words' in a language file → write the names of evidence at the margin, each with its words",
        "evidence/pl.yaml:1:1: there is no evidence called 'langage' → did you mean 'language'?",
        "evidence/pl.yaml:2:10: a map of keys where a text is expected → write one value",
        "evidence/lv.yaml:2:1: there is no evidence called 'negatd' → did you mean 'negated'?",
        "evidence/lv.yaml:4:1: there is no evidence called 'wall' → see vigie rules list --evidence, or define it in evidence/kinds.yaml",
        "evidence/lv.yaml:4:11: 'b c d e f g' has 6 words; a cue has one to five → keep the words that decide",
      ]
    )
    let twice = try folder([
      "evidence.yaml": "evidence: [{ name: sent, title: a, marking: 0, usage: 1 }]",
      "evidence/en.yaml": "language: en\nsent: [a]\nsent: [b]\n",
    ])
    #expect(
      twice.faults().contains(
        "evidence/kinds.yaml:3:13: the evidence 'sent' is defined twice → keep one of the two"
      )
    )
    #expect(twice.faults().contains { $0.hasPrefix("evidence/en.yaml:2:1: the key 'sent'") })
    // Of kinds that could not be read nobody can say which are missing.
    #expect(try folder(["evidence/kinds.yaml": "evidence: [\n"]).faults().count == 1)
    // Words at the place of kinds are told where they belong.
    #expect(
      try folder(["evidence/kinds.yaml": EvidenceFolderTests.kinds + "words: { fr: [a] }\n"])
        .faults().first?.contains("evidence/<language>.yaml") == true
    )
  }

  @Test("a file that comes or changes is seen: by the id, the stamp, and what was tried")
  func changes() throws {
    let directory = try folder()
    let sources = RuleSources(shipped: directory.path)
    let record = try RuleSnapshot(reading: sources).triedRecord()
    try directory.write(TriedFamilies.fileName, String(decoding: record, as: UTF8.self))
    let first = try RuleSnapshot(reading: sources)
    let stamp = RuleStamp(of: sources)
    #expect(first.untriedFamilies(in: sources).isEmpty)
    try directory.write("evidence/lv.yaml", "language: lv\nnegated: [nav]\n")
    let second = try RuleSnapshot(reading: sources)
    #expect(second.id != first.id)
    #expect(RuleStamp(of: sources) != stamp)
    #expect(second.untriedFamilies(in: sources).count == 1)
  }

  @Test("other weights go to the file that holds the kinds")
  func revision() throws {
    let directory = try folder()
    let paths = EvidenceRevision.paths(in: directory.path)
    #expect(paths == [directory.path + "/evidence/kinds.yaml"])
    let revision = try EvidenceRevision(of: paths[0], weights: ["sent": ["usage": "3.1"]])
    #expect(
      String(decoding: revision.bytes, as: UTF8.self)
        == EvidenceFolderTests.kinds.replacing("usage: 2.7", with: "usage: 3.1")
    )
    let single = try RuleDirectory()
    #expect(EvidenceRevision.paths(in: single.path) == [single.path + "/evidence.yaml"])
    // Where there is none, the fault names the file that everybody knows.
    #expect(EvidenceRevision.paths(in: "/nowhere") == ["/nowhere/evidence.yaml"])
    try directory.write("evidence.yaml", "evidence: [{ name: sent, usage: 1 }]")
    #expect(EvidenceRevision.paths(in: directory.path).count == 2)
  }

  @Test("in the shipped files the kinds stand in one order, each under its title")
  func shippedHeadings() throws {
    let evidence = try RuleLoader.load(RuleSources(shipped: shippedRules)).rules.evidence
    let titles = Dictionary(uniqueKeysWithValues: evidence.map { ($0.name, $0.title) })
    let folder = shippedRules + "/evidence"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") && $0 != "kinds.yaml" }
    #expect(files.count == 32)
    for file in files {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      let blocks = text.components(separatedBy: "\n\n")
      var names: [String] = []
      for block in blocks.dropFirst() where !block.hasPrefix("# ----") {
        let lines = block.components(separatedBy: "\n")
        let key = try #require(lines.first { !$0.hasPrefix("#") })
        let name = String(key.prefix { $0 != ":" })
        names.append(name)
        #expect(
          titles[name].map { "# " + $0 } == lines.first,
          "\(file): write the title of kinds.yaml above \(name)"
        )
      }
      let own = Set(names)
      let order = evidence.map(\.name).filter { own.contains($0) }
      #expect(names == order, "\(file): put the kinds in the order of kinds.yaml")
      // Words elsewhere than under a title would be overlooked.
      #expect(
        own.count == text.split(separator: "\n").count { !"# ".contains($0.first ?? "#") } - 1
      )
    }
  }
}
