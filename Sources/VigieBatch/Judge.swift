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

/// What a thread made of some items of an archive.
struct JudgedBatch: Sendable {
  var events: [ScanEvent]
  /// The same events as a store keeps them; `nil` where none does.
  var block: PackedBlock?
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
  func judge(_ items: [ArchiveItem]) -> JudgedBatch {
    var events: [ScanEvent] = []
    events.reserveCapacity(items.count)
    var messages: [Recalling?] = []
    var reviews: [Review?] = []
    if let memory, !memory.isEmpty {
      messages = items.map(recalling)
      reviews = memory.reviews(of: messages)
    }
    for (index, item) in items.enumerated() {
      let known = reviews.isEmpty ? nil : (reviews[index], messages[index]?.digest)
      switch item {
      case .message(let message, _, let byteCount):
        events.append(.message(scanned(message, byteCount, isMessage: true, known)))
      case .channel(let message, _, let byteCount):
        events.append(.message(scanned(message, byteCount, isMessage: false, known)))
      case .gap(let gap, let source):
        // Formats with lines hold one message a line: a bad line is a message not inspected.
        let isMessage = source.line != nil
        packer?.add(gap, isMessage: isMessage)
        events.append(.gap(gap, isMessage: isMessage))
      case .access:
        // It says who can read, nothing that was said.
        break
      }
    }
    return JudgedBatch(events: events, block: packer?.take())
  }

  private func scanned(
    _ message: Message,
    _ byteCount: Int,
    isMessage: Bool,
    _ known: (review: Review?, digest: ContentDigest?)?
  ) -> ScannedMessage {
    var review = known?.review ?? inspector.review(message)
    review.id = message.id
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
