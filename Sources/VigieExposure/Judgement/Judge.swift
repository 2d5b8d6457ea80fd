import VigieArchives

/// Says of every room and message whether the accounts could read it, once the survey is done.
package struct Judge: Sendable {
  package let survey: Survey
  /// By the number of the room, one for each account.
  let accesses: [[RoomAccess]]

  /// A judge of what a survey found.
  package init(_ survey: Survey) {
    var survey = survey
    survey.settle()
    self.survey = survey
    let question = survey.question
    var accesses: [[RoomAccess]] = survey.rooms.map { _ in [] }
    for (account, name) in question.accounts.enumerated() {
      let own = Judge.accesses(survey, account, name)
      for (room, access) in own.enumerated() { accesses[room].append(access) }
    }
    self.accesses = accesses
  }

  /// What one account can reach, entering rooms by way of others included.
  private static func accesses(_ survey: Survey, _ account: Int, _ name: String) -> [RoomAccess] {
    let question = survey.question
    var accesses = survey.rooms.map { facts in
      RoomAccess(facts, Presence(facts, account, name: name), window: question.window)
    }
    for room in accesses.indices { accesses[room].staying = accesses[room].presence.joined }
    // To be in one room may open the next: whenever more of a room is in reach, the rooms that admit
    // its members are tried again. What is in reach only grows, so this ends.
    var followers: [Int: [Int]] = [:]
    for room in accesses.indices {
      for id in accesses[room].facts.admittedRooms {
        if let other = survey.index[id] { followers[other, default: []].append(room) }
      }
    }
    var open = Array(accesses.indices)
    var isOpen = [Bool](repeating: true, count: open.count)
    var head = 0
    while head < open.count {
      let room = open[head]
      head += 1
      isOpen[room] = false
      var access = accesses[room]
      access.enter(question, name: name) { id in survey.index[id].map { accesses[$0].staying } }
      let hasGrown = access.staying != accesses[room].staying
      accesses[room] = access
      for follower in hasGrown ? followers[room] ?? [] : [] where !isOpen[follower] {
        isOpen[follower] = true
        open.append(follower)
      }
    }
    return accesses
  }

  /// Whether one of the accounts could read a message.
  ///
  /// - Parameters:
  ///   - room: The number of its room.
  ///   - moment: When it was sent, `nil` where the archive does not say.
  ///   - redaction: When it was taken away: `nil` where it was not, `.some(nil)` where the archive does
  ///     not say when.
  /// - Returns: The best that can be said of any of them.
  func standing(room: Int, at moment: Moment?, redaction: Int??) -> RoomAccess.Standing {
    var best = RoomAccess.Standing.none
    for access in accesses[room] {
      guard let moment else {
        if access.standingWithoutTime != .none, best == .none { best = access.standingWithoutTime }
        continue
      }
      var standing = access.standing(in: moment, until: redaction ?? nil)
      if case .some(.none) = redaction, standing == .certain {
        standing = .possible(.redactionTimeUnknown)
      }
      if standing == .certain { return .certain }
      if best == .none { best = standing }
    }
    return best
  }

  /// Whether one of the accounts could have read a message, had it not been taken away before.
  func wasTakenAway(room: Int, at moment: Moment?, redaction: Int??) -> Bool {
    guard let moment, redaction != nil else { return false }
    return standing(room: room, at: moment, redaction: nil) != .none
  }

  /// How the accounts reach a room in the plainest way, and whether that is sure.
  func way(to room: Int) -> (way: Way, isCertain: Bool) {
    let ways = accesses[room].map(\.way)
    let sure = ways.filter { $0.isCertain && $0.way != .none }.min { $0.way < $1.way }
    return sure ?? ways.min { $0.way < $1.way } ?? (.none, true)
  }

  /// When the accounts could last have read in a room: at all, and for sure.
  func lastReading(in room: Int) -> (certain: Int?, possible: Int?) {
    func last(_ part: KeyPath<Likely, Spans>) -> Int? {
      accesses[room].flatMap {
        [$0.reading[keyPath: part].end, $0.worldReadable[keyPath: part].end].compactMap { $0 }
      }.max()
    }
    return (last(\.certain), last(\.possible))
  }

  /// Whether an account was, or may have been, a member at some moment of the window.
  func mayBeMember(of room: Int) -> Bool {
    accesses[room].contains { !$0.presence.joined.within(survey.question.window).possible.isEmpty }
  }
}

extension RoomFacts {
  /// The rooms whose members could enter at some time.
  var admittedRooms: Set<String> {
    var rooms: Set<String> = []
    for rule in [joinRules.undated] + joinRules.changes.map({ $0.value }) {
      if case .restricted(let others, _)? = rule { rooms.formUnion(others) }
    }
    return rooms
  }
}
