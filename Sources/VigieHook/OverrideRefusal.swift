/// Why the wish of a sender to send a stopped message all the same did not count.
///
/// It tells nobody more than the message and its verdict do: not what was found, not whom a token was given to.
public enum OverrideRefusal: String, Sendable, CaseIterable {
  /// The policy lets nobody override this verdict, or the message says no sender or channel.
  case notOverridable = "not-overridable"
  /// The justification says nothing, or too much.
  case justification
  /// The token was good once.
  case expired
  /// The token was given for other content, or for another verdict on it.
  case otherContent = "other-content"
  /// The token was given to another sender, or in another channel, or is none.
  case otherSender = "other-sender"
}
