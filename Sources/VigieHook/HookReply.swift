public import VigieCore

/// What the hook says of one message.
public struct HookReply: Sendable {
  /// The review; where the message was not judged, what the fail policy says, with a gap that names why.
  public var review: Review
  /// Why the message was not judged; `nil` where it was.
  public var failure: ReviewFailure?
  /// Why the sender's wish to send it all the same did not count; `nil` where there was none, or it did.
  public var refusal: OverrideRefusal?
  /// From the call to the reply.
  public var elapsed: Duration

  /// A reply from its parts.
  public init(review: Review, failure: ReviewFailure? = nil, elapsed: Duration) {
    self.review = review
    self.failure = failure
    self.elapsed = elapsed
  }

  /// What must happen to the message.
  public var verdict: Verdict { review.verdict }
}
