import Foundation
import TestSupport
import Testing
import VigieAudit
import VigieCore
import VigieJSON

/// A review as a server records it.
private func review(_ id: Int, observed: Verdict? = nil, failure: ReviewFailure? = nil)
  -> AuditEvent
{
  let finding = Finding(
    rule: "fr.diffusion-restreinte",
    scheme: "fr",
    level: .restricted,
    usage: .applied,
    confidence: 0.9,
    place: .body,
    range: 0..<4,
    line: 1,
    column: 1,
    masked: "D… R…",
    fingerprint: "k1:00ff",
    evidence: []
  )
  return .review(
    AuditedReview(
      Review(
        id: "$\(id)",
        verdict: observed == nil ? .block : .log,
        level: .restricted,
        findings: failure == nil ? [finding, finding] : [],
        observed: observed,
        ruleset: "sha256:test"
      ),
      of: Message(
        id: "$\(id)",
        body: "la note du sous-marin",
        sender: "@ann:here.example",
        channel: Channel(id: "!room\(id % 2)", name: "Amirauté")
      ),
      failure: failure,
      elapsed: .microseconds(3)
    )
  )
}

@Suite("Audit log")
struct AuditLogTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/audit" }

  init() throws { directory = try TemporaryDirectory() }

  private func files(_ ending: String = ".jsonl") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(ending) }
      .sorted()
      .map { path + "/" + $0 }
  }

  private func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
  }

  private func write(_ bytes: [UInt8], _ file: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file))
  }

  /// Writes some entries in files of about three.
  private func fill(
    _ count: Int,
    _ options: AuditOptions = AuditOptions(maxSegmentByteCount: 1_200)
  )
    throws -> AuditHead
  {
    let log = try AuditLog(directory: path, options: options)
    for number in 1...count { log.record(review(number)) }
    return log.head
  }

  @Test("entries are numbered and chained, over files and over starts")
  func chain() throws {
    let first = try fill(7)
    #expect(first.number == 7)
    let second = try fill(5)
    #expect(second.number == 12)
    #expect(try files().count > 3)
    let verification = try AuditVerification(of: path, holding: first)
    #expect(verification.firstBreak == nil)
    #expect(verification.entryCount == 12 && verification.firstNumber == 1)
    #expect(verification.head == second)
    #expect(verification.notes.isEmpty)
  }

  /// A copy of a descriptor of the lock of a log, as a process that is being started has one.
  private func lockCopy() throws -> CInt {
    let log = try AuditLog(directory: path, options: AuditOptions())
    log.record(review(1))
    return try withExtendedLifetime(log) {
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      for name in descriptors {
        let file = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/" + name
        )
        if let file, file.hasSuffix(path + "/lock"),
          let number = CInt(name)
        {
          return dup(number)
        }
      }
      return -1
    }
  }

  @Test("a copy of the lock, as a process that is just being started has one, keeps nobody out")
  func copiedLock() throws {
    let copy = try lockCopy()
    defer { close(copy) }
    #expect(copy >= 0)
    #expect(try fill(1).number == 2)
  }

  @Test("an entry holds ids and names of rules, and no word of the message")
  func silence() throws {
    _ = try fill(1)
    let line = String(decoding: try bytes(try #require(files().first)), as: UTF8.self)
    for word in [
      #""message":"$1""#, "!room1", "@ann:here.example", "fr.diffusion-restreinte", "k1:00ff",
    ] {
      #expect(line.contains(word), "\(word)")
    }
    for word in ["sous-marin", "Amirauté", "D… R…"] { #expect(!line.contains(word), "\(word)") }
  }

  @Test("a change of any byte is found, at its line")
  func changes() throws {
    _ = try fill(3, AuditOptions())
    let file = try #require(files().first)
    let whole = try bytes(file)
    let ends = whole.indices.filter { whole[$0] == 0x0A }
    for place in whole.indices where place % 7 == 0 || whole[place] == 0x0A {
      var changed = whole
      changed[place] ^= 1
      try write(changed, file)
      let broken = try AuditVerification(of: path).firstBreak
      let line = ends.count { $0 < place } + 1
      // Without its line feed the last entry is one that is being written.
      if place == ends[2] { continue }
      #expect(broken?.line == line, "byte \(place)")
      #expect(broken?.path == file)
    }
  }

  @Test("an entry taken out, put in twice or moved is found, and so is a file that is gone")
  func shuffles() throws {
    _ = try fill(9)
    let all = try files()
    let whole = try bytes(all[1])
    let lines = whole.split(separator: 0x0A).map { Array($0) + [0x0A] }
    #expect(lines.count >= 3)
    for wrong in [
      lines[0] + lines[2], lines[0] + lines[0] + lines[1] + lines[2],
      lines[1] + lines[0] + lines[2], lines[1] + lines[2],
    ] {
      try write(wrong, all[1])
      #expect(try AuditVerification(of: path).firstBreak?.path == all[1])
    }
    try FileManager.default.removeItem(atPath: all[1])
    let gap = try #require(try AuditVerification(of: path).firstBreak)
    #expect(gap.path == all[2] && gap.line == 1)
    #expect(gap.reason.contains("missing"))
    try write(whole, all[1])
    #expect(try AuditVerification(of: path).firstBreak == nil)
    try FileManager.default.removeItem(atPath: all[0])
    #expect(try AuditVerification(of: path).firstBreak?.reason.contains("entries 1 to") == true)
  }

  @Test("bytes between files that no entry owns up to are found")
  func foreignBytes() throws {
    _ = try fill(9)
    let all = try files()
    try write(try bytes(all[0]) + Array("{\"number\":4".utf8), all[0])
    let broken = try #require(try AuditVerification(of: path).firstBreak)
    #expect(broken.path == all[1] && broken.line == 1)
    #expect(broken.reason.contains("no entry"))
  }

  @Test("a directory without a log proves nothing; a log that is gone shows against its head")
  func nothing() throws {
    let head = try fill(2)
    for file in try files() { try FileManager.default.removeItem(atPath: file) }
    #expect(throws: AuditFailure.self) { try AuditVerification(of: path) }
    #expect(throws: AuditFailure.self) { try AuditReport(of: path) }
    #expect(try AuditVerification(of: path, holding: head).firstBreak != nil)
  }

  @Test("a cut end and a log written anew show against a head that was kept")
  func heads() throws {
    let head = try fill(9)
    #expect(AuditHead(json: Array(head.json.utf8)) == head)
    #expect(AuditHead(json: Array("{}".utf8)) == nil)
    let last = try #require(files().last)
    try FileManager.default.removeItem(atPath: last)
    #expect(try AuditVerification(of: path).firstBreak == nil)
    let cut = try #require(try AuditVerification(of: path, holding: head).firstBreak)
    #expect(cut.reason.contains("missing at the end"))
    try FileManager.default.removeItem(atPath: path)
    _ = try fill(12)
    let anew = try #require(try AuditVerification(of: path, holding: head).firstBreak)
    #expect(anew.reason.contains("not the one that was exported"))
  }

  @Test("wherever the process dies, what is whole stays, and the log says what was torn")
  func torn() throws {
    _ = try fill(4, AuditOptions())
    let file = try #require(files().first)
    let whole = try bytes(file)
    let starts = [0] + whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
    for end in stride(from: 0, through: whole.count, by: 13) {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      try write(Array(whole[..<end]), file)
      let wholeCount = starts.count { $0 <= end } - 1
      let isTorn = !starts.contains(end)
      #expect(try AuditVerification(of: path).entryCount == wholeCount, "cut at \(end)")
      do {
        let log = try AuditLog(directory: path)
        #expect(log.head.number == wholeCount)
        log.record(review(99))
      }
      let after = try AuditVerification(of: path)
      #expect(after.firstBreak == nil, "cut at \(end)")
      #expect(after.entryCount == wholeCount + (isTorn ? 2 : 1), "cut at \(end)")
      #expect(after.notes.contains { $0.contains("torn") } == isTorn, "cut at \(end)")
    }
  }

  @Test(
    "a log whose end is torn twice holds: what stands at the end of a file is said, what is put aside is not"
  )
  func tornTwice() throws {
    _ = try fill(4, AuditOptions())
    let first = try #require(files().first)
    let whole = try bytes(first)
    let second = path + "/audit-000000000005.jsonl"
    // The disk was full in the midst of entry 5, and again when the log was to say so, at once or later.
    for (torn, again) in [(0, 0), (0, 30), (50, 0), (50, 30)] {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      try write(whole + whole.prefix(torn), first)
      try write(Array(whole.prefix(again)), second)
      #expect(try AuditVerification(of: path).firstBreak == nil, "\(torn) \(again)")
      do {
        let log = try AuditLog(directory: path)
        log.record(review(5))
        #expect(log.trouble == nil && log.lostCount == 0)
      }
      let after = try AuditVerification(of: path)
      #expect(after.firstBreak == nil, "\(torn) \(again)")
      let owned = torn > 0 ? torn : again
      #expect(after.notes.contains { $0.contains("\(owned) bytes of a torn entry") } == (owned > 0))
    }
  }

  @Test("one entry, one file, one event: in words")
  func singular() throws {
    do {
      let log = try AuditLog(directory: path)
      log.record(review(1))
    }
    #expect(try AuditVerification(of: path).page.hasPrefix("The log holds: 1 entry in 1 file.\n"))
    #expect(try AuditReport(of: path).page.hasPrefix("1 message with an entry, "))
  }

  @Test("events that cannot be written are counted, and owned up to")
  func lost() throws {
    let log = try AuditLog(directory: path, options: AuditOptions(maxSegmentByteCount: 1))
    log.record(review(1))
    // The next entry wants a file of this name.
    let next = path + "/audit-000000000002.jsonl"
    try FileManager.default.createDirectory(
      atPath: next + ".torn",
      withIntermediateDirectories: true
    )
    try FileManager.default.createDirectory(
      atPath: next + "/kept",
      withIntermediateDirectories: true
    )
    try FileManager.default.createDirectory(
      atPath: next + ".torn/kept",
      withIntermediateDirectories: true
    )
    log.record(review(2))
    log.record(review(3))
    #expect(log.lostCount == 2)
    #expect(log.trouble == "file exists")
    #expect(log.head.number == 1)
    try FileManager.default.removeItem(atPath: next)
    try FileManager.default.removeItem(atPath: next + ".torn")
    log.record(review(4))
    #expect(log.lostCount == 0)
    #expect(log.head.number == 3)
    let verification = try AuditVerification(of: path)
    #expect(verification.firstBreak == nil)
    #expect(verification.notes.contains { $0.contains("2 events lost before it") })
    #expect(try AuditReport(of: path).others.first { $0.name == "lost" }?.count == 2)
  }

  @Test("two processes cannot keep one log, and a directory of others is refused")
  func owners() throws {
    let log = try AuditLog(directory: path)
    #expect(throws: AuditFailure.self) { try AuditLog(directory: path) }
    log.record(review(1))
    let open = directory.path + "/open"
    try FileManager.default.createDirectory(
      atPath: open,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o777]
    )
    #expect(throws: AuditFailure.self) { try AuditLog(directory: open) }
  }

  @Test("a log whose last entry is damaged is not gone on with")
  func damaged() throws {
    _ = try fill(2, AuditOptions())
    let file = try #require(files().first)
    var changed = try bytes(file)
    changed[changed.count - 9] ^= 1
    try write(changed, file)
    #expect(throws: AuditFailure.self) { try AuditLog(directory: path) }
  }

  @Test("old files go, and the log still holds")
  func purge() throws {
    let head = try fill(9)
    let before = try files().count
    do {
      let log = try AuditLog(directory: path, options: AuditOptions(maxSegmentByteCount: 1))
      log.record(review(10))
      #expect(try log.purge(before: "2020-01-01T00:00:00Z") == 0)
      #expect(try log.purge(olderThan: .seconds(60)) == 0)
      // The file that is written to stays.
      #expect(try log.purge(before: "9999-01-01T00:00:00Z") == before)
      log.record(review(11))
    }
    let verification = try AuditVerification(of: path, holding: head)
    #expect(verification.firstBreak == nil)
    #expect(verification.firstNumber > 1)
    #expect(verification.notes.contains { $0.contains("no more there: purged") })
    // A head from before the purge can no longer be looked up, and that is said.
    let old = AuditHead(number: 1, hash: String(repeating: "a", count: 64))
    #expect(
      try AuditVerification(of: path, holding: old).notes.contains { $0.contains("exported") }
    )
    try FileManager.default.removeItem(atPath: try #require(files().first))
    #expect(try AuditVerification(of: path).firstBreak != nil)
  }

  @Test("of a log that nobody writes to every file goes, torn ones too, and it still holds")
  func purgeOfAll() throws {
    let head = try fill(9)
    let last = try #require(files().last)
    try write(bytes(last) + Array("{\"number\":".utf8), last)
    // The process died in the first entry of a file as well: that file is put aside.
    try write([0x7B], path + "/audit-000000000010.jsonl")
    let count = try files().count - 1
    #expect(
      try AuditLog(directory: path).purge(before: "9999-01-01T00:00:00Z") == count
    )
    let verification = try AuditVerification(of: path, holding: head)
    #expect(verification.firstBreak == nil)
    #expect(verification.firstNumber == 10)
    #expect(try files().count == 1)
  }

  @Test("what was torn may be purged with its file, and what says so stays")
  func purgeOfTorn() throws {
    _ = try fill(9)
    let last = try #require(files().last)
    try write(bytes(last) + Array("{\"number\":".utf8), last)
    do {
      let log = try AuditLog(directory: path)
      log.record(review(10))
      #expect(try log.purge(before: "9999-01-01T00:00:00Z") > 0)
    }
    let verification = try AuditVerification(of: path)
    #expect(verification.firstBreak == nil)
    #expect(verification.notes.contains { $0.contains("10 bytes of a torn entry") })
  }

  @Test("files are purged by age: those of a start before, and the one that is written to")
  func retention() async throws {
    _ = try fill(30)
    let old = try files()
    // Everything is older than a minute from now.
    let options = AuditOptions(
      retention: .milliseconds(-60_000),
      maxSegmentAge: .zero,
      syncInterval: .milliseconds(10)
    )
    do {
      let log = try AuditLog(directory: path, options: options)
      log.record(review(31))
      let end = ContinuousClock.now + .seconds(20)
      while try !Set(files()).isDisjoint(with: old + [path + "/audit-000000000031.jsonl"]),
        ContinuousClock.now < end
      {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(log.purgeFailure == nil)
      log.record(review(32))
    }
    #expect(try Set(files()).isDisjoint(with: old))
    let verification = try AuditVerification(of: path)
    #expect(verification.firstBreak == nil)
    #expect(verification.firstNumber > 31)
  }

  @Test("files that cannot be taken away are no secret")
  func retentionFails() async throws {
    _ = try fill(1)
    // A directory in the place of a file: it cannot be read as one.
    try FileManager.default.createDirectory(
      atPath: path + "/audit-000000000000.jsonl",
      withIntermediateDirectories: false
    )
    let options = AuditOptions(retention: .zero, syncInterval: .milliseconds(10))
    let log = try AuditLog(directory: path, options: options)
    let end = ContinuousClock.now + .seconds(20)
    while log.purgeFailure == nil, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(log.purgeFailure?.reason.contains("cannot be read") == true)
  }

  @Test("a log of many threads holds every event once")
  func threads() async throws {
    let log = try AuditLog(directory: path, options: AuditOptions(maxSegmentByteCount: 50_000))
    await withTaskGroup { group in
      for task in 0..<8 {
        group.addTask { for number in 0..<250 { log.record(review(task * 1_000 + number)) } }
      }
    }
    #expect(log.head.number == 2_000)
    let verification = try AuditVerification(of: path, holding: log.head)
    #expect(verification.firstBreak == nil && verification.entryCount == 2_000)
    #expect(try AuditReport(of: path).reviewCount == 2_000)
  }

  @Test("the report counts what happened, and what shadow mode held back")
  func report() throws {
    do {
      let log = try AuditLog(directory: path)
      log.record(review(1))
      log.record(review(2, observed: .block))
      log.record(review(3, observed: .block))
      log.record(review(4, failure: .late))
      log.record(.refused(reason: "fr.yaml:3:1", kept: "sha256:test"))
      if case .review(var overridden) = review(5) {
        overridden.verdict = .log
        overridden.override = AuditedOverride(verdict: .warn, justification: "00ff")
        log.record(.review(overridden))
      }
      if case .review(let upload) = review(6, failure: .overloaded) { log.record(.upload(upload)) }
    }
    typealias Count = AuditReport.Count
    let report = try AuditReport(of: path)
    #expect(report.reviewCount == 5)
    #expect(report.verdicts == [Count(name: "log", count: 3), Count(name: "block", count: 2)])
    #expect(report.overridden == [Count(name: "warn", count: 1)])
    #expect(report.uploads.map(\.count) == [1])
    #expect(report.observed == [Count(name: "block", count: 2)])
    #expect(report.rules == [Count(name: "fr.diffusion-restreinte", count: 4)])
    #expect(report.observedRules == [Count(name: "fr.diffusion-restreinte", count: 2)])
    #expect(report.channels == [Count(name: "!room0", count: 2), Count(name: "!room1", count: 2)])
    #expect(
      report.failures == [Count(name: "late", count: 1), Count(name: "overloaded", count: 1)]
    )
    let page = report.page
    #expect(page.contains("Sent with a justification") && page.contains("Uploads"))
    let faults = try JSONSchema(AuditSchema.report).faults(in: JSONValue(Array(report.json.utf8)))
    #expect(faults == [])
    #expect(report.others == [Count(name: "refused", count: 1)])
    #expect(try AuditReport(of: path, since: "9999").times == nil)
    #expect(try AuditReport(of: path, until: "1999").reviewCount == 0)
  }
}
