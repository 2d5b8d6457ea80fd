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

  mutating func events(for items: [ArchiveItem]) -> [ScanEvent] {
    let digests = items.map { digest(of: $0) }
    let known = memory?.reviews(of: digests)
    return items.indices.compactMap { event(for: items[$0], digests[$0], known?[$0]) }
  }

  private mutating func digest(of item: ArchiveItem) -> ContentDigest? {
    switch item {
    case .message(let message, _, _), .channel(let message, _, _):
      return digester?.digest(of: message)
    case .gap, .access: return nil
    }
  }

  private func event(
    for item: ArchiveItem,
    _ digest: ContentDigest?,
    _ known: Review?
  ) -> ScanEvent? {
    func scanned(_ message: Message, _ byteCount: Int, isMessage: Bool) -> ScanEvent {
      var review = known ?? inspector.review(message)
      review.id = message.id
      var scanned = ScannedMessage(message, review, byteCount: byteCount, isMessage: isMessage)
      scanned.digest = digest
      if isRevealing, !review.findings.isEmpty {
        scanned.revealed = inspector.revealed(review, of: message)
      }
      return .message(scanned)
    }
    switch item {
    case .message(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: true)
    case .channel(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: false)
    case .gap(let gap, let source):
      // Formats with lines hold one message a line: a bad line is a message not inspected.
      return .gap(gap, isMessage: source.line != nil)
    case .access:
      // It says who can read, nothing that was said.
      return nil
    }
  }
}
