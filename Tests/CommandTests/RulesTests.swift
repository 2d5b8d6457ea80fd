import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieRuleChecks

@Suite("vigie rules")
struct RulesTests {
  @Test("list: JSON fits the published schema")
  func list() throws {
    let result = try vigie(["rules", "list", "--json"])
    #expect(result.code == 0)
    let value = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(RuleCheckSchema.list).faults(in: value) == [])
    #expect(try #require(value["rules"]?.elements).count > 50)
  }

  @Test("list: rules by id")
  func listChoice() throws {
    let result = try vigie(["rules", "list", "tlp.*", "nato.restricted", "--json"])
    let list = try JSONValue(Array(result.output.utf8))
    let ids = try #require(list["rules"]?.elements).compactMap { $0["id"]?.string }
    #expect(ids.contains("nato.restricted") && ids.contains("tlp.red"))
    #expect(ids.allSatisfy { $0.hasPrefix("tlp.") || $0 == "nato.restricted" })
    #expect(try vigie(["rules", "list", "no.such"]).code == 2)
  }

  @Test("schema: every name gives JSON, an unknown one is refused")
  func schema() throws {
    for name in [
      nil, "family", "evidence", "words", "ladder", "policy", "tips", "overrides", "check-line",
      "review-line", "error-line", "finding", "gap", "check", "scan", "rules-list", "rules-eval",
      "rules-evade", "rules-bench", "rules-diff", "audit-verify", "audit-report",
    ] {
      let result = try vigie(["rules", "schema"] + [name].compactMap { $0 })
      #expect(result.code == 0)
      #expect(throws: Never.self) { try JSONValue(Array(result.output.utf8)) }
    }
    #expect(try vigie(["rules", "schema", "nonsense"]).code == 2)
  }

  @Test("test: tells passed from failed")
  func examples() throws {
    let result = try vigie(["rules", "test", "fr.diffusion-restreinte"])
    #expect(result.output.contains(" passed, "))
    #expect(try vigie(["rules", "test", "no.such-rule"]).code == 2)
  }

  @Test("explain: shows evidence and the case that decided")
  func explain() throws {
    let text = try vigie(["rules", "explain", "--text", "DIFFUSION RESTREINTE\nNote"])
    #expect(text.code == 0)
    for expected in ["fr.diffusion-restreinte", "^^^^", "prior", "case", "confidence", "block"] {
      #expect(text.output.contains(expected), "\(expected)")
    }
    let cue = try vigie(["rules", "explain", "--text", "Ci-joint la *note* NATO RESTRICTED"])
    #expect(cue.output.contains("something is handed over: “Ci-joint”"), "\(cue.output)")
    let rule = try vigie(["rules", "explain", "tlp.red"])
    #expect(rule.output.contains("TLP:RED"))
    #expect(try vigie(["rules", "explain"]).code == 2)
  }

  @Test("eval: measures labelled messages, JSON by its schema, requirements enforced")
  func eval() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "messages/a.jsonl",
      #"{"id":"a-1","lang":"fr","text":"⟦DIFFUSION RESTREINTE⟧\nNote","expect":[{"scheme":"fr","level":"restricted","usage":"applied"}]}"#
        + "\n"
        + #"{"id":"a-2","lang":"fr","text":"rien ⟦du tout⟧","expect":[{"scheme":"fr","level":"secret","usage":"applied"}]}"#
    )
    let json = try vigie(["rules", "eval", directory.path, "--json"])
    #expect(json.code == 0)
    let value = try JSONValue(Array(json.output.utf8))
    #expect(try JSONSchema(RuleCheckSchema.evaluation).faults(in: value) == [])
    #expect(value["overall"]?["found"] == .number(1))
    let page = try vigie(["rules", "eval", path, "--errors", "--require", "recall=0.9"])
    #expect(page.code == 1)
    #expect(page.output.contains("messages/a.jsonl:2: a-2: missed"))
    #expect(page.error.contains("recall is 0.5000"))
    #expect(try vigie(["rules", "eval", "/nowhere"]).code == 2)
    #expect(try vigie(["rules", "eval", path, "--require", "x=1"]).code == 2)
  }

  /// A copy of the shipped rules with one family more.
  private func rules(with family: String) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    for name in [
      "markings", "policies", "tips", "evidence", "wording.yaml", "ladder.yaml", "tried.txt",
    ] {
      try FileManager.default.copyItem(
        atPath: "\(repositoryRoot)/Rules/\(name)",
        toPath: "\(directory.path)/\(name)"
      )
    }
    _ = try directory.write("markings/zz.yaml", family)
    return directory
  }

  private func family(_ line: String, examples: String = "{ applied: [\"⟦zebra zebra⟧\"] }")
    -> String
  {
    """
    family: zz
    title: Test
    scheme: zz
    sources: { LAW: the law }
    rules:
      - id: zz.zebra
        title: Zebra
        level: restricted
        cites: LAW
        \(line)
        examples: \(examples)

    """
  }

  @Test(
    "one bad rule refuses the whole set, with file, line, column and mend, in every command",
    arguments: [
      "frases: [zebra zebra]", "patterns: ['zebra(']", "phrases: [zebra zebra]\n    title: Twice",
    ]
  )
  func refusal(_ line: String) throws {
    let directory = try rules(with: family(line))
    for arguments in [
      ["check", "--text", "a"], ["rules", "lint"], ["rules", "list"], ["rules", "test"],
    ] {
      let result = try vigie(arguments + ["--rules", directory.path])
      #expect(result.code == 2, "\(arguments)")
      // Lint goes on to say what else is to be mended.
      #expect(result.output.isEmpty || arguments == ["rules", "lint"])
      #expect(result.error.contains("markings/zz.yaml:"))
      #expect(result.error.contains("mend:"))
      #expect(result.error.contains("^"))
    }
  }

  @Test("lint: a pattern that can blow up is an error")
  func catastrophe() throws {
    let directory = try rules(
      with: family("patterns: [{ regex: 'zebra(a+)+$', anchors: [zebra] }]")
    )
    let result = try vigie(["rules", "lint", directory.path])
    #expect(result.code == 1 || result.code == 2)
    #expect((result.output + result.error).contains("exponential"))
  }

  @Test("test: an example that fails is shown with a caret and ends in 1")
  func failingExample() throws {
    let directory = try rules(
      with: family("phrases: [zebra zebra]", examples: "{ applied: [\"⟦giraffe⟧ zebra\"] }")
    )
    let result = try vigie(["rules", "test", "zz.zebra", "--rules", directory.path])
    #expect(result.code == 1)
    #expect(result.output.contains("markings/zz.yaml:11:"))
    #expect(result.output.contains("^^^^^^^"))
    #expect(result.output.contains("mend: see what was weighed: vigie rules explain --text '"))
    #expect(result.output.hasSuffix("0 passed, 1 failed\nvariants: 0 passed, 0 failed\n"))
  }

  @Test("a cache that is stale, damaged or foreign is never believed")
  func cache() throws {
    let directory = try rules(
      with: family("phrases: [zebra zebra]", examples: "{ applied: [\"⟦ZEBRA ZEBRA⟧\"] }")
    )
    let cache = try TemporaryDirectory()
    let environment = ["XDG_CACHE_HOME": cache.path]
    func check() throws -> CommandResult {
      try vigie(
        ["check", "--json", "--text", "ZEBRA ZEBRA", "--rules", directory.path],
        environment: environment
      )
    }
    let first = try check()
    #expect(first.output.contains("zz.zebra"))
    #expect(try check().output.contains("zz.zebra"))
    let folder = cache.path + "/vigie"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try Data("damaged".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    #expect(try check().output.contains("zz.zebra"))
    _ = try directory.write(
      "markings/zz.yaml",
      family("phrases: [giraffe giraffe]", examples: "{ applied: [\"⟦GIRAFFE GIRAFFE⟧\"] }")
    )
    #expect(try !check().output.contains("zz.zebra"))
  }

  @Test(
    "rules that load are still refused for work: an example that does not hold, a pattern that can blow up",
    arguments: [
      (
        "phrases: [zebra zebra]", "{ applied: [\"⟦giraffe⟧ zebra\"] }",
        "an example of zz.zebra does not hold: it should be applied, was not found"
      ),
      (
        "patterns: [{ regex: 'zebra(a+)+$', anchors: [zebra] }]",
        "{ applied: [\"⟦zebraaa⟧\"] }", "can take exponential time on"
      ),
    ]
  )
  func untried(_ line: String, _ examples: String, _ reason: String) throws {
    let directory = try rules(with: family(line, examples: examples))
    let cache = try TemporaryDirectory()
    for _ in 0..<2 {
      // Again: what was refused must not lie in the cache.
      let result = try vigie(
        ["check", "--text", "a", "--rules", directory.path],
        environment: ["XDG_CACHE_HOME": cache.path]
      )
      #expect(result.code == 2)
      #expect(result.output.isEmpty)
      #expect(result.error.contains("markings/zz.yaml:1"))
      #expect(result.error.contains(reason))
      #expect(result.error.contains("mend:"))
      #expect(result.error.contains("nothing was loaded"))
    }
    // A directory of the site is tried as well.
    let site = try TemporaryDirectory()
    _ = try site.write("markings/zz.yaml", family(line, examples: examples))
    let result = try vigie(["check", "--text", "a", "--site", site.path, "--no-cache"])
    #expect(result.code == 2)
    #expect(result.error.contains(reason))
  }

  @Test("test --record: notes that all examples hold, and only then")
  func record() throws {
    let directory = try TemporaryDirectory()
    for name in ["policies", "tips", "evidence", "wording.yaml", "ladder.yaml"] {
      try FileManager.default.copyItem(
        atPath: "\(repositoryRoot)/Rules/\(name)",
        toPath: "\(directory.path)/\(name)"
      )
    }
    func test(_ examples: String) throws -> (code: Int32, record: String?) {
      _ = try directory.write(
        "markings/zz.yaml",
        family("phrases: [zebra zebra]", examples: examples)
      )
      let result = try vigie(["rules", "test", "--record", "--rules", directory.path])
      let path = directory.path + "/tried.txt"
      return (result.code, try? String(contentsOfFile: path, encoding: .utf8))
    }
    let failed = try test("{ applied: [\"⟦giraffe⟧ zebra\"] }")
    #expect(failed.code == 1)
    #expect(failed.record == nil)
    let passed = try test("{ applied: [\"⟦ZEBRA ZEBRA⟧\"] }")
    #expect(passed.code == 0)
    #expect(passed.record?.hasSuffix("  markings/zz.yaml\n") == true)
    #expect(try vigie(["rules", "test", "zz.*", "--record"]).code != 0)
  }
}

@Suite("Help")
struct HelpTests {
  @Test(
    "has an example on every command",
    arguments: [
      "", "check", "scan", "rules", "rules list", "rules test", "rules lint", "rules explain",
      "rules eval", "rules schema", "rules new", "rules evade", "rules bench", "rules diff",
      "rules bundle", "audit", "audit verify", "audit head", "audit report",
    ]
  )
  func examples(_ command: String) throws {
    let result = try vigie(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(result.code == 0)
    #expect(result.output.contains("EXAMPLES"))
    #expect(result.output.contains("  vigie "))
    #expect(result.error.isEmpty)
  }
}
