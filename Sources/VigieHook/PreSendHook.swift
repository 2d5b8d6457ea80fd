public import CoreMetrics
import Synchronization
public import VigieAudit
public import VigieCore
import VigieCrypto
public import VigieFilter
import VigieThreads

/// Judges messages before a server stores them: a reply by the deadline, whatever happens.
///
/// Most messages are judged where they are asked about, in a microsecond. What is long, carries files
/// or turns out to be dear is judged by a bounded crew of threads. Who cannot be judged in time gets the
/// answer of the fail policy, and the audit says so.
public final class PreSendHook: Sendable {
  private let options: HookOptions
  /// Whether what was found in uploads is kept.
  private let keepsInspections: Bool
  private let audit: any AuditSink
  private let metrics: HookMetrics
  private let media: MediaDesk
  private let overrides: OverrideDesk
  private let crew: ReviewCrew
  private let uploadCrew: ReviewCrew
  private let current: Mutex<Generation>
  /// Held by who loads, so that what was read first is not taken into use last.
  private let loading = Mutex(())

  /// A hook that judges by a filter.
  ///
  /// - Parameters:
  ///   - filter: Rules, policy and tips.
  ///   - options: How long a message may take, and what happens then.
  ///   - audit: What keeps the verdicts that say something, the failures and the reloads.
  ///   - media: What keeps the findings in uploads until messages post them; without it every upload that a
  ///     message names is a gap, unless the message says where its bytes are.
  ///   - overrideKey: The key of the tokens with which senders override verdicts; by default a random one,
  ///     so that other processes and the next start of this one do not take them.
  ///   - metrics: What counts; by default the system the process was set up with.
  public convenience init(
    _ filter: Filter,
    options: HookOptions = HookOptions(),
    audit: any AuditSink,
    media: (any MediaMemory)? = nil,
    overrideKey: (any MessageAuthentication)? = nil,
    metrics: any MetricsFactory = MetricsSystem.factory
  ) {
    self.init(
      filter,
      options: options,
      audit: audit,
      media: media,
      overrideKey: overrideKey,
      metrics: metrics,
      now: OverrideDesk.clock
    )
  }

  /// The same with another clock: milliseconds since 1970.
  package init(
    _ filter: Filter,
    options: HookOptions,
    audit: any AuditSink,
    media: (any MediaMemory)?,
    overrideKey: (any MessageAuthentication)?,
    metrics: any MetricsFactory,
    now: @escaping @Sendable () -> Int
  ) {
    self.options = options
    self.metrics = HookMetrics(metrics)
    self.audit = audit
    self.media = MediaDesk(memory: media, metrics: self.metrics)
    self.overrides = OverrideDesk(
      key: overrideKey ?? HMACKey(),
      lifetime: options.overrideLifetime,
      metrics: self.metrics,
      now: now
    )
    self.crew = ReviewCrew(
      threadCount: options.threadCount,
      maxWaitingCount: options.maxWaitingCount
    )
    self.uploadCrew = ReviewCrew(
      threadCount: options.uploadThreadCount,
      maxWaitingCount: options.maxWaitingCount
    )
    let generation = Generation(filter)
    // What reads pictures takes a second to start: no message should wait for it.
    keepsInspections = media != nil
    if keepsInspections { _ = generation.basis }
    self.current = Mutex(generation)
  }

  deinit {
    crew.close()
    uploadCrew.close()
  }

  /// The rules and policy in use.
  public var ruleset: String { current.withLock { $0.filter.ruleset } }

  /// The filter in use.
  package var filter: Filter { current.withLock { $0.filter } }

  /// Judges a message that takes no more than a moment, at once.
  ///
  /// - Parameter message: The message, with all that the server knows of its channel.
  /// - Returns: The reply that ``review(_:holding:)`` would give; `nil` where the message is for the threads:
  ///   nothing is said or kept of it then.
  public func promptReview(_ message: Message) -> HookReply? {
    promptReview(message, by: current.withLock { $0 }, since: Monitor.now)
  }

  private func promptReview(
    _ message: Message,
    by generation: Generation,
    since start: UInt64
  ) -> HookReply? {
    guard isPrompt(message),
      let review = generation.review(message, effort: options.promptEffort)
    else { return nil }
    let settled = overrides.settle(review, of: message)
    return finish(message, settled, by: generation, since: start, isPrompt: true)
  }

  /// Judges a message.
  ///
  /// - Parameters:
  ///   - message: The message, with all that the server knows of its channel.
  ///   - resource: What must live as long as anybody may read the files of the message, such as open files;
  ///     a judgement that is late reads them after the reply.
  /// - Returns: What must happen to it; by the deadline at the latest, and at once where the task is
  ///   cancelled.
  public func review(
    _ message: Message,
    holding resource: (any Sendable)? = nil
  ) async -> HookReply {
    let start = Monitor.now
    let generation = current.withLock { $0 }
    if let reply = promptReview(message, by: generation, since: start) { return reply }
    let outcome = await outcome(crew, generation, until: start &+ options.deadline.nanoseconds) {
      [media, overrides] inspector, _ in
      withExtendedLifetime(resource) {
        overrides.settle(media.review(message, by: generation, inspector), of: message)
      }
    }
    switch outcome {
    case .success(let review):
      return finish(message, review, by: generation, since: start, isPrompt: false)
    case .failure(let failure):
      let review = generation.review(message, failing: failure, by: options.failPolicy)
      return finish(message, review, failure, by: generation, since: start, isPrompt: false)
    }
  }

  /// Inspects a file when it is uploaded, so that the messages that post it can be judged by what it holds.
  ///
  /// What was found is kept under the id and under the bytes: the same bytes are inspected once under the
  /// same rules, whoever uploads them. What is late is not kept; a message that posts it has a gap.
  ///
  /// - Parameters:
  ///   - upload: The file.
  ///   - resource: What must live as long as anybody may read it, such as an open file.
  /// - Returns: What must happen to it, as far as that is the same in every channel: nobody knows yet where
  ///   it will be posted. By ``HookOptions/uploadDeadline`` at the latest, and at once where the task is
  ///   cancelled.
  public func inspect(_ upload: Upload, holding resource: (any Sendable)? = nil) async -> HookReply
  {
    let start = Monitor.now
    let generation = current.withLock { $0 }
    let end = start &+ options.uploadDeadline.nanoseconds
    let outcome = await outcome(uploadCrew, generation, until: end) { [media] inspector, ticket in
      withExtendedLifetime(resource) {
        media.review(upload, by: generation, inspector) { ticket.isOpen }
      }
    }
    let review: Review
    var failure: ReviewFailure?
    switch outcome {
    case .success(let judged): review = judged
    case .failure(let reason):
      failure = reason
      review = generation.review(upload, failing: reason, by: options.failPolicy)
    }
    let time = Monitor.now &- start
    let elapsed = Duration.nanoseconds(Int64(clamping: time))
    let reply = HookReply(review: review, failure: failure, elapsed: elapsed)
    metrics.count(upload: reply, nanoseconds: time)
    if review.verdict != .allow || review.observed != nil || failure != nil {
      let message = Message(id: upload.id)
      audit.record(
        .upload(AuditedReview(review, of: message, failure: failure, elapsed: elapsed))
      )
    }
    return reply
  }

  /// Has something judged by a crew.
  private func outcome(
    _ crew: ReviewCrew,
    _ generation: Generation,
    until end: UInt64,
    _ work: @escaping ReviewCrew.Work
  ) async -> Ticket.Outcome {
    let ticket = Ticket()
    return await withTaskCancellationHandler {
      await ticket.outcome {
        crew.add(generation, ticket, until: end, work)
        noteWaiting()
      }
    } onCancel: {
      ticket.settle(.failure(.cancelled))
    }
  }

  /// Records how many messages wait at this moment, for who is about to read the metrics: it is recorded besides
  /// whenever one comes.
  public func noteWaiting() { metrics.noteWaiting(crew.waitingCount) }

  /// Takes new rules and policy into use, or keeps those in use where the new ones cannot be had.
  ///
  /// Messages under way are judged by the rules with which they began. Loading takes its time on the
  /// caller's thread; no message waits for it, another call does.
  ///
  /// - Parameter load: Loads and compiles the new filter.
  /// - Throws: What `load` threw; the audit has it as well, and the rules in use stay.
  public func reload(_ load: () throws -> Filter) throws {
    try loading.withLock { _ in try exchange(load) }
  }

  private func exchange(_ load: () throws -> Filter) throws {
    do {
      let next = Generation(try load())
      if keepsInspections { _ = next.basis }
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
    by generation: Generation,
    since start: UInt64,
    isPrompt: Bool
  ) -> HookReply {
    let time = Monitor.now &- start
    var reply = HookReply(
      review: review,
      failure: failure,
      elapsed: .nanoseconds(Int64(clamping: time))
    )
    if message.override != nil, failure == nil {
      reply.refusal = overrides.refusal(of: message, review)
    }
    metrics.count(reply, isPrompt: isPrompt, nanoseconds: time)
    if review.verdict != .allow || review.observed != nil {
      let override = review.overridden.map { verdict in
        AuditedOverride(
          verdict: verdict,
          justification: overrides.hash(
            of: message.override?.justification ?? "",
            generation.filter.authentication
          )
        )
      }
      audit.record(
        .review(
          AuditedReview(
            review,
            of: message,
            failure: failure,
            override: override,
            elapsed: reply.elapsed
          )
        )
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
