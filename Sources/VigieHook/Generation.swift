import VigieCore
import VigieFilter
import VigieInspection
import VigiePolicy

/// Rules and policy in use, with what judges by them.
///
/// A message is judged by one generation from its first byte to its verdict, whatever is loaded meanwhile.
final class Generation: Sendable {
  private let bench: InspectorBench

  var filter: Filter { bench.filter }

  init(_ filter: Filter) { bench = InspectorBench(filter) }

  /// Judges a message on this thread; `nil` where that takes too much effort.
  func review(_ message: Message, effort: Int) -> Review? { bench.review(message, effort: effort) }

  /// What is said of a message that was not judged.
  func review(_ message: Message, failing failure: ReviewFailure, by policy: FailPolicy) -> Review {
    let mode = policy.mode(upTo: filter.policy.ceiling(of: message.channel))
    return Review(
      id: message.id,
      verdict: mode.verdict,
      level: .public,
      gaps: [Gap(place: .body, reason: .timeout, detail: "not judged: \(failure.rawValue)")],
      tip: mode.verdict.isStop ? filter.tips["not-judged"] : nil,
      ruleset: filter.ruleset
    )
  }
}
