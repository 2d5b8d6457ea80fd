import Foundation
import TestSupport
import Testing

/// What a first-time author of rules met, asked of the program.
@Suite("vigie rules, by its documents alone")
struct RuleMendTests {
  private let directory: TemporaryDirectory
  private let site: String

  init() throws {
    directory = try TemporaryDirectory()
    site = directory.path + "/site"
  }

  private func write(_ rule: String, sources: String = "the law", name: String = "site") throws {
    _ = try directory.write(
      "\(name)/markings/acme.yaml",
      """
      family: acme
      title: Test
      scheme: acme
      sources: { LAW: \(sources) }
      rules:
      \(rule)

      """
    )
  }

  private func zebra(_ phrase: String, level: String = "restricted") -> String {
    """
      - { id: acme.zebra, title: Zebra, level: \(level), cites: LAW, prior: unmistakable,
          phrases: ["\(phrase)"], examples: { applied: ["⟦\(phrase.uppercased())⟧"] } }
    """
  }

  @Test("the tutorial of Rules/README.md, followed to its end, leaves nothing that nobody can mend")
  func tutorial() throws {
    #expect(try vigie(["rules", "new", "acme.board-only", "--site", site]).code == 0)
    let path = site + "/markings/acme.yaml"
    let guide = try String(contentsOfFile: repositoryRoot + "/Rules/README.md", encoding: .utf8)
    for line in [
      #"    phrases: ["board only", "for the board only"]"#,
      #"      - "Draft budget attached (⟦for the board only⟧)""#,
      #"      - { text: "budget_⟦BO-AC⟧.pdf", role: filename }"#,
    ] { #expect(guide.contains("\n\(line)\n"), "\(line)") }
    #expect(guide.contains(#"    marks: ["BO-AC", "bo-ac"]"#))
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(
        of: #"phrases: ["board only"]"#,
        with: #"phrases: ["board only", "for the board only"]"# + "\n    "
          + #"marks: ["BO-AC", "bo-ac"]"#
      )
      .replacingOccurrences(
        of: "    mentioned:",
        with: "      - \"Draft budget attached (⟦for the board only⟧)\"\n        "
          + "- { text: \"budget_⟦BO-AC⟧.pdf\", role: filename }\n      mentioned:"
      )
    _ = try directory.write("site/markings/acme.yaml", text)
    let test = try vigie(["rules", "test", "acme.*", "--site", site])
    #expect(test.code == 0, "\(test.output)\(test.error)")
    let lint = try vigie(["rules", "lint", "--site", site])
    #expect(lint.code == 0)
    let remarks = lint.lines.filter { $0.hasPrefix("warning: ") || $0.hasPrefix("error: ") }
    #expect(remarks.allSatisfy { $0.contains(path) }, "\(remarks)")
    #expect(remarks.contains { $0.contains("cites what vigie rules new wrote") })
  }

  @Test(
    "the recipe of Rules/README.md for names of files holds, and lint wants nothing strange of it"
  )
  func fileNames() throws {
    let guide = try String(contentsOfFile: repositoryRoot + "/Rules/README.md", encoding: .utf8)
    let start = try #require(guide.range(of: "  - id: acme.rc\n"))
    let end = try #require(guide[start.lowerBound...].range(of: "\n```"))
    let rule = String(guide[start.lowerBound..<end.lowerBound])
    try write(rule.replacingOccurrences(of: "[RULES]", with: "LAW"))
    let test = try vigie(["rules", "test", "acme.rc", "--site", site])
    #expect(test.code == 0, "\(test.output)\(test.error)")
    #expect(test.output.hasPrefix("3 passed, 0 failed\n"))
    let lint = try vigie(["rules", "lint", "--site", site])
    #expect(lint.code == 0, "\(lint.output)")
    #expect(!lint.output.contains("mentioned"))
  }

  @Test("lint: the last line of standard output says that the rules are refused")
  func refusedLint() throws {
    try write(zebra("zebra zebra", level: "striped"))
    let result = try vigie(["rules", "lint", "--site", site])
    #expect(result.code == 2)
    #expect(result.error.contains("nothing was loaded"))
    #expect(result.lines.contains { $0.contains(" rules: refused for 1 fault; ") })
  }

  @Test("a phrase that is too short is refused by lint, test and check alike")
  func shortPhrase() throws {
    try write(zebra("cabin"))
    for (arguments, code) in [
      (["rules", "lint"], 1), (["rules", "test", "acme.zebra"], 1), (["check", "--text", "a"], 2),
    ] as [([String], Int32)] {
      let result = try vigie(arguments + ["--site", site])
      #expect(result.code == code, "\(arguments)")
      #expect(
        (result.output + result.error).contains(
          "the phrase 'cabin' has 5 folded letters; 6 are needed"
        )
      )
    }
  }

  @Test(
    "new: words that a rule finds already are refused, with its id; a French title has French examples"
  )
  func new() throws {
    let taken = try vigie([
      "rules", "new", "cab.dr", "--title", "Diffusion Restreinte", "--site", site,
    ])
    #expect(taken.code == 2)
    #expect(
      taken.error.contains("the words of cab.dr are found by fr.diffusion-restreinte already")
    )
    #expect(taken.error.contains("overrides.yaml"))
    #expect(!FileManager.default.fileExists(atPath: site))
    let titles = [
      ("acme.un", "Réservé au cabinet", [String](), "Veuillez trouver"),
      ("acme.deux", "Réservé au conseil", ["--language", "en"], "Please find"),
      ("acme.drei", "Nur für den Vorstand", [], "Anbei"),
      ("acme.vier", "RC", ["--language", "de"], "Anbei"),
      ("acme.cinq", "RQ", ["--language", "fr"], "Veuillez trouver"),
    ]
    for (id, title, options, words) in titles {
      let result = try vigie(["rules", "new", id, "--title", title, "--site", site] + options)
      #expect(result.code == 0, "\(result.error)")
      let text = try String(contentsOfFile: site + "/markings/acme.yaml", encoding: .utf8)
      #expect(text.components(separatedBy: "- id: \(id)").last?.contains(words) == true)
    }
    let test = try vigie(["rules", "test", "acme.*", "--site", site])
    #expect(test.code == 0, "\(test.output)")
    #expect(test.output.hasPrefix("20 passed, 0 failed\n"))
    #expect(try vigie(["rules", "new", "acme.x", "--language", "xx"]).code != 0)
  }

  @Test("a rule that is not there: its family may lie in a site, or its name be nearly right")
  func unknownRule() throws {
    let absent = try vigie(["rules", "test", "acme.zebra"])
    #expect(absent.code == 2)
    #expect(absent.error.contains("a rule of your site is there with --site DIR"))
    try write(zebra("zebra zebra"))
    let near = try vigie(["rules", "explain", "acme.zebr", "--site", site])
    #expect(near.error.contains("mend: did you mean 'acme.zebra'?"))
    let nowhere = try vigie(["check", "--text", "a", "--site", site + "-nowhere"])
    #expect(nowhere.code == 2)
    #expect(nowhere.error.contains("--site DIR") && !nowhere.error.contains("--rules DIR"))
  }

  @Test("diff: two directories of a site are laid over the shipped rules")
  func siteDiff() throws {
    try write(zebra("okapi okapi"), name: "before")
    try write(zebra("zebra zebra"))
    let archive = try directory.write("a.jsonl", #"{"id":"a","body":"ZEBRA ZEBRA"}"# + "\n")
    let before = directory.path + "/before"
    let result = try vigie(["rules", "diff", before, site, archive])
    #expect(result.code == 0, "\(result.error)")
    #expect(result.output.contains("gained acme.zebra"))
    #expect(result.output.contains("\(before) and \(site) laid over \(repositoryRoot)/Rules\n"))
    let shipped = try vigie(["rules", "diff", repositoryRoot + "/Rules", site, archive, "--json"])
    #expect(shipped.output.contains("\"acme.zebra\""))
    let base = ["--rules", repositoryRoot + "/Rules"]
    #expect(try vigie(["rules", "diff", before, site, archive] + base).code == 0)
  }

  @Test("diff: a directory that is not there is said to be none")
  func absentDiff() throws {
    let archive = try directory.write("a.jsonl", #"{"id":"a","body":"ZEBRA ZEBRA"}"# + "\n")
    let absent = directory.path + "/absent"
    for pair in [[absent, repositoryRoot + "/Rules"], [repositoryRoot + "/Rules", absent]] {
      let result = try vigie(["rules", "diff"] + pair + [archive])
      #expect(result.code == 2)
      #expect(result.error.contains("\(absent): no such directory"))
      #expect(!result.error.contains("--rules"))
    }
  }

  @Test("bench and list: rules by id, evidence by name")
  func choices() throws {
    let bench = try vigie(["rules", "bench", "tlp.*", "--rounds", "1"])
    #expect(bench.code == 0)
    #expect(bench.output.contains("tlp.red") && !bench.output.contains("fr.diffusion"))
    #expect(try vigie(["rules", "bench", "no.such"]).code == 2)
    let evidence = try vigie(["rules", "list", "--evidence"])
    #expect(evidence.code == 0)
    #expect(evidence.lines.contains { $0.hasPrefix("own-line ") })
    #expect(try vigie(["rules", "list", "--evidence", "--json"]).code != 0)
  }
}
