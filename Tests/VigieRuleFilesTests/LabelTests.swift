import Testing
import VigieCore
import VigieRuleFiles
import VigieRulebook

@Suite("Labels of a site")
struct LabelTests {
  private let id = "8d2bca3a-27d1-4f1b-9a3f-1c2d3e4f5a6b"

  private func labels(_ lines: String...) -> [String: String] {
    ["labels.yaml": "labels:\n" + lines.map { "  \($0)\n" }.joined()]
  }

  @Test("become rules with the level of their scheme")
  func rules() throws {
    let loaded = try RuleDirectory(labels("\(id): { title: Hush, scheme: xx, level: hush }")).load()
    let rule = try #require(loaded.rules.rules.first { $0.id == "label.\(id)" })
    #expect(rule.title == "Hush")
    #expect(rule.scheme == "xx")
    #expect(rule.level == .confidential)
    #expect(!rule.examples.isEmpty)
  }

  @Test("a site's line replaces the shipped one, in whatever case the id is written")
  func sites() throws {
    let shipped = try RuleDirectory(labels("\(id): { scheme: xx, level: internal }"))
    let site = try RuleDirectory(
      labels("\(id.uppercased()): { scheme: xx, level: secret }"),
      minimal: false
    )
    let found = try shipped.load(sites: [site]).rules.rules.filter { $0.family == "label" }
    #expect(found.map(\.id) == ["label.\(id)"])
    #expect(found.map(\.level) == [.secret])
  }

  @Test("and a site may override or switch off one that is shipped")
  func overrides() throws {
    let shipped = try RuleDirectory(labels("\(id): { scheme: xx, level: internal }"))
    let site = try RuleDirectory(
      ["overrides.yaml": "overrides: [{ rule: \"label.*\", enabled: false }]\n"],
      minimal: false
    )
    let loaded = try shipped.load(sites: [site])
    #expect(loaded.disabled == ["label.\(id)"])
  }

  @Test("faults name the place and the mend")
  func faults() throws {
    func fault(_ lines: String) throws -> String {
      try RuleDirectory(["labels.yaml": lines]).faults().joined(separator: "\n")
    }
    #expect(
      try fault("labels:\n  8d2bca3a: { scheme: xx, level: secret }\n").hasPrefix(
        "labels.yaml:2:3: '8d2bca3a' is not the id of a label → write it as Get-Label"
      )
    )
    let twice =
      "labels:\n  \(id): { scheme: xx, level: secret }\n"
      + "  \(id.uppercased()): { scheme: xx, level: secret }\n"
    #expect(try fault(twice).contains("labels.yaml:3:3: the label '\(id)' stands here twice"))
    #expect(
      try fault("labels:\n  \(id): { scheme: xx, level: hushh }\n").contains("write hush")
        || fault("labels:\n  \(id): { scheme: xx, level: hushh }\n").contains("hush")
    )
    #expect(try fault("labels:\n  \(id): { scheme: xx }\n").contains("level"))
    #expect(try fault("labels: []\n").contains("labels.yaml:1:9"))
    #expect(
      try fault("labels:\n  \(id): { scheme: xx, level: secret, colour: red }\n").contains("colour")
    )
  }
}
