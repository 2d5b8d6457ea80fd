import VigieRulebook
import VigieText

/// Short forms, which count where they stand as stamps alone.
extension Sweep {
  /// Takes a short form where it stands as a stamp.
  mutating func checkMark(_ mark: Int, _ text: Span<UInt8>, _ range: Range<Int>) {
    effort -= 1
    let rule = rules.marks[mark].rule
    let start = meter == nil ? 0 : SweepMeter.now()
    let matchCount = matches.count
    defer {
      meter?.count(.phrase, of: rule, since: start, matchCount: matches.count - matchCount)
    }
    guard StampPosition.holds(text, range, role: role) else { return }
    add(
      RawMatch(
        rule: rule,
        range: range,
        source: .mark,
        letterCase: letterCase(text, range),
        disguise: [],
        hasSentenceGap: false
      )
    )
  }
}
