package import VigieReports

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
  case readAgainstArchive = "read-against-archive"

  /// The reason in words, to follow a number of messages.
  package var words: Phrase { Phrase("doubt.\(rawValue)") }
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
