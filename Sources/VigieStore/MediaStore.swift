import GRDB
import Synchronization
public import VigieCore

/// Keeps in one file what was found in uploads until messages post them.
///
/// A file of SQLite (mode 0600, with its `-wal` and `-shm` beside it) that several processes may share. It
/// holds findings and gaps under the digest of the bytes, and which upload holds which bytes: no text, no
/// name that a sender gave a file. What nobody asked for the longest goes first.
public final class MediaStore: MediaMemory {
  /// The most bases on which the same bytes are kept: the rules in use and those before, or a partial one.
  private static let basisCount = 2
  /// How long a call waits for another process that writes, seconds.
  private static let busyTimeout = 0.1

  private let path: String
  private let maxCount: Int
  /// So many writes may pass until what is too much is removed; room for them is kept.
  private let slack: Int
  private let pool: DatabasePool
  private let writesSinceTidying: Mutex<Int>

  /// Opens a store, or makes a new one.
  ///
  /// - Parameters:
  ///   - path: The file; its directory must exist.
  ///   - maxCount: The most uploads that are kept.
  ///   - maxByteCount: The most bytes of the file; where they are used up, the oldest eighth of the uploads goes.
  /// - Throws: ``MediaStoreFailure`` where the file is not private, damaged, locked, or not one of ours.
  public init(
    path: String,
    maxCount: Int = 200_000,
    maxByteCount: Int = 1 << 30
  ) throws(MediaStoreFailure) {
    self.path = path
    self.maxCount = max(1, maxCount)
    slack = self.maxCount / 64
    writesSinceTidying = Mutex(slack)
    try StoreFile.makePrivate(path)
    do {
      var configuration = Configuration()
      configuration.label = "vigie.media"
      configuration.busyMode = .timeout(MediaStore.busyTimeout)
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
        if database.configuration.readonly { return }
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        // What an empty store needs must fit.
        let pageCount = max(32, maxByteCount / pageSize)
        _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pageCount)")
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      if try pool.read(MediaStore.migrator.hasBeenSuperseded) {
        throw StoreFile.superseded(
          path,
          mend: "use that version, or move the file away: a new one is made"
        )
      }
      try StoreFile.migrate(pool, by: MediaStore.migrator)
    } catch let failure as MediaStoreFailure {
      throw failure
    } catch {
      throw MediaStore.failure(error, path)
    }
  }

  /// Closes the file; what is asked afterwards fails.
  public func close() throws {
    // The file alone then holds everything. Where another process reads it that cannot be; who opens it next
    // reads what is left from its `-wal`.
    _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try pool.close()
  }

  /// How many uploads are kept.
  public func count() throws -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM media") ?? 0 }
  }

  // MARK: - Media memory

  /// What is kept of an upload: on this basis, else the latest on another one.
  ///
  /// - Throws: ``MediaStoreFailure`` where the file cannot be read.
  public func inspection(of id: String, on basis: String) throws -> MediaInspection? {
    let row = try reading { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT inspection.basis, inspection.contents, media.seen,
            (SELECT MAX(seen) FROM media) AS latest
          FROM media JOIN inspection ON inspection.sha256 = media.sha256
          WHERE media.id = ?
          ORDER BY inspection.basis = ? DESC, inspection.kept DESC LIMIT 1
          """,
        arguments: [id, basis]
      )
      return try row.map { row in
        (
          basis: try row.decode(String.self, forColumn: "basis"),
          contents: try row.decode(String.self, forColumn: "contents"),
          seen: try row.decode(Int.self, forColumn: "seen"),
          latest: try row.decode(Int.self, forColumn: "latest")
        )
      }
    }
    guard let row else { return nil }
    let found = try inspection(row.basis, row.contents)
    let (age, isAbsurd) = row.latest.subtractingReportingOverflow(row.seen)
    if isAbsurd || age > maxCount / 8 { touch(id) }
    return found
  }

  /// What is kept of the same bytes on this basis, whoever uploaded them; the id is known from then on.
  ///
  /// - Throws: ``MediaStoreFailure`` where the file cannot be read or written.
  public func inspection(
    ofContent digest: String,
    as id: String,
    on basis: String
  ) throws -> MediaInspection? {
    let contents = try reading { database in
      try String.fetchOne(
        database,
        sql: "SELECT contents FROM inspection WHERE sha256 = ? AND basis = ?",
        arguments: [digest, basis]
      )
    }
    guard let contents else { return nil }
    let found = try inspection(basis, contents)
    try writing { try MediaStore.link(id, to: digest, $0) }
    return found
  }

  /// Keeps an inspection under the bytes and the id; one on the same basis is replaced.
  ///
  /// An inspection with a gap that passes with time is not kept.
  ///
  /// - Throws: ``MediaStoreFailure`` where the file cannot be written.
  public func keep(
    _ inspection: MediaInspection,
    of id: String,
    content digest: String,
    byteCount: Int
  ) throws {
    if inspection.gaps.contains(where: \.reason.isTransient) { return }
    let contents = inspection.json
    let milliseconds = StoreFile.now
    try writing { database in
      let kept = try MediaStore.link(id, to: digest, database)
      try database.execute(
        sql: """
          INSERT INTO inspection (sha256, basis, kept, time, bytes, contents)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (sha256, basis) DO UPDATE SET
            kept = excluded.kept, time = excluded.time, contents = excluded.contents
          """,
        arguments: [digest, inspection.basis, kept, milliseconds, byteCount, contents]
      )
      try database.execute(
        sql: """
          DELETE FROM inspection WHERE sha256 = ?1 AND basis NOT IN (
            SELECT basis FROM inspection WHERE sha256 = ?1 ORDER BY kept DESC LIMIT ?2)
          """,
        arguments: [digest, MediaStore.basisCount]
      )
    }
  }
}

// MARK: - The file

extension MediaStore {
  private static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE media (
            id TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, seen INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX media_sha256 ON media (sha256);
          CREATE INDEX media_seen ON media (seen);
          CREATE TABLE inspection (
            sha256 TEXT NOT NULL, basis TEXT NOT NULL, kept INTEGER NOT NULL, time INTEGER NOT NULL,
            bytes INTEGER NOT NULL, contents TEXT NOT NULL, PRIMARY KEY (sha256, basis)
          );
          """
      )
    }
    return migrator
  }()

  /// Writes which bytes an upload holds, as the latest seen.
  ///
  /// - Returns: The number of this moment in the order of all of them.
  @discardableResult
  private static func link(_ id: String, to digest: String, _ database: Database) throws -> Int {
    let now = try next(database)
    try database.execute(
      sql: """
        INSERT INTO media (id, sha256, seen) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, seen = excluded.seen
        """,
      arguments: [id, digest, now]
    )
    return now
  }

  /// The number after the latest: the order of the uploads must not hang on the clock of the machine.
  private static func next(_ database: Database) throws -> Int {
    let latest = try Int.fetchOne(database, sql: "SELECT MAX(seen) FROM media") ?? 0
    guard latest < Int.max else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return latest + 1
  }

  /// Notes that an upload was asked for.
  ///
  /// That it cannot be noted, on a full disk, is no reason to keep back what was read: the upload only
  /// goes sooner than it should.
  private func touch(_ id: String) {
    try? pool.write { database in
      let now = try MediaStore.next(database)
      try database.execute(
        sql: "UPDATE media SET seen = ? WHERE id = ?",
        arguments: [now, id]
      )
    }
  }

  private func inspection(_ basis: String, _ contents: String) throws -> MediaInspection {
    guard let inspection = MediaInspection(basis: basis, json: contents) else {
      throw MediaStore.damaged(path)
    }
    return inspection
  }

  private func reading<Value>(_ read: (Database) throws -> Value) throws -> Value {
    do { return try pool.read(read) } catch { throw MediaStore.failure(error, path) }
  }

  /// Writes in one transaction; where the file may not grow any more, makes room once.
  private func writing(_ write: (Database) throws -> Void) throws {
    do {
      do {
        try pool.write(write)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
        try pool.write { database in
          let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM media") ?? 0
          try MediaStore.remove(count / 8 + 1, database)
        }
        try pool.write(write)
      }
      try tidy()
    } catch {
      throw MediaStore.failure(error, path)
    }
  }

  /// Removes what is too much, once in a while: counting looks at every upload.
  private func tidy() throws {
    let isDue = writesSinceTidying.withLock { count in
      count += 1
      if count <= slack { return false }
      count = 0
      return true
    }
    guard isDue else { return }
    try pool.write { database in
      let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM media") ?? 0
      try MediaStore.remove(max(0, count - (maxCount - slack)), database)
    }
  }

  /// Removes the uploads that nobody asked for the longest, and what no upload holds any more.
  private static func remove(_ count: Int, _ database: Database) throws {
    if count > 0 {
      try database.execute(
        sql: "DELETE FROM media WHERE id IN (SELECT id FROM media ORDER BY seen LIMIT ?)",
        arguments: [count]
      )
    }
    try database.execute(
      sql: """
        DELETE FROM inspection WHERE NOT EXISTS (
          SELECT 1 FROM media WHERE media.sha256 = inspection.sha256)
        """
    )
  }

  private static func damaged(_ path: String) -> MediaStoreFailure {
    MediaStoreFailure(
      path: path,
      reason: "is damaged, or no store of media",
      mend: "move it away with its -wal and -shm: a new one is made, and files are inspected again"
    )
  }

  /// What went wrong in SQLite, without any value that was to be written.
  private static func failure(_ error: any Error, _ path: String) -> MediaStoreFailure {
    StoreFile.failure(error, path, ifDamaged: damaged(path))
  }
}
