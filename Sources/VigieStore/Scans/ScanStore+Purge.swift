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
        let range: StatementArguments = [
          run * ScanStore.eventsPerRun, (run + 1) * ScanStore.eventsPerRun,
        ]
        for table in ["finding", "gap"] {
          try database.execute(
            sql: "DELETE FROM \(table) WHERE event >= ? AND event < ?",
            arguments: range
          )
        }
        try database.execute(sql: "DELETE FROM event WHERE id >= ? AND id < ?", arguments: range)
        counts.eventCount += database.changesCount
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
            SELECT detail FROM finding UNION SELECT detail FROM gap UNION SELECT detail FROM place);
          DELETE FROM channel WHERE id NOT IN (
            SELECT channel FROM event WHERE channel IS NOT NULL UNION SELECT channel FROM place);
          DELETE FROM sender WHERE id NOT IN (
            SELECT sender FROM event WHERE sender IS NOT NULL
            UNION SELECT sender FROM place WHERE sender IS NOT NULL);
          DELETE FROM tip WHERE id NOT IN (SELECT tip FROM event WHERE tip IS NOT NULL);
          """
      )
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

  private func byteCount() throws(StoreFailure) -> Int {
    try reading { database in
      let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      return try count * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
  }
}
