import GRDB
import VigieCore
import VigieCrypto
import VigieReports

/// The statements that write events, in one transaction.
struct EventRows {
  private let database: Database
  private let block: DirectStatement
  private let finding: DirectStatement
  private let gap: DirectStatement
  private let place: DirectStatement

  init(_ database: Database) throws {
    self.database = database
    block = try DirectStatement(
      database,
      "INSERT INTO block (id, archive, data) VALUES (?, ?, ?)"
    )
    finding = try DirectStatement(
      database,
      "INSERT INTO finding (event, number, item, detail) VALUES (?, ?, ?, ?)"
    )
    gap = try DirectStatement(
      database,
      "INSERT INTO gap (event, number, reason, detail) VALUES (?, ?, ?, ?)"
    )
    place = try DirectStatement(
      database,
      """
      INSERT INTO place (item, source, message, spot, channel, sender, time, stamp, replaces,
        ids, usage, verdict, detail, digest, rest, first, last)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?16, ?16)
      ON CONFLICT (item, source, message, spot) DO UPDATE SET channel = excluded.channel,
        sender = excluded.sender, time = excluded.time, stamp = excluded.stamp,
        replaces = excluded.replaces, ids = excluded.ids, usage = excluded.usage,
        verdict = excluded.verdict, detail = excluded.detail, digest = excluded.digest,
        rest = excluded.rest, last = excluded.last, gone = NULL
      """
    )
  }

  /// Adds a block whose first event has an id.
  func add(_ bytes: [UInt8], at id: Int64, archive: Int) throws {
    try block.bind(id, at: 1)
    try block.bind(Int64(archive), at: 2)
    try block.bind(bytes, at: 3)
    try block.run()
  }

  /// Adds a gap of an event.
  func add(_ gap: Gap, _ number: Int, of event: Int64, detail: Int64) throws {
    try self.gap.bind(event, at: 1)
    try self.gap.bind(Int64(number), at: 2)
    try self.gap.bind(gap.reason.rawValue, at: 3)
    try self.gap.bind(detail, at: 4)
    try self.gap.run()
  }

  /// Adds a finding of an event.
  func addFinding(_ number: Int, of event: Int64, item: Int64, detail: Int64) throws {
    for (index, value) in [event, Int64(number), item, detail].enumerated() {
      try finding.bind(value, at: CInt(index + 1))
    }
    try finding.run()
  }

  /// Notes where an item stands.
  func addPlace(
    of finding: Finding,
    item: Int64,
    detail: Int64,
    in source: String,
    _ event: PackedEvent,
    sender: Int64?,
    run: Int64
  ) throws {
    try place.bind(item, at: 1)
    try place.bind(source, at: 2)
    try place.bind(event.message, at: 3)
    try place.bind(StoredEvent.spot(finding), at: 4)
    try place.bind(event.channel, at: 5)
    try place.bind(sender, at: 6)
    try place.bind(event.time.map(Int64.init), at: 7)
    try place.bind(event.stamp, at: 8)
    try place.bind(event.replaces, at: 9)
    try place.bind(event.fileIDs.isEmpty ? nil : StoredEvent.json(event.fileIDs), at: 10)
    try place.bind(finding.usage == .applied ? 1 : 0, at: 11)
    try place.bind(Int64(event.verdict), at: 12)
    try place.bind(detail, at: 13)
    try place.bind(event.digest?.high, at: 14)
    try place.bind(event.digest?.low, at: 15)
    try place.bind(run, at: 16)
    try place.run()
  }

  /// The item of a fingerprint; one that was remediated and is found again is open again.
  func item(of finding: Finding, _ fingerprint: String, run: Int64) throws -> Int64 {
    let known = try DirectStatement(database, "SELECT id, state FROM item WHERE fingerprint = ?")
    try known.bind(fingerprint, at: 1)
    guard try known.next() else {
      let add = try DirectStatement(
        database,
        """
        INSERT INTO item (fingerprint, rule, scheme, level, masked, state, first, last)
        VALUES (?, ?, ?, ?, ?, ?, ?7, ?7)
        """
      )
      try add.bind(fingerprint, at: 1)
      try add.bind(finding.rule, at: 2)
      try add.bind(finding.scheme, at: 3)
      try add.bind(Int64(finding.level.rawValue), at: 4)
      try add.bind(finding.masked, at: 5)
      try add.bind(TriageState.open.rawValue, at: 6)
      try add.bind(run, at: 7)
      try add.run()
      return database.lastInsertedRowID
    }
    let id = known.number(0)
    let state = known.text(1)
    known.reset()
    let update = try DirectStatement(
      database,
      "UPDATE item SET scheme = ?, level = ?, masked = ?, last = ? WHERE id = ?"
    )
    try update.bind(finding.scheme, at: 1)
    try update.bind(Int64(finding.level.rawValue), at: 2)
    try update.bind(finding.masked, at: 3)
    try update.bind(run, at: 4)
    try update.bind(id, at: 5)
    try update.run()
    if state == TriageState.remediated.rawValue {
      try ScanStore.decide(
        Decision(state: .open, who: Decision.scan, why: "found again in run \(run)"),
        on: id,
        database
      )
    }
    return id
  }

  /// The number of a detail, which is added where it is new.
  func detail(_ contents: String) throws -> Int64 {
    let bytes = Digest.rawSHA256(Array(contents.utf8))
    let hash = Int64(bitPattern: bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let find = try DirectStatement(
      database,
      "SELECT id FROM detail WHERE hash = ? AND contents = ?"
    )
    try find.bind(hash, at: 1)
    try find.bind(contents, at: 2)
    defer { find.reset() }
    if try find.next() { return find.number(0) }
    let add = try DirectStatement(database, "INSERT INTO detail (hash, contents) VALUES (?, ?)")
    try add.bind(hash, at: 1)
    try add.bind(contents, at: 2)
    try add.run()
    return database.lastInsertedRowID
  }

  /// The number of a row of words, which is added where it is new; the first word is what finds it.
  func number(find: String, add: String, _ words: [String?]) throws -> Int64 {
    let insert = try DirectStatement(database, add)
    for (index, word) in words.enumerated() { try insert.bind(word, at: CInt(index + 1)) }
    if try insert.run() > 0 { return database.lastInsertedRowID }
    let known = try DirectStatement(database, find)
    try known.bind(words[0], at: 1)
    defer { known.reset() }
    guard try known.next() else {
      // SQLite said that the word is there.
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return known.number(0)
  }
}
