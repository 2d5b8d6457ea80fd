import GRDB
package import VigieCore
package import VigieReports

/// Where runs keep what was said of messages, so that it need not be found out again.
///
/// Tables in memory, from a word for what a message says, where and who says it, to the block that holds what was said of it. An archive
/// that is scanned again holds most of what it held, in the same order; and where one message points at a block,
/// all of it is read. So few messages that stand together need be in the table for all to be found: of very many it
/// holds each second, fourth … alone, chosen by their digests, beside those with files that were opened.
///
/// *Source:* M. Lillibridge et al., "Sparse Indexing", FAST 2009.
package struct Recollection: Sendable {
  /// The messages in the table at most, about 40 MB; of those with files a quarter as many.
  package static let maxCount = 1 << 20
  /// The blocks that are read for one call, however few messages point at them.
  static let freeBlockCount = 4
  /// The messages of one call that must point at any other block: reading it takes as long as judging so many.
  static let minHitCount = 16

  /// The rules of each run.
  fileprivate var rulesets: [Int64: String] = [:]
  private let limit: Int
  private var blocks: [Int64: Int64] = [:]
  /// The bits of a key that are 0 where the message may be in the table.
  private var mask: UInt64 = 0
  private var dearBlocks: [Int64: Int64] = [:]

  fileprivate init(limit: Int) { self.limit = limit }

  /// Whether there is nothing to find.
  package var isEmpty: Bool { blocks.isEmpty && dearBlocks.isEmpty }

  /// What stands for content, channel and sender in the tables of this process.
  fileprivate static func key(_ digest: ContentDigest, _ sender: String?) -> Int64 {
    digest.word ^ Int64(sender.hashValue)
  }

  fileprivate func block(of message: Recalling) -> Int64? {
    let key = Recollection.key(message.digest, message.sender)
    return dearBlocks[key] ?? blocks[key]
  }

  fileprivate mutating func add(_ event: PackedEvent, in block: Int64) {
    guard let digest = event.digest else { return }
    let key = Recollection.key(digest, event.sender)
    // Opening a file again takes longer than anything else does.
    if event.files.total > event.files.not, dearBlocks.count < limit / 4 {
      dearBlocks[key] = block
    } else if UInt64(bitPattern: key) & mask == 0 {
      blocks[key] = block
      if blocks.count > limit {
        mask = mask << 1 | 1
        let mask = mask
        blocks = blocks.filter { UInt64(bitPattern: $0.key) & mask == 0 }
      }
    }
  }
}

/// A message of which somebody wants to know what was said of such a one before.
package struct Recalling: Sendable {
  /// What it says, and where.
  package var digest: ContentDigest
  /// Who says it.
  package var sender: String?
  /// Whether it takes long to judge.
  package var isDear: Bool

  /// A message from its parts.
  package init(digest: ContentDigest, sender: String?, isDear: Bool) {
    self.digest = digest
    self.sender = sender
    self.isDear = isDear
  }
}

extension ScanStore {
  /// Reads where runs keep what was said of messages.
  ///
  /// - Parameters:
  ///   - runs: The runs; where several say something, the last counts.
  ///   - limit: The messages in the table at most.
  /// - Returns: Where they keep it.
  /// - Throws: ``StoreFailure`` where the store cannot be read.
  package func recollection(
    of runs: Set<Int64>,
    limit: Int = Recollection.maxCount
  ) throws(StoreFailure) -> Recollection {
    var recollection = Recollection(limit: limit)
    if runs.isEmpty { return recollection }
    try reading { database in
      for run in runs.sorted() {
        recollection.rulesets[run] = try String.fetchOne(
          database,
          sql: "SELECT ruleset FROM run WHERE id = ?",
          arguments: [run]
        )
        try forEachBlock(of: run, holdingTexts: false, database) { id, _, events in
          for event in events where event.kind.isMessage {
            recollection.add(event, in: id)
          }
        }
      }
    }
    return recollection
  }

  /// Looks for messages that say what other messages said before, on the same basis.
  ///
  /// - Parameters:
  ///   - messages: Messages that stand together in an archive; `nil` where nobody may look.
  ///   - recollection: Where runs on the same basis keep what was said.
  /// - Returns: For each what was said of it, with the id of the other message; `nil` where there is none, where it
  ///   has a gap that may be gone by now, or where looking takes longer than judging.
  /// - Throws: ``StoreFailure`` where the store cannot be read.
  package func reviews(
    of messages: [Recalling?],
    in recollection: Recollection
  ) throws(StoreFailure) -> [Review?] {
    let blocks = recollection.worthwhileBlocks(for: messages)
    if blocks.isEmpty { return messages.map { _ in nil } }
    return try reading { database in
      let select = try DirectStatement(database, "SELECT data FROM block WHERE id = ?")
      var events: [(event: PackedEvent, id: Int64, previous: Int)] = []
      // The last event that says something, from which those before it that say the same are found.
      var latest: [Int64: Int] = [:]
      for block in blocks {
        try select.bind(block, at: 1)
        // A purge may have come between.
        guard try select.next() else { continue }
        let bytes = select.bytes(0)
        select.reset()
        guard let read = EventBlock.events(in: bytes) else { throw damaged }
        for (offset, event) in read.enumerated() {
          guard let word = event.digest?.word else { continue }
          events.append((event, block + Int64(offset), latest[word] ?? -1))
          latest[word] = events.count - 1
        }
      }
      let reader = EventReader(database, self)
      return try messages.map { message in
        guard let message else { return nil }
        var place = latest[message.digest.word] ?? -1
        while place >= 0 {
          let event = events[place].event
          if event.digest == message.digest, event.isFrom(message.sender) { break }
          place = events[place].previous
        }
        guard place >= 0 else { return nil }
        let (event, id, _) = events[place]
        guard let ruleset = recollection.rulesets[id / ScanStore.eventsPerRun] else { return nil }
        let review = try reader.review(of: event, id, ruleset: ruleset)
        return review.gaps.contains(where: \.reason.isTransient) ? nil : review
      }
    }
  }
}

extension Recollection {
  /// The blocks that are worth reading, in their order: the later one counts where two say something of a message.
  fileprivate func worthwhileBlocks(for messages: [Recalling?]) -> [Int64] {
    var hits: [Int64: Int] = [:]
    for case let message? in messages {
      guard let block = block(of: message) else { continue }
      hits[block, default: 0] += message.isDear ? Recollection.minHitCount : 1
    }
    let best = hits.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
    return best.enumerated()
      .filter {
        $0.offset < Recollection.freeBlockCount || $0.element.value >= Recollection.minHitCount
      }
      .map(\.element.key).sorted()
  }
}
