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
  /// The channel of the last message: most archives hold one channel after the other.
  private var latest: (channel: Channel?, digest: Int64)?
  private var bytes: [UInt8] = []

  /// - Parameters:
  ///   - key: The key of the digests.
  ///   - maxFileByteCount: The bytes of one file that are inspected; what lies beyond changes nothing.
  init(key: HMACKey, maxFileByteCount: Int) {
    self.key = key
    self.maxFileByteCount = maxFileByteCount
  }

  /// The digest of a message; `nil` where a file that goes with it cannot be read, or lies elsewhere.
  func digest(of message: Message) -> ContentDigest? {
    bytes.removeAll(keepingCapacity: true)
    for text in [message.body, message.html, message.subject] { add(text) }
    for attachment in message.attachments {
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
        guard let file = try? MappedFile(path: path, limit: maxFileByteCount) else { return nil }
        bytes.append(2)
        bytes += unsafe file.withBytes { unsafe Digest.rawSHA256($0) }
        add("\(file.fileByteCount)")
      case .uploaded: return nil
      }
    }
    bytes.append(3)
    for gap in message.gaps {
      add(gap.place.part.description)
      add(gap.reason.rawValue)
      add(gap.detail)
    }
    let code = key.shortCode(for: bytes)
    return ContentDigest(high: code.high, low: code.low, context: digest(of: message.channel))
  }

  /// The digest of a channel, on which a verdict rests too; who sent a message is compared as it is.
  private func digest(of channel: Channel?) -> Int64 {
    if let latest, latest.channel == channel { return latest.digest }
    if let known = channels[channel] {
      latest = (channel, known)
      return known
    }
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
    latest = (channel, number)
    return number
  }

  /// Adds a text with its length before it, so that no text can pass for a part of another.
  private func add(_ text: String?) {
    guard let text else {
      for _ in 0..<8 { bytes.append(0xFF) }
      return
    }
    let count = text.utf8.count
    unsafe withUnsafeBytes(of: count.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: text.utf8)
  }
}
