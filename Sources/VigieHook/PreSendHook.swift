public import CoreMetrics
import Synchronization
public import VigieAudit
public import VigieCore
public import VigieFilter
import VigieThreads

/// Judges messages before a server stores them: a reply by the deadline, whatever happens.
///
/// Most messages are judged where they are asked about, in a microsecond. What is long, carries files
/// or turns out to be dear is judged by a bounded crew of threads. Who cannot be judged in time gets the
/// answer of the fail policy, and the audit says so.
public final class PreSendHook: Sendable {
  private let options: HookOptions
  private let audit: any AuditSink
  private let metrics: HookMetrics
  private let crew: ReviewCrew
  private let current: Mutex<Generation>

  /// A hook that judges by a filter.
  ///
  /// - Parameters:
  ///   - filter: Rules, policy and tips.
  ///   - options: How long a message may take, and what happens then.
  ///   - audit: What keeps the verdicts that say something, the failures and the reloads.
  ///   - metrics: What counts; by default the system the process was set up with.
  public init(
    _ filter: Filter,
    options: HookOptions = HookOptions(),
    audit: any AuditSink,
    metrics: any MetricsFactory = MetricsSystem.factory
  ) {
    self.options = options
    self.metrics = HookMetrics(metrics)
    self.audit = audit
    self.crew = ReviewCrew(
      threadCount: options.threadCount,
      maxWaitingCount: options.maxWaitingCount
    )
    self.current = Mutex(Generation(filter))
  }

  deinit { crew.close() }

  /// The rules and policy in use.
  public var ruleset: String { current.withLock { $0.filter.ruleset } }

  /// Judges a message.
  ///
  /// - Parameter message: The message, with all that the server knows of its channel.
  /// - Returns: What must happen to it; by the deadline at the latest, and at once where the task is
  ///   cancelled.
  public func review(_ message: Message) async -> HookReply {
    let start = Monitor.now
    let generation = current.withLock { $0 }
    if isPrompt(message), let review = generation.review(message, effort: options.promptEffort) {
      return finish(message, review, since: start, isPrompt: true)
    }
    let ticket = Ticket()
    let outcome = await withTaskCancellationHandler {
      await ticket.outcome {
        crew.add(message, generation, ticket, until: start &+ options.deadline.nanoseconds)
        metrics.noteWaiting(crew.waitingCount)
      }
    } onCancel: {
      ticket.settle(.failure(.cancelled))
    }
    switch outcome {
    case .success(let review):
      return finish(message, review, since: start, isPrompt: false)
    case .failure(let failure):
      let review = generation.review(message, failing: failure, by: options.failPolicy)
      return finish(message, review, failure, since: start, isPrompt: false)
    }
  }

  /// Takes new rules and policy into use, or keeps those in use where the new ones cannot be had.
  ///
  /// Messages under way are judged by the rules with which they began. Loading takes its time on the
  /// caller's thread; nobody waits for it.
  ///
  /// - Parameter load: Loads and compiles the new filter.
  /// - Throws: What `load` threw; the audit has it as well, and the rules in use stay.
  public func reload(_ load: () throws -> Filter) throws {
    do {
      let next = Generation(try load())
      let before = current.withLock { generation in
        defer { generation = next }
        return generation
      }
      metrics.countReload(isRefused: false)
      audit.record(.replaced(before: before.filter.ruleset, now: next.filter.ruleset))
    } catch {
      metrics.countReload(isRefused: true)
      audit.record(.refused(reason: "\(error)", kept: ruleset))
      throw error
    }
  }

  /// Whether a message is judged on the caller's thread: nothing to open, and little text.
  private func isPrompt(_ message: Message) -> Bool {
    for attachment in message.attachments where attachment.content != .nameOnly { return false }
    let count =
      (message.body?.utf8.count ?? 0) + (message.html?.utf8.count ?? 0)
      + (message.subject?.utf8.count ?? 0)
    return count <= options.promptByteCount
  }

  private func finish(
    _ message: Message,
    _ review: Review,
    _ failure: ReviewFailure? = nil,
    since start: UInt64,
    isPrompt: Bool
  ) -> HookReply {
    let time = Monitor.now &- start
    let reply = HookReply(
      review: review,
      failure: failure,
      elapsed: .nanoseconds(Int64(clamping: time))
    )
    metrics.count(reply, isPrompt: isPrompt, nanoseconds: time)
    if review.verdict != .allow || review.observed != nil {
      audit.record(
        .review(AuditedReview(review, of: message, failure: failure, elapsed: reply.elapsed))
      )
    }
    return reply
  }
}

extension Duration {
  /// The whole nanoseconds of a duration; 0 of a negative one, and some three centuries at most.
  fileprivate var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(clamping: min(seconds, 9_000_000_000)) &* 1_000_000_000
      &+ UInt64(attoseconds / 1_000_000_000)
  }
}
