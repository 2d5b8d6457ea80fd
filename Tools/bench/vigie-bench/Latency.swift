import VigieAudit
import VigieCore
import VigieFilter
import VigieHook

/// How long single messages take from the call to the verdict, clock included.
struct Latency {
  /// The shortest time of each message, nanoseconds.
  private(set) var best: [UInt64]
  /// `latency messages bytes clock single p50 p90 p99 p99.9 best p50 p90 p99 p99.9`, nanoseconds.
  private(set) var line = ""

  init(_ filter: Filter, _ records: Records, passes: Int) {
    let messages = Jobs.messages(records.texts)
    let worker = filter.makeWorker()
    var single: [UInt64] = []
    best = [UInt64](repeating: .max, count: messages.count)
    single.reserveCapacity(messages.count * passes)
    // A span lends its messages; an array would hand out copies.
    let lent = messages.span
    for pass in 0...passes {
      for index in lent.indices {
        let start = Clock.wall()
        let review = worker.review(lent[index])
        let time = Clock.wall() &- start
        // The first pass warms up; the test keeps the review from being optimised away.
        guard pass > 0, review.verdict <= .block else { continue }
        single.append(time)
        best[index] = min(best[index], time)
      }
    }
    let clock = Latency.percentiles(
      (0..<20_001).map { _ in
        let start = Clock.wall()
        return Clock.wall() &- start
      }
    )[0]
    let numbers =
      [UInt64(messages.count), UInt64(records.byteCount), clock]
      + Latency.percentiles(single) + Latency.percentiles(best)
    line = "latency " + numbers.map { "\($0)" }.joined(separator: " ")
  }

  /// The same through the hook, awaited; messages that are judged on its threads are left out.
  ///
  /// - Returns: `hook messages bytes single p50 p90 p99 p99.9`, nanoseconds.
  static func hookLine(_ filter: Filter, _ records: Records, passes: Int) async -> String {
    let hook = PreSendHook(filter, audit: NoAudit())
    var times: [UInt64] = []
    for pass in 0...passes {
      for message in Jobs.messages(records.texts) where message.body?.utf8.count ?? 0 < 16_384 {
        let start = Clock.wall()
        let reply = await hook.review(message)
        let time = Clock.wall() &- start
        if pass > 0, reply.verdict <= .block { times.append(time) }
      }
    }
    let numbers =
      [UInt64(records.texts.count), UInt64(records.byteCount)] + Latency.percentiles(times)
    return "hook " + numbers.map { "\($0)" }.joined(separator: " ")
  }

  /// What is measured is the hook, not what keeps its events.
  private struct NoAudit: AuditSink {
    func record(_ event: AuditEvent) {}
  }

  private static func percentiles(_ samples: [UInt64]) -> [UInt64] {
    let sorted = samples.sorted()
    return [0.5, 0.9, 0.99, 0.999].map { share in
      sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
  }
}
