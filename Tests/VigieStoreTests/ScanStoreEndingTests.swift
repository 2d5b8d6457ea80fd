import Foundation
import GRDB
import TestSupport
import Testing
import VigieCore
import VigieCrypto
import VigieReports
import VigieStore

@Suite("Scan store: what a scan closes")
struct ScanStoreEndingTests {
  private let fixture: ScanFixture
  private let store: ScanStore
  private let marked = ScanFixture.message("m5", minute: 5, findings: [ScanFixture.finding("a")])
  private let before = ScanFixture.message("m1", minute: 1, says: 2)
  private let after = ScanFixture.message("m9", minute: 9, says: 3)

  init() throws {
    fixture = try ScanFixture()
    store = try ScanStore(path: fixture.path)
  }

  private func state() throws -> TriageState? {
    try ScanFixture.states(of: ["a"], in: store)[0]
  }

  @Test("a message that is there and says something else is redacted")
  func redacted() throws {
    try ScanFixture.record([before, marked, after], in: store)
    let redacted = ScanFixture.message("m5", minute: 5, says: 66)
    let changes = try ScanFixture.record(
      [before, redacted, after],
      in: store,
      ScanFixture.description(modified: 2)
    ).changes
    #expect(changes.closedCount == 1)
    #expect(try state() == .remediated)
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      #expect(item.decisions.last?.decision.who == "scan")
      #expect((item.placeCount, item.presentCount) == (1, 0))
    }
    // Posted again, it is open again.
    try ScanFixture.record([before, marked], in: store)
    #expect(try state() == .open)
  }

  @Test("other rules over the same message close nothing, nor does one with a gap")
  func sameContent() throws {
    try ScanFixture.record([before, marked, after], in: store)
    let unfound = ScanFixture.message("m5", minute: 5)
    try ScanFixture.record(
      [before, unfound, after],
      in: store,
      ScanFixture.description(modified: 2, ruleset: "others", basis: "others")
    )
    #expect(try state() == .open)
    let gap = Gap(place: .body, reason: .encrypted, detail: "no key")
    let unread = ScanFixture.message("m5", minute: 5, gaps: [gap], says: 66)
    try ScanFixture.record([before, unread, after], in: store)
    #expect(try state() == .open)
  }

  @Test("a message that is gone from the middle of its channel is gone")
  func gone() throws {
    try ScanFixture.record([before, marked, after], in: store)
    try ScanFixture.record([before, after], in: store)
    #expect(try state() == .remediated)
  }

  @Test("the last message of a channel is gone only where the archive was changed later")
  func lastOfChannel() throws {
    try ScanFixture.record([before, marked], in: store)
    try ScanFixture.record([before], in: store)
    #expect(try state() == .open)
    try ScanFixture.record([before], in: store, ScanFixture.description(modified: 2))
    #expect(try state() == .remediated)
  }

  @Test("an export of another channel, of a part of it, or cut short closes nothing")
  func incomplete() throws {
    try ScanFixture.record([before, marked, after], in: store)
    let later = ScanFixture.description(modified: 2)
    try ScanFixture.record([ScanFixture.message("x", channel: "c2")], in: store, later)
    #expect(try state() == .open)
    try ScanFixture.record([after], in: store, later)
    #expect(try state() == .open)
    try ScanFixture.record([before], in: store, later)
    #expect(try state() == .open)
    for end in [
      ArchiveEnd(readByteCount: 0, unreadByteCount: 5, hasGaps: false),
      ArchiveEnd(readByteCount: 0, unreadByteCount: 0, hasGaps: true),
    ] {
      try ScanFixture.record([before, after], in: store, later, end: end)
      #expect(try state() == .open)
    }
  }

  @Test("an item with one place left stays open; false alarms and accepted ones never close")
  func partly() throws {
    let again = ScanFixture.message("m7", minute: 7, findings: [ScanFixture.finding("a")])
    try ScanFixture.record([before, marked, again, after], in: store)
    try ScanFixture.record([before, again, after], in: store)
    #expect(try state() == .open)
    var items: [Int64] = []
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      items.append(item.id)
      #expect((item.placeCount, item.presentCount) == (2, 1))
    }
    try store.decide(Decision(state: .accepted, who: "anne", why: "so"), on: items)
    try ScanFixture.record([before, after], in: store)
    #expect(try state() == .accepted)
  }

  @Test("lists what to redact: newest edit first, the message last, posted again too")
  func redactions() throws {
    let edit = ScanFixture.message("e6", minute: 6, says: 4, replaces: "m5", files: ["mxc://x/2"])
    let newest = ScanFixture.message(
      "e8",
      minute: 8,
      findings: [ScanFixture.finding("a", at: 4)],
      says: 5,
      replaces: "m5"
    )
    let file = ScanFixture.message(
      "f2",
      channel: "c2",
      minute: 2,
      findings: [ScanFixture.finding("a")],
      files: ["mxc://x/1"]
    )
    let other = ScanFixture.message(
      "o3",
      channel: "c2",
      minute: 3,
      findings: [ScanFixture.finding("o", usage: .mentioned)]
    )
    try ScanFixture.record([before, marked, edit, newest, after, file, other], in: store)
    var filter = FindingFilter()
    filter.usage = .applied
    var list: [String] = []
    var lines: [String] = []
    try store.forEachRedaction(of: filter) { redaction in
      let mark = redaction.isMarked ? "!" : ""
      list.append("\(redaction.channel) \(redaction.message)\(mark) \(redaction.fileIDs)")
      lines.append(String(decoding: RedactionFormat.synapse.line(redaction), as: UTF8.self))
    }
    #expect(
      list == ["c1 e8! []", "c1 e6 [\"mxc://x/2\"]", "c1 m5! []", "c2 f2! [\"mxc://x/1\"]"]
    )
    #expect(lines[0].contains("\"room_id\":\"c1\",\"event_id\":\"e8\""))
    #expect(lines[0].contains("\"edit_of\":\"m5\""))
    #expect(lines[3].contains("\"media\":[\"mxc://x/1\"]"))
    // What is gone needs no redaction.
    try ScanFixture.record(
      [before, ScanFixture.message("m5", minute: 5, says: 9), after],
      in: store
    )
    list = []
    try store.forEachRedaction(of: filter) { list.append($0.message) }
    #expect(list == ["f2"])
  }

  @Test("a purge removes old runs and what only they held, and keeps the baseline")
  func purge() throws {
    let path = fixture.path
    let bulk = (0..<3000).map { index in
      ScanFixture.message(
        "m\(index)",
        minute: index % 60,
        findings: [ScanFixture.finding("w\(index)")],
        says: Int64(index)
      )
    }
    try ScanFixture.record(bulk, in: store)
    var first: Int64?
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      if item.fingerprint == ScanFixture.fingerprint("w0") { first = item.id }
    }
    try store.decide(
      Decision(state: .falseAlarm, who: "anne", why: "no"),
      on: [try #require(first)]
    )
    let between = ScanStore.now + 1
    while ScanStore.now <= between { usleep(1000) }
    try ScanFixture.record([before], in: store)
    let counts = try store.purge(before: between)
    #expect(counts.runCount == 1)
    #expect(counts.eventCount == 3000)
    #expect(counts.itemCount == 2999)
    #expect(counts.byteCount > 500_000)
    #expect(try ScanFixture.states(of: ["w0", "w1"], in: store) == [.falseAlarm, nil])
    #expect(try store.runs().count == 1)
    let word = ScanFixture.fingerprint("w1")
    for name in ["", "-wal"] {
      let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path + name))) ?? Data()
      #expect(bytes.range(of: Data(word.utf8)) == nil, "\(name)")
    }
    #expect(try store.purge(before: between) == PurgedCounts())
  }
}

@Suite("Scan store: files")
struct ScanStoreFileTests {
  private let fixture: ScanFixture

  init() throws { fixture = try ScanFixture() }

  @Test("store and key are of this user alone; others are refused")
  func mode() throws {
    let store = try ScanStore(path: fixture.path)
    _ = try store.keys(file: nil)
    var lock: ScanLock? = try ScanLock(ofStore: fixture.path)
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.directory.path)
    #expect(names.count >= 4)
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: fixture.directory.path + "/" + name
      )
      #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
    }
    let failure = #expect(throws: StoreFailure.self) { _ = try ScanLock(ofStore: fixture.path) }
    #expect(failure?.reason == "is being written by another scan")
    #expect(lock != nil)
    lock = nil
    _ = try ScanLock(ofStore: fixture.path)
    try store.close()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o604],
      ofItemAtPath: fixture.path
    )
    #expect(throws: StoreFailure.self) { try ScanStore(path: fixture.path) }
  }

  /// A copy of the descriptor of a file that this process has open, as a process that is being started has one.
  private func copy(ofOpen path: String) throws -> CInt {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      let file = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/" + name
      )
      if let file, file.hasSuffix(path), let number = CInt(name) { return dup(number) }
    }
    return -1
  }

  @Test("a copy of the lock, as a process that is just being started has one, keeps no scan out")
  func copiedLock() throws {
    var lock: ScanLock? = try ScanLock(ofStore: fixture.path)
    let copy = try copy(ofOpen: fixture.path + ".lock")
    defer { close(copy) }
    #expect(copy >= 0)
    #expect(lock != nil)
    lock = nil
    _ = try ScanLock(ofStore: fixture.path)
  }

  @Test("what cannot be a store is refused in words, and is not written to")
  func unusable() throws {
    let missing = #expect(throws: StoreFailure.self) {
      try ScanStore(path: fixture.path, isNew: false)
    }
    #expect(missing?.reason.contains("no such file") == true)
    let noise = try fixture.directory.write("noise", [UInt8](repeating: 0x5A, count: 9000))
    _ = unsafe chmod(noise, 0o600)
    let damaged = #expect(throws: StoreFailure.self) { try ScanStore(path: noise) }
    #expect(damaged?.reason == "is damaged, or no store of scans")
    #expect(try Data(contentsOf: URL(fileURLWithPath: noise)).allSatisfy { $0 == 0x5A })
    let media = fixture.directory.path + "/media.sqlite"
    try MediaStore(path: media).close()
    #expect(throws: StoreFailure.self) { try ScanStore(path: media) }
  }

  @Test("a store whose maker was killed before its first table goes on; another's does not")
  func killedWhileMade() throws {
    // What stands in the file after the first transaction of those who make one.
    let migrations = "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);"
    func begin(_ name: String, _ sql: String) throws -> String {
      let path = "\(fixture.directory.path)/\(name)"
      let writer = try DatabaseQueue(path: path)
      try writer.write { try $0.execute(sql: sql) }
      try writer.close()
      _ = unsafe chmod(path, 0o600)
      return path
    }
    let begun = try ScanStore(path: begin("begun", migrations))
    let run = try ScanFixture.record(
      [ScanFixture.message("m1"), ScanFixture.message("m2")],
      in: begun
    ).run
    #expect(run.eventCount == 2)
    try begun.close()
    for foreign in ["INSERT INTO grdb_migrations VALUES ('notes-1')", "CREATE TABLE notes (text)"] {
      let failure = #expect(throws: StoreFailure.self) {
        try ScanStore(path: begin("foreign \(foreign.count)", migrations + foreign))
      }
      #expect(failure?.reason == "is damaged, or no store of scans")
    }
  }

  @Test("an empty file is no store for who wants to read one, and a new one for who scans into it")
  func empty() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/s.sqlite"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let failure = #expect(throws: StoreFailure.self) { try ScanStore(path: path, isNew: false) }
    #expect(failure?.reason.hasPrefix("is empty") == true)
    try ScanStore(path: path).close()
    try ScanStore(path: path, isNew: false).close()
  }

  @Test("a damaged page, and a file that may not grow, end in a failure")
  func failing() throws {
    let bulk = (0..<4000).map { ScanFixture.message("message-\($0)", says: Int64($0)) }
    let store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(bulk, in: store).run
    try store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
    for index in stride(from: bytes.count / 8192 * 4096, to: bytes.count, by: 4096) {
      bytes[index] = 0xFF
    }
    try bytes.write(to: URL(fileURLWithPath: fixture.path))
    _ = unsafe chmod(fixture.path, 0o600)
    let failure = #expect(throws: StoreFailure.self) {
      try ScanStore(path: fixture.path).forEachEvent(of: run) { _ in }
    }
    #expect(failure?.reason == "is damaged, or no store of scans")

    let small = try ScanStore(path: fixture.directory.path + "/small", maxByteCount: 300_000)
    // No file is smaller than 64 pages.
    let full = #expect(throws: StoreFailure.self) {
      try ScanFixture.record((0..<10).flatMap { _ in bulk }, in: small)
    }
    #expect(full?.reason == "cannot grow")
    // What was written before is whole.
    let kept = try #require(try small.latestUnendedRun())
    var count = 0
    try small.forEachEvent(of: kept) { _ in count += 1 }
    #expect(count == kept.eventCount)
  }
}
