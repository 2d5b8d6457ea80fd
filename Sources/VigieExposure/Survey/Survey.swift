package import VigieArchives
import VigieCore

/// The first reading of the archives: who was in which room when, and what the rooms let them read.
package struct Survey: Sendable {
  /// What is asked.
  package let question: Question
  /// The rooms, in the order in which the archives name them.
  private(set) var rooms: [RoomFacts] = []
  private(set) var index: [String: Int] = [:]
  /// When messages were taken away, by room and id; `nil` where the archive does not say.
  private(set) var redactions: [UInt64: Int?] = [:]
  /// The first and the last exact time of a message.
  package private(set) var times: ClosedRange<Int>?
  /// Whether one of the accounts is named anywhere.
  package private(set) var isAccountSeen = false
  /// The archives that say nothing of who can read.
  package private(set) var silentArchives: [Int] = []
  private let accounts: [String: Int]
  private var archiveCount = 0
  private var isSilent = true

  /// A survey of nothing yet.
  package init(_ question: Question) {
    self.question = question
    accounts = Dictionary(
      question.accounts.enumerated().map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Starts the next archive.
  package mutating func beginArchive() {
    archiveCount += 1
    isSilent = true
  }

  /// Ends an archive.
  package mutating func endArchive() { if isSilent { silentArchives.append(archiveCount - 1) } }

  /// Takes an item of an archive that was opened with `readsAccess`.
  package mutating func add(_ item: ArchiveItem) {
    switch item {
    case .message(let message, _, _): add(message)
    case .channel(let message, _, _):
      if let channel = message.channel { _ = room(channel) }
    case .access(let change, _):
      isSilent = false
      if case .membership(let account, _, _) = change.fact, accounts[account] != nil {
        isAccountSeen = true
      }
      if case .redaction(let id) = change.fact {
        let key = Survey.key(room: change.channel, message: id)
        // The first time something is taken away counts; one without a time says less than any.
        if let known = redactions[key] ?? nil, known <= change.milliseconds ?? .max { return }
        redactions[key] = .some(change.milliseconds)
        return
      }
      let number = room(Channel(id: change.channel))
      rooms[number].learn(change, accounts: accounts)
    case .gap: return
    }
  }

  private mutating func add(_ message: Message) {
    let number = room(message.channel ?? Channel(id: ""))
    guard let moment = message.timestamp.flatMap({ Moment($0, zone: question.zone) }) else {
      return
    }
    if moment.isExact {
      let time = moment.earliest
      times = times.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    }
    guard let sender = message.sender, let account = accounts[sender] else { return }
    isAccountSeen = true
    // A change of membership is sent by people outside of the room as well.
    guard moment.isExact, !message.traits.contains(.system) else { return }
    rooms[number].noteSender(account, at: moment.earliest)
  }

  /// The number of a room, made known where it is not.
  private mutating func room(_ channel: Channel) -> Int {
    let number: Int
    if let known = index[channel.id] {
      number = known
    } else {
      number = rooms.count
      rooms.append(RoomFacts(channel.id))
      index[channel.id] = number
    }
    if let name = channel.name { rooms[number].name = name }
    if channel.visibility != .unknown { rooms[number].visibility = channel.visibility }
    if channel.encrypted == true { rooms[number].isEncrypted = true }
    if archiveCount > 0 { rooms[number].archives.insert(archiveCount - 1) }
    return number
  }

  /// Puts what was learned in order, once all archives are read.
  package mutating func settle() { for number in rooms.indices { rooms[number].settle() } }

  /// What stands for a message in a table.
  static func key(room: String, message: String) -> UInt64 { "\(room)\n\(message)".identity }
}
