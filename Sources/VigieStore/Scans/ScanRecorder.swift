import GRDB
import VigieCore
import VigieCrypto
import VigieJSON
package import VigieReports

/// Writes the events of one run into a store, many in one transaction.
///
/// Whatever the moment at which the process ends, the store holds the first events of the run, whole: where a
/// scan goes on is where they end.
package final class ScanRecorder {
  /// The events that are held back at most.
  static let maxHeldCount = 2_048
  /// How long events are held back at most, milliseconds, where more come.
  static let maxHeldTime = 1_000
  /// The words of each kind whose numbers are remembered; others are looked up.
  static let maxKnownCount = 100_000

  private let store: ScanStore
  private let run: StoredRun
  private var held: [(archive: Int, event: ScanEvent)] = []
  private var heldSince = 0
  private var eventCount: Int
  private var channels: [String: Int64] = [:]
  private var senders: [String: Int64] = [:]
  private var details: [String: Int64] = [:]
  private var tips: [String: Int64] = [:]

  /// A recorder that goes on after the events that are kept of the run.
  package init(_ store: ScanStore, _ run: StoredRun) {
    self.store = store
    self.run = run
    eventCount = run.eventCount
  }

  /// Takes the next event of an archive.
  ///
  /// The last event of an archive is held back until ``finish(archive:end:)``, so that it and the end are
  /// written together.
  package func add(_ event: ScanEvent, archive: Int) throws(StoreFailure) {
    let now = StoreFile.now
    if held.isEmpty { heldSince = now }
    if held.count >= ScanRecorder.maxHeldCount || now - heldSince >= ScanRecorder.maxHeldTime {
      try flush()
      heldSince = now
    }
    held.append((archive, event))
  }

  /// Writes what is held back.
  package func flush() throws(StoreFailure) { try write(ending: nil) }

  /// Writes what is held back and the end of an archive.
  package func finish(archive: Int, end: ArchiveEnd) throws(StoreFailure) {
    try write(ending: (archive, end))
  }

  private func write(ending: (archive: Int, end: ArchiveEnd)?) throws(StoreFailure) {
    if held.isEmpty, ending == nil { return }
    try store.writing { database in
      let writer = try Writer(database)
      for (archive, event) in held {
        eventCount += 1
        let id = run.id * ScanStore.eventsPerRun + Int64(eventCount)
        try write(event, id, Int64(archive), writer)
      }
      try database.execute(
        sql: "UPDATE run SET events = ? WHERE id = ?",
        arguments: [eventCount, run.id]
      )
      if let (archive, end) = ending {
        try database.execute(
          sql: "UPDATE archive SET read = ?, unread = ?, gaps = ? WHERE run = ? AND number = ?",
          arguments: [end.readByteCount, end.unreadByteCount, end.hasGaps, run.id, archive]
        )
      }
    }
    held.removeAll(keepingCapacity: true)
  }
}

// MARK: - Rows

extension ScanRecorder {
  /// The statements of one transaction.
  private struct Writer {
    let database: Database
    let event: Statement
    let finding: Statement
    let gap: Statement
    let place: Statement

    init(_ database: Database) throws {
      self.database = database
      event = try database.cachedStatement(
        sql: """
          INSERT INTO event (id, archive, kind, message, sender, channel, time, stamp, digest, rest,
            word, verdict, level, bytes, observed, override, tip, files, ids, replaces)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      )
      finding = try database.cachedStatement(
        sql: "INSERT INTO finding (event, number, item, detail) VALUES (?, ?, ?, ?)"
      )
      gap = try database.cachedStatement(
        sql: "INSERT INTO gap (event, number, reason, detail) VALUES (?, ?, ?, ?)"
      )
      place = try database.cachedStatement(
        sql: """
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
  }

  private func write(
    _ event: ScanEvent,
    _ id: Int64,
    _ archive: Int64,
    _ writer: Writer
  ) throws {
    switch event {
    case .gap(let gap, let isMessage):
      let kind = isMessage ? StoredEvent.Kind.unreadMessage : .unreadPart
      var values: [(any DatabaseValueConvertible)?] = [id, archive, kind.rawValue]
      values += [(any DatabaseValueConvertible)?](repeating: nil, count: 17)
      try writer.event.execute(arguments: StatementArguments(values))
      try write(gap, 0, id, writer)
    case .message(let message):
      let stored = try write(message, id, archive, writer)
      for (number, gap) in message.review.gaps.enumerated() { try write(gap, number, id, writer) }
      for (number, finding) in message.review.findings.enumerated() {
        try write(finding, number, of: message, stored, id, writer)
      }
    }
  }

  /// What the row of a message and those of its findings share.
  private struct Shared {
    var channel: Int64
    var sender: Int64?
    var time: Int?
    var stamp: String?
    var ids: String?
  }

  private func write(
    _ message: ScannedMessage,
    _ id: Int64,
    _ archive: Int64,
    _ writer: Writer
  ) throws -> Shared {
    let review = message.review
    let time = message.timestamp.flatMap(milliseconds(rfc3339:))
    let isSaid = time.flatMap(rfc3339(milliseconds:)) == message.timestamp
    let shared = Shared(
      channel: try channel(of: message, writer.database),
      sender: try message.sender.map { try sender($0, writer.database) },
      time: time,
      stamp: isSaid ? nil : message.timestamp,
      ids: message.fileIDs.isEmpty ? nil : StoredEvent.json(message.fileIDs)
    )
    let kind = message.isMessage ? StoredEvent.Kind.message : .channel
    let files = message.files
    let counts =
      files.total == 0
      ? nil : "\(files.total) \(files.inspected) \(files.partly) \(files.not)"
    try writer.event.execute(
      arguments: StatementArguments(
        [
          id, archive, kind.rawValue, review.id, shared.sender, shared.channel, shared.time,
          shared.stamp, message.digest?.high, message.digest?.low, message.digest?.word,
          Int64(review.verdict.rawValue), Int64(review.level.rawValue), message.byteCount,
          review.observed.map { Int64($0.rawValue) }, review.mayOverride ? 1 : nil,
          try review.tip.map { try tip($0, writer.database) }, counts, shared.ids,
          message.replaces,
        ] as [(any DatabaseValueConvertible)?]
      )
    )
    return shared
  }

  private func write(
    _ finding: Finding,
    _ number: Int,
    of message: ScannedMessage,
    _ shared: Shared,
    _ id: Int64,
    _ writer: Writer
  ) throws {
    // A store has a key, so that every finding has a fingerprint.
    guard let fingerprint = finding.fingerprint else { throw store.damaged }
    let database = writer.database
    let detail = try detail(StoredEvent.json(finding), database)
    let item = try item(of: finding, fingerprint, database)
    try writer.finding.execute(arguments: [id, number, item, detail])
    try writer.place.execute(
      arguments: StatementArguments(
        [
          item, message.channelID ?? "", message.review.id, StoredEvent.spot(finding),
          shared.channel, shared.sender, shared.time, shared.stamp, message.replaces, shared.ids,
          finding.usage == .applied ? 1 : 0, Int64(message.review.verdict.rawValue), detail,
          message.digest?.high, message.digest?.low, run.id,
        ] as [(any DatabaseValueConvertible)?]
      )
    )
  }

  private func write(_ gap: Gap, _ number: Int, _ id: Int64, _ writer: Writer) throws {
    let detail = try detail(StoredEvent.json(gap), writer.database)
    try writer.gap.execute(arguments: [id, number, gap.reason.rawValue, detail])
  }

  /// The item of a fingerprint; one that was remediated and is found again is open again.
  private func item(
    of finding: Finding,
    _ fingerprint: String,
    _ database: Database
  ) throws -> Int64 {
    let known = try database.cachedStatement(
      sql: "SELECT id, state FROM item WHERE fingerprint = ?"
    )
    guard let row = try Row.fetchOne(known, arguments: [fingerprint]) else {
      try database.cachedStatement(
        sql: """
          INSERT INTO item (fingerprint, rule, scheme, level, masked, state, first, last)
          VALUES (?, ?, ?, ?, ?, ?, ?7, ?7)
          """
      ).execute(
        arguments: [
          fingerprint, finding.rule, finding.scheme, Int64(finding.level.rawValue), finding.masked,
          TriageState.open.rawValue, run.id,
        ]
      )
      return database.lastInsertedRowID
    }
    let id: Int64 = row["id"]
    try database.cachedStatement(
      sql: "UPDATE item SET scheme = ?, level = ?, masked = ?, last = ? WHERE id = ?"
    ).execute(
      arguments: [
        finding.scheme, Int64(finding.level.rawValue), finding.masked, run.id, id,
      ]
    )
    if row["state"] == TriageState.remediated.rawValue {
      try ScanStore.decide(
        Decision(state: .open, who: Decision.scan, why: "found again in run \(run.id)"),
        on: id,
        database
      )
    }
    return id
  }
}

// MARK: - Words that many rows share

extension ScanRecorder {
  private func channel(of message: ScannedMessage, _ database: Database) throws -> Int64 {
    let word = StoredEvent.json([
      message.channelID.map { "=" + $0 } ?? "", message.channelName.map { "=" + $0 } ?? "",
      message.visibility.rawValue,
    ])
    return try ScanRecorder.number(
      of: word,
      in: &channels,
      database,
      find: "SELECT id FROM channel WHERE word = ?",
      add: "INSERT INTO channel (word, source, name, visibility) VALUES (?, ?, ?, ?)",
      [word, message.channelID, message.channelName, message.visibility.rawValue]
    )
  }

  private func sender(_ name: String, _ database: Database) throws -> Int64 {
    try ScanRecorder.number(
      of: name,
      in: &senders,
      database,
      find: "SELECT id FROM sender WHERE name = ?",
      add: "INSERT INTO sender (name) VALUES (?)",
      [name]
    )
  }

  private func tip(_ tip: Tip, _ database: Database) throws -> Int64 {
    let contents = StoredEvent.json(tip)
    return try ScanRecorder.number(
      of: contents,
      in: &tips,
      database,
      find: "SELECT id FROM tip WHERE contents = ?",
      add: "INSERT INTO tip (contents) VALUES (?)",
      [contents]
    )
  }

  private func detail(_ contents: String, _ database: Database) throws -> Int64 {
    if let known = details[contents] { return known }
    let bytes = Digest.rawSHA256(Array(contents.utf8))
    let hash = Int64(bitPattern: bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let find = try database.cachedStatement(
      sql: "SELECT id FROM detail WHERE hash = ? AND contents = ?"
    )
    let id: Int64
    if let known = try Int64.fetchOne(find, arguments: [hash, contents]) {
      id = known
    } else {
      try database.cachedStatement(sql: "INSERT INTO detail (hash, contents) VALUES (?, ?)")
        .execute(arguments: [hash, contents])
      id = database.lastInsertedRowID
    }
    // Details are long: fewer of them are remembered.
    if details.count >= ScanRecorder.maxKnownCount / 20 { details.removeAll() }
    details[contents] = id
    return id
  }

  private static func number(
    of word: String,
    in known: inout [String: Int64],
    _ database: Database,
    find: String,
    add: String,
    _ values: [(any DatabaseValueConvertible)?]
  ) throws -> Int64 {
    if let number = known[word] { return number }
    if known.count >= maxKnownCount { known.removeAll() }
    let found = try Int64.fetchOne(
      database.cachedStatement(sql: find),
      arguments: [word]
    )
    if let found {
      known[word] = found
      return found
    }
    try database.cachedStatement(sql: add).execute(arguments: StatementArguments(values))
    let number = database.lastInsertedRowID
    known[word] = number
    return number
  }
}
