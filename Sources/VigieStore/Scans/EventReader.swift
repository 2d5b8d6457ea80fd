import GRDB
import VigieCore
import VigieReports

/// Makes events of what blocks and the tables beside them hold, on one connection.
final class EventReader {
  /// The words of each kind that are remembered; others are looked up.
  private static let maxKnownCount = 16_384

  private let database: Database
  private let store: ScanStore
  private var channels: [Int64: ChannelWords] = [:]
  private var tips: [Int64: Tip] = [:]
  private var gaps: [Int64: Gap] = [:]

  init(_ database: Database, _ store: ScanStore) {
    self.database = database
    self.store = store
  }

  /// The event that a block holds.
  ///
  /// - Parameters:
  ///   - packed: The event as it is packed.
  ///   - id: Its id.
  ///   - ruleset: The rules of its run.
  /// - Returns: The event with all that belongs to it.
  /// - Throws: ``StoreFailure`` where the store is damaged; what GRDB throws.
  func event(_ packed: PackedEvent, _ id: Int64, ruleset: String) throws -> ScanEvent {
    guard packed.kind.isMessage else {
      guard let gap = try gaps(of: id).first else { throw store.damaged }
      return .gap(gap, isMessage: packed.kind == .unreadMessage)
    }
    let channel = try channel(packed.channel)
    return .message(
      ScannedMessage(
        review: try review(of: packed, id, ruleset: ruleset),
        channelID: channel.id,
        channelName: channel.name,
        visibility: channel.visibility,
        timestamp: packed.stamp ?? packed.time.flatMap(rfc3339(milliseconds:)),
        sender: packed.sender,
        files: packed.files,
        byteCount: packed.byteCount,
        isMessage: packed.kind == .message,
        replaces: packed.replaces,
        fileIDs: packed.fileIDs,
        digest: packed.digest
      )
    )
  }

  /// What was said of a message.
  func review(of packed: PackedEvent, _ id: Int64, ruleset: String) throws -> Review {
    guard let verdict = Verdict(rawValue: packed.verdict),
      let level = Level(rawValue: packed.level)
    else { throw store.damaged }
    return Review(
      id: packed.message,
      verdict: verdict,
      level: level,
      findings: packed.hasFindings ? try findings(of: id) : [],
      gaps: packed.hasGaps ? try gaps(of: id) : [],
      tip: try packed.tip.map(tip),
      observed: packed.observed.flatMap(Verdict.init(rawValue:)),
      mayOverride: packed.mayOverride,
      ruleset: ruleset
    )
  }

  private func findings(of event: Int64) throws -> [Finding] {
    let rows = try DirectStatement(
      database,
      """
      SELECT detail.contents, item.fingerprint
      FROM finding JOIN detail ON detail.id = finding.detail JOIN item ON item.id = finding.item
      WHERE finding.event = ? ORDER BY finding.number
      """
    )
    try rows.bind(event, at: 1)
    defer { rows.reset() }
    var findings: [Finding] = []
    while try rows.next() {
      guard let contents = rows.text(0), let fingerprint = rows.text(1),
        let finding = StoredEvent.finding(contents, fingerprint: fingerprint)
      else { throw store.damaged }
      findings.append(finding)
    }
    return findings
  }

  private func gaps(of event: Int64) throws -> [Gap] {
    let rows = try DirectStatement(
      database,
      "SELECT detail FROM gap WHERE event = ? ORDER BY number"
    )
    try rows.bind(event, at: 1)
    defer { rows.reset() }
    var found: [Gap] = []
    while try rows.next() { found.append(try gap(rows.number(0))) }
    return found
  }

  private func gap(_ detail: Int64) throws -> Gap {
    try EventReader.value(of: detail, in: &gaps) {
      try text("SELECT contents FROM detail WHERE id = ?", detail).flatMap(StoredEvent.gap)
    } ?? { throw store.damaged }()
  }

  private func tip(_ number: Int64) throws -> Tip {
    try EventReader.value(of: number, in: &tips) {
      try text("SELECT contents FROM tip WHERE id = ?", number).flatMap(StoredEvent.tip)
    } ?? { throw store.damaged }()
  }

  private func channel(_ number: Int64) throws -> ChannelWords {
    try EventReader.value(of: number, in: &channels) {
      let row = try DirectStatement(
        database,
        "SELECT source, name, visibility FROM channel WHERE id = ?"
      )
      try row.bind(number, at: 1)
      defer { row.reset() }
      guard try row.next(), let visibility = row.text(2).flatMap(Visibility.init(rawValue:)) else {
        return nil
      }
      return ChannelWords(id: row.text(0), name: row.text(1), visibility: visibility)
    } ?? { throw store.damaged }()
  }

  private func text(_ sql: String, _ number: Int64) throws -> String? {
    let row = try DirectStatement(database, sql)
    try row.bind(number, at: 1)
    defer { row.reset() }
    return try row.next() ? row.text(0) : nil
  }

  private static func value<Value>(
    of number: Int64,
    in known: inout [Int64: Value],
    _ read: () throws -> Value?
  ) throws -> Value? {
    if let value = known[number] { return value }
    guard let value = try read() else { return nil }
    if known.count >= maxKnownCount { known.removeAll() }
    known[number] = value
    return value
  }
}

extension ScanStore {
  /// Hands over the blocks of a run in order.
  ///
  /// - Parameters:
  ///   - run: The number of the run.
  ///   - archive: The number of the archive in it; `nil` for all.
  ///   - holdsTexts: Whether the events have their texts.
  ///   - database: The connection.
  ///   - body: Takes the id of the first event, of which those of the others follow, the number of the archive,
  ///     and the events.
  /// - Throws: ``StoreFailure`` where a block is damaged, what GRDB throws, and what `body` throws.
  func forEachBlock(
    of run: Int64,
    archive: Int? = nil,
    holdingTexts holdsTexts: Bool = true,
    _ database: Database,
    _ body: (_ id: Int64, _ archive: Int, _ events: [PackedEvent]) throws -> Void
  ) throws {
    let blocks = try DirectStatement(
      database,
      """
      SELECT id, archive, data FROM block
      WHERE id >= ?1 AND id < ?2 AND (?3 IS NULL OR archive = ?3) ORDER BY id
      """
    )
    let ids = try ScanStore.eventIDs(of: run)
    try blocks.bind(ids.lowerBound, at: 1)
    try blocks.bind(ids.upperBound, at: 2)
    try blocks.bind(archive.map(Int64.init), at: 3)
    defer { blocks.reset() }
    while try blocks.next() {
      guard let events = EventBlock.events(in: blocks.bytes(2), holdingTexts: holdsTexts) else {
        throw damaged
      }
      try body(blocks.number(0), Int(blocks.number(1)), events)
    }
  }
}
