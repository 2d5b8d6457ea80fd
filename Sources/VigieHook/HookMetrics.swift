import CoreMetrics
import VigieCore

/// What the hook counts; made once, since a metrics system looks each name up.
struct HookMetrics: Sendable {
  private let verdicts: [Counter]
  private let failures: [ReviewFailure: Counter]
  private let replaced: Counter
  private let refused: Counter
  private let prompt: Timer
  private let queued: Timer
  private let waiting: Gauge

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
    waiting = Gauge(label: "vigie_hook_waiting", factory: factory)
  }

  func count(_ reply: HookReply, isPrompt: Bool, nanoseconds: UInt64) {
    verdicts[Int(reply.verdict.rawValue)].increment()
    if let failure = reply.failure { failures[failure]?.increment() }
    (isPrompt ? prompt : queued).recordNanoseconds(Int64(clamping: nanoseconds))
  }

  func countReload(isRefused: Bool) { (isRefused ? refused : replaced).increment() }

  func noteWaiting(_ count: Int) { waiting.record(count) }
}
