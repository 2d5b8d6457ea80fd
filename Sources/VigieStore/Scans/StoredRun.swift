import GRDB
package import VigieReports

/// What a scan is, before it starts.
package struct RunDescription: Sendable, Equatable {
  /// An archive of a scan.
  package struct Archive: Sendable, Equatable {
    /// The path as the operator gave it.
    package var path: String
    /// The name of the format.
    package var format: String
    /// Its size in bytes, unpacked.
    package var byteCount: Int
    /// What tells these bytes from others: a digest of path, sizes and times of change.
    package var identity: String
    /// When any of it was changed last, milliseconds since 1970.
    package var modified: Int

    /// A value from its parts.
    package init(path: String, format: String, byteCount: Int, identity: String, modified: Int) {
      self.path = path
      self.format = format
      self.byteCount = byteCount
      self.identity = identity
      self.modified = modified
    }
  }

  /// The archives, in the order in which they are scanned.
  package var archives: [Archive]
  /// The id of the rules.
  package var ruleset: String
  /// The name of the policy.
  package var policy: String
  /// The rules in full; `nil` of runs that were begun before that was kept.
  package var applied: AppliedRules?
  /// What the findings rest on: runs on the same basis find the same in the same messages.
  package var basis: String
  /// Whether that is all there is: where documents could not be read, it is not.
  package var isLasting: Bool

  /// A value from its parts.
  package init(
    archives: [Archive],
    ruleset: String,
    policy: String,
    basis: String,
    isLasting: Bool
  ) {
    self.archives = archives
    self.ruleset = ruleset
    self.policy = policy
    self.basis = basis
    self.isLasting = isLasting
  }

  /// What reports say of it.
  package var forReports: ScanDescription {
    var scan = ScanDescription(
      archives: archives.map { .init(path: $0.path, format: $0.format, byteCount: $0.byteCount) },
      ruleset: ruleset,
      policy: policy
    )
    scan.applied = applied
    return scan
  }
}

/// The bytes of an archive that belong to no message, and what it holds, known at its end.
package struct ArchiveEnd: Sendable, Equatable {
  /// Those that were read, such as braces between messages.
  package var readByteCount: Int
  /// Those that were not.
  package var unreadByteCount: Int
  /// Whether some of those read could not be made sense of.
  package var hasGaps: Bool
  /// What it proved to hold; `nil` of scans that were kept before that was.
  package var contents: ArchiveContents?

  /// A value from its parts.
  package init(
    readByteCount: Int,
    unreadByteCount: Int,
    hasGaps: Bool,
    contents: ArchiveContents? = nil
  ) {
    self.readByteCount = readByteCount
    self.unreadByteCount = unreadByteCount
    self.hasGaps = hasGaps
    self.contents = contents
  }
}

/// A scan that is kept.
package struct StoredRun: Sendable, Equatable {
  /// Its number.
  package var id: Int64
  /// What it scans.
  package var description: RunDescription
  /// When it began, milliseconds since 1970.
  package var started: Int
  /// When it ended; `nil` while it has not.
  package var ended: Int?
  /// The messages whose findings were taken from an earlier run.
  package var reusedCount: Int
  /// The events that are kept.
  package var eventCount: Int
  /// The ends of its archives; `nil` for those that are not read to their end.
  package var ends: [ArchiveEnd?]
}

extension ScanStore {
  /// The runs, the oldest first.
  package func runs() throws(StoreFailure) -> [StoredRun] {
    try reading { database in
      try Row.fetchAll(database, sql: "SELECT * FROM run ORDER BY id").map {
        try ScanStore.run($0, database)
      }
    }
  }

  /// A run by its number, or `nil` where there is none.
  package func run(_ id: Int64) throws(StoreFailure) -> StoredRun? {
    try reading { database in
      try Row.fetchOne(database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map {
        try ScanStore.run($0, database)
      }
    }
  }

  /// The latest run that ended, or `nil` where there is none.
  package func latestEndedRun() throws(StoreFailure) -> StoredRun? {
    try latest(where: "ended IS NOT NULL")
  }

  /// The latest run, where it did not end.
  package func latestUnendedRun() throws(StoreFailure) -> StoredRun? {
    try latest(where: "ended IS NULL AND id = (SELECT MAX(id) FROM run)")
  }

  private func latest(where condition: String) throws(StoreFailure) -> StoredRun? {
    try reading { database in
      try Row.fetchOne(
        database,
        sql: "SELECT * FROM run WHERE \(condition) ORDER BY id DESC LIMIT 1"
      ).map { try ScanStore.run($0, database) }
    }
  }

  /// Begins a run.
  package func begin(_ description: RunDescription) throws(StoreFailure) -> StoredRun {
    let id = try writing { database in
      try database.execute(
        sql: """
          INSERT INTO run (started, ruleset, policy, basis, lasting, rules)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          StoreFile.now, description.ruleset, description.policy, description.basis,
          description.isLasting, description.applied?.json,
        ]
      )
      let id = database.lastInsertedRowID
      for (number, archive) in description.archives.enumerated() {
        try database.execute(
          sql: """
            INSERT INTO archive (run, number, path, format, bytes, identity, modified)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, number, archive.path, archive.format, archive.byteCount, archive.identity,
            archive.modified,
          ]
        )
      }
      return id
    }
    guard let run = try run(id) else { throw damaged }
    return run
  }

  /// The numbers of bytes that are believed: a file that somebody else wrote is damaged rather than a sum too large.
  static let byteCounts = 0...(1 << 50)

  private static func run(_ row: Row, _ database: Database) throws -> StoredRun {
    let id = try row.decode(Int64.self, forColumn: "id")
    let eventCount = try row.decode(Int.self, forColumn: "events")
    // The ids of its events are made of both.
    guard (0..<(try eventIDs(of: id)).count).contains(eventCount) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    let archives = try Row.fetchAll(
      database,
      sql: "SELECT * FROM archive WHERE run = ? ORDER BY number",
      arguments: [id]
    )
    var description = RunDescription(
      archives: try archives.map { archive in
        RunDescription.Archive(
          path: try archive.decode(forColumn: "path"),
          format: try archive.decode(forColumn: "format"),
          byteCount: try byteCount(archive, "bytes"),
          identity: try archive.decode(forColumn: "identity"),
          modified: try archive.decode(forColumn: "modified")
        )
      },
      ruleset: try row.decode(forColumn: "ruleset"),
      policy: try row.decode(forColumn: "policy"),
      basis: try row.decode(forColumn: "basis"),
      isLasting: try row.decode(forColumn: "lasting")
    )
    description.applied = try row.decode(String?.self, forColumn: "rules").map { text in
      guard let applied = AppliedRules(json: text) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      return applied
    }
    return StoredRun(
      id: id,
      description: description,
      started: try row.decode(forColumn: "started"),
      ended: try row.decode(forColumn: "ended"),
      reusedCount: try row.decode(forColumn: "reused"),
      eventCount: eventCount,
      ends: try archives.map { archive in
        guard try archive.decode(Int?.self, forColumn: "read") != nil else { return nil }
        return ArchiveEnd(
          readByteCount: try byteCount(archive, "read"),
          unreadByteCount: try byteCount(archive, "unread"),
          hasGaps: try archive.decode(forColumn: "gaps"),
          contents: try contents(archive)
        )
      }
    )
  }

  private static func contents(_ row: Row) throws -> ArchiveContents? {
    guard let text = try row.decode(String?.self, forColumn: "exports") else { return nil }
    guard let exports = ArchiveContents.exports(json: text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    var contents = ArchiveContents(exports: exports, byteCount: try byteCount(row, "size"))
    guard let digest = try row.decode(String?.self, forColumn: "sha256") else { return contents }
    let fileCount = try row.decode(Int?.self, forColumn: "files")
    contents.seal = ArchiveSeal(
      sha256: digest,
      byteCount: try byteCount(row, "disk"),
      fileCount: try fileCount.map { _ in try byteCount(row, "files") }
    )
    return contents
  }

  private static func byteCount(_ row: Row, _ column: String) throws -> Int {
    let count = try row.decode(Int.self, forColumn: column)
    guard byteCounts.contains(count) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return count
  }
}
