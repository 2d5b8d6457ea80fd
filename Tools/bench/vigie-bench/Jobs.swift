import VigieCore
import VigieFilter
import VigieScanning

/// What is measured: a job runs once over all texts and says how long that took.
struct Jobs: ~Copyable {
  private let worker: FilterWorker
  private var sweep: Sweep
  private let texts: [[UInt8]]
  private let blocks: [[UInt8]]
  private let messages: [Message]
  private let blockMessages: [Message]

  init(_ filter: Filter, _ records: Records) {
    self.worker = filter.makeWorker()
    self.sweep = Sweep(filter.rules)
    self.texts = records.texts
    self.blocks = records.blocks
    self.messages = Jobs.messages(texts)
    self.blockMessages = Jobs.messages(blocks)
  }

  static func messages(_ texts: [[UInt8]]) -> [Message] {
    texts.map { Message(id: "1", body: String(decoding: $0, as: UTF8.self)) }
  }

  /// Runs a job by name: `JOB nanoseconds bytes units hits`, or `nil` for an unknown name.
  mutating func run(_ name: String) -> String? {
    let units: [[UInt8]]
    let start = Clock.thread()
    let hits: Int
    switch name {
    case "review-messages":
      units = texts
      hits = review(messages)
    case "review-blocks":
      units = blocks
      hits = review(blockMessages)
    case "sweep-messages":
      units = texts
      hits = sweepAll(texts)
    case "sweep-blocks":
      units = blocks
      hits = sweepAll(blocks)
    case "prefilter-messages":
      units = texts
      hits = prefilterAll(texts)
    case "prefilter-blocks":
      units = blocks
      hits = prefilterAll(blocks)
    default: return nil
    }
    let time = Clock.thread() - start
    return "\(name) \(time) \(units.reduce(0) { $0 + $1.count }) \(units.count) \(hits)"
  }

  private func review(_ messages: [Message]) -> Int {
    var hits = 0
    // A span lends its messages; an array would hand out copies.
    let lent = messages.span
    for index in lent.indices {
      let review = worker.review(lent[index])
      hits += review.findings.count
    }
    return hits
  }

  /// The pass alone: the places at which it stops, none of them confirmed.
  private mutating func prefilterAll(_ texts: [[UInt8]]) -> Int {
    var hits = 0
    for text in texts { hits += sweep.candidateCount(of: text.span) }
    return hits
  }

  private mutating func sweepAll(_ texts: [[UInt8]]) -> Int {
    var hits = 0
    for text in texts {
      sweep.run(text.span, role: .body)
      hits += sweep.matches.count
    }
    return hits
  }
}
