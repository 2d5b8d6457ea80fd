import VigieCore
import VigieCrypto
import VigieDocuments
import VigieReports

/// Takes the digests of messages, on one thread.
struct ContentDigester {
  /// The contexts whose digests are remembered.
  private static let maxContextCount = 4_096

  private let key: HMACKey
  private let maxFileByteCount: Int
  private var contexts: [Context: Int64] = [:]
  private var bytes: [UInt8] = []

  /// What a verdict rests on beside the content.
  private struct Context: Hashable {
    var channel: Channel?
    var sender: String?
  }

  /// - Parameters:
  ///   - key: The key of the digests.
  ///   - maxFileByteCount: The bytes of one file that are inspected; what lies beyond changes nothing.
  init(key: HMACKey, maxFileByteCount: Int) {
    self.key = key
    self.maxFileByteCount = maxFileByteCount
  }

  /// The digest of a message; `nil` where a file that goes with it cannot be read, or lies elsewhere.
  mutating func digest(of message: Message) -> ContentDigest? {
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
    let code = key.rawCode(for: bytes)
    let context = context(of: message)
    return ContentDigest(
      high: ContentDigester.number(code[..<8]),
      low: ContentDigester.number(code[8..<16]),
      context: context
    )
  }

  private mutating func context(of message: Message) -> Int64 {
    let context = Context(channel: message.channel, sender: message.sender)
    if let known = contexts[context] { return known }
    bytes.removeAll(keepingCapacity: true)
    add("context")
    add(message.sender)
    let channel = message.channel
    for text in [
      channel?.id, channel?.name, channel?.visibility.rawValue, channel?.encrypted.map { "\($0)" },
      channel?.federated.map { "\($0)" },
    ] {
      add(text)
    }
    let number = ContentDigester.number(key.rawCode(for: bytes)[..<8])
    if contexts.count >= ContentDigester.maxContextCount { contexts.removeAll() }
    contexts[context] = number
    return number
  }

  /// Adds a text with its length before it, so that no text can pass for a part of another.
  private mutating func add(_ text: String?) {
    guard let text else {
      for _ in 0..<8 { bytes.append(0xFF) }
      return
    }
    let count = text.utf8.count
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: count >> (shift * 8))) }
    bytes.append(contentsOf: text.utf8)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
