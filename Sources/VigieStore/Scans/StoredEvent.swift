import GRDB
package import VigieCore
import VigieJSON
package import VigieReports

/// How an event of a scan is written in columns and JSON; not a published shape: only ``ScanStore`` reads it.
enum StoredEvent {
  /// What a row of `event` is.
  enum Kind: Int64 {
    case message = 0
    /// What a channel says of itself.
    case channel = 1
    /// A gap that stands for one message.
    case unreadMessage = 2
    case unreadPart = 3
  }

  /// A finding without its fingerprint, which stands with its item alone: keys may change.
  static func json(_ finding: Finding) -> String {
    var finding = finding
    finding.fingerprint = nil
    var json = JSONWriter()
    MediaInspection.write(finding, to: &json)
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ gap: Gap) -> String {
    var json = JSONWriter()
    MediaInspection.write(gap, to: &json)
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ tip: Tip) -> String {
    var json = JSONWriter()
    json.beginObject()
    for entry in tip.texts {
      json.key(entry.language)
      json.string(entry.text)
    }
    json.endObject()
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ texts: [String]) -> String {
    var json = JSONWriter()
    json.strings(texts)
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// Where a finding stands in its message, as one word.
  static func spot(_ finding: Finding) -> String {
    let place = finding.place
    return json(
      [place.part.description, place.role.rawValue, place.location, "\(finding.range.lowerBound)"]
        + place.path
    )
  }

  /// Reads what ``json(_:)`` wrote of a finding; `nil` where it is damaged.
  static func finding(_ json: String, fingerprint: String) -> Finding? {
    guard let value = try? JSONValue(Array(json.utf8)),
      var finding = MediaInspection.finding(value)
    else { return nil }
    finding.fingerprint = fingerprint
    return finding
  }

  static func gap(_ json: String) -> Gap? {
    (try? JSONValue(Array(json.utf8))).flatMap(MediaInspection.gap)
  }

  static func tip(_ json: String) -> Tip? {
    guard case .object(let members)? = try? JSONValue(Array(json.utf8)) else { return nil }
    let texts = members.compactMap { member in
      member.value.string.map { (language: member.key, text: $0) }
    }
    return texts.count == members.count ? Tip(texts: texts) : nil
  }

  static func strings(_ json: String) -> [String]? {
    guard let elements = (try? JSONValue(Array(json.utf8)))?.elements else { return nil }
    let texts = elements.compactMap(\.string)
    return texts.count == elements.count ? texts : nil
  }
}

/// An event as it is kept: what reports take, and the archive it stands in.
package struct KeptEvent: Sendable {
  /// The number of its archive in the run, from 0.
  package var archive: Int
  /// The event.
  package var event: ScanEvent
}

extension ScanStore {
  /// Hands over the events of a run in the order of its archives.
  ///
  /// One after the other: memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - archive: The number of the archive, from 0; `nil` for all.
  ///   - body: Takes each; where it throws, no more are read.
  /// - Throws: ``StoreFailure``, and what `body` throws.
  package func forEachEvent(
    of run: StoredRun,
    archive: Int? = nil,
    _ body: (KeptEvent) throws -> Void
  ) throws {
    var thrown: (any Error)?
    try reading { database in
      let cursor = try EventCursor(database, run, archive: archive, store: self)
      while let kept = try cursor.next() {
        do { try body(kept) } catch {
          thrown = error
          return
        }
      }
    }
    if let thrown { throw thrown }
  }

  /// Looks for messages that say what other messages said before, on the same basis.
  ///
  /// - Parameters:
  ///   - digests: What they say; `nil` where nobody may look.
  ///   - runs: The runs on the same basis.
  /// - Returns: For each what was said of it, with the id of the other message; `nil` where there is none, or
  ///   where it has a gap that may be gone by now.
  /// - Throws: ``StoreFailure`` where the store cannot be read.
  package func reviews(
    of digests: [ContentDigest?],
    in runs: Set<Int64>
  ) throws(StoreFailure) -> [Review?] {
    if runs.isEmpty || digests.allSatisfy({ $0 == nil }) { return digests.map { _ in nil } }
    return try reading { database in
      let find = try database.cachedStatement(
        sql: """
          SELECT id FROM event WHERE word = ? AND digest = ? AND rest = ?
          ORDER BY id DESC LIMIT 1
          """
      )
      var reviews: [Review?] = []
      for digest in digests {
        guard let digest,
          let id = try Int64.fetchOne(find, arguments: [digest.word, digest.high, digest.low]),
          runs.contains(id / ScanStore.eventsPerRun)
        else {
          reviews.append(nil)
          continue
        }
        let rows = try EventCursor(database, event: id, store: self)
        guard case .message(let message)? = try rows.next()?.event,
          !message.review.gaps.contains(where: \.reason.isTransient)
        else {
          reviews.append(nil)
          continue
        }
        reviews.append(message.review)
      }
      return reviews
    }
  }

  /// The runs that ended or not, on a basis under which the same content gives the same findings.
  package func runs(on basis: String) throws(StoreFailure) -> Set<Int64> {
    try reading { database in
      try Set(
        Int64.fetchAll(
          database,
          sql: "SELECT id FROM run WHERE basis = ? AND lasting",
          arguments: [basis]
        )
      )
    }
  }
}

/// The events of a range, each with its findings and gaps: three tables read side by side.
private final class EventCursor {
  private let store: ScanStore
  private let events: RowCursor
  private let findings: RowCursor
  private let gaps: RowCursor
  private var finding: (event: Int64, finding: Finding)?
  private var gap: (event: Int64, gap: Gap)?
  private let database: Database
  private let ruleset: String
  private var tips: [Int64: Tip] = [:]

  convenience init(
    _ database: Database,
    _ run: StoredRun,
    archive: Int?,
    store: ScanStore
  ) throws {
    let start = run.id * ScanStore.eventsPerRun
    try self.init(
      database,
      start..<start + ScanStore.eventsPerRun,
      archive: archive,
      ruleset: run.description.ruleset,
      store: store
    )
  }

  convenience init(_ database: Database, event: Int64, store: ScanStore) throws {
    let ruleset = try String.fetchOne(
      database.cachedStatement(sql: "SELECT ruleset FROM run WHERE id = ?"),
      arguments: [event / ScanStore.eventsPerRun]
    )
    try self.init(
      database,
      event..<event + 1,
      archive: nil,
      ruleset: ruleset ?? "",
      store: store
    )
  }

  private init(
    _ database: Database,
    _ range: Range<Int64>,
    archive: Int?,
    ruleset: String,
    store: ScanStore
  ) throws {
    self.database = database
    self.store = store
    self.ruleset = ruleset
    let bounds: StatementArguments = [range.lowerBound, range.upperBound]
    events = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT event.id, event.archive, kind, message, sender.name, channel.source, channel.name,
            channel.visibility, time, stamp, digest, rest, verdict, level, bytes, observed,
            override, tip, files, ids, replaces, event.word
          FROM event LEFT JOIN sender ON sender.id = event.sender
            LEFT JOIN channel ON channel.id = event.channel
          WHERE event.id >= ? AND event.id < ?
            \(archive.map { "AND event.archive = \($0)" } ?? "") ORDER BY event.id
          """
      ),
      arguments: bounds
    )
    findings = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT finding.event, detail.contents, item.fingerprint
          FROM finding JOIN detail ON detail.id = finding.detail JOIN item ON item.id = finding.item
          WHERE finding.event >= ? AND finding.event < ? ORDER BY finding.event, finding.number
          """
      ),
      arguments: bounds
    )
    gaps = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT gap.event, detail.contents FROM gap JOIN detail ON detail.id = gap.detail
          WHERE gap.event >= ? AND gap.event < ? ORDER BY gap.event, gap.number
          """
      ),
      arguments: bounds
    )
    finding = try nextFinding()
    gap = try nextGap()
  }

  func next() throws -> KeptEvent? {
    guard let row = try events.next() else { return nil }
    let id: Int64 = row[0]
    var foundFindings: [Finding] = []
    var foundGaps: [Gap] = []
    while let next = finding, next.event <= id {
      if next.event == id { foundFindings.append(next.finding) }
      finding = try nextFinding()
    }
    while let next = gap, next.event <= id {
      if next.event == id { foundGaps.append(next.gap) }
      gap = try nextGap()
    }
    let archive: Int = row[1]
    switch StoredEvent.Kind(rawValue: row[2]) {
    case .unreadMessage, .unreadPart:
      guard let gap = foundGaps.first else { throw store.damaged }
      let isMessage = row[2] == StoredEvent.Kind.unreadMessage.rawValue
      return KeptEvent(archive: archive, event: .gap(gap, isMessage: isMessage))
    case .message, .channel:
      let message = try message(row, foundFindings, foundGaps)
      return KeptEvent(archive: archive, event: .message(message))
    case nil: throw store.damaged
    }
  }

  private func message(_ row: Row, _ findings: [Finding], _ gaps: [Gap]) throws -> ScannedMessage {
    guard let id: String = row[3], let byteCount: Int = row[14],
      let visibility = (row[7] as String?).flatMap(Visibility.init(rawValue:)),
      let verdict = EventCursor.number(row[12]).flatMap(Verdict.init(rawValue:)),
      let level = EventCursor.number(row[13]).flatMap(Level.init(rawValue:))
    else { throw store.damaged }
    let tip = try (row[17] as Int64?).map(tip)
    let observed = EventCursor.number(row[15]).flatMap(Verdict.init(rawValue:))
    var files = Coverage()
    if let counts = row[18] as String? {
      let numbers = counts.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 4 else { throw store.damaged }
      (files.total, files.inspected, files.partly, files.not) = (
        numbers[0], numbers[1], numbers[2], numbers[3]
      )
    }
    let time = (row[8] as Int?).flatMap(rfc3339(milliseconds:))
    let high: Int64? = row[10]
    let low: Int64? = row[11]
    let word: Int64? = row[21]
    return ScannedMessage(
      review: Review(
        id: id,
        verdict: verdict,
        level: level,
        findings: findings,
        gaps: gaps,
        tip: tip,
        observed: observed,
        mayOverride: (row[16] as Int?) == 1,
        ruleset: ruleset
      ),
      channelID: row[5],
      channelName: row[6],
      visibility: visibility,
      timestamp: row[9] ?? time,
      sender: row[4],
      files: files,
      byteCount: byteCount,
      isMessage: row[2] == StoredEvent.Kind.message.rawValue,
      replaces: row[20],
      fileIDs: (row[19] as String?).flatMap(StoredEvent.strings) ?? [],
      digest: ContentDigest(high: high, low: low, word: word)
    )
  }

  private static func number(_ value: Int64?) -> UInt8? { value.flatMap(UInt8.init(exactly:)) }

  private func nextFinding() throws -> (event: Int64, finding: Finding)? {
    guard let row = try findings.next() else { return nil }
    guard let finding = StoredEvent.finding(row[1], fingerprint: row[2]) else {
      throw store.damaged
    }
    return (row[0], finding)
  }

  private func nextGap() throws -> (event: Int64, gap: Gap)? {
    guard let row = try gaps.next() else { return nil }
    guard let gap = StoredEvent.gap(row[1]) else { throw store.damaged }
    return (row[0], gap)
  }

  private func tip(_ id: Int64) throws -> Tip {
    if let known = tips[id] { return known }
    let contents = try String.fetchOne(
      database.cachedStatement(sql: "SELECT contents FROM tip WHERE id = ?"),
      arguments: [id]
    )
    guard let tip = contents.flatMap(StoredEvent.tip) else { throw store.damaged }
    tips[id] = tip
    return tip
  }
}

extension ContentDigest {
  /// What finds messages that say the same in the same context.
  var word: Int64 { high ^ context }

  /// A digest from what is kept of it; `nil` where nothing is.
  init?(high: Int64?, low: Int64?, word: Int64?) {
    guard let high, let low, let word else { return nil }
    self.init(high: high, low: low, context: word ^ high)
  }
}
