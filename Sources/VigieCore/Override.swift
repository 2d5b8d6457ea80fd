/// The wish of a sender to send a message that was stopped, with the reason.
public struct OverrideRequest: Sendable, Hashable {
  /// The token of the ``OverrideOffer`` that came with the verdict.
  public var token: String
  /// Why the message must go all the same, in the sender's words; text like that of a message.
  public var justification: String

  /// A value from its parts.
  public init(token: String, justification: String) {
    self.token = token
    self.justification = justification
  }
}

/// The offer to a sender to send a stopped message all the same, with a justification.
public struct OverrideOffer: Sendable, Hashable {
  /// What must come back with the same message.
  public var token: String
  /// RFC 3339, UTC: from then on the token is worth nothing.
  public var expires: String

  /// A value from its parts.
  public init(token: String, expires: String) {
    self.token = token
    self.expires = expires
  }
}
