public import VigieCore

/// Why a message was not judged.
public enum HookFailure: String, Error, CaseIterable {
  /// It was not done by the deadline.
  case late
  /// Too many messages waited already.
  case overloaded
  /// The caller gave the message up.
  case cancelled
  /// The hook was closed.
  case closed
}

/// What the hook says of one message.
public struct HookReply: Sendable {
  /// The review; where the message was not judged, what the fail policy says, with a gap that names why.
  public var review: Review
  /// Why the message was not judged; `nil` where it was.
  public var failure: HookFailure?
  /// From the call to the reply.
  public var elapsed: Duration

  /// A reply from its parts.
  public init(review: Review, failure: HookFailure? = nil, elapsed: Duration) {
    self.review = review
    self.failure = failure
    self.elapsed = elapsed
  }

  /// What must happen to the message.
  public var verdict: Verdict { review.verdict }
}
