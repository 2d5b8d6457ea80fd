import VigieCore
import VigieRulebook
import VigieText

/// Identifiers and credentials: applied, unless something says that they are samples.
///
/// Where they stand says nothing: a password in a line of code, in a quotation or under a question
/// opens the same door. So only evidence that is `about:` their kind is weighed, or that the rule
/// names itself, and none that shows in the layout.
extension Judge {
  mutating func judgeValue(
    _ match: RawMatch,
    _ rule: CompiledRule,
    _ text: Span<UInt8>
  ) -> Judgement {
    sums.begin(rule)
    let place = wordRange(of: match.range)
    let near = near(place)
    let value = text.extracting(match.range)
    if isKnownSample(value, rule) { see(.knownSample, rule) }
    if SampleValue.holds(value, isNumber: rule.kind == .identifier) { see(.sampleValue, rule) }
    if isOrdinary(rule, place, text, match.range) { see(.ordinaryUse, rule) }
    weighCues(near, place, rule, text, role: .body, company: [], match: match.range)
    var column = match.column
    if rule.hasNear, !hasNear(rule.near, near) {
      column = columnName(match.range, rule, text) ?? 0..<0
      if column.isEmpty { sums.marking = -.infinity }
    }
    if !column.isEmpty, let number = evidence.number(of: .columnName) {
      see(Cue(evidence: number, range: column), rule)
    }
    return Judgement(
      rule: match.rule,
      source: match.source,
      range: match.range,
      markingLogit: sums.marking,
      usageLogit: sums.usage,
      caveats: [],
      caveatRanges: [],
      disguise: match.disguise,
      reasons: sums.sortedReasons
    )
  }

  /// Whether a value is one of those the rule knows from documentation, or ends with it.
  private func isKnownSample(_ value: Span<UInt8>, _ rule: CompiledRule) -> Bool {
    rule.samples.contains { sample in
      var left = sample.count
      var index = value.count
      while index > 0 {
        index -= 1
        let byte = Prefilter.lowercased(value[index])
        guard (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) else { continue }
        left -= 1
        if byte != sample[left] { return false }
        if left == 0 { return true }
      }
      return false
    }
  }
}
