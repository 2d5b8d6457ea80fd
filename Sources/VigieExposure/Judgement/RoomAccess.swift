import VigieArchives
import VigieCore

/// When one account could read a room in the time that is asked about, and what of its past.
struct RoomAccess: Sendable {
  /// What can be said of one message.
  enum Standing: Sendable, Equatable {
    case none
    case possible(Doubt)
    case certain
  }

  let facts: RoomFacts
  let window: Range<Int>
  let presence: Presence
  /// When it could have entered by its own decision.
  var enterable = Likely()
  /// When it could have been inside, had it entered as soon as it could.
  var staying = Likely()
  /// What the doubt about entering is.
  var entryDoubt: Doubt?
  /// When it could read in the room as a member does, having entered as soon as it could.
  private(set) var reading = Likely()
  /// When everybody could read the room.
  private(set) var worldReadable = Likely()
  /// When it had been in the room and was not any more.
  private(set) var former = Spans.none
  /// Every moment at which something changes for the account.
  private(set) var bounds: [Int] = []

  init(_ facts: RoomFacts, _ presence: Presence, window: Range<Int>) {
    self.facts = facts
    self.presence = presence
    self.window = window
  }

  /// Works out when the account could enter.
  ///
  /// - Parameters:
  ///   - question: What is asked.
  ///   - name: The account.
  ///   - inside: When the account was or could have been in another room; `nil` where no archive
  ///     holds that room.
  mutating func enter(
    _ question: Question,
    name: String,
    inside: (String) -> Likely?
  ) {
    let span = Spans(window)
    var open = Likely()
    for (rule, times) in rules() {
      let held = times.within(window)
      switch rule {
      case .public?: open = open.union(held)
      case .invite?, .knock?: break
      case .restricted(let rooms, _)?:
        for room in rooms {
          if let other = inside(room) {
            open = open.union(other.intersection(held))
          } else {
            entryDoubt = .otherRoomUnknown
            open.possible = open.possible.union(held.possible)
          }
        }
      case nil:
        entryDoubt = entryDoubt ?? .joinRuleUnknown
        open.possible = open.possible.union(held.possible)
      }
    }
    // To knock helps only where somebody answers, which would show as an invitation.
    open = open.union(presence.invited.within(window))
    if question.isGuest { open = open.intersection(guestTimes()) }
    if !facts.isFederated, let creator = facts.creator, creator.server != name.server {
      open = Likely()
    }
    open.certain = open.certain.subtracting(presence.banned.possible)
    open.possible = open.possible.subtracting(presence.banned.certain)
    enterable = open
    // Whoever enters stays until a ban.
    func stay(_ entries: Spans, until bans: Spans) -> Spans {
      Spans(
        entries.runs.map { run in
          let ban =
            bans.runs.first { $0.lowerBound > run.lowerBound }?.lowerBound ?? window.upperBound
          return run.lowerBound..<max(run.upperBound, min(ban, window.upperBound))
        }
      ).intersection(span)
    }
    staying.certain = stay(open.certain, until: presence.banned.possible)
      .subtracting(presence.banned.possible).union(presence.joined.certain)
    staying.possible = stay(open.possible, until: presence.banned.certain)
      .subtracting(presence.banned.certain).union(presence.joined.possible)
    note()
  }

  /// The join rules with the times at which each holds, `nil` for where none is known.
  private func rules() -> [(AccessChange.JoinRule?, Likely)] {
    if facts.joinRules.isEmpty {
      let always = Likely(certain: .always, possible: .always)
      switch facts.visibility {
      case .public: return [(.public, always)]
      case .private, .direct: return [(.invite, always)]
      // A room whose creation is known and that has no rule lets in who is invited.
      case .unknown: return facts.isCreationKnown ? [(.invite, always)] : [(nil, always)]
      }
    }
    guard let first = facts.joinRules.changes.first else {
      return facts.joinRules.undated.map { [($0, Likely(certain: .always, possible: .always))] }
        ?? []
    }
    var rules: [(AccessChange.JoinRule?, Likely)] = []
    let all = Spans.always.runs[0]
    if !facts.isCreationKnown {
      let before = Spans(all.lowerBound..<first.time)
      rules.append((nil, Likely(certain: before, possible: before)))
    }
    for (index, change) in facts.joinRules.changes.enumerated() {
      let next = index + 1
      let end =
        next < facts.joinRules.changes.count ? facts.joinRules.changes[next].time : all.upperBound
      guard change.time < end else { continue }
      let times = Spans(change.time..<end)
      rules.append((change.value, Likely(certain: times, possible: times)))
    }
    return rules
  }

  /// When guests may enter: where nothing is said they may not.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.11 (Guest Access).
  private func guestTimes() -> Likely {
    Likely(
      certain: facts.guests.times(unknown: false) { $0 },
      possible: facts.guests.times(unknown: !facts.isCreationKnown) { $0 }
    )
  }

  /// Keeps what every message is judged by.
  private mutating func note() {
    reading = staying.within(window)
    worldReadable = Likely(
      certain: facts.histories.times(unknown: false) { $0 == .worldReadable },
      possible: facts.histories.times(unknown: !facts.isCreationKnown) { $0 == .worldReadable }
    ).within(window)
    if let first = presence.joined.possible.start {
      former = Spans(first..<max(first, window.upperBound)).subtracting(presence.joined.certain)
        .intersection(Spans(window))
    }
    bounds =
      reading.possible.bounds + reading.certain.bounds + presence.joined.possible.bounds
      + presence.joined.certain.bounds + presence.invited.possible.bounds
      + facts.histories.changes.map(\.time) + [window.lowerBound, window.upperBound]
  }

  /// How the account reaches the room, and whether that is sure.
  var way: (way: Way, isCertain: Bool) {
    if !presence.joined.within(window).certain.isEmpty { return (.member, true) }
    if !worldReadable.certain.isEmpty { return (.worldReadable, true) }
    if !enterable.certain.isEmpty { return (.open, true) }
    if let start = presence.joined.certain.start, start < window.lowerBound {
      return (.former, false)
    }
    if !reading.possible.isEmpty || !worldReadable.possible.isEmpty { return (.unknown, false) }
    return (.none, true)
  }

  /// The chief reason why something in the room is not sure.
  var doubt: Doubt {
    if presence.isUndated { return .membershipUndated }
    if !facts.isWhole, !presence.joined.within(window).possible.isEmpty {
      return .membershipUnknown
    }
    if let entryDoubt { return entryDoubt }
    return facts.isCreationKnown ? .membershipUnknown : .visibilityUnknown
  }
}

extension String {
  /// The server of a Matrix id, after its first colon.
  ///
  /// *Source:* Matrix appendices, §4.2 (Common Identifier Format).
  var server: Substring { firstIndex(of: ":").map { self[index(after: $0)...] } ?? "" }
}
