import VigieArchives
package import VigieCore
package import VigieCrypto
import VigieFilter
import VigieInspection
package import VigieReports

/// Remembers what was said of messages, for messages that say the same in the same context.
package protocol ReviewMemory: Sendable {
  /// The key of the digests by which it knows messages.
  var digestKey: HMACKey { get }

  /// What was said of messages with these digests, on the same basis.
  ///
  /// - Parameter digests: One for each message; `nil` where none could be taken.
  /// - Returns: A review for each, with the id of another message; `nil` where there is none.
  func reviews(of digests: [ContentDigest?]) -> [Review?]
}

/// Judges items of an archive on one thread.
struct Judge {
  private let inspector: Inspector
  private let memory: (any ReviewMemory)?
  private var digester: ContentDigester?
  private let isRevealing: Bool

  /// A judge.
  ///
  /// - Parameters:
  ///   - filter: What judges.
  ///   - memory: What was found before in messages that say the same.
  ///   - isRevealing: Whether events hold what was found with the words around it.
  init(_ filter: Filter, _ memory: (any ReviewMemory)?, isRevealing: Bool) {
    inspector = Inspector(filter)
    self.isRevealing = isRevealing
    self.memory = memory
    digester = memory.map {
      ContentDigester(key: $0.digestKey, maxFileByteCount: filter.limits.maxAttachmentByteCount)
    }
  }

  /// Judges items.
  mutating func judge(_ items: [ArchiveItem]) -> Judgements {
    var judgements = Judgements(items)
    if memory == nil {
      for index in items.indices {
        if let event = event(for: items[index], nil, nil) { judgements.add(event, of: index) }
      }
      return judgements
    }
    let digests = items.map { digest(of: $0) }
    let known = memory?.reviews(of: digests)
    for index in items.indices {
      let event = event(for: items[index], digests[index], known?[index])
      if let event { judgements.add(event, of: index) }
    }
    return judgements
  }

  private mutating func digest(of item: ArchiveItem) -> ContentDigest? {
    switch item {
    case .message(let message, _, _), .channel(let message, _, _):
      return digester?.digest(of: message)
    case .gap, .access: return nil
    }
  }

  /// The event of an item; `nil` where ``Judgements`` makes it, or where there is none.
  private func event(
    for item: ArchiveItem,
    _ digest: ContentDigest?,
    _ known: Review?
  ) -> ScanEvent? {
    switch item {
    case .message(let message, _, let byteCount):
      event(for: message, digest, known, byteCount, isMessage: true)
    case .channel(let message, _, let byteCount):
      event(for: message, digest, known, byteCount, isMessage: false)
    case .gap(let gap, let source):
      // Formats with lines hold one message a line: a bad line is a message not inspected.
      .gap(gap, isMessage: source.line != nil)
    case .access:
      // It says who can read, nothing that was said.
      nil
    }
  }

  private func event(
    for message: Message,
    _ digest: ContentDigest?,
    _ known: Review?,
    _ byteCount: Int,
    isMessage: Bool
  ) -> ScanEvent? {
    var review: Review
    if let known {
      review = known
      review.id = message.id
    } else if digest == nil {
      guard let remark = inspector.remark(on: message) else { return nil }
      review = remark
    } else {
      review = inspector.review(message)
    }
    var scanned = ScannedMessage(message, review, byteCount: byteCount, isMessage: isMessage)
    scanned.digest = digest
    if isRevealing, !review.findings.isEmpty {
      scanned.revealed = inspector.revealed(review, of: message)
    }
    return .message(scanned)
  }
}

/// What a thread said of a batch.
///
/// Of most messages there is nothing to say. Their events are made where they are delivered, from the messages, which
/// go back to the thread that read them and are freed there: memory that one thread takes and another gives back costs
/// both, and so does every count of references to what two threads hold.
struct Judgements: Sendable {
  private let items: [ArchiveItem]
  /// The events of the other items, by the index of the item.
  private var events: [(index: Int, event: ScanEvent)] = []

  /// Nothing said yet.
  init(_ items: [ArchiveItem]) { self.items = items }

  /// Keeps the event of an item, in the order of the items.
  mutating func add(_ event: ScanEvent, of index: Int) { events.append((index, event)) }

  /// Goes through the events of all items in order.
  ///
  /// - Parameters:
  ///   - ruleset: The id of the rules and the policy.
  ///   - body: Takes the events.
  func forEachEvent(judgedBy ruleset: String, _ body: (ScanEvent) -> Void) {
    var next = 0
    for index in items.indices {
      if next < events.count, events[next].index == index {
        body(events[next].event)
        next += 1
        continue
      }
      switch items[index] {
      case .message(let message, _, let byteCount):
        body(.message(ScannedMessage(message, clearedBy: ruleset, byteCount, isMessage: true)))
      case .channel(let message, _, let byteCount):
        body(.message(ScannedMessage(message, clearedBy: ruleset, byteCount, isMessage: false)))
      case .gap, .access: break
      }
    }
  }
}

extension ScannedMessage {
  /// A message of which there is nothing to say.
  fileprivate init(
    _ message: Message,
    clearedBy ruleset: String,
    _ byteCount: Int,
    isMessage: Bool
  ) {
    let review = Review(id: message.id, verdict: .allow, level: .public, ruleset: ruleset)
    self.init(message, review, byteCount: byteCount, isMessage: isMessage)
  }
}
