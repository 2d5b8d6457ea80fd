import GRDB
import VigieCore
import VigieCrypto
import VigieReports

/// Writes the events of one run as rows, batch by batch, on one thread.
final class EventWriter {
  /// The words of each kind whose numbers are remembered; others are looked up.
  private static let maxKnownCount = 100_000
  /// The same for details, which are long.
  private static let maxDetailCount = 5_000

  private let store: ScanStore
  private let run: StoredRun
  private var eventCount: Int
  private var channels: [ChannelWords: Int64] = [:]
  private var senders: [ExactText: Int64] = [:]
  private var details: [ExactText: Int64] = [:]
  private var gaps: [Gap: Int64] = [:]
  private var tips: [Tip: Int64] = [:]

  /// A writer that goes on after the events that are kept of the run.
  init(_ store: ScanStore, _ run: StoredRun) {
    self.store = store
    self.run = run
    eventCount = run.eventCount
  }

  /// Writes a batch in one transaction.
  func write(_ batch: RecordBatch) throws(StoreFailure) {
    try store.writing { database in
      let rows = try EventRows(database)
      for block in batch.blocks { try write(block, of: batch.archive, rows) }
      try database.execute(
        sql: "UPDATE run SET events = ? WHERE id = ?",
        arguments: [eventCount, run.id]
      )
      guard let end = batch.end else { return }
      try database.execute(
        sql: """
          UPDATE archive SET read = ?, unread = ?, gaps = ?, exports = ?, size = ?,
            sha256 = ?, disk = ?, files = ?
          WHERE run = ? AND number = ?
          """,
        arguments: [
          end.readByteCount, end.unreadByteCount, end.hasGaps, end.contents?.exportsJSON,
          end.contents?.byteCount, end.contents?.seal?.sha256, end.contents?.seal?.byteCount,
          end.contents?.seal?.fileCount, run.id, batch.archive,
        ]
      )
    }
  }

  private func write(_ packed: PackedBlock, of archive: Int, _ rows: EventRows) throws {
    let start = run.id * ScanStore.eventsPerRun + Int64(eventCount + 1)
    let bytes = packed.block.packed(
      senders: packed.senders,
      tips: try packed.tips.map { try tip($0, rows) },
      channels: try packed.channels.map {
        ChannelNumber(number: try channel($0.words, rows), digest: $0.digest)
      }
    )
    try rows.add(bytes, at: start, archive: archive)
    eventCount += packed.count
    for (offset, event) in packed.marked { try write(event, start + Int64(offset), rows) }
  }

  /// Writes the findings and gaps of an event.
  private func write(_ event: ScanEvent, _ id: Int64, _ rows: EventRows) throws {
    switch event {
    case .gap(let gap, _): try rows.add(gap, 0, of: id, detail: detail(of: gap, rows))
    case .message(let message):
      for (number, gap) in message.review.gaps.enumerated() {
        try rows.add(gap, number, of: id, detail: detail(of: gap, rows))
      }
      for (number, finding) in message.review.findings.enumerated() {
        try write(finding, number, of: message, id, rows)
      }
    }
  }

  private func write(
    _ finding: Finding,
    _ number: Int,
    of message: ScannedMessage,
    _ id: Int64,
    _ rows: EventRows
  ) throws {
    // A store has a key, so that every finding has a fingerprint.
    guard let fingerprint = finding.fingerprint else { throw store.damaged }
    let detail = try detail(StoredEvent.json(finding), rows)
    let item = try rows.item(of: finding, fingerprint, run: run.id)
    try rows.addFinding(number, of: id, item: item, detail: detail)
    var event = PackedEvent(message)
    event.channel = try channel(ChannelWords(of: message), rows)
    try rows.addPlace(
      of: finding,
      item: item,
      detail: detail,
      in: message.channelID ?? "",
      event,
      sender: try event.sender.map { try sender($0, rows) },
      run: run.id
    )
  }
}

// MARK: - Words that many rows share

extension EventWriter {
  private func channel(_ words: ChannelWords, _ rows: EventRows) throws -> Int64 {
    if let known = channels[words] { return known }
    if channels.count >= EventWriter.maxKnownCount { channels.removeAll() }
    let word = StoredEvent.json([
      words.id.map { "=" + $0 } ?? "", words.name.map { "=" + $0 } ?? "",
      words.visibility.rawValue,
    ])
    let number = try rows.number(
      find: "SELECT id FROM channel WHERE word = ?",
      add: """
        INSERT INTO channel (word, source, name, visibility) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
      [word, words.id, words.name, words.visibility.rawValue]
    )
    channels[words] = number
    return number
  }

  private func sender(_ name: String, _ rows: EventRows) throws -> Int64 {
    let key = ExactText(name)
    if let known = senders[key] { return known }
    if senders.count >= EventWriter.maxKnownCount { senders.removeAll() }
    let number = try rows.number(
      find: "SELECT id FROM sender WHERE name = ?",
      add: "INSERT INTO sender (name) VALUES (?) ON CONFLICT DO NOTHING",
      [name]
    )
    senders[key] = number
    return number
  }

  private func tip(_ tip: Tip, _ rows: EventRows) throws -> Int64 {
    if let known = tips[tip] { return known }
    if tips.count >= EventWriter.maxDetailCount { tips.removeAll() }
    let number = try rows.number(
      find: "SELECT id FROM tip WHERE contents = ?",
      add: "INSERT INTO tip (contents) VALUES (?) ON CONFLICT DO NOTHING",
      [StoredEvent.json(tip)]
    )
    tips[tip] = number
    return number
  }

  private func detail(of gap: Gap, _ rows: EventRows) throws -> Int64 {
    if let known = gaps[gap] { return known }
    if gaps.count >= EventWriter.maxDetailCount { gaps.removeAll() }
    let number = try detail(StoredEvent.json(gap), rows)
    gaps[gap] = number
    return number
  }

  private func detail(_ contents: String, _ rows: EventRows) throws -> Int64 {
    let key = ExactText(contents)
    if let known = details[key] { return known }
    if details.count >= EventWriter.maxDetailCount { details.removeAll() }
    let number = try rows.detail(contents)
    details[key] = number
    return number
  }
}
