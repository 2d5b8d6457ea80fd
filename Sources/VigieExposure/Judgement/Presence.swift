import VigieArchives

/// When one account was in a room, invited to it or kept out of it.
struct Presence: Sendable {
  var joined = Likely()
  var invited = Likely()
  var banned = Likely()
  /// Whether what is not sure is so for want of times alone.
  var isUndated = false

  /// What a room's facts say of an account.
  ///
  /// - Parameters:
  ///   - facts: The room.
  ///   - account: The index of the account.
  ///   - name: Its name, to know a creator by.
  init(_ facts: RoomFacts, _ account: Int, name: String) {
    let interest = facts.interests[account] ?? RoomFacts.Interest()
    let all = Spans.always.runs[0]
    let born = facts.creationTime ?? all.lowerBound
    var unknown: [Range<Int>] = []
    var known: [AccessChange.Membership: [Range<Int>]] = [:]
    func know(_ membership: AccessChange.Membership, _ start: Int, _ end: Int) {
      if start < end { known[membership, default: []].append(start..<end) }
    }
    if let first = interest.changes.first {
      // Before its first change an account was what the change says, else nothing if all is told;
      // but only who was in a room can leave it.
      if let before = first.before {
        know(before, born, first.time)
      } else if !facts.isWhole || first.membership == .leave, born < first.time {
        unknown.append(born..<first.time)
      }
    }
    for (index, change) in interest.changes.enumerated() {
      let isLast = index + 1 == interest.changes.count
      let end = isLast ? all.upperBound : interest.changes[index + 1].time
      // What an account is at the end may differ from its last dated change: it came or went unseen.
      let isDoubted =
        isLast && facts.hasUndatedMembers
        && (interest.undated == .join) != (change.membership == .join)
      if isDoubted, change.time < end {
        unknown.append(change.time..<end)
      } else {
        know(change.membership, change.time, end)
      }
    }
    if interest.changes.isEmpty {
      if facts.creator == name, let time = facts.creationTime, interest.undated == .join {
        know(.join, time, all.upperBound)
      } else if interest.undated == .join {
        isUndated = true
        unknown.append(born..<all.upperBound)
      } else if !facts.isWhole {
        unknown.append(born..<all.upperBound)
        isUndated = facts.hasUndatedMembers
      }
    }
    func likely(_ membership: AccessChange.Membership) -> Likely {
      let certain = Spans(known[membership] ?? [])
      return Likely(certain: certain, possible: certain.union(Spans(unknown)))
    }
    joined = likely(.join)
    invited = likely(.invite)
    banned = likely(.ban)
    // A ban is told where there is one: archives that do not tell all members would else leave no
    // room open for sure. The report says of how many rooms this is taken for granted.
    if known[.ban] == nil { banned.possible = .none }
    // Who says something in a room is in it.
    if let sent = interest.sent {
      let moments = [sent.lowerBound, sent.upperBound].filter { joined.possible.contains($0) }
      let seen = Spans(moments.map { $0..<$0 + 1 })
      joined.certain = joined.certain.union(seen)
    }
  }
}
