import VigieRulebook
import VigieText

/// The patterns of numbers, which have no anchor but digits.
extension Sweep {
  /// The most bytes of a match that stand before its run of digits.
  ///
  /// *Source:* an account number in groups of four starts with a country, two check digits and four letters of a
  /// bank; in Romania up to eight letters and digits of the account may follow before eight digits do
  /// (`RO62 BTRL RONC RT02 1364 2593`).
  private static let digitLeadCount = 20

  /// Runs the patterns of digits over the run of them that stands before a byte, once.
  mutating func digitHit(_ place: Int, _ text: Span<UInt8>) {
    guard seeksValues, place > digitEnd, let run = DigitRun(text, before: place) else { return }
    digitEnd = run.range.upperBound
    guard run.count >= rules.leastDigitCount else { return }
    let lead = text.unitEdge(atOrBefore: run.range.lowerBound - Sweep.digitLeadCount)
    let filter = digitFilter()
    for word in 0..<filter.wordCount {
      var allowed = filter.candidates(word, text, in: lead..<run.range.upperBound)
      while allowed != 0 {
        let number = filter.number(word, allowed.trailingZeroBitCount)
        allowed &= allowed &- 1
        let pattern = rules.digitPatterns[number]
        guard run.count >= Int(patterns[pattern].digits),
          run.count <= Int(patterns[pattern].mostDigits)
        else { continue }
        let from = max(patterns[pattern].nextStart, lead)
        guard from < run.range.upperBound, makeReady(pattern) else { continue }
        search(
          pattern,
          text,
          starting: from...(run.range.upperBound - 1),
          end: run.range.upperBound + Int(patterns[pattern].reach)
        )
      }
    }
  }

  /// What matches of the patterns of digits may start with.
  private mutating func digitFilter() -> AnchorFilter {
    if let filter = knownDigitFilter { return filter }
    let filter = rules.digitFilter
    knownDigitFilter = filter
    return filter
  }
}
