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

  /// The most digits of a run for which it is told which patterns may take it; of longer ones each is asked.
  private static let maxToldDigitCount = 64

  /// Runs the patterns of digits over the run of them that stands before a byte, once.
  mutating func digitHit(_ place: Int, _ text: Span<UInt8>) {
    guard seeksValues, place > digitEnd, let run = DigitRun(text, before: place) else { return }
    digitEnd = run.range.upperBound
    guard run.count >= rules.leastDigitCount else { return }
    let lead = text.unitEdge(atOrBefore: run.range.lowerBound - Sweep.digitLeadCount)
    let filter = digitFilter()
    let row = min(run.count, Sweep.maxToldDigitCount) * filter.wordCount
    for word in 0..<filter.wordCount {
      // Long runs are of nothing that is sought but a few: no other is asked for at each of their digits.
      let sought = digitBits[row + word]
      if sought == 0 { continue }
      var allowed = filter.candidates(word, text, in: lead..<run.range.upperBound, among: sought)
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
    digitBits = (0...Sweep.maxToldDigitCount).flatMap { count in
      (0..<filter.wordCount).map { word in
        filter.bits(word) { number in
          let pattern = patterns[rules.digitPatterns[number]]
          return count <= Int(pattern.mostDigits)
            && (count >= Int(pattern.digits) || count == Sweep.maxToldDigitCount)
        }
      }
    }
    return filter
  }
}
