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
  private let ruleset: String
  private let memory: (any ReviewMemory)?
  private let digester: ContentDigester?
  private let isRevealing: Bool
  private var packer: EventPacker?
  private var judgements = Judgements(ItemBatch())
  /// The last message of the batch; most are of the channel of the one before them.
  private var latest: Message?
  /// The digest of its channel.
  private var context: Int64 = 0

  /// A judge.
  ///
  /// - Parameters:
  ///   - filter: What judges.
  ///   - memory: What was found before in messages that say the same.
  ///   - isPacking: Whether events are packed for a store.
  ///   - isRevealing: Whether events hold what was found with the words around it.
  init(_ filter: Filter, _ memory: (any ReviewMemory)?, isPacking: Bool, isRevealing: Bool) {
    inspector = Inspector(filter)
    // A copy that no thread but this one counts references to.
    ruleset = String(decoding: Array(filter.ruleset.utf8), as: UTF8.self)
    self.isRevealing = isRevealing
    self.memory = memory
    packer = isPacking ? EventPacker() : nil
    digester = memory.map {
      ContentDigester(key: $0.digestKey, maxFileByteCount: filter.limits.maxAttachmentByteCount)
    }
  }

  /// Judges items that stand together; ``EventPacker/maxCount`` at most where they are packed.
  func judge(_ batch: ItemBatch) -> Judgements {
    judgements = Judgements(batch)
    latest = nil
    if let memory, !memory.isEmpty {
      let messages = batch.items.map(recalling)
      let reviews = memory.reviews(of: messages)
      latest = nil
      for index in batch.items.indices {
        judge(batch.items[index], index, (reviews[index], messages[index]))
      }
    } else {
      for index in batch.items.indices { judge(batch.items[index], index, nil) }
    }
    judgements.endRun(at: batch.items.count)
    judgements.block = packer?.take()
    // Who holds the messages last frees them; it is not to be this thread.
    latest = nil
    var judged = Judgements(ItemBatch())
    swap(&judged, &judgements)
    return judged
  }

  @inline(__always)
  private func judge(
    _ item: ArchiveItem,
    _ index: Int,
    _ known: (review: Review?, message: Recalling?)?
  ) {
    switch item {
    case .message(let message, _, let byteCount):
      judge(message, index, byteCount, isMessage: true, known)
    case .channel(let message, _, let byteCount):
      judge(message, index, byteCount, isMessage: false, known)
    case .gap(let gap, let source):
      // Formats with lines hold one message a line: a bad line is a message not inspected.
      let isMessage = source.line != nil
      let gap = gap.placed(at: source)
      packer?.add(gap, isMessage: isMessage)
      judgements.add(.gap(gap, isMessage: isMessage), of: index)
    case .access:
      // It says who can read, nothing that was said.
      break
    }
  }

  private func judge(
    _ message: Message,
    _ index: Int,
    _ byteCount: Int,
    isMessage: Bool,
    _ known: (review: Review?, message: Recalling?)?
  ) {
    if latest?.isInChannel(of: message) != true { turn(to: message, index) }
    let digest = known.map { $0.message?.digest } ?? digester?.digest(of: message, in: context)
    var review = known?.review ?? inspector.remark(on: message)
    if review == nil, message.isWithoutFiles {
      packer?.add(cleared: message, digest, byteCount: byteCount, isMessage: isMessage)
      return judgements.addCleared(byteCount: byteCount, isMessage: isMessage)
    }
    review?.id = message.id
    var scanned = ScannedMessage(
      message,
      review ?? Review(clearing: message.id, by: ruleset),
      byteCount: byteCount,
      isMessage: isMessage
    )
    scanned.digest = digest
    if isRevealing, !scanned.review.findings.isEmpty {
      scanned.revealed = inspector.revealed(scanned.review, of: message)
    }
    packer?.add(scanned)
    judgements.add(.message(scanned), of: index)
  }

  /// Goes on in the channel of a message.
  private func turn(to message: Message, _ index: Int) {
    latest = message
    let channel = message.channel
    if let digester { context = digester.context(of: channel) }
    packer?.turn(to: channel, context: context)
    judgements.endRun(at: index)
    judgements.beginRun(in: channel)
  }

  private func recalling(of item: ArchiveItem) -> Recalling? {
    switch item {
    case .message(let message, _, _), .channel(let message, _, _):
      guard let digest = recalled(message) else { return nil }
      var byteCount = 0
      message.withText(.body) { byteCount += $0.count }
      message.withText(.html) { byteCount += $0.count }
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
  private func recalled(_ message: Message) -> ContentDigest? {
    if latest?.isInChannel(of: message) != true, let digester {
      latest = message
      context = digester.context(of: message.channel)
    }
    return digester?.digest(of: message, in: context)
  }
}

extension Gap {
  /// A gap of the archive itself, with where it is: the member, and the line or the bytes before it.
  func placed(at source: SourceLocation) -> Gap {
    var gap = self
    if gap.place.path.isEmpty, let member = source.member { gap.place.path = [member] }
    if gap.place.location.isEmpty {
      gap.place.location = source.line.map { "line \($0)" } ?? "byte \(source.byteOffset)"
    }
    return gap
  }
}
