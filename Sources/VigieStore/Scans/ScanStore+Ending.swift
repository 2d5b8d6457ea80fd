import GRDB
import VigieReports

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
      let closed = try close(in: run.id, database)
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

  private func close(in run: Int64, _ database: Database) throws -> Int {
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
    let sources = try missedSources(database)
    try noteThere(in: run, sources, database)
    try database.execute(
      sql: "UPDATE missed SET gone = 1 WHERE there AND NOT unread AND NOT same"
    )
    try closeAbsent(in: run, sources, database)
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
    for item in items { try ScanStore.decide(decision, on: item, database) }
    try database.execute(sql: "DROP TABLE temp.missed")
    return items.count
  }

  /// The channels, by their numbers, in which places were missed: their ids, empty where they have none.
  private func missedSources(_ database: Database) throws -> [Int64: String] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, COALESCE(source, '') FROM channel
        WHERE COALESCE(source, '') IN (SELECT source FROM missed)
        """
    )
    var sources: [Int64: String] = [:]
    while let row = try rows.next() {
      sources[try row.decode(atIndex: 0)] = try row.decode(String.self, atIndex: 1)
    }
    return sources
  }

  /// Notes which missed places have messages in the run, and whether any of their versions has a gap or says
  /// the same.
  private func noteThere(
    in run: Int64,
    _ sources: [Int64: String],
    _ database: Database
  ) throws {
    let note = try DirectStatement(
      database,
      """
      UPDATE temp.missed SET there = 1, unread = MAX(unread, ?1),
        same = MAX(same, ?2 IS NULL OR digest IS NULL OR (digest = ?2 AND rest = ?3))
      WHERE message = ?4 AND source = ?5
      """
    )
    try forEachBlock(of: run, database) { _, _, events in
      for event in events where event.kind.isMessage {
        guard let source = sources[event.channel] else { continue }
        try note.bind(event.hasGaps ? 1 : 0, at: 1)
        try note.bind(event.digest?.high, at: 2)
        try note.bind(event.digest?.low, at: 3)
        try note.bind(event.message, at: 4)
        try note.bind(source, at: 5)
        try note.run()
      }
    }
  }

  /// Finds the places whose messages are not in the run, where that proves that they are gone.
  private func closeAbsent(
    in run: Int64,
    _ sources: [Int64: String],
    _ database: Database
  ) throws {
    try database.execute(
      sql: """
        DROP TABLE IF EXISTS temp.extent;
        CREATE TEMP TABLE extent (
          run INTEGER, source TEXT, first INTEGER, last INTEGER, total INTEGER, plain_first INTEGER,
          plain_last INTEGER, plain_total INTEGER, modified INTEGER, unread INTEGER,
          PRIMARY KEY (run, source));
        """
    )
    let runs = try Int64.fetchAll(
      database,
      sql: "SELECT last FROM missed UNION SELECT ?",
      arguments: [run]
    )
    for run in runs { try addExtents(of: run, sources, database) }
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

  /// Notes what each channel held in a run, the messages without findings apart.
  private func addExtents(
    of run: Int64,
    _ sources: [Int64: String],
    _ database: Database
  ) throws {
    let archives = try Row.fetchAll(
      database,
      sql: "SELECT number, modified, unread > 0 OR gaps FROM archive WHERE run = ?",
      arguments: [run]
    )
    var states: [Int: (modified: Int, isUnread: Bool)] = [:]
    for row in archives {
      // An archive without an end is no more than its beginning.
      states[try row.decode(atIndex: 0)] = (
        try row.decode(atIndex: 1), try row.decode(Bool?.self, atIndex: 2) ?? true
      )
    }
    var extents: [String: ChannelExtent] = [:]
    try forEachBlock(of: run, holdingTexts: false, database) { _, archive, events in
      for event in events where event.kind.isMessage {
        guard let source = sources[event.channel], let state = states[archive] else { continue }
        extents[source, default: ChannelExtent()].add(event, state.modified, state.isUnread)
      }
    }
    let add = try DirectStatement(
      database,
      "INSERT INTO temp.extent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    for (source, extent) in extents {
      try add.bind(run, at: 1)
      try add.bind(source, at: 2)
      let numbers = [
        extent.all.first, extent.all.last, extent.all.count, extent.plain.first,
        extent.plain.last, extent.plain.count, extent.modified, extent.isUnread ? 1 : 0,
      ]
      for (index, number) in numbers.enumerated() {
        try add.bind(number.map(Int64.init), at: CInt(index + 3))
      }
      try add.run()
    }
  }
}

/// What a channel held in a run.
private struct ChannelExtent {
  /// Some messages: how many, and the times between which they were sent.
  struct Span {
    var first: Int?
    var last: Int?
    var count = 0

    mutating func add(_ time: Int?) {
      count += 1
      guard let time else { return }
      first = min(first ?? time, time)
      last = max(last ?? time, time)
    }
  }

  var all = Span()
  /// The messages without findings.
  var plain = Span()
  /// When the archives that hold the channel were changed last.
  var modified = 0
  /// Whether any of them was not read wholly.
  var isUnread = false

  mutating func add(_ event: PackedEvent, _ modified: Int, _ isUnread: Bool) {
    all.add(event.time)
    if !event.hasFindings { plain.add(event.time) }
    self.modified = max(self.modified, modified)
    if isUnread { self.isUnread = true }
  }
}
