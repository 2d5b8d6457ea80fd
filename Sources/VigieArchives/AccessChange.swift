/// What an archive says of who can read a channel, from some time on.
///
/// Nothing here is a message; messages that say the same (somebody joined) stand beside it.
package struct AccessChange: Sendable, Hashable {
  /// Whether an account is in a channel.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.1 (`m.room.member`).
  package enum Membership: String, Sendable, CaseIterable {
    case join
    case invite
    case leave
    case ban
    case knock
  }

  /// Who may enter a channel by their own decision.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §8.5 (`m.room.join_rules`).
  package enum JoinRule: Sendable, Hashable {
    /// Everybody with an account.
    case `public`
    /// Those who are invited.
    case invite
    /// Those who are let in after asking.
    case knock
    /// Those who are in one of these channels; whether asking helps as well.
    case restricted(to: [String], knock: Bool)
  }

  /// Which of the past somebody who enters can read.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.9.2 (`m.room.history_visibility`).
  package enum HistoryVisibility: String, Sendable, CaseIterable {
    /// Everybody reads it, also without entering.
    case worldReadable = "world_readable"
    /// Members read all of it.
    case shared
    /// Members read what was said since they were invited.
    case invited
    /// Members read what was said since they joined.
    case joined
  }

  /// What is said.
  package enum Fact: Sendable, Hashable {
    /// An account is in the channel, or no longer; `before` is what it was until then, where the
    /// archive says it.
    case membership(account: String, Membership, before: Membership?)
    case joinRule(JoinRule)
    case historyVisibility(HistoryVisibility)
    /// Whether accounts without a registration may enter.
    case guestAccess(canJoin: Bool)
    /// The channel is encrypted end to end from here on.
    case encryption
    /// The channel was made by somebody; whether accounts of other servers may enter.
    case creation(by: String?, isFederated: Bool)
    /// The archive names all who are members, or were: who is not named never was.
    case wholeMembership
    /// What a message said was taken away.
    case redaction(of: String)
  }

  /// The id of the channel.
  package var channel: String
  /// When, in milliseconds since 1970; `nil` where the archive says only how it is at its end.
  package var milliseconds: Int?
  package var fact: Fact

  /// A value from its parts.
  package init(channel: String, milliseconds: Int?, _ fact: Fact) {
    self.channel = channel
    self.milliseconds = milliseconds
    self.fact = fact
  }
}
