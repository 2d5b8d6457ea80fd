import VigieArchives
import VigieCore

/// What the archives say of one room beside its messages.
///
/// Its size grows with the members of the room and the changes of its rules, never with its messages.
struct RoomFacts: Sendable {
  /// What is known of an account that is asked about.
  struct Interest: Sendable {
    /// Its changes of membership, with what it was before the change where the archive says it.
    var changes:
      [(time: Int, membership: AccessChange.Membership, before: AccessChange.Membership?)] =
        []
    /// What it is when the archive was made.
    var undated: AccessChange.Membership?
    /// When it sent its first and its last message.
    var sent: ClosedRange<Int>?
  }

  let id: String
  var name: String?
  /// What the reader says of the room where no change of its rules is told.
  var visibility = Visibility.unknown
  var isEncrypted = false
  var joinRules = Timeline<AccessChange.JoinRule>()
  var histories = Timeline<AccessChange.HistoryVisibility>()
  var guests = Timeline<Bool>()
  var creator: String?
  var creationTime: Int?
  /// Whether the archive tells the room from its beginning, or all of its state.
  var isCreationKnown = false
  /// Whether accounts of other servers may enter.
  var isFederated = true
  /// Whether everybody who ever was a member is named.
  var isWhole = false
  /// Whether members are told as of the making of the archive.
  var hasUndatedMembers = false
  /// By the index of the account in the question.
  var interests: [Int: Interest] = [:]
  /// When each account is first said to have to do with the room, by the hash of its name.
  var members: [UInt64: Int] = [:]
  /// The archives that hold the room.
  var archives: Set<Int> = []

  init(_ id: String) { self.id = id }

  /// Takes what an archive says.
  mutating func learn(_ change: AccessChange, accounts: [String: Int]) {
    switch change.fact {
    case .membership(let account, let membership, let before):
      let key = account.identity
      members[key] = min(members[key] ?? .max, change.milliseconds ?? .min)
      if change.milliseconds == nil { hasUndatedMembers = true }
      guard let index = accounts[account] else { return }
      if let time = change.milliseconds {
        interests[index, default: Interest()].changes.append((time, membership, before))
      } else {
        interests[index, default: Interest()].undated = membership
      }
    case .joinRule(let rule): joinRules.add(rule, at: change.milliseconds)
    case .historyVisibility(let history): histories.add(history, at: change.milliseconds)
    case .guestAccess(let canJoin): guests.add(canJoin, at: change.milliseconds)
    case .encryption: isEncrypted = true
    case .creation(let creator, let isFederated):
      self.creator = creator
      self.isFederated = isFederated
      creationTime = change.milliseconds
      isCreationKnown = true
    case .wholeMembership: isWhole = true
    case .redaction: return
    }
  }

  /// Notes that an account sent something.
  mutating func noteSender(_ index: Int, at time: Int) {
    var interest = interests[index] ?? Interest()
    interest.sent =
      interest.sent.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    interests[index] = interest
  }

  /// Puts what was learned in the order of time.
  mutating func settle() {
    joinRules.settle()
    histories.settle()
    guests.settle()
    for index in interests.keys {
      let changes = interests[index]?.changes ?? []
      let ordered = changes.enumerated().sorted {
        ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
      }
      interests[index]?.changes = ordered.map(\.element)
    }
  }
}

extension String {
  /// A number that stands for the text in tables, so that they need not hold it.
  ///
  /// Numbers of different texts differ but by an accident of one in 2⁶⁴, which nobody can arrange:
  /// the hash has a secret seed of this process.
  var identity: UInt64 { UInt64(bitPattern: Int64(hashValue)) }
}
