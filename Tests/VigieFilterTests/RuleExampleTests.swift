import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import TestSupport

/// Every example of the shipped rules is a test.
@Suite("Examples of the shipped rules")
struct RuleExampleTests {
  @Test("each span is found exactly and used as the example says")
  func examples() throws {
    let loaded = try ShippedRules.load()
    let worker = Filter(
      rules: try ShippedRules.compiled(),
      policy: loaded.policy,
      tips: loaded.tips
    ).makeWorker()
    var count = 0
    var failed = 0
    for rule in loaded.rules.rules {
      for example in rule.examples {
        count += 1
        let text = SpannedText(example.marked.value)
        let place = Place(part: .body, role: example.role)
        let (findings, gaps) = worker.findings(in: Segment(place: place, text: text.bytes))
        var faults = faults(of: findings, rule, example, text)
        if !gaps.isEmpty { faults.append("gaps: \(gaps.map(\.detail))") }
        guard !faults.isEmpty else { continue }
        failed += 1
        let at = example.marked.position
        Issue.record(
          """
          \(at.file.split(separator: "/").last ?? ""):\(at.line):\(at.column) \(rule.id), \
          \(example.usage?.rawValue ?? "silent"): \(faults.joined(separator: "; "))
            \(example.marked.value.debugDescription)
          """
        )
      }
    }
    #expect(count > 500)
    #expect(failed == 0, "\(failed) of \(count) examples fail")
  }

  /// What is wrong with the findings of an example.
  ///
  /// A finding of another rule counts as the rule's own where scheme and level are the same. A span
  /// may be that of any rule, but one at least is the rule's own.
  private func faults(
    of findings: [Finding],
    _ rule: Rule,
    _ example: Example,
    _ text: SpannedText
  ) -> [String] {
    func isOwn(_ finding: Finding) -> Bool {
      finding.rule == rule.id || finding.scheme == rule.scheme && finding.level == rule.level
    }
    var faults: [String] = []
    for finding in findings
    where finding.rule == rule.id && !text.spans.contains(finding.range) {
      faults.append("found at \(finding.range), \(finding.usage.rawValue)")
    }
    guard let usage = example.usage else { return faults }
    var hasOwn = false
    for span in text.spans {
      let there = findings.filter { $0.range == span }
      if there.isEmpty { faults.append("nothing found at \(span)") }
      for finding in there where isOwn(finding) {
        hasOwn = true
        if finding.usage != usage {
          faults.append("\(finding.rule) at \(span) is \(finding.usage.rawValue)")
        }
      }
    }
    if !hasOwn { faults.append("no span is found by the rule") }
    return faults
  }
}
