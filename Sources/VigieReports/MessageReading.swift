import VigieCore

/// How far one message was read.
package enum MessageReading: String, Sendable, CaseIterable {
  /// All of it, files that go with it too.
  case inspected
  /// A part of it; gaps say what is missing.
  case partly
  /// Nothing of what it says: it is encrypted or damaged.
  case not
}

extension ScannedMessage {
  /// How far the message was read.
  ///
  /// ``Tally`` counts a message among those that were read partly where it has a gap of any kind; here one whose
  /// own text could not be read at all is told apart.
  package var reading: MessageReading {
    if review.gaps.isEmpty { return .inspected }
    let isUnread = review.gaps.contains {
      ($0.place.part == .body || $0.place.part == .html) && !$0.reason.leavesAPart
    }
    return isUnread && review.findings.isEmpty ? .not : .partly
  }
}
