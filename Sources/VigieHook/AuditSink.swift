public import VigieCore

/// What happened, for those who answer for it.
///
/// It holds names and figures, never text.
public enum AuditEvent: Sendable {
  /// A message was judged and there is something to say of it, or it was not judged.
  case review(AuditedReview)
  /// Rules and policy were replaced; those before and those from now on.
  case replaced(before: String, now: String)
  /// New rules were refused, and those before are in use; why, in words.
  case refused(reason: String, kept: String)
}

/// What the audit keeps of one message.
public struct AuditedReview: Sendable {
  /// The id of the message.
  public var message: String
  /// The id of its channel.
  public var channel: String?
  /// The id of its sender.
  public var sender: String?
  /// What the server was told.
  public var verdict: Verdict
  /// What a policy in shadow mode would have said, where it is stricter.
  public var observed: Verdict?
  /// The highest applied level.
  public var level: Level
  /// The rules that found something, each once, in the order of their findings.
  public var rules: [String]
  /// What was not read, each reason once.
  public var gaps: [GapReason]
  /// Why the message was not judged.
  public var failure: HookFailure?
  /// The rules and policy by which it was judged.
  public var ruleset: String
  /// From the call to the reply.
  public var elapsed: Duration

  init(_ reply: HookReply, of message: Message) {
    self.message = message.id
    self.channel = message.channel?.id
    self.sender = message.sender
    self.verdict = reply.review.verdict
    self.observed = reply.review.observed
    self.level = reply.review.level
    self.rules = []
    for finding in reply.review.findings where !rules.contains(finding.rule) {
      rules.append(finding.rule)
    }
    self.gaps = []
    for gap in reply.review.gaps where !gaps.contains(gap.reason) { gaps.append(gap.reason) }
    self.failure = reply.failure
    self.ruleset = reply.review.ruleset
    self.elapsed = reply.elapsed
  }
}

/// Takes what must be kept of the hook's work.
public protocol AuditSink: Sendable {
  /// Keeps an event.
  ///
  /// Called before the reply is given, on the sender's time: whoever writes to a disk should only queue
  /// here.
  func record(_ event: AuditEvent)
}
