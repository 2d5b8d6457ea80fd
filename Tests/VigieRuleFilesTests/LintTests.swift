import Testing
import VigieRuleFiles
import VigieRulebook

@Suite("Lint of what was loaded")
struct LoadedLintTests {
  @Test("a tip that lacks a language is a warning")
  func tips() throws {
    let directory = try RuleDirectory(["tips/de.yaml": "language: de\ntips: { other: Anders. }"])
    let remarks = Lint.remarks(on: try directory.load()) { $0.count }
    #expect(
      remarks.filter { $0.rule == nil }.map { "\($0.fault.position.file): \($0.fault.reason)" } == [
        "tips/de.yaml: the tip 'marked' is missing in 'de'",
        "tips/en.yaml: the tip 'other' is missing in 'en'",
        "tips/fr.yaml: the tip 'other' is missing in 'fr'",
      ]
    )
  }

  @Test("evidence without words is told where it was written")
  func places() throws {
    let directory = try RuleDirectory([
      "evidence.yaml": """
      evidence:
        - { name: own-line, title: alone on its line, marking: 2, usage: 1.5 }
        - { name: odd, title: odd, marking: 0, usage: 0, reach: grammar }
      """
    ])
    let survey = RuleLoader.survey(
      try RuleSnapshot(reading: RuleSources(shipped: directory.path))
    )
    let remarks = Lint.remarks(on: survey.rules, origins: survey.origins) { $0.count }
    let places = remarks.filter { $0.rule == nil }.map(\.fault.position)
    #expect(places.map(\.file) == [directory.path + "/evidence.yaml"])
    #expect(places.map(\.line) == [3])
    #expect(places.map(\.column) == [13])
  }

  @Test("no shipped pattern blows up, no shipped tip lacks a language")
  func shipped() throws {
    let loaded = try RuleLoader.load(RuleSources(shipped: shippedRules))
    let remarks = Lint.remarks(on: loaded) { _ in 9 }
    #expect(
      remarks.filter { $0.severity == .error || $0.fault.position.file.hasPrefix("tips/") } == []
    )
  }
}
