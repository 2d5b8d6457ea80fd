import GRDB
import VigieReports

extension ScanStore {
  /// The number of a run times this, plus the number of the event in it, is the id of an event, so that the
  /// events of a run lie together in their order.
  static let eventsPerRun: Int64 = 1 << 40

  /// The ids that the events of a run may have.
  ///
  /// - Throws: `DatabaseError` where the number of the run is none that a store gives.
  static func eventIDs(of run: Int64) throws -> Range<Int64> {
    guard (1..<1 << 22).contains(run) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return run * eventsPerRun..<(run + 1) * eventsPerRun
  }

  /// The tables.
  ///
  /// - `run`, `archive`: what was scanned by what, and how many events of it are kept.
  ///   Since `scans-4`: `rules` the rules in full, `exports` and `size` what the archive proved to hold.
  ///   Since `scans-5`: `sha256`, `disk` and `files`, by what the archive is known again.
  /// - `block`: the events of a scan, ``EventBlock/maxCount`` of an archive at most in a row; its id is that of the
  ///   first. A row for each event took 15 times as long to write. Until `scans-2` it was that, the table `event`:
  ///   `rest` the second half of `digest`, `word` its first half mixed with the digest of the context; `stamp` the
  ///   time as the archive has it where `time` (milliseconds since 1970) does not say it all.
  /// - `sender`: the names of senders, for `place`; those of `block` stand in it.
  /// - `detail`: findings and gaps as JSON, each once however often it is met; `hash` finds it.
  /// - `finding`, `gap`: what an event holds.
  /// - `item`: what people judge: all findings of one fingerprint. `state` is that of the latest `triage`.
  /// - `place`: where an item stands. `first` and `last` are runs, `gone` the run that found it gone.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("scans-1") { database in
      try database.execute(
        sql: """
          CREATE TABLE key (
            number INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL
          );
          CREATE TABLE run (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, ended INTEGER,
            ruleset TEXT NOT NULL, policy TEXT NOT NULL, basis TEXT NOT NULL,
            lasting INTEGER NOT NULL, reused INTEGER NOT NULL DEFAULT 0,
            events INTEGER NOT NULL DEFAULT 0
          );
          CREATE TABLE archive (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, number INTEGER NOT NULL,
            path TEXT NOT NULL, format TEXT NOT NULL, bytes INTEGER NOT NULL,
            identity TEXT NOT NULL, modified INTEGER NOT NULL,
            read INTEGER, unread INTEGER, gaps INTEGER,
            PRIMARY KEY (run, number)
          ) WITHOUT ROWID;
          CREATE TABLE channel (
            id INTEGER NOT NULL PRIMARY KEY, word TEXT NOT NULL UNIQUE, source TEXT, name TEXT,
            visibility TEXT NOT NULL
          );
          CREATE INDEX channel_source ON channel (source);
          CREATE TABLE sender (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
          CREATE TABLE tip (id INTEGER NOT NULL PRIMARY KEY, contents TEXT NOT NULL UNIQUE);
          CREATE TABLE event (
            id INTEGER NOT NULL PRIMARY KEY, archive INTEGER NOT NULL, kind INTEGER NOT NULL,
            message TEXT, sender INTEGER, channel INTEGER, time INTEGER, stamp TEXT,
            digest INTEGER, rest INTEGER, word INTEGER, verdict INTEGER, level INTEGER, bytes INTEGER,
            observed INTEGER, override INTEGER, tip INTEGER, files TEXT, ids TEXT, replaces TEXT
          );
          CREATE INDEX event_word ON event (word) WHERE word IS NOT NULL;
          CREATE INDEX event_replaces ON event (replaces) WHERE replaces IS NOT NULL;
          CREATE TABLE detail (
            id INTEGER NOT NULL PRIMARY KEY, hash INTEGER NOT NULL, contents TEXT NOT NULL
          );
          CREATE INDEX detail_hash ON detail (hash);
          CREATE TABLE item (
            id INTEGER NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, rule TEXT NOT NULL,
            scheme TEXT NOT NULL, level INTEGER NOT NULL, masked TEXT NOT NULL,
            state TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
          );
          CREATE TABLE place (
            id INTEGER NOT NULL PRIMARY KEY,
            item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            source TEXT NOT NULL, message TEXT NOT NULL, spot TEXT NOT NULL,
            channel INTEGER NOT NULL, sender INTEGER, time INTEGER, stamp TEXT, replaces TEXT,
            ids TEXT, usage INTEGER NOT NULL, verdict INTEGER NOT NULL, detail INTEGER NOT NULL,
            digest INTEGER, rest INTEGER, first INTEGER NOT NULL, last INTEGER NOT NULL,
            gone INTEGER, UNIQUE (item, source, message, spot)
          );
          CREATE INDEX place_last ON place (last);
          CREATE TABLE finding (
            event INTEGER NOT NULL, number INTEGER NOT NULL, item INTEGER NOT NULL,
            detail INTEGER NOT NULL, PRIMARY KEY (event, number)
          ) WITHOUT ROWID;
          CREATE TABLE gap (
            event INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL,
            detail INTEGER NOT NULL, PRIMARY KEY (event, number)
          ) WITHOUT ROWID;
          CREATE TABLE triage (
            id INTEGER NOT NULL PRIMARY KEY,
            item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            state TEXT NOT NULL, who TEXT NOT NULL, time INTEGER NOT NULL, why TEXT NOT NULL
          );
          CREATE INDEX triage_item ON triage (item);
          """
      )
    }
    migrator.registerMigration("scans-2") { database in
      try database.execute(
        sql: """
          CREATE TABLE block (
            id INTEGER NOT NULL PRIMARY KEY, archive INTEGER NOT NULL, data BLOB NOT NULL
          )
          """
      )
      try packEvents(database)
      try database.execute(sql: "DROP TABLE event")
    }
    migrator.registerMigration("scans-3") { database in
      try nameSenders(database)
      try database.execute(
        sql: """
          DELETE FROM sender
          WHERE id NOT IN (SELECT sender FROM place WHERE sender IS NOT NULL)
          """
      )
    }
    migrator.registerMigration("scans-4") { database in
      try database.execute(
        sql: """
          ALTER TABLE run ADD COLUMN rules TEXT;
          ALTER TABLE archive ADD COLUMN exports TEXT;
          ALTER TABLE archive ADD COLUMN size INTEGER;
          """
      )
    }
    migrator.registerMigration("scans-5") { database in
      try database.execute(
        sql: """
          ALTER TABLE archive ADD COLUMN sha256 TEXT;
          ALTER TABLE archive ADD COLUMN disk INTEGER;
          ALTER TABLE archive ADD COLUMN files INTEGER;
          """
      )
    }
    return migrator
  }()

  /// Puts the rows of the table `event` into blocks.
  private static func packEvents(_ database: Database) throws {
    let add = try DirectStatement(
      database,
      "INSERT INTO block (id, archive, data) VALUES (?, ?, ?)"
    )
    let rows = try DirectStatement(
      database,
      """
      SELECT event.id, archive, kind,
        EXISTS (SELECT 1 FROM finding WHERE finding.event = event.id),
        EXISTS (SELECT 1 FROM gap WHERE gap.event = event.id), message, sender.name, channel, time,
        stamp, digest, rest, word, verdict, level, bytes, observed, override, tip, files, ids,
        replaces
      FROM event LEFT JOIN sender ON sender.id = event.sender ORDER BY event.id
      """
    )
    defer { rows.reset() }
    var block = NumberedBlock()
    var first: Int64 = 0
    var archive: Int64 = 0
    func end() throws {
      if block.count == 0 { return }
      try add.bind(first, at: 1)
      try add.bind(archive, at: 2)
      try add.bind(block.take(), at: 3)
      try add.run()
    }
    while try rows.next() {
      let id = rows.number(0)
      let owner = rows.number(1)
      if block.count == EventBlock.maxCount || owner != archive || id != first + Int64(block.count)
      {
        try end()
        (first, archive) = (id, owner)
      }
      block.add(try packedEvent(rows))
    }
    try end()
  }

  /// The event of a row, its columns as above.
  private static func packedEvent(_ row: DirectStatement) throws -> PackedEvent {
    guard let kind = StoredEvent.Kind(rawValue: row.number(2)) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    var event = PackedEvent(kind: kind)
    event.hasFindings = row.number(3) == 1
    event.hasGaps = row.number(4) == 1
    guard kind.isMessage else { return event }
    event.message = row.text(5) ?? ""
    event.sender = row.text(6)
    event.channel = row.number(7)
    event.time = row.optionalNumber(8).map { Int($0) }
    event.stamp = row.text(9)
    event.digest = ContentDigest(
      high: row.optionalNumber(10),
      low: row.optionalNumber(11),
      word: row.optionalNumber(12)
    )
    event.verdict = UInt8(clamping: row.number(13))
    event.level = UInt8(clamping: row.number(14))
    event.byteCount = Int(row.number(15))
    event.observed = row.optionalNumber(16).map { UInt8(clamping: $0) }
    event.mayOverride = row.number(17) == 1
    event.tip = row.optionalNumber(18)
    if let counts = row.text(19) {
      let numbers = counts.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 4 else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
      event.files.total = numbers[0]
      event.files.inspected = numbers[1]
      event.files.partly = numbers[2]
      event.files.not = numbers[3]
    }
    event.fileIDs = row.text(20).flatMap(StoredEvent.strings) ?? []
    event.replaces = row.text(21)
    return event
  }

  /// Puts the names of senders into the blocks that have their numbers.
  private static func nameSenders(_ database: Database) throws {
    var senders: [Int64: String] = [:]
    let rows = try DirectStatement(database, "SELECT id, name FROM sender")
    while try rows.next() { senders[rows.number(0)] = rows.text(1) }
    try packBlocks(database) { bytes in
      // What packed the events of a store that is older still packed them with names.
      let isNamed =
        bytes.count > EventBlock.checkByteCount
        && bytes[EventBlock.checkByteCount] == EventBlock.version
      if isNamed { return nil }
      guard let events = EventBlock.events(in: bytes, naming: { senders[$0] }) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      return events
    }
  }

  /// Packs the events of all blocks anew, one block after the other.
  ///
  /// - Parameters:
  ///   - database: The store.
  ///   - events: The events of a block as they are to be, from its bytes; `nil` leaves it as it is.
  /// - Throws: `DatabaseError`, and what `events` throws.
  static func packBlocks(
    _ database: Database,
    _ events: (_ bytes: [UInt8]) throws -> [PackedEvent]?
  ) throws {
    let select = try DirectStatement(
      database,
      "SELECT id, data FROM block WHERE id > ? ORDER BY id LIMIT 1"
    )
    let update = try DirectStatement(database, "UPDATE block SET data = ? WHERE id = ?")
    var block = NumberedBlock()
    var last: Int64 = 0
    while true {
      try select.bind(last, at: 1)
      guard try select.next() else { return }
      last = select.number(0)
      let bytes = select.bytes(1)
      select.reset()
      guard let events = try events(bytes) else { continue }
      for event in events { block.add(event) }
      try update.bind(block.take(), at: 1)
      try update.bind(last, at: 2)
      try update.run()
    }
  }
}
