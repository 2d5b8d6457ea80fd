import Synchronization
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
  private let knownBasis = Mutex<String?>(nil)

  init(_ filter: Filter) { bench = InspectorBench(filter) }

  /// What inspections of uploads by it rest on.
  ///
  /// Found out at its first use: it asks a reader of documents what it can read. Where there is none,
  /// that is a basis too, and what was found without it counts no more once there is one.
  var basis: String {
    knownBasis.withLock { known in
      if let known { return known }
      let basis = InspectionBasis(of: filter)
      if basis.lack == nil { known = basis.digest }
      return basis.digest
    }
  }

  /// Judges a message on this thread; `nil` where that takes too much effort.
  func review(_ message: Message, effort: Int) -> Review? { bench.review(message, effort: effort) }

  /// What is said of a message that was not judged.
  func review(_ message: Message, failing failure: ReviewFailure, by policy: FailPolicy) -> Review {
    let mode = policy.mode(upTo: filter.policy.ceiling(of: message.channel))
    return review(message.id, mode, failing: failure, at: .body)
  }

  /// What is said of an upload that was not inspected.
  func review(_ upload: Upload, failing failure: ReviewFailure, by policy: FailPolicy) -> Review {
    let place = Place(part: .attachment(0), role: .bodyText)
    return review(upload.id, policy.leastMode, failing: failure, at: place)
  }

  private func review(
    _ id: String,
    _ mode: FailMode,
    failing failure: ReviewFailure,
    at place: Place
  ) -> Review {
    Review(
      id: id,
      verdict: mode.verdict,
      level: .public,
      gaps: [Gap(place: place, reason: .timeout, detail: "not judged: \(failure.rawValue)")],
      tip: mode.verdict.isStop ? filter.tips["not-judged"] : nil,
      ruleset: filter.ruleset
    )
  }
}
