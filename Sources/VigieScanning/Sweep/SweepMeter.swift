import Glibc

/// Counts what the words of each rule cost a sweep, for those who write rules.
///
/// Without one a sweep asks once a candidate whether there is one, never once a byte.
package final class SweepMeter {
  /// What one rule cost.
  package struct Cost: Sendable, Equatable {
    /// Places where its words might stand.
    package var candidateCount = 0
    /// Places where they do.
    package var matchCount = 0
    /// The time of checking phrases and marks, nanoseconds.
    package var phraseTime = 0
    /// The time in PCRE2 and checksums, nanoseconds.
    package var patternTime = 0

    /// No cost.
    package init() {}

    /// All time, nanoseconds.
    package var time: Int { phraseTime + patternTime }
  }

  /// What is timed.
  enum Work { case phrase, pattern }

  /// The costs by number of the rule.
  package private(set) var costs: [Cost]
  /// What reading the clock twice takes, nanoseconds: not the cost of any rule.
  private let clockTime: Int

  /// A meter for so many rules.
  package init(ruleCount: Int) {
    costs = [Cost](repeating: Cost(), count: ruleCount)
    let roundCount = 4_096
    let start = SweepMeter.now()
    for _ in 1..<roundCount { _ = SweepMeter.now() }
    clockTime = (SweepMeter.now() - start) / roundCount
  }

  /// A moment, nanoseconds.
  package static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Forgets what was counted.
  package func reset() { costs = [Cost](repeating: Cost(), count: costs.count) }

  /// Counts one candidate of a rule.
  func count(_ work: Work, of rule: Int, since start: Int, matchCount: Int) {
    let time = max(0, SweepMeter.now() - start - clockTime)
    costs[rule].candidateCount += 1
    costs[rule].matchCount += matchCount
    switch work {
    case .phrase: costs[rule].phraseTime += time
    case .pattern: costs[rule].patternTime += time
    }
  }
}
