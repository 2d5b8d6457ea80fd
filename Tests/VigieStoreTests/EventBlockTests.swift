import Foundation
import GRDB
import TestSupport
import Testing
import VigieCore
import VigieCrypto
import VigieReports
import VigieStore

@Suite("Scan store: blocks of events")
struct EventBlockTests {
  private let fixture: ScanFixture

  init() throws { fixture = try ScanFixture() }

  /// Messages of several channels, some with findings, gaps, edits, files or odd times.
  static func events(_ count: Int) -> [ScanEvent] {
    let gap = Gap(place: Place(part: .body, role: .bodyText), reason: .encrypted, detail: "no key")
    return (0..<count).map { number in
      if number % 97 == 96 { return .gap(gap, isMessage: number % 2 == 0) }
      let event = ScanFixture.message(
        "message-\(number)",
        channel: "c\(number % 3)",
        minute: number % 60,
        findings: number % 50 == 7 ? [ScanFixture.finding("w\(number % 4)")] : [],
        gaps: number % 40 == 3 ? [gap] : [],
        says: Int64(number / 2),
        replaces: number % 30 == 1 ? "message-\(number - 1)" : nil,
        files: number % 20 == 5 ? ["mxc://x/\(number)"] : []
      )
      guard case .message(var message) = event else { return event }
      message.sender = number % 11 == 0 ? nil : "@s\(number % 13):example.org"
      message.timestamp =
        ["2026-02-28T10:00:00.5+02:00", "2026-02-28T23:59:59.001Z", nil][number % 3]
      return .message(message)
    }
  }

  @Test("give back every event as it was, over many blocks")
  func roundTrip() throws {
    let events = EventBlockTests.events(2_000)
    let store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(events, in: store).run
    var kept: [String] = []
    try store.forEachEvent(of: run) { kept.append(ScanFixture.text($0.event)) }
    #expect(kept == events.map(ScanFixture.text))
  }

  @Test("hold a message of which there is nothing to say as they hold its event")
  func cleared() throws {
    var events = EventPacker()
    var messages = EventPacker()
    for number in 0..<300 {
      let channel = Channel(id: "c\(number / 50 % 3)", name: "Salon", visibility: .private)
      var message = Message(
        id: "$message-\(number)",
        body: "hello",
        sender: number % 7 == 0 ? nil : "@s\(number % 90):example.org",
        timestamp: ["2026-02-28T10:00:00.5+02:00", "2026-02-28T23:59:59.001Z", nil][number % 3],
        channel: number % 100 < 50 ? channel : nil,
        replaces: number % 30 == 1 ? "$message-\(number - 1)" : nil
      )
      if number % 5 == 0 { message.time = MessageTime(milliseconds: number * 977 - 50_000) }
      let digest = ContentDigest(high: Int64(number), low: -7, context: Int64(number / 50))
      let isMessage = number % 4 != 0
      let review = Review(id: message.id, verdict: .allow, level: .public, ruleset: "r")
      var event = ScannedMessage(message, review, byteCount: number * 3, isMessage: isMessage)
      event.digest = digest
      events.add(event)
      messages.turn(to: message.channel, context: digest.context)
      messages.add(cleared: message, digest, byteCount: number * 3, isMessage: isMessage)
    }
    var blocks: [Data] = []
    for (name, block) in [("events", events.take()), ("messages", messages.take())] {
      let path = fixture.directory.path + "/" + name
      let store = try ScanStore(path: path)
      let run = try store.begin(ScanFixture.description())
      let recorder = ScanRecorder(store, run)
      try recorder.add(block, archive: 0)
      try recorder.flush()
      try store.close()
      let data = try DatabaseQueue(path: path).read {
        try Data.fetchOne($0, sql: "SELECT data FROM block")
      }
      blocks.append(try #require(data))
    }
    #expect(blocks[0] == blocks[1])
  }

  @Test("keep names apart that Unicode calls the same")
  func exactNames() throws {
    let names = ["@caf\u{E9}:x", "@cafe\u{301}:x", "@CAF\u{C9}:x", ""]
    let events = (0..<400).map { number in
      let event = ScanFixture.message("m\(number)", channel: "c", minute: 1, says: 1)
      guard case .message(var message) = event else { return event }
      message.sender = number < 100 ? names[number % names.count] : "@n\(number):x"
      return ScanEvent.message(message)
    }
    let store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(events, in: store).run
    var senders: [[UInt8]] = []
    try store.forEachEvent(of: run) {
      guard case .message(let message) = $0.event else { return }
      senders.append(Array((message.sender ?? "-").utf8))
    }
    let expected = events.map { event -> [UInt8] in
      guard case .message(let message) = event else { return [] }
      return Array((message.sender ?? "-").utf8)
    }
    #expect(senders == expected)
  }

  @Test("whose bytes are not as they were written are damaged, whichever byte it is")
  func damaged() throws {
    let store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(EventBlockTests.events(40), in: store).run
    try store.close()
    let writer = try DatabaseQueue(path: fixture.path)
    let whole = try #require(
      try writer.read { try Data.fetchOne($0, sql: "SELECT data FROM block") }
    )
    for index in [0, 8, 9, 20, whole.count / 2, whole.count - 1, whole.count] {
      var bytes = whole
      if index < whole.count { bytes[index] ^= 1 } else { bytes.removeLast() }
      try writer.write { try $0.execute(sql: "UPDATE block SET data = ?", arguments: [bytes]) }
      let failure = #expect(throws: StoreFailure.self, "byte \(index)") {
        try ScanStore(path: fixture.path).forEachEvent(of: run) { _ in }
      }
      #expect(failure?.reason == "is damaged, or no store of scans")
    }
  }

  @Test("are found by what messages say, where one of many in the table stands beside them")
  func recollection() throws {
    let events = EventBlockTests.events(2_000)
    let store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(events, in: store).run
    let messages = events.map { event -> Recalling? in
      guard case .message(let message) = event, let digest = message.digest else { return nil }
      return Recalling(digest: digest, sender: message.sender, isDear: false)
    }
    for limit in [Recollection.maxCount, 200] {
      let recollection = try store.recollection(of: [run.id], limit: limit)
      var found = 0
      for start in stride(from: 0, to: events.count, by: 500) {
        let reviews = try store.reviews(
          of: Array(messages[start..<start + 500]),
          in: recollection
        )
        for (index, review) in reviews.enumerated() {
          guard case .message(let message) = events[start + index], let review else { continue }
          found += 1
          #expect(review.findings == message.review.findings)
          #expect(review.gaps == message.review.gaps)
          #expect(review.verdict == message.review.verdict)
        }
      }
      // Of a block of which a call asks for a few messages none may be in a small table.
      let all = messages.count { $0 != nil }
      #expect(found == all || limit < all && found > all * 9 / 10, "\(limit)")
    }
    let recollection = try store.recollection(of: [run.id])
    guard var other = messages[0] else { throw StoreFailure(path: "", reason: "", mend: "") }
    #expect(try store.reviews(of: [other], in: recollection)[0] != nil)
    other.sender = "@somebody:example.org"
    #expect(try store.reviews(of: [other], in: recollection)[0] == nil)
    #expect(try store.recollection(of: []).isEmpty)
  }
}

@Suite("Scan store: of an earlier version")
struct StoreMigrationTests {
  /// The tables that the migration changes, as the version before it made them.
  private static let tables = """
    CREATE TABLE event (
      id INTEGER NOT NULL PRIMARY KEY, archive INTEGER NOT NULL, kind INTEGER NOT NULL,
      message TEXT, sender INTEGER, channel INTEGER, time INTEGER, stamp TEXT,
      digest INTEGER, rest INTEGER, word INTEGER, verdict INTEGER, level INTEGER, bytes INTEGER,
      observed INTEGER, override INTEGER, tip INTEGER, files TEXT, ids TEXT, replaces TEXT
    );
    CREATE INDEX event_word ON event (word) WHERE word IS NOT NULL;
    CREATE INDEX event_replaces ON event (replaces) WHERE replaces IS NOT NULL;
    DROP TABLE block;
    DELETE FROM grdb_migrations WHERE identifier IN ('scans-2', 'scans-3');
    """

  @Test("keeps every event, finding and decision")
  func events() throws {
    let fixture = try ScanFixture()
    let events = EventBlockTests.events(1_300)
    var store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(events, in: store).run
    var items: [Int64] = []
    try store.forEachItem(matching: FindingFilter()) { item, _ in items.append(item.id) }
    try store.decide(Decision(state: .falseAlarm, who: "anne", why: "no"), on: items)
    try store.close()
    let old = try DatabaseQueue(path: fixture.path)
    try old.write { database in
      try database.execute(sql: StoreMigrationTests.tables)
      for (index, event) in events.enumerated() {
        let id = run.id << 40 + Int64(index + 1)
        guard case .message(let message) = event else {
          guard case .gap(_, let isMessage) = event else { return }
          try database.execute(
            sql: "INSERT INTO event (id, archive, kind) VALUES (?, 0, ?)",
            arguments: [id, isMessage ? 2 : 3]
          )
          continue
        }
        let time = message.timestamp.flatMap(milliseconds(rfc3339:))
        let files = try JSONEncoder().encode(message.fileIDs)
        try database.execute(
          sql: "INSERT INTO sender (name) VALUES (?) ON CONFLICT DO NOTHING",
          arguments: [message.sender ?? "nobody"]
        )
        try database.execute(
          sql: """
            INSERT INTO event VALUES (:id, 0, 0, :message,
              (SELECT id FROM sender WHERE name = :sender),
              (SELECT id FROM channel WHERE source = :channel), :time, :stamp, :digest, :rest,
              :word, :verdict, :level, :bytes, :observed, :override,
              (SELECT id FROM tip WHERE :override), NULL, :ids, :replaces)
            """,
          arguments: [
            "id": id, "message": message.review.id, "sender": message.sender,
            "channel": message.channelID, "time": time,
            "stamp": time.flatMap(rfc3339(milliseconds:)) == message.timestamp
              ? nil : message.timestamp,
            "digest": message.digest?.high, "rest": message.digest?.low,
            "word": message.digest.map { $0.high ^ $0.context },
            "verdict": Int(message.review.verdict.rawValue),
            "level": Int(message.review.level.rawValue), "bytes": message.byteCount,
            "observed": message.review.observed.map { Int($0.rawValue) },
            "override": message.review.mayOverride ? 1 : nil,
            "ids": message.fileIDs.isEmpty
              ? nil
              : String(decoding: files, as: UTF8.self)
                .replacingOccurrences(of: "\\/", with: "/"),
            "replaces": message.replaces,
          ]
        )
      }
    }
    try old.close()
    store = try ScanStore(path: fixture.path)
    var kept: [String] = []
    try store.forEachEvent(of: run) { kept.append(ScanFixture.text($0.event)) }
    #expect(kept == events.map(ScanFixture.text))
    #expect(try store.runs() == [run])
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      #expect(item.state == .falseAlarm)
      #expect(item.decisions.map(\.decision.who) == ["anne"])
    }
    let changes = try ScanFixture.record(events, in: store).changes
    #expect(changes == RunChanges(itemCount: 2, baselineCount: 2))
  }
  @Test("with numbers for senders gets their names, and forgets those of no finding")
  func namedSenders() throws {
    let fixture = try ScanFixture()
    let events = EventBlockTests.events(1_300)
    var store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(events, in: store).run
    try store.close()
    let old = try DatabaseQueue(path: fixture.path)
    let kept = try old.write { database in
      let kept = try String.fetchSet(database, sql: "SELECT name FROM sender")
      for row in try Row.fetchAll(database, sql: "SELECT id, data FROM block") {
        let data = try StoreMigrationTests.numbered(row["data"], database)
        try database.execute(
          sql: "UPDATE block SET data = ? WHERE id = ?",
          arguments: [data, row["id"] as Int64]
        )
      }
      try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'scans-3'")
      try database.execute(sql: "INSERT INTO sender (name) VALUES ('@of-no-finding:x')")
      return kept
    }
    try old.close()
    store = try ScanStore(path: fixture.path)
    var texts: [String] = []
    try store.forEachEvent(of: run) { texts.append(ScanFixture.text($0.event)) }
    #expect(texts == events.map(ScanFixture.text))
    try store.close()
    let names = try DatabaseQueue(path: fixture.path).read {
      try String.fetchSet($0, sql: "SELECT name FROM sender")
    }
    #expect(names == kept)
  }

  /// A block as version 1 wrote it: numbers of the table `sender` in place of names.
  ///
  /// Lists are short enough for numbers of one byte.
  private static func numbered(_ block: Data, _ database: Database) throws -> Data {
    let bytes = [UInt8](block)
    var place = 9
    let count = Int(bytes[place])
    var numbers: [UInt8] = [bytes[place]]
    place += 1
    for _ in 0..<count {
      let end = place + 1 + Int(bytes[place])
      let name = String(decoding: bytes[place + 1..<end], as: UTF8.self)
      place = end
      try database.execute(
        sql: "INSERT INTO sender (name) VALUES (?) ON CONFLICT DO NOTHING",
        arguments: [name]
      )
      let id = try Int.fetchOne(
        database,
        sql: "SELECT id FROM sender WHERE name = ?",
        arguments: [name]
      )
      numbers.append(UInt8(try #require(id)))
    }
    let rest = [1] + numbers + bytes[place...]
    return Data(Digest.rawSHA256(rest)[..<8] + rest)
  }
}
