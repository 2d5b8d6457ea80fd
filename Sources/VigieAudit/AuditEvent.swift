public import VigieCore

/// What happened, for those who answer for it.
///
/// It holds names and figures, never text.
public enum AuditEvent: Sendable, Equatable {
  /// A message was judged and there is something to say of it, or it was not judged.
  case review(AuditedReview)
  /// A file was inspected when it was uploaded and there is something to say of it, or it was not
  /// inspected; its ``AuditedReview/message`` is the id of the upload.
  case upload(AuditedReview)
  /// Rules and policy were replaced; those before and those from now on.
  case replaced(before: String, now: String)
  /// New rules were refused, and those before are in use; why, in words.
  case refused(reason: String, kept: String)
  /// So many events before this one could not be written. An ``AuditLog`` says so itself.
  case lost(count: Int)
  /// So many bytes at the end of the file before are no whole entry: the process died there.
  case torn(byteCount: Int)
  /// The entries up to a number were taken away on purpose; the hash is that of the last of them.
  case purged(through: Int, hash: String)
  /// Somebody asked for reports that show what was found with the words around it: the names of the formats,
  /// how many archives they are of, and the rules.
  case reveal(by: AuditedPerson, reports: [String], archives: Int, ruleset: String)
  /// What was found in a message was put into such a report: so many findings of these rules.
  case revealed(by: AuditedPerson, message: String, channel: String?, rules: [String], count: Int)

  /// The name of the event in the log.
  var name: String {
    switch self {
    case .review: "review"
    case .upload: "upload"
    case .replaced: "replaced"
    case .refused: "refused"
    case .lost: "lost"
    case .torn: "torn"
    case .purged: "purged"
    case .reveal: "reveal"
    case .revealed: "revealed"
    }
  }
}

/// What the audit keeps of one message.
public struct AuditedReview: Sendable, Equatable {
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
  /// The verdict that the sender overrode, and the keyed hash of the justification; never its text.
  public var override: AuditedOverride?
  /// The highest applied level.
  public var level: Level
  /// The rules that found something, each once, in the order of their findings.
  public var rules: [String]
  /// The keyed hashes of what was found, each once; none without a key.
  public var fingerprints: [String]
  /// What was not read, each reason once.
  public var gaps: [GapReason]
  /// Why the message was not judged.
  public var failure: ReviewFailure?
  /// The rules and policy by which it was judged.
  public var ruleset: String
  /// From the question to the reply.
  public var elapsed: Duration

  /// What is kept of a review.
  public init(
    _ review: Review,
    of message: Message,
    failure: ReviewFailure? = nil,
    override: AuditedOverride? = nil,
    elapsed: Duration
  ) {
    self.message = message.id
    self.channel = message.channel?.id
    self.sender = message.sender
    self.verdict = review.verdict
    self.observed = review.observed
    self.override = override
    self.level = review.level
    self.rules = AuditedReview.once(review.findings.map(\.rule))
    self.fingerprints = AuditedReview.once(review.findings.compactMap(\.fingerprint))
    self.gaps = AuditedReview.once(review.gaps.map(\.reason))
    self.failure = failure
    self.ruleset = review.ruleset
    self.elapsed = elapsed
  }

  /// Values without those that came before.
  private static func once<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}

/// What the audit keeps of an override.
public struct AuditedOverride: Sendable, Equatable {
  /// What would have happened to the message.
  public var verdict: Verdict
  /// The HMAC-SHA-256 of the justification in lower-case hex.
  public var justification: String

  /// A value from its parts.
  public init(verdict: Verdict, justification: String) {
    self.verdict = verdict
    self.justification = justification
  }
}

/// Takes what must be kept of the work of a server.
public protocol AuditSink: Sendable {
  /// Keeps an event.
  ///
  /// Called before the reply is given, on the sender's time; it must not wait for others.
  func record(_ event: AuditEvent)
}
