import CoreMetrics
import VigieCore

/// What the hook counts; made once, since a metrics system looks each name up.
struct HookMetrics: Sendable {
  private let verdicts: [Counter]
  private let failures: [ReviewFailure: Counter]
  private let replaced: Counter
  private let refused: Counter
  private let uploads: [Counter]
  private let media: [MediaOutcome: Counter]
  private let overrides: [OverrideOutcome: Counter]
  private let prompt: Timer
  private let queued: Timer
  private let inspected: Timer
  private let waiting: Gauge

  /// How an upload that a message posts was found in the memory, or an upload itself.
  enum MediaOutcome: String, CaseIterable {
    /// Inspected before, on the basis in use.
    case known
    /// Not kept; inspected now.
    case inspected
    /// Kept on another basis, and its bytes are not at hand.
    case stale
    /// Not kept, and its bytes are not at hand.
    case unknown
    /// The memory could not be read.
    case unreadable
    /// The memory could not be written.
    case unwritable
  }

  /// What became of a wish to override, or of the chance of one.
  enum OverrideOutcome: String, CaseIterable {
    case offered
    case accepted
    case refused
  }

  init(_ factory: any MetricsFactory) {
    verdicts = Verdict.allCases.map {
      Counter(label: "vigie_hook_reviews", dimensions: [("verdict", $0.name)], factory: factory)
    }
    failures = Dictionary(
      uniqueKeysWithValues: ReviewFailure.allCases.map {
        (
          $0,
          Counter(
            label: "vigie_hook_failures",
            dimensions: [("reason", $0.rawValue)],
            factory: factory
          )
        )
      }
    )
    replaced = Counter(
      label: "vigie_hook_reloads",
      dimensions: [("outcome", "replaced")],
      factory: factory
    )
    refused = Counter(
      label: "vigie_hook_reloads",
      dimensions: [("outcome", "refused")],
      factory: factory
    )
    uploads = Verdict.allCases.map {
      Counter(label: "vigie_hook_uploads", dimensions: [("verdict", $0.name)], factory: factory)
    }
    media = HookMetrics.counters("vigie_hook_media", factory)
    overrides = HookMetrics.counters("vigie_hook_overrides", factory)
    prompt = Timer(
      label: "vigie_hook_review_time",
      dimensions: [("path", "prompt")],
      factory: factory
    )
    queued = Timer(
      label: "vigie_hook_review_time",
      dimensions: [("path", "queued")],
      factory: factory
    )
    inspected = Timer(
      label: "vigie_hook_review_time",
      dimensions: [("path", "upload")],
      factory: factory
    )
    waiting = Gauge(label: "vigie_hook_waiting", factory: factory)
  }

  func count(_ reply: HookReply, isPrompt: Bool, nanoseconds: UInt64) {
    verdicts[Int(reply.verdict.rawValue)].increment()
    if let failure = reply.failure { failures[failure]?.increment() }
    (isPrompt ? prompt : queued).recordNanoseconds(Int64(clamping: nanoseconds))
  }

  func count(upload reply: HookReply, nanoseconds: UInt64) {
    uploads[Int(reply.verdict.rawValue)].increment()
    if let failure = reply.failure { failures[failure]?.increment() }
    inspected.recordNanoseconds(Int64(clamping: nanoseconds))
  }

  func count(_ outcome: MediaOutcome) { media[outcome]?.increment() }

  func count(_ outcome: OverrideOutcome) { overrides[outcome]?.increment() }

  /// A counter for each case of an enumeration.
  private static func counters<Outcome: CaseIterable & RawRepresentable<String> & Hashable>(
    _ label: String,
    _ factory: any MetricsFactory
  ) -> [Outcome: Counter] {
    Dictionary(
      uniqueKeysWithValues: Outcome.allCases.map {
        (
          $0,
          Counter(label: label, dimensions: [("outcome", $0.rawValue)], factory: factory)
        )
      }
    )
  }

  func countReload(isRefused: Bool) { (isRefused ? refused : replaced).increment() }

  func noteWaiting(_ count: Int) { waiting.record(count) }
}
