import Foundation
import GRDB
import TestSupport
import Testing
import VigieCore
import VigieCrypto
import VigieReports
import VigieStore

/// Messages and runs made up for tests of the store.
struct ScanFixture {
  let directory: TemporaryDirectory
  var path: String { directory.path + "/scans.sqlite" }

  init() throws { directory = try TemporaryDirectory() }

  /// A description of a run over one archive, changed at a time.
  static func description(
    modified: Int = 1,
    ruleset: String = "sha256:rules",
    basis: String = "basis"
  ) -> RunDescription {
    RunDescription(
      archives: [
        .init(
          path: "export.json",
          format: "jsonl",
          byteCount: 1000,
          identity: "id\(modified)",
          modified: modified
        )
      ],
      ruleset: ruleset,
      policy: "default",
      basis: basis,
      isLasting: true
    )
  }

  /// The fingerprint of a word.
  static func fingerprint(_ word: String) -> String { Digest.sha256(Array(word.utf8)) }

  static func finding(
    _ word: String,
    rule: String = "fr.diffusion-restreinte",
    at start: Int = 0,
    usage: Usage = .applied
  ) -> Finding {
    Finding(
      rule: rule,
      scheme: "fr",
      level: .restricted,
      usage: usage,
      confidence: 0.1 + 0.2,
      caveats: ["é"],
      disguise: [.letterSpacing],
      place: Place(part: .attachment(0), path: ["a.zip"], role: .header, location: "page 3"),
      range: start..<start + 22,
      line: 2,
      column: 5,
      masked: "D··· R···",
      fingerprint: fingerprint(word),
      evidence: [Evidence(name: "own-line", weight: -1.0 / 3)]
    )
  }

  /// A message of a channel, sent at a minute of a day.
  static func message(
    _ id: String,
    channel: String = "c1",
    minute: Int = 0,
    findings: [Finding] = [],
    gaps: [Gap] = [],
    says content: Int64 = 1,
    replaces: String? = nil,
    files: [String] = []
  ) -> ScanEvent {
    let time = "2026-06-01T10:\(minute < 10 ? "0" : "")\(minute):00.5+02:00"
    return .message(
      ScannedMessage(
        review: Review(
          id: id,
          verdict: findings.isEmpty ? .allow : .block,
          level: findings.isEmpty ? .public : .restricted,
          findings: findings,
          gaps: gaps,
          tip: findings.isEmpty ? nil : Tip(texts: [(language: "fr", text: "Non.")]),
          observed: findings.isEmpty ? nil : .hold,
          mayOverride: !findings.isEmpty,
          ruleset: "sha256:rules"
        ),
        channelID: channel,
        channelName: "annonces",
        visibility: .public,
        timestamp: time,
        sender: "@anne:example.org",
        files: Coverage(),
        byteCount: 100,
        isMessage: true,
        replaces: replaces,
        fileIDs: files,
        digest: ContentDigest(high: content, low: 7, context: 9)
      )
    )
  }

  /// Records a whole run.
  @discardableResult
  static func record(
    _ events: [ScanEvent],
    in store: ScanStore,
    _ description: RunDescription = description(),
    end: ArchiveEnd = ArchiveEnd(readByteCount: 10, unreadByteCount: 0, hasGaps: false)
  ) throws -> (run: StoredRun, changes: RunChanges) {
    let run = try store.begin(description)
    let recorder = ScanRecorder(store, run)
    for start in stride(from: 0, to: events.count, by: EventPacker.maxCount) {
      var packer = EventPacker()
      for event in events[start..<min(start + EventPacker.maxCount, events.count)] {
        packer.add(event)
      }
      try recorder.add(packer.take(), archive: 0)
    }
    try recorder.finish(archive: 0, end: end)
    let changes = try store.end(run, reusedCount: 0)
    return (try #require(try store.run(run.id)), changes)
  }

  /// Everything of an event, as text.
  static func text(_ event: ScanEvent) -> String {
    var text = ""
    dump(event, to: &text)
    return text
  }

  /// The items in a store by the word of their fingerprint.
  static func states(of words: [String], in store: ScanStore) throws -> [TriageState?] {
    var states: [String: TriageState] = [:]
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      states[item.fingerprint] = item.state
    }
    return words.map { states[fingerprint($0)] }
  }
}

@Suite("Scan store")
struct ScanStoreTests {
  private let fixture: ScanFixture
  private var path: String { fixture.path }

  init() throws { fixture = try ScanFixture() }

  @Test("gives back every event as it was, in order, after it was closed too")
  func roundTrip() throws {
    let gap = Gap(
      place: Place(part: .attachment(1), role: .bodyText),
      reason: .encrypted,
      detail: "an \"entry\""
    )
    var odd = ScanFixture.message("odd", minute: 3, files: ["mxc://x/1", "mxc://x/2"])
    if case .message(var message) = odd {
      message.channelID = nil
      message.channelName = nil
      message.sender = nil
      message.timestamp = "yesterday"
      message.files.total = 3
      message.files.partly = 2
      message.files.not = 1
      message.digest = nil
      message.isMessage = false
      odd = .message(message)
    }
    let events: [ScanEvent] = [
      ScanFixture.message("plain"),
      ScanFixture.message(
        "marked",
        minute: 1,
        findings: [ScanFixture.finding("a"), ScanFixture.finding("b", usage: .mentioned)],
        gaps: [gap, gap],
        replaces: "plain"
      ),
      .gap(gap, isMessage: true), odd, .gap(gap, isMessage: false),
    ]
    let id: Int64
    do {
      let store = try ScanStore(path: path)
      id = try ScanFixture.record(events, in: store).run.id
      try store.close()
      #expect(throws: StoreFailure.self) { try store.runs() }
    }
    let store = try ScanStore(path: path, isNew: false)
    let run = try #require(try store.run(id))
    #expect(run.description == ScanFixture.description())
    #expect(run.eventCount == 5)
    #expect(run.ends == [ArchiveEnd(readByteCount: 10, unreadByteCount: 0, hasGaps: false)])
    #expect(run.ended != nil)
    var kept: [String] = []
    try store.forEachEvent(of: run) { kept.append(ScanFixture.text($0.event)) }
    #expect(kept == events.map(ScanFixture.text))
    #expect(try store.latestUnendedRun() == nil)
    #expect(try store.latestEndedRun() == run)
  }

  @Test("several who open a new file at once all have it, whoever makes its tables")
  func atOnce() async throws {
    for round in 0..<20 {
      let path = fixture.directory.path + "/\(round).sqlite"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            #expect(try ScanStore(path: path).runs().isEmpty)
            _ = try MediaStore(path: path + ".media")
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("holds no text that reviews do not, and no fingerprint but under its item")
  func content() throws {
    let store = try ScanStore(path: path)
    try ScanFixture.record(
      [ScanFixture.message("m", findings: [ScanFixture.finding("a")])],
      in: store
    )
    try store.close()
    let database = try DatabaseQueue(path: path)
    let details = try database.read { try String.fetchAll($0, sql: "SELECT contents FROM detail") }
    #expect(details.count == 1)
    #expect(!details[0].contains(ScanFixture.fingerprint("a")))
  }

  @Test("one fingerprint is one item with every place; the same place twice is one")
  func places() throws {
    let store = try ScanStore(path: path)
    let events = [
      ScanFixture.message("m1", findings: [ScanFixture.finding("a")]),
      ScanFixture.message("m2", minute: 1, findings: [ScanFixture.finding("a")]),
      ScanFixture.message("m2", channel: "c2", minute: 2, findings: [ScanFixture.finding("a")]),
    ]
    let first = try ScanFixture.record(events, in: store)
    #expect(first.changes == RunChanges(itemCount: 1, newCount: 1))
    let second = try ScanFixture.record(events, in: store)
    #expect(second.changes == RunChanges(itemCount: 1))
    var places: [String] = []
    try store.forEachItem(matching: FindingFilter()) { item, reader in
      #expect((item.placeCount, item.presentCount) == (3, 3))
      #expect((item.firstRun, item.lastRun) == (first.run.id, second.run.id))
      try reader.forEach { place in
        places.append("\(place.channelID ?? "") \(place.message)")
        var wanted = ScanFixture.finding("a")
        wanted.fingerprint = item.fingerprint
        #expect(place.finding == wanted)
        #expect(place.sender == "@anne:example.org")
        #expect(place.timestamp?.hasSuffix(".5+02:00") == true)
      }
    }
    #expect(places == ["c2 m2", "c1 m2", "c1 m1"])
  }

  @Test("filters by every part")
  func filters() throws {
    let store = try ScanStore(path: path)
    try ScanFixture.record(
      [
        ScanFixture.message("m1", findings: [ScanFixture.finding("a")]),
        ScanFixture.message(
          "m2",
          channel: "c2",
          minute: 9,
          findings: [ScanFixture.finding("b", rule: "tlp.red", usage: .mentioned)]
        ),
      ],
      in: store
    )
    func rules(_ change: (inout FindingFilter) -> Void) throws -> [String] {
      var filter = FindingFilter()
      change(&filter)
      var found: [String] = []
      try store.forEachItem(matching: filter) { item, _ in found.append(item.rule) }
      return found
    }
    let both = ["fr.diffusion-restreinte", "tlp.red"]
    #expect(try rules { _ in } == both)
    #expect(try rules { $0.states = [.open] } == both)
    #expect(try rules { $0.states = [.confirmed, .accepted] } == [])
    #expect(try rules { $0.level = .secret } == [])
    #expect(try rules { $0.level = .restricted } == both)
    #expect(try rules { $0.schemes = ["fr"] } == both)
    #expect(try rules { $0.schemes = ["nato"] } == [])
    #expect(try rules { $0.rules = ["tlp.*"] } == ["tlp.red"])
    #expect(try rules { $0.rules = ["tlp", "fr.d*"] } == ["fr.diffusion-restreinte"])
    #expect(try rules { $0.channels = ["c2"] } == ["tlp.red"])
    #expect(try rules { $0.channels = ["annon*"] } == both)
    #expect(try rules { $0.senders = ["*:example.org"] } == both)
    #expect(try rules { $0.senders = ["anne"] } == [])
    #expect(try rules { $0.usage = .mentioned } == ["tlp.red"])
    let time = try #require(milliseconds(rfc3339: "2026-06-01T08:05:00Z"))
    #expect(try rules { $0.since = time } == ["tlp.red"])
    #expect(try rules { $0.until = time } == ["fr.diffusion-restreinte"])
    #expect(try rules { $0.run = 1 } == both)
    #expect(try rules { $0.run = 2 } == [])
    let digits = String(ScanFixture.fingerprint("b").prefix(8))
    #expect(try rules { $0.fingerprints = [digits.uppercased()] } == ["tlp.red"])
    #expect(try rules { $0.channels = ["'; DROP TABLE item; --"] } == [])
    #expect(try rules { _ in } == both)
  }

  @Test("decisions keep their history and hold for what is found later")
  func triage() throws {
    let store = try ScanStore(path: path)
    let event = ScanFixture.message("m1", findings: [ScanFixture.finding("a")])
    try ScanFixture.record([event], in: store)
    var items: [Int64] = []
    try store.forEachItem(matching: FindingFilter()) { item, _ in items.append(item.id) }
    try store.decide(Decision(state: .confirmed, who: "anne", why: "seen"), on: items)
    try store.decide(Decision(state: .falseAlarm, who: "bob", why: "a slide"), on: items)
    // Posted again, on another line of another message.
    let again = ScanFixture.message("m7", minute: 5, findings: [ScanFixture.finding("a", at: 99)])
    let changes = try ScanFixture.record([event, again], in: store).changes
    #expect(changes == RunChanges(itemCount: 1, baselineCount: 1))
    try store.forEachItem(matching: FindingFilter()) { item, _ in
      #expect(item.state == .falseAlarm)
      #expect(item.placeCount == 2)
      #expect(item.decisions.map(\.decision.who) == ["anne", "bob"])
      #expect(item.decisions.map(\.decision.state) == [.confirmed, .falseAlarm])
    }
  }

  @Test("a new key keeps items, places and decisions; the old fingerprints are nowhere")
  func rotation() throws {
    let store = try ScanStore(path: path)
    let chain = try store.keys(file: nil)
    let word = Array("text".utf8)
    var finding = ScanFixture.finding("a")
    finding.fingerprint = chain.code(for: word)
    let old = try #require(finding.fingerprint)
    let events = [ScanFixture.message("m1", findings: [finding])]
    let run = try ScanFixture.record(events, in: store).run
    var items: [Int64] = []
    try store.forEachItem(matching: FindingFilter()) { item, _ in items.append(item.id) }
    try store.decide(Decision(state: .accepted, who: "anne", why: "so"), on: items)
    let (count, file) = try store.rotateKey(file: nil)
    #expect(count == 1)
    #expect(file == path + ".key.2")
    let rotated = try store.keys(file: nil)
    #expect(rotated.ids.count == 2)
    #expect(rotated.ids.first == chain.ids.first)
    let new = rotated.code(for: word)
    #expect(new != old)
    try store.forEachItem(matching: FindingFilter()) { item, reader in
      #expect(item.fingerprint == new)
      #expect(item.state == .accepted)
      try reader.forEach { #expect($0.finding.fingerprint == new) }
    }
    try store.forEachEvent(of: run) { kept in
      guard case .message(let message) = kept.event else { return }
      #expect(message.review.findings.map(\.fingerprint) == [new])
      #expect(message.digest == nil)
    }
    // Found again under both keys, it is the same item.
    finding.fingerprint = new
    let changes = try ScanFixture.record(
      [ScanFixture.message("m2", findings: [finding])],
      in: store
    ).changes
    #expect(changes == RunChanges(itemCount: 1, baselineCount: 1))
    try store.close()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(bytes.range(of: Data(new.utf8)) != nil)
    // Another key is refused, and one that is missing.
    let again = try ScanStore(path: path)
    try FileManager.default.removeItem(atPath: path + ".key.2")
    #expect(throws: FileFailure.self) { try again.keys(file: nil) }
    _ = try HMACKey.create(file: path + ".key.2")
    #expect(throws: FileFailure.self) { try again.keys(file: nil) }
  }
}
