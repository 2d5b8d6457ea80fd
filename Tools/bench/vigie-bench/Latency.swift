import VigieCore
import VigieFilter

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

  private static func percentiles(_ samples: [UInt64]) -> [UInt64] {
    let sorted = samples.sorted()
    return [0.5, 0.9, 0.99, 0.999].map { share in
      sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
  }
}
