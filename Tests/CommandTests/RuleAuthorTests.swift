import Foundation
import TestSupport
import Testing

/// The commands with which somebody makes a rule of a site.
@Suite("vigie rules, from a new rule to a tested one")
struct RuleAuthorTests {
  private let directory: TemporaryDirectory
  private let site: String

  init() throws {
    directory = try TemporaryDirectory()
    site = directory.path + "/site"
  }

  private var family: String { site + "/markings/acme.yaml" }

  private func read() throws -> String { try String(contentsOfFile: family, encoding: .utf8) }

  @Test("new: what it writes passes, under every variant too, and finds what it says")
  func whole() throws {
    for id in ["acme.internal-only", "acme.board-papers", "acme.fyeo"] {
      let result = try vigie(["rules", "new", id, "--site", site, "--level", "secret"])
      #expect(result.code == 0, "\(result.error)")
      #expect(result.lines[0] == "added \(id) to \(family)")
      #expect(result.output.contains("vigie rules test \(id) --site \(site) --watch"))
    }
    let test = try vigie(["rules", "test", "acme.*", "--site", site])
    #expect(test.code == 0)
    #expect(test.output.hasPrefix("12 passed, 0 failed\nvariants: "))
    let check = try vigie([
      "check", "--json", "--text", "INTERNAL ONLY\nAgenda", "--site", site,
    ])
    #expect(check.code == 1)
    #expect(check.output.contains("\"acme.internal-only\""))
  }

  @Test("new: a name of one letter goes with its family, for a letter alone stands everywhere")
  func letter() throws {
    let result = try vigie(["rules", "new", "ans.x", "--site", site])
    #expect(result.code == 0, "\(result.error)")
    let test = try vigie(["rules", "test", "ans.x", "--site", site])
    #expect(test.code == 0, "\(test.output)")
    let lint = try vigie(["rules", "lint", "--site", site])
    #expect(lint.code == 0, "\(lint.output)")
    #expect(lint.output.contains(": 0 errors, "))
    let titled = try vigie(["rules", "new", "ans.y", "--title", "Y", "--site", site])
    #expect(titled.code == 2 && titled.error.contains("a single letter"))
  }

  @Test("lint names each wording that no example shows")
  func unshown() throws {
    let rule = """
      family: acme
      title: House marks
      scheme: acme
      sources: { HOUSE: "house rules, §1" }
      rules:
        - id: acme.zebra
          title: Zebra
          level: restricted
          cites: [HOUSE]
          phrases: ["zebra papers", "giraffe papers"]
          marks: ["ZBR", "GRF"]
          patterns:
            - { regex: 'zebra-[0-9]{4}', anchors: ["zebra-"] }
            - { regex: 'giraffe-[0-9]{4}', anchors: ["giraffe-"] }
          examples:
            applied: ["⟦Z E B R A  P A P E R S⟧\nMinutes", "[⟦ZBR⟧] Minutes", "⟦zebra-1234⟧ for you"]
            silent: ["giraffe papers", "(GRF)", "giraffe-1234"]

      """
    _ = try directory.write("site/markings/acme.yaml", rule)
    let lint = try vigie(["rules", "lint", "--site", site])
    for shown in ["'zebra papers' stands", "'ZBR' stands"] {
      #expect(!lint.output.contains(shown), "\(lint.output)")
    }
    for missing in [
      "the phrase 'giraffe papers' stands in no", "the short form 'GRF' stands in no",
    ] {
      #expect(lint.output.contains(missing), "\(lint.output)")
    }
    let patterns = lint.output.components(separatedBy: "the pattern stands in no")
    #expect(patterns.count == 2, "\(lint.output)")
  }

  @Test("a command that is misspelt is told from an option that is not known")
  func slips() throws {
    for (arguments, group, near) in [
      (["chek", "--text", "x"], "vigie has no command 'chek'", "did you mean 'check'?"),
      (["rules", "explian"], "vigie rules has no command 'explian'", "did you mean 'explain'?"),
      (["zzzzzzzz"], "vigie has no command 'zzzzzzzz'", "the commands are "),
    ] {
      let result = try vigie(arguments)
      #expect(result.code == 2)
      #expect(result.error.contains(group) && result.error.contains(near), "\(result.error)")
    }
    let option = try vigie(["check", "--txet", "x"])
    #expect(option.code == 2 && option.error.contains("--txet"))
    #expect(try vigie(["help"]).code == 0)
  }

  @Test("new: without a site it prints YAML alone on standard output")
  func printed() throws {
    let result = try vigie(["rules", "new", "internal-only", "--family", "acme"])
    #expect(result.code == 0)
    #expect(result.output.hasPrefix("family: acme\n"))
    #expect(result.error.hasPrefix("next: "))
    _ = try directory.write("site/markings/acme.yaml", result.output)
    let test = try vigie(["rules", "test", "acme.internal-only", "--site", site])
    #expect(test.output.hasPrefix("4 passed, 0 failed\nvariants: "))
    let plain = try vigie(["rules", "test", "acme.internal-only", "--site", site, "--no-variants"])
    #expect(plain.output == "4 passed, 0 failed\n")
    // Of a family that is there it prints the rule.
    let rule = try vigie(["rules", "new", "fr.made-up-words"])
    #expect(rule.output.hasPrefix("\n  - id: fr.made-up-words\n"))
  }

  @Test("new: what cannot be is refused with what, where and the mend, and nothing is written")
  func refusals() throws {
    _ = try vigie(["rules", "new", "acme.internal-only", "--site", site])
    let before = try read()
    for (arguments, reason) in [
      (["acme.internal-only"], "the id 'acme.internal-only' is already used"),
      (["fr.diffusion-restreinte"], "the id 'fr.diffusion-restreinte' is already used"),
      (["fr.another"], "the family 'fr' is there already"),
      (["acme"], "this is no id of a rule"),
      (["Acme.Board"], "this is no id of a rule"),
      (["acme.board", "--level", "sekret"], "'sekret' is neither a level nor a grade"),
    ] {
      let result = try vigie(["rules", "new"] + arguments + ["--site", site])
      #expect(result.code == 2, "\(arguments)")
      #expect(result.output.isEmpty)
      #expect(result.error.contains(reason), "\(result.error)")
      #expect(result.error.contains("mend:"))
    }
    #expect(try read() == before)
    let unwritable = try vigie(["rules", "new", "acme.board", "--site", "/proc/nowhere"])
    #expect(unwritable.code == 2)
    #expect(unwritable.error.contains("/proc/nowhere/markings/acme.yaml"))
    #expect(try vigie(["rules", "new"]).code == 2)
  }

  @Test("test: a variant that fails ends in 1 with the variant's name; except: lets it pass")
  func variants() throws {
    func test(_ exceptions: String) throws -> CommandResult {
      _ = try directory.write(
        "site/markings/acme.yaml",
        """
        family: acme
        title: Test
        scheme: acme
        sources: { LAW: the law }
        rules:
          - id: acme.zebra
            title: Zebra
            level: restricted
            cites: LAW
            prior: unmistakable
            patterns: ['zebra\\x20[0-9]{3}']
            examples:
              applied: [{ text: "attached is the plan, ⟦zebra 123⟧ throughout"\(exceptions) }]
              silent: ["DIFFUSION RESTREINTE\\nNote"]
              except: ["fr.*"]

        """
      )
      return try vigie(["rules", "test", "acme.zebra", "--site", site])
    }
    let failed = try test("")
    #expect(failed.code == 1, "\(failed.error)")
    #expect(failed.output.contains("acme.yaml:13:"))
    #expect(
      failed.output.contains("variant nbsp, found by a pattern without it: should be applied")
    )
    #expect(failed.output.contains("allow: { text: …, except: [nbsp] }"))
    let passed = try test(", except: [nbsp]")
    #expect(passed.code == 0, "\(passed.output)")
    let wrong = try test(", except: [nbps]")
    #expect(wrong.code == 2)
    #expect(wrong.error.contains("'nbps' is neither a variant of examples nor the id of a rule"))
    #expect(wrong.error.contains("nbsp"))
    let unknown = try test(", except: [fr.nonsense]")
    #expect(unknown.code == 2)
    #expect(unknown.error.contains("there is no rule 'fr.nonsense'"))
  }

  @Test("test --watch: runs again after a change, says faults and goes on")
  func watch() throws {
    _ = try vigie(["rules", "new", "acme.internal-only", "--site", site])
    let good = try read()
    let output = try directory.write("output", "")
    let process = Process()
    process.executableURL = vigieBinary
    process.arguments = ["rules", "test", "acme.internal-only", "--site", site, "--watch"]
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    try process.run()
    defer { process.terminate() }
    func wait(for text: String) throws {
      let end = Date() + 60
      while Date() < end, process.isRunning {
        if try String(contentsOfFile: output, encoding: .utf8).contains(text) { return }
        Thread.sleep(forTimeInterval: 0.05)
      }
      Issue.record("'\(text)' did not come")
    }
    try wait(for: " passed, 0 failed\nrun 1;")
    _ = try directory.write(
      "site/markings/acme.yaml",
      good.replacingOccurrences(of: "⟦INTERNAL ONLY⟧", with: "⟦SECRET OF ACME⟧")
    )
    try wait(for: "3 passed, 1 failed\nvariants: ")
    _ = try directory.write("site/markings/acme.yaml", "family: [")
    try wait(for: "nothing was loaded\nrun 3;")
    _ = try directory.write("site/markings/acme.yaml", good)
    try wait(for: " passed, 0 failed\nrun 4;")
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(try vigie(["rules", "test", "--watch", "--record"]).code == 2)
  }

  @Test("list --markdown: every rule has its row, under its scheme and level")
  func catalogue() throws {
    let page = try vigie(["rules", "list", "--markdown"])
    #expect(page.code == 0)
    let list = try vigie(["rules", "list"])
    let rows = page.lines.filter { $0.hasPrefix("| `") }
    // The table of the list has a heading and a line with the count.
    #expect(rows.count == list.lines.count - 2)
    let schemeCount = page.lines.count { $0.hasPrefix("## ") }
    #expect(page.lines.count { $0.hasPrefix("- [") } == schemeCount)
    #expect(rows.contains { $0.hasPrefix("| `fr.diffusion-restreinte` | Diffusion Restreinte |") })
  }

  @Test("lint --site: what concerns the site's rules is shown, the rest is counted")
  func lintOfSite() throws {
    _ = try vigie(["rules", "new", "acme.internal-only", "--site", site])
    let result = try vigie(["rules", "lint", "--site", site])
    #expect(result.code == 0)
    let remarks = result.lines.filter { $0.hasPrefix("warning: ") }
    #expect(!remarks.isEmpty)
    #expect(remarks.allSatisfy { $0.hasPrefix("warning: acme.internal-only: ") })
    #expect(result.output.hasSuffix("on shipped rules not shown: leave --site out\n"))
  }

  @Test("lint: faults of shape, of compiling and of sense are told in one go")
  func everyFault() throws {
    _ = try directory.write(
      "site/markings/acme.yaml",
      """
      family: acme
      title: Test
      scheme: acme
      sources: { LAW: the law }
      rules:
        - { id: acme.zebra, title: Zebra, level: striped, cites: LAW, phrases: [zoo],
            examples: { applied: ["⟦zoo⟧"] } }
        - { id: acme.yak, title: Yak, level: restricted, cites: LAW, colour: brown, validate: horns,
            patterns: [{ regex: 'yak(', anchors: [yak] }], examples: { applied: ["⟦yak⟧"] } }
        - { id: acme.gnu, title: Gnu, level: restricted, cites: LAW,
            patterns: [{ regex: 'gnu(a+)+$', anchors: [gnu] }, { regex: 'gn?u', anchors: [u] }],
            examples: { applied: ["⟦gnua⟧"] } }
        - { id: acme.dr, title: DR, level: restricted, cites: LAW,
            phrases: [diffusion restreinte], examples: { applied: ["⟦diffusion restreinte⟧"] } }

      """
    )
    let result = try vigie(["rules", "lint", "--site", site])
    #expect(result.code == 2)
    for fault in [
      "acme.yaml:6:44: 'striped' is neither a level", "acme.yaml:8:64: unknown key 'colour'",
      "acme.yaml:8:89: 'horns' is not a checksum", "acme.yaml:9:32: the pattern is no regular",
      "acme.yaml:11:67: the anchor 'u' is a single letter",
      "nothing was loaded",
    ] { #expect(result.error.contains(fault), "\(fault)\n\(result.error)") }
    for remark in [
      "acme.yaml:6:75: the phrase 'zoo' has 3 folded letters",
      "the pattern can take exponential time on",
      "has 0 of 5 silent examples",
    ] { #expect(result.output.contains(remark), "\(remark)\n\(result.output)") }
  }

  @Test("lint: an attack is shown that proves the fault")
  func attack() throws {
    _ = try directory.write(
      "site/markings/acme.yaml",
      """
      family: acme
      title: Test
      scheme: acme
      sources: { LAW: the law }
      rules:
        - { id: acme.zebra, title: Zebra, level: restricted, cites: LAW,
            patterns: [{ regex: 'zebra(a+)+$', anchors: [zebra] }],
            examples: { applied: ["⟦zebraaa⟧"] } }

      """
    )
    let result = try vigie(["rules", "lint", "--site", site])
    #expect(result.code == 1)
    #expect(result.output.contains("proof: 'zebraaa"))
    #expect(result.output.contains("on which a match gives up"))
  }
}
