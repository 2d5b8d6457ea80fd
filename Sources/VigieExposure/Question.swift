/// What an investigator asks: what some accounts could have read in some time.
package struct Question: Sendable {
  /// The accounts, as the archives call them; what any of them could read counts.
  package var accounts: [String]
  /// The time, milliseconds since 1970, half-open.
  package var window: Range<Int>
  /// The zone of times in archives that have none, milliseconds east of UTC; `nil` where it is not
  /// known, so that such times are uncertain by a day.
  package var zone: Int?
  /// Whether the accounts are guests, which enter only where guests may.
  package var isGuest: Bool

  /// A question from its parts.
  package init(accounts: [String], window: Range<Int>, zone: Int? = nil, isGuest: Bool = false) {
    self.accounts = accounts
    self.window = window
    self.zone = zone
    self.isGuest = isGuest
  }
}

/// Why something may have been read and is not sure to have been readable.
package enum Doubt: String, Sendable, CaseIterable {
  case membershipUnknown = "membership-unknown"
  case membershipUndated = "membership-undated"
  case joinRuleUnknown = "join-rule-unknown"
  case otherRoomUnknown = "other-room-unknown"
  case visibilityUnknown = "visibility-unknown"
  case visibilityChanged = "visibility-changed"
  case formerMember = "former-member"
  case timeUnknown = "time-unknown"
  case timeWithoutZone = "time-without-zone"
  case redactionTimeUnknown = "redaction-time-unknown"
  case severalArchives = "several-archives"

  /// The reason in words, to follow a number of messages.
  package var words: String {
    switch self {
    case .membershipUnknown: "the archive does not say who was in the room all along"
    case .membershipUndated: "the archive says who was in the room at its end, not since when"
    case .joinRuleUnknown: "the archive does not say who could enter the room"
    case .otherRoomUnknown: "members of another room could enter, and no archive holds that room"
    case .visibilityUnknown: "the archive does not say which of its past the room showed"
    case .visibilityChanged:
      "everybody could read it when it was sent; the room no longer showed its past to everybody"
    case .formerMember: "the account had left; a server may still show it what was said before"
    case .timeUnknown: "the archive does not say when it was sent"
    case .timeWithoutZone: "its time has no zone, and the rooms changed within that day"
    case .redactionTimeUnknown: "it was taken away, and the archive does not say when"
    case .severalArchives: "several archives hold the room; what both hold may be counted twice"
    }
  }
}

/// How an account reaches a room, the plainest way first.
package enum Way: String, Sendable, CaseIterable, Comparable {
  /// It was in the room.
  case member
  /// Everybody reads the room without entering.
  case worldReadable = "world-readable"
  /// It could enter by its own decision.
  case open
  /// It had been in the room before and had left.
  case former
  /// Nothing in the archive rules it out.
  case unknown
  /// It could not read the room.
  case none

  /// Whether one is plainer than the other.
  package static func < (left: Way, right: Way) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
