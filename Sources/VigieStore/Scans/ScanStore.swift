import GRDB
import Glibc
package import VigieCrypto

/// Keeps in one file what scans of archives found, and what people said of it.
///
/// A file of SQLite (mode 0600, with its `-wal` and `-shm` beside it while it is open). It holds ids, times,
/// senders, channels, keyed digests, findings and gaps: no text of a message. The key of its fingerprints lies
/// in a file of its own, by default `FILE.key`.
package final class ScanStore: Sendable {
  /// The bytes of the log after which it is copied into the file.
  private static let checkpointByteCount = 32 << 20
  /// The pages of a new file, bytes; a file keeps those it was made with.
  ///
  /// Of the 4 KiB that SQLite would choose a block of events takes ten, and each is written by three calls.
  private static let pageByteCount = 16_384
  /// How long a call waits for another process that writes, seconds.
  private static let busyTimeout = 5.0
  /// Pages of the file that the connection that writes may keep in memory, bytes.
  private static let writerCacheByteCount = 32 << 20
  /// The same for each that reads; every thread of a scan may have one.
  private static let readerCacheByteCount = 2 << 20

  /// The file.
  package let path: String
  let pool: DatabasePool

  /// Opens a store, or makes a new one.
  ///
  /// - Parameters:
  ///   - path: The file; its directory must exist.
  ///   - isNew: Whether a missing file is made.
  ///   - maxByteCount: The most bytes of the file; `nil` for what the disk holds.
  /// - Throws: ``StoreFailure`` where the file is missing, not private, damaged, locked, or not one of ours.
  package init(
    path: String,
    isNew: Bool = true,
    maxByteCount: Int? = nil
  ) throws(StoreFailure) {
    self.path = path
    try StoreFile.makePrivate(path, isNew: isNew)
    do {
      var configuration = Configuration()
      configuration.label = "vigie.scans"
      configuration.busyMode = .timeout(ScanStore.busyTimeout)
      configuration.maximumReaderCount = 64
      configuration.prepareDatabase { database in
        let cacheByteCount =
          database.configuration.readonly
          ? ScanStore.readerCacheByteCount : ScanStore.writerCacheByteCount
        try database.execute(
          sql: """
            PRAGMA page_size = \(ScanStore.pageByteCount);
            PRAGMA synchronous = NORMAL;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(cacheByteCount >> 10);
            """
        )
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        let pageCount = ScanStore.checkpointByteCount / pageSize
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(pageCount)")
        if let maxByteCount, !database.configuration.readonly {
          _ = try Int.fetchOne(
            database,
            sql: "PRAGMA max_page_count = \(max(64, maxByteCount / pageSize))"
          )
        }
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      if try pool.read(ScanStore.isForeign) { throw ScanStore.damaged(path) }
      if try pool.read(ScanStore.migrator.hasBeenSuperseded) {
        throw StoreFile.superseded(path, mend: "use that version, or name another file")
      }
      try StoreFile.migrate(pool, by: ScanStore.migrator)
    } catch {
      throw StoreFile.failure(error, path, ifDamaged: ScanStore.damaged(path))
    }
  }

  /// Closes the file; what is asked afterwards fails.
  package func close() throws(StoreFailure) {
    // The file alone then holds everything. Where another process reads it that cannot be; who opens it next
    // reads what is left from its `-wal`.
    _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    do { try pool.close() } catch { throw failure(error) }
  }

  /// Reads in one transaction.
  func reading<Value>(_ read: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try pool.read(read) } catch { throw failure(error) }
  }

  /// Writes in one transaction: all of it, or nothing.
  @discardableResult
  func writing<Value>(_ write: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try pool.write(write) } catch { throw failure(error) }
  }

  /// What went wrong, without any value.
  func failure(_ error: any Error) -> StoreFailure {
    StoreFile.failure(error, path, ifDamaged: ScanStore.damaged(path))
  }

  /// The failure of a file that does not hold what this store writes.
  var damaged: StoreFailure { ScanStore.damaged(path) }

  /// Whether a file holds something, and no store of scans.
  ///
  /// A store whose maker was killed between its first two transactions holds the empty table of migrations
  /// alone: it goes on from there.
  private static func isForeign(_ database: Database) throws -> Bool {
    if try database.tableExists("run") { return false }
    if try Int.fetchOne(
      database,
      sql: "SELECT COUNT(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'"
    ) ?? 0 > 0 {
      return true
    }
    return try !migrator.appliedIdentifiers(database).isEmpty
  }

  private static func damaged(_ path: String) -> StoreFailure {
    StoreFailure(
      path: path,
      reason: "is damaged, or no store of scans",
      mend: "take it from a backup together with its -wal, or name another file"
    )
  }
}

// MARK: - Keys

extension ScanStore {
  /// The ids of the keys of its fingerprints, the first made first; empty in a new store.
  package func keyIDs() throws(StoreFailure) -> [String] {
    try reading { try String.fetchAll($0, sql: "SELECT id FROM key ORDER BY number") }
  }

  /// Notes the first key of a new store.
  package func adopt(_ key: HMACKey) throws(StoreFailure) {
    try writing { database in
      try database.execute(
        sql: "INSERT INTO key (number, id, time) VALUES (1, ?, ?)",
        arguments: [key.id, StoreFile.now]
      )
    }
  }

  /// Puts one more key on every fingerprint; what people said of the findings holds.
  ///
  /// The digests of messages are dropped: the next scan inspects every message anew.
  ///
  /// - Parameter key: The new key, already safe in its file.
  /// - Returns: How many fingerprints there were.
  /// - Throws: ``StoreFailure``; every fingerprint is as it was then.
  package func rotate(to key: HMACKey) throws(StoreFailure) -> Int {
    try writing { database in
      var count = 0
      // In order of the ids and by pages: a fingerprint that changes must not be met twice.
      var last: Int64 = 0
      let update = try database.makeStatement(
        sql: "UPDATE item SET fingerprint = ? WHERE id = ?"
      )
      while true {
        let rows = try Row.fetchAll(
          database,
          sql: "SELECT id, fingerprint FROM item WHERE id > ? ORDER BY id LIMIT 4096",
          arguments: [last]
        )
        guard let end = rows.last else { break }
        last = try end.decode(forColumn: "id")
        for row in rows {
          let text = try row.decode(String.self, forColumn: "fingerprint")
          guard let fingerprint = Digest.bytes(hex: Array(text.utf8)) else { throw damaged }
          let rotated = Digest.hex(KeyChain.code(fingerprint, under: key))
          try update.execute(arguments: [rotated, try row.decode(Int64.self, forColumn: "id")])
          count += 1
        }
      }
      try database.execute(sql: "UPDATE place SET digest = NULL, rest = NULL")
      try dropDigests(database)
      try database.execute(
        sql: """
          INSERT INTO key (number, id, time) SELECT MAX(number) + 1, ?, ? FROM key
          """,
        arguments: [key.id, StoreFile.now]
      )
      return count
    }
  }

  /// Takes the digests of messages out of all blocks.
  private func dropDigests(_ database: Database) throws {
    try ScanStore.packBlocks(database) { bytes in
      guard var events = EventBlock.events(in: bytes) else { throw damaged }
      for index in events.indices { events[index].digest = nil }
      return events
    }
  }
}
