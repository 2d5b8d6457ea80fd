import GRDB

/// What a run changed among the items.
package struct RunChanges: Sendable, Equatable {
  /// Items that the run found.
  package var itemCount = 0
  /// Those that no run had found before.
  package var newCount = 0
  /// Those that people called false alarms or accepted before.
  package var baselineCount = 0
  /// Items that the run found gone.
  package var closedCount = 0

  /// Changes from their counts.
  package init(
    itemCount: Int = 0,
    newCount: Int = 0,
    baselineCount: Int = 0,
    closedCount: Int = 0
  ) {
    self.itemCount = itemCount
    self.newCount = newCount
    self.baselineCount = baselineCount
    self.closedCount = closedCount
  }
}

extension ScanStore {
  /// Ends a run: notes its end, and closes what it found gone.
  ///
  /// An item closes when none of its places is left. A place is gone
  ///
  /// - where its message is there, read without a gap, and says something else than it did; or
  /// - where its message is not there although the archive of its channel was read wholly, and holds what
  ///   stood around it: something before and something after it, or, in an archive that was changed later,
  ///   all that the channel held without findings when the message was seen last.
  ///
  /// So neither other rules, nor an export that is older or holds less, nor a part that could not be read
  /// closes anything. Open and confirmed items close, whose findings somebody has to do away with.
  ///
  /// - Parameters:
  ///   - run: The run, with all its archives read.
  ///   - reusedCount: The messages whose findings were taken from an earlier run.
  /// - Returns: What changed.
  /// - Throws: ``StoreFailure``; the run has not ended then.
  package func end(_ run: StoredRun, reusedCount: Int) throws(StoreFailure) -> RunChanges {
    try writing { database in
      try database.execute(
        sql: "UPDATE run SET ended = ?, reused = ? WHERE id = ?",
        arguments: [StoreFile.now, reusedCount, run.id]
      )
      let closed = try ScanStore.close(in: run.id, database)
      func count(_ condition: String) throws -> Int {
        try Int.fetchOne(
          database,
          sql: "SELECT COUNT(*) FROM item WHERE last = ?1 AND \(condition)",
          arguments: [run.id]
        ) ?? 0
      }
      return RunChanges(
        itemCount: try count("1"),
        newCount: try count("first = ?1"),
        baselineCount: try count("state IN ('false-alarm', 'accepted')"),
        closedCount: closed
      )
    }
  }

  private static func close(in run: Int64, _ database: Database) throws -> Int {
    let start = run * eventsPerRun
    try database.execute(sql: "DROP TABLE IF EXISTS temp.missed")
    // The places of open items that this run did not find, in channels of which it read something.
    try database.execute(
      sql: """
        CREATE TEMP TABLE missed (
          place INTEGER PRIMARY KEY, item INTEGER, source TEXT, message TEXT, time INTEGER,
          digest INTEGER, rest INTEGER, last INTEGER, there INTEGER NOT NULL DEFAULT 0,
          unread INTEGER NOT NULL DEFAULT 0, same INTEGER NOT NULL DEFAULT 0,
          gone INTEGER NOT NULL DEFAULT 0)
        """
    )
    try database.execute(
      sql: """
        INSERT INTO missed (place, item, source, message, time, digest, rest, last)
        SELECT place.id, item, source, message, time, digest, rest, place.last
        FROM place JOIN item ON item.id = place.item
        WHERE item.state IN ('open', 'confirmed') AND place.gone IS NULL AND place.last < ?
        """,
      arguments: [run]
    )
    guard database.changesCount > 0 else { return 0 }
    try database.execute(sql: "CREATE INDEX temp.missed_message ON missed (message, source)")
    // Of messages that are there: whether any of their versions in this run has a gap or says the same.
    let there = try Row.fetchAll(
      database,
      sql: """
        SELECT missed.place,
          MAX(EXISTS (SELECT 1 FROM gap WHERE gap.event = event.id)),
          MAX(event.digest IS NULL OR missed.digest IS NULL
            OR (event.digest = missed.digest AND event.rest = missed.rest))
        FROM event CROSS JOIN missed ON missed.message = event.message
          JOIN channel ON channel.id = event.channel
            AND COALESCE(channel.source, '') = missed.source
        WHERE event.id >= :start AND event.id < :end AND event.kind < 2 GROUP BY missed.place
        """,
      arguments: ["start": start, "end": start + eventsPerRun]
    )
    for row in there {
      try database.execute(
        sql: "UPDATE missed SET there = 1, unread = ?, same = ? WHERE place = ?",
        arguments: [row[1] as Int, row[2] as Int, row[0] as Int64]
      )
    }
    try database.execute(
      sql: "UPDATE missed SET gone = 1 WHERE there AND NOT unread AND NOT same"
    )
    try closeAbsent(in: run, database)
    try database.execute(
      sql: """
        UPDATE place SET gone = ? WHERE id IN (SELECT place FROM missed WHERE gone)
        """,
      arguments: [run]
    )
    let items = try Int64.fetchAll(
      database,
      sql: """
        SELECT DISTINCT item FROM missed WHERE gone AND NOT EXISTS (
          SELECT 1 FROM place WHERE place.item = missed.item AND place.gone IS NULL)
        ORDER BY item
        """
    )
    let decision = Decision(state: .remediated, who: Decision.scan, why: "gone in run \(run)")
    for item in items { try decide(decision, on: item, database) }
    try database.execute(sql: "DROP TABLE temp.missed")
    return items.count
  }

  /// Finds the places whose messages are not in the run, where that proves that they are gone.
  private static func closeAbsent(in run: Int64, _ database: Database) throws {
    try database.execute(sql: "DROP TABLE IF EXISTS temp.extent")
    // What each channel held in this run and in those that saw the places last; unmarked messages apart.
    try database.execute(
      sql: """
        CREATE TEMP TABLE extent AS
        SELECT runs.run AS run, COALESCE(channel.source, '') AS source,
          MIN(event.time) AS first, MAX(event.time) AS last, COUNT(*) AS total,
          MIN(CASE WHEN finding.event IS NULL THEN event.time END) AS plain_first,
          MAX(CASE WHEN finding.event IS NULL THEN event.time END) AS plain_last,
          SUM(finding.event IS NULL) AS plain_total,
          MAX(archive.modified) AS modified,
          MAX(archive.unread > 0 OR archive.gaps) AS unread
        FROM (SELECT last AS run FROM missed UNION SELECT ?) AS runs
          JOIN event ON event.id >= runs.run * \(eventsPerRun)
            AND event.id < (runs.run + 1) * \(eventsPerRun)
          JOIN channel ON channel.id = event.channel
          JOIN archive ON archive.run = runs.run AND archive.number = event.archive
          LEFT JOIN finding ON finding.event = event.id AND finding.number = 0
        WHERE event.kind < 2 AND COALESCE(channel.source, '') IN (SELECT source FROM missed)
        GROUP BY 1, 2
        """,
      arguments: [run]
    )
    try database.execute(
      sql: """
        UPDATE missed SET gone = 1
        WHERE NOT there AND EXISTS (
          SELECT 1 FROM extent AS now LEFT JOIN extent AS before
            ON before.run = missed.last AND before.source = missed.source
          WHERE now.run = ? AND now.source = missed.source AND NOT now.unread
            AND ((now.first <= missed.time AND now.last >= missed.time)
              OR (now.modified > before.modified AND now.total >= before.plain_total
                AND (before.plain_first IS NULL
                  OR (now.first <= before.plain_first AND now.last >= before.plain_last)))))
        """,
      arguments: [run]
    )
    try database.execute(sql: "DROP TABLE temp.extent")
  }
}
