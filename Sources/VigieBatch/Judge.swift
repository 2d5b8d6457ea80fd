import VigieArchives
package import VigieCore
package import VigieCrypto
import VigieFilter
import VigieInspection
import VigieReports
package import VigieStore

/// Remembers what was said of messages, for messages that say the same in the same context.
package protocol ReviewMemory: Sendable {
  /// The key of the digests by which it knows messages.
  var digestKey: HMACKey { get }
  /// Whether it remembers nothing, so that nobody need ask.
  var isEmpty: Bool { get }

  /// What was said of messages with these digests, on the same basis.
  ///
  /// - Parameter messages: Messages that stand together; `nil` where no digest could be taken.
  /// - Returns: A review for each, with the id of another message; `nil` where there is none, or where looking
  ///   takes longer than judging.
  func reviews(of messages: [Recalling?]) -> [Review?]
}

/// Judges items of an archive on one thread.
final class Judge {
  /// The bytes of texts from which on a message takes long to judge.
  private static let dearByteCount = 4_096

  private let inspector: Inspector
  private let memory: (any ReviewMemory)?
  private let digester: ContentDigester?
  private let isRevealing: Bool
  private var packer: EventPacker?

  /// A judge.
  ///
  /// - Parameters:
  ///   - filter: What judges.
  ///   - memory: What was found before in messages that say the same.
  ///   - isPacking: Whether events are packed for a store.
  ///   - isRevealing: Whether events hold what was found with the words around it.
  init(_ filter: Filter, _ memory: (any ReviewMemory)?, isPacking: Bool, isRevealing: Bool) {
    inspector = Inspector(filter)
    self.isRevealing = isRevealing
    self.memory = memory
    packer = isPacking ? EventPacker() : nil
    digester = memory.map {
      ContentDigester(key: $0.digestKey, maxFileByteCount: filter.limits.maxAttachmentByteCount)
    }
  }

  /// Judges items that stand together; ``EventPacker/maxCount`` at most where they are packed.
  func judge(_ items: [ArchiveItem]) -> Judgements {
    var judgements = Judgements(items)
    var messages: [Recalling?] = []
    var reviews: [Review?] = []
    if let memory, !memory.isEmpty {
      messages = items.map(recalling)
      reviews = memory.reviews(of: messages)
    }
    for index in items.indices {
      let known = reviews.isEmpty ? nil : (reviews[index], messages[index]?.digest)
      if let event = event(for: items[index], known) { judgements.add(event, of: index) }
    }
    judgements.block = packer?.take()
    return judgements
  }

  /// The event of an item; `nil` where ``Judgements`` makes it, or where there is none.
  private func event(
    for item: ArchiveItem,
    _ known: (review: Review?, digest: ContentDigest?)?
  ) -> ScanEvent? {
    switch item {
    case .message(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: true, known).map(ScanEvent.message)
    case .channel(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: false, known).map(ScanEvent.message)
    case .gap(let gap, let source):
      // Formats with lines hold one message a line: a bad line is a message not inspected.
      let isMessage = source.line != nil
      packer?.add(gap, isMessage: isMessage)
      return .gap(gap, isMessage: isMessage)
    case .access:
      // It says who can read, nothing that was said.
      return nil
    }
  }

  /// A message with what is said of it; `nil` where there is nothing to say and no store to keep that.
  private func scanned(
    _ message: Message,
    _ byteCount: Int,
    isMessage: Bool,
    _ known: (review: Review?, digest: ContentDigest?)?
  ) -> ScannedMessage? {
    var review: Review
    if let recalled = known?.review {
      review = recalled
      review.id = message.id
    } else if packer == nil {
      guard let remark = inspector.remark(on: message) else { return nil }
      review = remark
    } else {
      review = inspector.review(message)
    }
    var scanned = ScannedMessage(message, review, byteCount: byteCount, isMessage: isMessage)
    scanned.digest = known.map(\.digest) ?? digester?.digest(of: message)
    if isRevealing, !review.findings.isEmpty {
      scanned.revealed = inspector.revealed(review, of: message)
    }
    packer?.add(scanned)
    return scanned
  }

  private func recalling(of item: ArchiveItem) -> Recalling? {
    switch item {
    case .message(let message, _, _), .channel(let message, _, _):
      guard let digest = digester?.digest(of: message) else { return nil }
      let byteCount = [message.body, message.html].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
      let isDear =
        byteCount >= Judge.dearByteCount
        || message.attachments.contains { attachment in
          switch attachment.content {
          case .bytes, .file: true
          case .nameOnly, .missing, .uploaded: false
          }
        }
      return Recalling(digest: digest, sender: message.sender, isDear: isDear)
    case .gap, .access: return nil
    }
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

  /// The same events as a store keeps them; `nil` where none does.
  var block: PackedBlock?

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
