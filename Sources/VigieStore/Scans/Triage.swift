import GRDB

/// What people, or a scan, decided of the findings of one fingerprint.
package enum TriageState: String, Sendable, CaseIterable {
  /// Nobody decided yet.
  case open
  /// It is what it says, and something must be done.
  case confirmed
  /// It is none: the baseline of later scans.
  case falseAlarm = "false-alarm"
  /// It is one, and may stay where it is.
  case accepted
  /// It was there and is gone.
  case remediated

  /// Whether such a decision binds what is found later, and is kept when the findings are purged.
  package var isLasting: Bool { self == .falseAlarm || self == .accepted }

  /// The names, with commas between them.
  package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A decision: which, by whom and why.
package struct Decision: Sendable, Equatable {
  /// Who decides when a scan finds that something is gone, or there again.
  package static let scan = "scan"
  /// The longest reason and the longest name, UTF-8 bytes.
  package static let maxByteCount = 2_000

  /// What it is now.
  package var state: TriageState
  /// Who says so.
  package var who: String
  /// Why.
  package var why: String

  /// A decision from its parts.
  package init(state: TriageState, who: String, why: String) {
    self.state = state
    self.who = who
    self.why = why
  }
}

/// A decision as it is kept.
package struct KeptDecision: Sendable, Equatable {
  /// The decision.
  package var decision: Decision
  /// When it was made, milliseconds since 1970.
  package var time: Int
}

extension ScanStore {
  /// Decides on the findings of some fingerprints; the decisions before stay in their history.
  ///
  /// - Parameters:
  ///   - decision: The decision.
  ///   - items: Their numbers in the store.
  /// - Throws: ``StoreFailure``; nothing is decided then.
  package func decide(_ decision: Decision, on items: [Int64]) throws(StoreFailure) {
    try writing { database in
      for item in items { try ScanStore.decide(decision, on: item, database) }
    }
  }

  static func decide(_ decision: Decision, on item: Int64, _ database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT INTO triage (item, state, who, time, why) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [item, decision.state.rawValue, decision.who, StoreFile.now, decision.why]
    )
    try database.cachedStatement(sql: "UPDATE item SET state = ? WHERE id = ?")
      .execute(arguments: [decision.state.rawValue, item])
  }

  /// The decisions on an item, the first made first.
  static func decisions(on item: Int64, _ database: Database) throws -> [KeptDecision] {
    let rows = try Row.fetchAll(
      database.cachedStatement(
        sql: "SELECT state, who, why, time FROM triage WHERE item = ? ORDER BY id"
      ),
      arguments: [item]
    )
    return try rows.map { row in
      guard let state = TriageState(rawValue: try row.decode(atIndex: 0)) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      let decision = Decision(
        state: state,
        who: try row.decode(atIndex: 1),
        why: try row.decode(atIndex: 2)
      )
      return KeptDecision(decision: decision, time: try row.decode(atIndex: 3))
    }
  }
}
