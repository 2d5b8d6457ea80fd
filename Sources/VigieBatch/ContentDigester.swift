import VigieCore
import VigieCrypto
import VigieDocuments
import VigieReports

/// Takes the digests of messages, on one thread.
final class ContentDigester {
  /// The channels whose digests are remembered.
  private static let maxKnownCount = 16_384

  private let key: HMACKey
  private let maxFileByteCount: Int
  private var channels: [Channel?: Int64] = [:]
  private var bytes: [UInt8] = []

  /// - Parameters:
  ///   - key: The key of the digests.
  ///   - maxFileByteCount: The bytes of one file that are inspected; what lies beyond changes nothing.
  init(key: HMACKey, maxFileByteCount: Int) {
    self.key = key
    self.maxFileByteCount = maxFileByteCount
  }

  /// The digest of a message.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - context: The digest of its channel, as ``context(of:)`` gives it.
  /// - Returns: The digest; `nil` where a file that goes with it cannot be read, or lies elsewhere.
  func digest(of message: Message, in context: Int64) -> ContentDigest? {
    bytes.removeAll(keepingCapacity: true)
    message.appendTexts(to: &bytes)
    if !message.isWithoutFiles {
      for attachment in message.attachments {
        guard add(attachment) else { return nil }
      }
    }
    bytes.append(3)
    for gap in message.gaps {
      add(gap.place.part.description)
      add(gap.reason.rawValue)
      add(gap.detail)
    }
    let code = key.shortCode(for: bytes)
    return ContentDigest(high: code.high, low: code.low, context: context)
  }

  /// Adds what is known of a file.
  ///
  /// - Returns: Whether that is all that is said of it.
  private func add(_ attachment: Attachment) -> Bool {
    add(attachment.name)
    add(attachment.mimetype)
    switch attachment.content {
    case .nameOnly: bytes.append(0)
    case .missing(let detail):
      bytes.append(1)
      add(detail)
    case .bytes(let content):
      bytes.append(2)
      bytes += Digest.rawSHA256(content)
    case .file(let path):
      guard let file = try? MappedFile(path: path, limit: maxFileByteCount) else { return false }
      bytes.append(2)
      bytes += unsafe file.withBytes { unsafe Digest.rawSHA256($0) }
      add("\(file.fileByteCount)")
    case .uploaded: return false
    }
    return true
  }

  /// The digest of a channel, on which a verdict rests too; who sent a message is compared as it is.
  func context(of channel: Channel?) -> Int64 {
    if let known = channels[channel] { return known }
    bytes.removeAll(keepingCapacity: true)
    add("channel")
    for text in [
      channel?.id, channel?.name, channel?.visibility.rawValue, channel?.encrypted.map { "\($0)" },
      channel?.federated.map { "\($0)" },
    ] {
      add(text)
    }
    let number = key.shortCode(for: bytes).high
    if channels.count >= ContentDigester.maxKnownCount { channels.removeAll() }
    channels[channel] = number
    return number
  }

  private func add(_ text: String?) { Message.append(text, to: &bytes) }
}
