/// Why a message was not judged.
public enum ReviewFailure: String, Error, Sendable, CaseIterable {
  /// It was not done by the deadline.
  case late
  /// Too many messages waited already.
  case overloaded
  /// The caller gave the message up.
  case cancelled
  /// What judges was closed.
  case closed
}
