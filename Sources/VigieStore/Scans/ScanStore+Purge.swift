import GRDB

/// What a purge removed.
package struct PurgedCounts: Sendable, Equatable {
  /// Runs.
  package var runCount = 0
  /// Messages and gaps of these runs.
  package var eventCount = 0
  /// Items of which no place is left; false alarms and accepted ones stay.
  package var itemCount = 0
  /// The bytes by which the file is shorter.
  package var byteCount = 0

  /// Nothing.
  package init() {}
}

extension ScanStore {
  /// Removes the runs that ended before a time, with all that only they held, and makes the file shorter.
  ///
  /// False alarms and accepted items stay with fingerprint, masked text and decisions, though no place of
  /// theirs is left: they are the baseline of later scans.
  ///
  /// - Parameter time: Milliseconds since 1970; a run that did not end counts from its start.
  /// - Returns: What was removed.
  /// - Throws: ``StoreFailure``, also where all was removed and the file could not be made shorter.
  package func purge(before time: Int) throws(StoreFailure) -> PurgedCounts {
    let before = try byteCount()
    var counts = try writing { database in
      var counts = PurgedCounts()
      let runs = try Int64.fetchAll(
        database,
        sql: "SELECT id FROM run WHERE COALESCE(ended, started) < ? ORDER BY id",
        arguments: [time]
      )
      for run in runs {
        let ids = try ScanStore.eventIDs(of: run)
        let range: StatementArguments = [ids.lowerBound, ids.upperBound]
        for table in ["finding", "gap"] {
          try database.execute(
            sql: "DELETE FROM \(table) WHERE event >= ? AND event < ?",
            arguments: range
          )
        }
        try database.execute(sql: "DELETE FROM block WHERE id >= ? AND id < ?", arguments: range)
        let eventCount =
          try Int.fetchOne(database, sql: "SELECT events FROM run WHERE id = ?", arguments: [run])
          ?? 0
        guard (0..<ids.count).contains(eventCount) else { throw damaged }
        counts.eventCount += eventCount
        try database.execute(sql: "DELETE FROM place WHERE last = ?", arguments: [run])
        try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
        counts.runCount += 1
      }
      guard counts.runCount > 0 else { return counts }
      try database.execute(
        sql: """
          DELETE FROM item WHERE state NOT IN ('false-alarm', 'accepted')
            AND NOT EXISTS (SELECT 1 FROM place WHERE place.item = item.id)
            AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = item.last)
          """
      )
      counts.itemCount = database.changesCount
      try database.execute(
        sql: """
          DELETE FROM detail WHERE id NOT IN (
            SELECT detail FROM finding UNION SELECT detail FROM gap UNION SELECT detail FROM place)
          """
      )
      try deleteUnusedWords(database)
      return counts
    }
    guard counts.runCount > 0 else { return counts }
    do {
      // What is deleted stays in free pages and in the log until the file is written anew.
      try pool.vacuum()
      _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    } catch {
      let failure = failure(error)
      throw StoreFailure(
        path: path,
        reason: "was purged and could not be made shorter: \(failure.reason)",
        mend: "\(failure.mend), then purge again: deleted bytes are still in the file"
      )
    }
    counts.byteCount = max(0, before - (try byteCount()))
    return counts
  }

  /// Deletes the channels, senders and tips that neither events nor places name.
  private func deleteUnusedWords(_ database: Database) throws {
    var used: [String: Set<Int64>] = ["channel": [], "tip": []]
    for run in try Int64.fetchAll(database, sql: "SELECT id FROM run ORDER BY id") {
      try forEachBlock(of: run, holdingTexts: false, database) { _, _, events in
        for event in events where event.kind.isMessage {
          used["channel"]?.insert(event.channel)
          if let tip = event.tip { used["tip"]?.insert(tip) }
        }
      }
    }
    try database.execute(
      sql: """
        DROP TABLE IF EXISTS temp.used;
        CREATE TEMP TABLE used (id INTEGER PRIMARY KEY);
        """
    )
    let add = try DirectStatement(database, "INSERT INTO temp.used (id) VALUES (?)")
    for (table, places) in [
      ("channel", "SELECT channel FROM place"),
      ("sender", "SELECT sender FROM place WHERE sender IS NOT NULL"), ("tip", "SELECT 0"),
    ] {
      for id in used[table] ?? [] {
        try add.bind(id, at: 1)
        try add.run()
      }
      try database.execute(
        sql: """
          DELETE FROM \(table)
          WHERE id NOT IN (SELECT id FROM temp.used) AND id NOT IN (\(places));
          DELETE FROM temp.used;
          """
      )
    }
    try database.execute(sql: "DROP TABLE temp.used")
  }

  private func byteCount() throws(StoreFailure) -> Int {
    try reading { database in
      let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      return try count * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
  }
}
