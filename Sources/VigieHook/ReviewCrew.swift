import VigieCore
import VigieInspection
import VigieThreads

/// The threads that judge what takes more than a moment, and the messages that wait for them.
///
/// Bounded on both sides: threads do not grow in number, and who comes when all places are taken is
/// told so at once. A further thread settles what is late: it has nothing else to do.
final class ReviewCrew: @unchecked Sendable {
  // Unchecked: every property but the constants is read and written in `monitor` only.

  private struct Job {
    let work: Work
    let generation: Generation
    let ticket: Ticket
  }

  /// Judges something on a thread of the crew, with the inspector of that thread; the ticket says
  /// whether anybody still waits.
  typealias Work = @Sendable (Inspector, Ticket) -> Review

  /// A ticket and when it is late.
  private struct Due {
    let time: UInt64
    let ticket: Ticket
  }

  private let maxWaitingCount: Int
  private let monitor = Monitor(conditionCount: 2)
  private let forJobs = 0
  private let forDues = 1
  private var jobs: Line<Job> = Line()
  /// In the order of their times: all have the same deadline.
  private var dues: Line<Due> = Line()
  private var isClosed = false

  init(threadCount: Int, maxWaitingCount: Int) {
    self.maxWaitingCount = max(0, maxWaitingCount)
    for _ in 0..<max(1, threadCount) { _ = Thread { [self] in work() } }
    _ = Thread { [self] in watch() }
  }

  /// How many messages wait for a thread.
  var waitingCount: Int { monitor.locked { jobs.count } }

  /// Has something judged; its ticket is settled by the deadline, whatever happens.
  ///
  /// - Parameters:
  ///   - generation: By which rules.
  ///   - ticket: Where the outcome goes.
  ///   - end: When it is late, nanoseconds of `Monitor.now`.
  ///   - work: What judges it.
  func add(_ generation: Generation, _ ticket: Ticket, until end: UInt64, _ work: @escaping Work) {
    let failure: ReviewFailure? = monitor.locked {
      if isClosed { return .closed }
      if jobs.count >= maxWaitingCount { return .overloaded }
      jobs.append(Job(work: work, generation: generation, ticket: ticket))
      dues.append(Due(time: end, ticket: ticket))
      return nil
    }
    if let failure {
      ticket.settle(.failure(failure))
      return
    }
    monitor.wakeOne(at: forJobs)
    monitor.wakeOne(at: forDues)
  }

  /// Ends the threads once they are done with what they have; what waits is answered at once.
  func close() {
    let left = monitor.locked {
      isClosed = true
      return jobs.removeAll()
    }
    for job in left { job.ticket.settle(.failure(.closed)) }
    monitor.wakeAll(at: forJobs)
    monitor.wakeAll(at: forDues)
  }

  /// What each thread does.
  private func work() {
    var mine: (generation: Generation, inspector: Inspector)?
    while let job = next() {
      // What is late already is not worth the time of those behind it.
      guard job.ticket.isOpen else { continue }
      let inspector: Inspector
      if let mine, mine.generation === job.generation {
        inspector = mine.inspector
      } else {
        // A file that is cut short while it is mapped would end the server.
        inspector = Inspector(job.generation.filter, copiesFiles: true)
        mine = (job.generation, inspector)
      }
      job.ticket.settle(.success(job.work(inspector, job.ticket)))
    }
  }

  private func next() -> Job? {
    monitor.locked {
      while true {
        if let job = jobs.popFirst() { return job }
        if isClosed { return nil }
        monitor.wait(at: forJobs)
      }
    }
  }

  /// Settles what is late, as soon as it is.
  private func watch() {
    while let ticket = nextLate() { ticket.settle(.failure(.late)) }
  }

  private func nextLate() -> Ticket? {
    monitor.locked {
      while true {
        guard let due = dues.first else {
          if isClosed { return nil }
          monitor.wait(at: forDues)
          continue
        }
        if due.time <= Monitor.now { return dues.popFirst()?.ticket }
        monitor.wait(at: forDues, until: due.time)
      }
    }
  }
}

/// What came first goes first.
private struct Line<Element> {
  private var elements: [Element] = []
  private var head = 0

  var count: Int { elements.count - head }
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard let first else { return nil }
    head += 1
    // Half of it gone: the rest moves up, so that each element moves twice at most.
    if head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return first
  }

  mutating func removeAll() -> [Element] {
    defer {
      elements = []
      head = 0
    }
    return Array(elements[head...])
  }
}
