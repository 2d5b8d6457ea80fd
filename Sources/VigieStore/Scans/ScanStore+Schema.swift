import GRDB

extension ScanStore {
  /// The number of a run times this, plus the number of the event in it, is the id of an event, so that the
  /// events of a run lie together in their order.
  static let eventsPerRun: Int64 = 1 << 40

  /// The tables.
  ///
  /// - `run`, `archive`: what was scanned by what, and how many events of it are kept.
  /// - `event`: one row for each event of a scan. `rest` is the second half of `digest`, `word` its first half
  ///   mixed with the digest of the context; `stamp` is the time as the archive has it where `time`
  ///   (milliseconds since 1970) does not say it all.
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
    return migrator
  }()
}
