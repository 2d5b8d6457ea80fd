import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieRuleChecks

@Suite("vigie rules: evade, bench, diff, eval --fit, bundle")
struct RuleToolsTests {
  /// A rules directory of one rule over the shipped evidence and policies.
  private func rules(
    phrase: String = "zebra zebra",
    level: String = "restricted"
  ) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    for name in ["policies", "tips", "evidence", "wording.yaml", "ladder.yaml"] {
      try FileManager.default.copyItem(
        atPath: "\(repositoryRoot)/Rules/\(name)",
        toPath: "\(directory.path)/\(name)"
      )
    }
    try write(phrase, level, to: directory)
    return directory
  }

  private func write(
    _ phrase: String,
    _ level: String,
    to directory: TemporaryDirectory
  ) throws {
    _ = try directory.write(
      "markings/zz.yaml",
      """
      family: zz
      title: Test
      scheme: zz
      sources: { LAW: the law }
      rules:
        - id: zz.zebra
          title: Zebra
          level: \(level)
          cites: LAW
          phrases: ["\(phrase)"]
          examples: { applied: ["⟦\(phrase.uppercased())⟧"] }

      """
    )
  }

  private func value(_ result: CommandResult, _ schema: String) throws -> JSONValue {
    #expect(result.error.isEmpty)
    let value = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(schema).faults(in: value) == [])
    return value
  }

  @Test("evade: the same seed the same run; a share that is required and not met ends in 1")
  func evade() throws {
    let directory = try rules(phrase: "little title")
    let command = ["rules", "evade", "zz.*", "--rules", directory.path]
    let json = try vigie(command + ["--json"])
    #expect(json.code == 0)
    let value = try value(json, RuleCheckSchema.evasion)
    #expect(value["markings"] == .number(1))
    #expect(try vigie(command + ["--json", "--jobs", "1"]).output == json.output)
    let page = try vigie(command + ["--alone", "--require", "1"])
    #expect(page.code == 1)
    #expect(page.output.contains("survivors"))
    #expect(page.error.contains("1.0000 is required"))
    #expect(try vigie(command + ["--alone", "--require", "0.5"]).code == 0)
  }

  @Test("evade and bench: rules, texts and numbers that are none are refused")
  func refusals() throws {
    let directory = try rules()
    for arguments in [
      ["evade", "no.such"], ["evade", "--require", "2"], ["evade", "--require", "x"],
      ["bench", "--file", "/nowhere"], ["bench", "--file", directory.path],
      ["bench", "--rounds", "0"], ["diff", directory.path], ["bundle"],
      ["diff", directory.path, "/nowhere", "/nowhere"],
      ["diff", directory.path, directory.path, "/nowhere"], ["eval", "/nowhere", "--fit"],
      ["eval", "/nowhere", "--write"], ["eval", "/nowhere", "--fit", "--json"],
      ["eval", "/nowhere", "--folds", "1"],
    ] {
      let place =
        arguments[0] == "diff" || arguments[0] == "bundle" ? [] : ["--rules", directory.path]
      let result = try vigie(["rules"] + arguments + place)
      #expect(result.code == 2, "\(arguments)")
      #expect(result.output.isEmpty)
      #expect(!result.error.isEmpty)
    }
  }

  @Test("bench: counts candidates and confirmations on a text")
  func bench() throws {
    let directory = try rules()
    let text = try directory.write("text.txt", "one ZEBRA ZEBRA and one zebra-zebra")
    let command = ["rules", "bench", "--rules", directory.path, "--rounds", "2"]
    let value = try value(
      try vigie(command + ["--file", text, "--json"]),
      RuleCheckSchema.bench
    )
    let rule = try #require(value["rules"]?.elements?.first)
    #expect(rule["rule"]?.string == "zz.zebra")
    #expect(rule["confirmed"] == .number(2))
    let page = try vigie(command)
    #expect(page.code == 0)
    #expect(page.output.contains("zz.zebra"))
  }

  @Test("diff: gained, lost and moved on an archive; what was not read ends in 3")
  func diff() throws {
    let old = try rules()
    let new = try rules(level: "secret")
    let archive = try old.write(
      "archive.jsonl",
      #"{"id":"a","body":"ZEBRA ZEBRA"}"# + "\n" + #"{"id":"b","body":"OKAPI OKAPI"}"# + "\n"
    )
    let command = ["rules", "diff", old.path, new.path, archive]
    let moved = try vigie(command)
    #expect(moved.code == 0)
    #expect(moved.output.contains("restricted → secret"))
    #expect(moved.output.contains("Z···· Z····"))
    #expect(!moved.output.contains("ZEBRA"))
    try write("okapi okapi", "restricted", to: new)
    let value = try value(try vigie(command + ["--json"]), RuleCheckSchema.difference)
    #expect(value["total"]?["gained"] == .number(1))
    #expect(value["total"]?["lost"] == .number(1))
    _ = try old.write("archive.jsonl", "no JSON\n" + #"{"id":"a","body":"ZEBRA ZEBRA"}"# + "\n")
    #expect(try vigie(command + ["--format", "jsonl"]).code == 3)
    #expect(try vigie(command + ["--rules", old.path]).code == 2)
  }

  @Test("eval --fit: a diff on standard output, and the file only where it is asked")
  func fit() throws {
    let directory = try rules()
    let path = directory.path + "/evidence/kinds.yaml"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    let lines = (0..<120).map { index in
      let usage = index % 12 == 0 ? "mentioned" : "applied"
      return
        #"{"id":"m\#(index)","lang":"en","text":"is it ⟦zebra zebra⟧ \#(index)?","expect":[{"scheme":"zz","level":"restricted","usage":"\#(usage)"}]}"#
    }
    let corpus = try directory.write("messages/a.jsonl", lines.joined(separator: "\n"))
    let command = ["rules", "eval", corpus, "--fit", "--rules", directory.path]
    let proposed = try vigie(command)
    #expect(proposed.code == 0)
    #expect(proposed.error.contains("held back in turn"))
    #expect(proposed.output.hasPrefix("--- \(path)\n+++ \(path)\n@@ "))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
    let written = try vigie(command + ["--write"])
    #expect(written.output == proposed.output)
    #expect(written.error.contains("rules test --record"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) != before)
    #expect(try vigie(["rules", "lint", directory.path]).code != 2)
  }

  @Test("bundle: what is signed is taken; what was changed is refused in every command")
  func bundle() throws {
    let directory = try rules()
    let key = directory.path + "-key"
    defer { for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: key + end) } }
    let made = try vigie(["rules", "bundle", directory.path, "--generate-key", "--key", key])
    #expect(made.code == 0)
    let trust = ["--rules", directory.path, "--trusted-key", key + ".pub"]
    #expect(try vigie(["check", "--text", "nothing"] + trust).code == 0)
    _ = try directory.write(
      "ladder.yaml",
      try String(contentsOfFile: directory.path + "/ladder.yaml", encoding: .utf8) + "# more\n"
    )
    for command in [
      ["check", "--text", "nothing"], ["rules", "list"], ["rules", "test"], ["rules", "bench"],
      ["scan", "/nowhere"],
    ] {
      let result = try vigie(command + trust)
      #expect(result.code == 2, "\(command)")
      #expect(result.output.isEmpty)
      #expect(
        result.error.contains("ladder.yaml: the file was changed after the rules were signed")
      )
      #expect(result.error.contains("mend:"))
    }
    let fromEnvironment = try vigie(
      ["check", "--text", "nothing", "--rules", directory.path],
      environment: ["VIGIE_TRUSTED_KEY": key + ".pub"]
    )
    #expect(fromEnvironment.code == 2)
    // Signing again mends it, whatever is trusted.
    #expect(try vigie(["rules", "bundle", directory.path, "--key", key]).code == 0)
    #expect(try vigie(["check", "--text", "nothing"] + trust).code == 0)
    #expect(try vigie(["rules", "bundle", "--generate-key", "--key", key]).code == 2)
    #expect(try vigie(["check", "--text", "a", "--trusted-key", "/nowhere"]).code == 2)
  }

  @Test("bundle: rules with an example that does not hold are not signed")
  func refusedRules() throws {
    let directory = try rules()
    let file = directory.path + "/markings/zz.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    _ = try directory.write(
      "markings/zz.yaml",
      text.replacingOccurrences(of: "⟦ZEBRA", with: "⟦OKAPI")
    )
    let key = directory.path + "/key"
    let result = try vigie(["rules", "bundle", directory.path, "--generate-key", "--key", key])
    #expect(result.code == 2)
    #expect(result.error.contains("does not hold"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/bundle.sig"))
  }
}
