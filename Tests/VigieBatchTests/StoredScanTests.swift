import Foundation
import TestSupport
import Testing
import VigieArchives
import VigieBatch
import VigieCore
import VigieCrypto
import VigieFilter
import VigieReports
import VigieStore

@Suite("Scan into a store")
struct StoredScanTests {
  private let directory: TemporaryDirectory
  private var storePath: String { directory.path + "/scans.sqlite" }

  init() throws { directory = try TemporaryDirectory() }

  /// Lines of messages: some marked, some no JSON, some with a file that is not there.
  private func lines(_ range: Range<Int>) -> [String] {
    range.map { index in
      if index % 400 == 399 { return "this is no JSON" }
      let text = index % 10 == 0 ? "hush hush \(index % 70)" : "hello \(index)"
      let file = index % 50 == 25 ? ",\"attachments\":[{\"name\":\"hush hush.txt\"}]" : ""
      return "{\"id\":\"m\(index)\",\"body\":\"\(text)\",\"sender\":\"s\(index % 5)\","
        + "\"timestamp\":\"2026-06-01T10:\(10 + index % 50):00Z\","
        + "\"channel\":{\"id\":\"c\(index % 3)\",\"visibility\":\"public\"}\(file)}"
    }
  }

  private func write(_ name: String, _ lines: [String]) throws -> String {
    try directory.write(name, lines.joined(separator: "\n") + "\n")
  }

  /// What a scan gave.
  private struct Outcome: Equatable {
    var isDone: Bool
    var json: String
    var lines: String
    var reusedCount = 0
    var keptCount = 0
  }

  /// Scans archives into the store, up to a number of events delivered.
  private func scan(
    _ paths: [String],
    in store: ScanStore,
    resuming run: StoredRun? = nil,
    stoppingAfter limit: Int = .max,
    basis: String = "basis",
    isRescan: Bool = false
  ) throws -> Outcome {
    let keys = try store.keys(file: nil)
    let plain = try makeFilter()
    let filter = Filter(
      rules: plain.rules,
      policy: plain.policy,
      tips: plain.tips,
      authentication: keys
    )
    let archives = try paths.map { path in
      let reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
      let identity = try #require(ArchiveIdentity(path: path))
      return RunDescription.Archive(
        path: path,
        format: reader.formatName,
        byteCount: reader.totalByteCount,
        identity: identity.digest,
        modified: identity.modified
      )
    }
    let description = RunDescription(
      archives: archives,
      ruleset: filter.ruleset,
      policy: "test",
      basis: basis,
      isLasting: true
    )
    let scan = try StoredScan(
      run ?? store.begin(description),
      with: filter,
      in: store,
      keys: keys,
      isRescan: isRescan,
      threadCount: 3
    )
    let jsonPath = directory.path + "/report.json"
    let linesPath = directory.path + "/report.jsonl"
    let json = try Output(path: jsonPath)
    let lines = try Output(path: linesPath)
    let reports: [any ReportFormat] = [
      JSONSummary(to: json, of: description.forReports, for: Terminal()),
      JSONLines(to: lines, of: description.forReports, for: Terminal()),
    ]
    var tally = Tally()
    var count = 0
    var isDone = true
    for (number, path) in paths.enumerated() where isDone {
      do {
        isDone = try scan.scan(
          archive: number,
          open: { try ArchiveReader(path: path, format: "jsonl", limits: Limits()) },
          counting: &tally,
          shouldStop: { count >= limit },
          progress: { _, _ in },
          closing: { _ in },
          deliver: { event in
            count += 1
            for report in reports { report.add(event) }
          }
        )
      } catch is StoredScan.Stop {
        isDone = false
      }
    }
    if isDone { _ = try scan.end() }
    for report in reports { report.finish(tally) }
    try json.finish()
    try lines.finish()
    return Outcome(
      isDone: isDone,
      json: try String(contentsOfFile: jsonPath, encoding: .utf8),
      lines: try String(contentsOfFile: linesPath, encoding: .utf8),
      reusedCount: scan.reusedCount,
      keptCount: scan.keptCount
    )
  }

  /// The events of a run as text; what their findings say is in the report.
  private func events(of run: StoredRun, in store: ScanStore) throws -> [String] {
    var events: [String] = []
    try store.forEachEvent(of: run) { kept in
      switch kept.event {
      case .gap(let gap, let isMessage):
        events.append("\(kept.archive) \(gap.reason) \(gap.detail) \(isMessage)")
      case .message(let message):
        let review = message.review
        let digest = message.digest.map { "\($0.high) \($0.low) \($0.context)" } ?? ""
        events.append(
          "\(kept.archive) \(review.id) \(review.verdict) \(review.findings.count) "
            + "\(review.gaps.count) \(message.byteCount) \(message.timestamp ?? "") "
            + "\(message.sender ?? "") \(message.channelID ?? "") \(digest)"
        )
      }
    }
    return events
  }

  @Test("gives what a scan without a store gives, and keeps it")
  func same() throws {
    let path = try write("a.jsonl", lines(0..<2000))
    let store = try ScanStore(path: storePath)
    let outcome = try scan([path], in: store)
    #expect(outcome.isDone)
    #expect(outcome.reusedCount == 0)
    let plain = try makeFilter()
    var reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
    var tally = Tally()
    var findings = 0
    BatchScan(with: plain, threadCount: 2).run(&reader, counting: &tally) { event in
      if case .message(let message) = event { findings += message.review.findings.count }
    }
    let run = try #require(try store.latestEndedRun())
    #expect(run.eventCount == 2000)
    var kept = Tally()
    try store.forEachEvent(of: run) { kept.add($0.event) }
    let end = try #require(run.ends[0])
    kept.add(
      readByteCount: end.readByteCount,
      unreadByteCount: end.unreadByteCount,
      hasGaps: end.hasGaps
    )
    #expect(kept.messages == tally.messages)
    #expect(kept.files == tally.files)
    #expect(kept.bytes == tally.bytes)
    #expect(kept.findings == tally.findings)
    #expect(kept.gaps == tally.gaps)
    #expect(findings > 200)
    let bytes = kept.bytes
    #expect(bytes.inspected + bytes.partly + bytes.not == bytes.total)
  }

  @Test("a scan that stops anywhere goes on and ends with the same bytes")
  func resumes() throws {
    let paths = [
      try write("a.jsonl", lines(0..<9000)), try write("b.jsonl", lines(9000..<12000)),
    ]
    let whole = try ScanStore(path: directory.path + "/whole.sqlite")
    let wanted = try scan(paths, in: whole)
    let wantedRun = try #require(try whole.latestEndedRun())
    let wantedEvents = try events(of: wantedRun, in: whole)
    // The keys of both must be the same for the fingerprints to be.
    for name in ["cut.sqlite.key"] {
      try FileManager.default.copyItem(
        atPath: directory.path + "/whole.sqlite.key",
        toPath: directory.path + "/" + name
      )
    }
    // What is under way when a stop is wanted is delivered: near the end that is all.
    for limits in [[1], [4607, 4610], [8999], [9000, 9001], [11_999], [100, 2100, 9200]] {
      try? FileManager.default.removeItem(atPath: directory.path + "/cut.sqlite")
      let cut = try ScanStore(path: directory.path + "/cut.sqlite")
      var outcome: Outcome?
      for limit in limits {
        outcome = try scan(
          paths,
          in: cut,
          resuming: try cut.latestUnendedRun(),
          stoppingAfter: limit
        )
      }
      let run = try cut.latestUnendedRun()
      #expect(outcome?.isDone == false || limits.contains { $0 > 9000 }, "\(limits)")
      if let run { outcome = try scan(paths, in: cut, resuming: run) }
      #expect(outcome?.json == wanted.json, "\(limits)")
      #expect(outcome?.lines == wanted.lines, "\(limits)")
      let ended = try #require(try cut.latestEndedRun())
      #expect(try events(of: ended, in: cut) == wantedEvents, "\(limits)")
      #expect(ended.ends == wantedRun.ends)
      try cut.close()
    }
  }

  @Test("an archive that changed behind a run is refused")
  func changed() throws {
    let path = try write("a.jsonl", lines(0..<12_000))
    let store = try ScanStore(path: storePath)
    let outcome = try scan([path], in: store, stoppingAfter: 3000)
    #expect(!outcome.isDone)
    var other = lines(0..<12_000)
    other.swapAt(3, 4)
    try other.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let run = try #require(try store.latestUnendedRun())
    #expect(throws: StoredScan.Failure.changed(archive: 0)) {
      try scan([path], in: store, resuming: run)
    }
  }

  @Test("a grown archive takes what it held before from the store, with the same result")
  func incremental() throws {
    let path = try write("a.jsonl", lines(0..<3000))
    let store = try ScanStore(path: storePath)
    try #require(try scan([path], in: store).isDone)
    let grown = try write("b.jsonl", lines(0..<4000))
    let reused = try scan([grown], in: store)
    // All but the lines that are no messages.
    #expect(reused.reusedCount >= 3000 - 7)
    let full = try scan([grown], in: store, isRescan: true)
    #expect(full.reusedCount == 0)
    #expect(reused.lines == full.lines)
    #expect(reused.json == full.json)
    let other = try scan([grown], in: store, basis: "other")
    #expect(other.reusedCount == 0)
    #expect(other.lines == full.lines)
  }

  @Test("what a message says, who says it and where all count")
  func context() throws {
    func line(_ id: Int, _ body: String, _ sender: String, _ visibility: String) -> String {
      "{\"id\":\"m\(id)\",\"body\":\"\(body)\",\"sender\":\"\(sender)\","
        + "\"channel\":{\"id\":\"c\",\"visibility\":\"\(visibility)\"}}"
    }
    let store = try ScanStore(path: storePath)
    let first = try write("a.jsonl", [line(1, "hush hush", "s", "public")])
    _ = try scan([first], in: store)
    for (index, text) in [
      line(1, "hush hush!", "s", "public"), line(1, "hush hush", "t", "public"),
      line(1, "hush hush", "s", "private"),
    ].enumerated() {
      let path = try write("other\(index).jsonl", [text])
      #expect(try scan([path], in: store).reusedCount == 0, "\(text)")
    }
    let moved = try write("moved.jsonl", ["", line(77, "hush hush", "s", "public")])
    let outcome = try scan([moved], in: store)
    #expect(outcome.reusedCount == 1)
    #expect(outcome.lines.contains("\"id\":\"m77\""))
  }
}

@Suite("Identity of an archive")
struct ArchiveIdentityTests {
  @Test("changes with any file of a folder")
  func folder() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("export/a.json", "1")
    let file = try directory.write("export/sub/b.json", "2")
    let path = directory.path + "/export"
    let first = try #require(ArchiveIdentity(path: path))
    #expect(ArchiveIdentity(path: path) == first)
    _ = try directory.write("export/sub/c.json", "3")
    let second = try #require(ArchiveIdentity(path: path))
    #expect(second != first)
    let old = Date(timeIntervalSince1970: 1_000)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file)
    #expect(ArchiveIdentity(path: path) != second)
    #expect(ArchiveIdentity(path: path + "/none") == nil)
  }
}
