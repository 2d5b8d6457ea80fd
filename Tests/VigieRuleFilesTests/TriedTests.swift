import Foundation
import Testing
import VigieRuleFiles

@Suite("Families whose examples were tried")
struct TriedTests {
  private let yy = RuleDirectory.family(id: "yy.hush").replacing("family: xx", with: "family: yy")
  private let zz = RuleDirectory.family(id: "zz.hush").replacing("family: xx", with: "family: zz")

  private func untried(_ directory: RuleDirectory, sites: [RuleDirectory] = []) throws -> [String] {
    let sources = RuleSources(shipped: directory.path, sites: sites.map(\.path))
    let paths = try RuleSnapshot(reading: sources).untriedFamilies(in: sources)
    return paths.map { $0.replacingOccurrences(of: directory.path + "/", with: "") }.sorted()
  }

  @Test("a family counts as tried until it, or what bears on it, is another")
  func changes() throws {
    let directory = try RuleDirectory(["markings/yy.yaml": yy])
    #expect(try untried(directory) == ["markings/xx.yaml", "markings/yy.yaml"])
    let record = try RuleSnapshot(reading: RuleSources(shipped: directory.path)).triedRecord()
    try directory.write(TriedFamilies.fileName, String(decoding: record, as: UTF8.self))
    #expect(try untried(directory).isEmpty)

    try directory.write(
      "markings/yy.yaml",
      yy + "\n# another\n"
    )
    #expect(try untried(directory) == ["markings/yy.yaml"])
    let evidence = RuleDirectory.minimal["evidence.yaml"] ?? ""
    try directory.write("evidence.yaml", evidence + "\n# another\n")
    #expect(try untried(directory).count == 2)

    // What does not bear on it: tips, policies, a site's own evidence.
    try directory.write("evidence.yaml", evidence)
    try directory.write("markings/yy.yaml", yy)
    let site = try RuleDirectory(
      ["evidence.yaml": "evidence:\n  - { name: negated, usage: -1 }\n"],
      minimal: false
    )
    #expect(try untried(directory, sites: [site]).isEmpty)
    // The families of a site are tried, whatever the shipped record says.
    try site.write("markings/zz.yaml", zz)
    #expect(try untried(directory, sites: [site]).count == 1)
    try directory.write(TriedFamilies.fileName, "damaged")
    #expect(try untried(directory).count == 2)
  }

  @Test("the record of the shipped rules is fresh; if not: vigie rules test --record")
  func shipped() throws {
    let sources = RuleSources(shipped: shippedRules)
    #expect(try RuleSnapshot(reading: sources).untriedFamilies(in: sources) == [])
  }
}
