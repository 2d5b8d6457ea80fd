import VigieArchives

extension RoomAccess {
  /// Whether a message could be read.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.9.2.2 (who may see an event).
  ///
  /// - Parameters:
  ///   - time: When it was sent.
  ///   - end: When it was taken away, `nil` where it was not.
  /// - Returns: What can be said of it.
  func standing(at time: Int, until end: Int? = nil) -> Standing {
    let first = max(time, window.lowerBound)
    let last = min(end ?? .max, window.upperBound)
    guard first < last else { return .none }
    let history = facts.histories.value(at: time) ?? (facts.isCreationKnown ? .shared : nil)
    let isRead = reading.certain.meets(first, last)
    switch history {
    case .worldReadable?: if isRead || worldReadable.certain.meets(first, last) { return .certain }
    case .shared?: if isRead { return .certain }
    case .invited?:
      if isRead, isInside(time) || presence.invited.certain.contains(time) {
        return .certain
      }
    case .joined?, nil: if isRead, isInside(time) { return .certain }
    }
    return possible(at: time, first, last, history)
  }

  /// Whether it was inside at a time, or would have been, had it entered when it could.
  private func isInside(_ time: Int) -> Bool {
    presence.joined.certain.contains(time) || staying.certain.contains(time)
  }

  private func mayBeInside(_ time: Int) -> Bool {
    presence.joined.possible.contains(time) || staying.possible.contains(time)
  }

  private func possible(
    at time: Int,
    _ first: Int,
    _ last: Int,
    _ history: AccessChange.HistoryVisibility?
  ) -> Standing {
    let mayRead = reading.possible.meets(first, last)
    switch history {
    case .worldReadable?: return .possible(mayRead ? doubt : .visibilityChanged)
    case .shared?: if mayRead { return .possible(doubt) }
    case .invited?:
      let mayBeInvited = presence.invited.possible.contains(time)
      if mayRead, mayBeInside(time) || mayBeInvited { return .possible(doubt) }
    case .joined?: if mayRead, mayBeInside(time) { return .possible(doubt) }
    case nil:
      if mayRead {
        return .possible(reading.certain.meets(first, last) ? .visibilityUnknown : doubt)
      }
      if worldReadable.possible.meets(first, last) { return .possible(.visibilityUnknown) }
    }
    return couldReadOnceLeft(at: time, first, last, history) ? .possible(.formerMember) : .none
  }

  /// Whether a server may still show an account that has left what it could read before.
  private func couldReadOnceLeft(
    at time: Int,
    _ first: Int,
    _ last: Int,
    _ history: AccessChange.HistoryVisibility?
  ) -> Bool {
    guard former.meets(first, last) else { return false }
    if presence.joined.possible.contains(time) { return true }
    // Of what all members could read, whatever was sent before the account last left.
    guard history == .shared,
      let left = presence.joined.possible.runs.last(where: {
        $0.lowerBound < window.upperBound
      })?.upperBound
    else { return false }
    return time < left
  }

  /// Whether a message could be read that was sent at some time of many.
  ///
  /// - Parameters:
  ///   - moment: Every time at which it may have been sent.
  ///   - end: When it was taken away, `nil` where it was not.
  /// - Returns: What can be said of it, whenever it was sent.
  func standing(in moment: Moment, until end: Int? = nil) -> Standing {
    let first = standing(at: moment.earliest, until: end)
    guard !moment.isExact else { return first }
    let last = standing(at: moment.latest, until: end)
    let range = moment.earliest...moment.latest
    if first == last, !bounds.contains(where: { range.contains($0) }) { return first }
    return standingWithoutTime == .none ? .none : .possible(.timeWithoutZone)
  }

  /// Whether a message of which nobody knows when it was sent could be read.
  var standingWithoutTime: Standing {
    let canRead = !reading.possible.isEmpty || !worldReadable.possible.isEmpty || !former.isEmpty
    return canRead ? .possible(.timeUnknown) : .none
  }
}
