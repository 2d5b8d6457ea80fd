import GRDB
package import VigieReports

/// What a run holds of one message.
package struct KeptMessages: Sendable {
  /// The message, its edits, and the same id in other channels.
  package var messages: [(archive: Int, message: ScannedMessage)] = []
  /// The messages of the run that could not be read and have no id: it may be one of them.
  package var unreadMessageCount = 0
  /// The other parts of archives that could not be read.
  package var unreadPartCount = 0
}

extension ScanStore {
  /// What a run holds of a message and of the edits of it.
  ///
  /// Ids are sought block by block, for nothing else of a store needs an index of them: half a million events take
  /// about a second.
  ///
  /// - Parameters:
  ///   - id: The id of the message.
  ///   - run: The run.
  /// - Returns: The messages in the order of the archives, and what no id is known of.
  /// - Throws: ``StoreFailure``.
  package func messages(of id: String, in run: StoredRun) throws(StoreFailure) -> KeptMessages {
    try reading { database in
      var kept = KeptMessages()
      let reader = EventReader(database, self)
      try forEachBlock(of: run.id, database) { first, archive, events in
        for (offset, packed) in events.enumerated() {
          switch packed.kind {
          case .unreadMessage: kept.unreadMessageCount += 1
          case .unreadPart: kept.unreadPartCount += 1
          case .message, .channel:
            guard packed.message == id || packed.replaces == id else { continue }
            let number = first + Int64(offset)
            let event = try reader.event(packed, number, ruleset: run.description.ruleset)
            guard case .message(let message) = event else { continue }
            kept.messages.append((archive, message))
          }
        }
      }
      return kept
    }
  }

  /// What people decided of fingerprints.
  package func states(of fingerprints: Set<String>) throws -> [String: TriageState] {
    guard !fingerprints.isEmpty else { return [:] }
    var filter = FindingFilter()
    filter.fingerprints = fingerprints.sorted()
    var states: [String: TriageState] = [:]
    try forEachItem(matching: filter) { item, _ in states[item.fingerprint] = item.state }
    return states
  }
}
