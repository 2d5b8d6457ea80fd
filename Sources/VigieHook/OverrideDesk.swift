import Glibc
import VigieCore
import VigieCrypto

/// Offers senders to send what was stopped with a justification, and takes them at their word.
///
/// A token is `<expiry>.<code>.<holder>`: the expiry in milliseconds since 1970, the HMAC-SHA-256 of all that the offer is
/// bound to, and the first digits of one of its sender and channel alone, by which a sender can be told that the content
/// is another. Nothing is kept: what comes back is either what was offered, or not.
struct OverrideDesk: Sendable {
  /// The longest justification, UTF-8 bytes.
  static let maxJustificationByteCount = 1_000
  /// The longest token that is looked at, UTF-8 bytes.
  private static let maxTokenByteCount = 128
  /// The hex digits of the holder.
  private static let holderDigitCount = 16

  private let key: any MessageAuthentication
  private let lifetime: Int
  private let metrics: HookMetrics
  private let now: @Sendable () -> Int

  /// - Parameters:
  ///   - key: The key of the tokens.
  ///   - lifetime: How long a token is good for.
  ///   - metrics: What counts offers and overrides.
  ///   - now: Milliseconds since 1970.
  init(
    key: any MessageAuthentication,
    lifetime: Duration,
    metrics: HookMetrics,
    now: @escaping @Sendable () -> Int
  ) {
    self.key = key
    let (seconds, attoseconds) = lifetime.components
    // A year at most: an expiry must be a time that can be written.
    self.lifetime =
      Int(min(max(0, seconds), 31_536_000)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    self.metrics = metrics
    self.now = now
  }

  /// The review of a message after its sender had a say in it.
  ///
  /// - Parameters:
  ///   - review: What the policy says.
  ///   - message: The message as it came.
  /// - Returns: The review, perhaps with an offer; verdict `log` where the message brings one back.
  func settle(_ review: Review, of message: Message) -> Review {
    guard review.mayOverride, let sender = message.sender, !sender.isEmpty,
      let channel = message.channel?.id, !channel.isEmpty
    else {
      if message.override != nil, review.verdict.isStop { metrics.count(.refused) }
      return review
    }
    var review = review
    let bond = OverrideDesk.bond(message, review, sender: sender, channel: channel)
    if let request = message.override {
      if refusal(of: request, bond, sender: sender, channel: channel) == nil {
        metrics.count(.accepted)
        review.overridden = review.verdict
        review.verdict = .log
        review.tip = nil
        review.mayOverride = false
        return review
      }
      metrics.count(.refused)
    }
    let expiry = now() + lifetime
    if let expires = rfc3339(milliseconds: expiry) {
      metrics.count(.offered)
      review.override = OverrideOffer(
        token:
          "\(expiry).\(code(expiry, bond)).\(holder(expiry, sender: sender, channel: channel))",
        expires: expires
      )
    }
    return review
  }

  /// Why the wish of a sender did not count.
  ///
  /// - Parameters:
  ///   - message: The message as it came.
  ///   - review: What ``settle(_:of:)`` made of it.
  /// - Returns: Why; `nil` where there was no wish, or none was needed.
  func refusal(of message: Message, _ review: Review) -> OverrideRefusal? {
    guard let request = message.override, review.verdict.isStop, review.overridden == nil else {
      return nil
    }
    guard review.mayOverride, let sender = message.sender, !sender.isEmpty,
      let channel = message.channel?.id, !channel.isEmpty
    else { return .notOverridable }
    let bond = OverrideDesk.bond(message, review, sender: sender, channel: channel)
    return refusal(of: request, bond, sender: sender, channel: channel)
  }

  /// The keyed hash under which the audit keeps a justification.
  ///
  /// - Parameters:
  ///   - justification: The words of the sender.
  ///   - fingerprints: The key of fingerprints, which outlives the process; `nil` for none.
  /// - Returns: 64 hex digits.
  func hash(of justification: String, _ fingerprints: (any MessageAuthentication)?) -> String {
    (fingerprints ?? key).code(for: Array("vigie justification\0".utf8) + Array(justification.utf8))
  }

  /// Whether a justification says something: a letter or a digit, and no more than it may hold.
  static func isJustification(_ text: String) -> Bool {
    text.utf8.count <= maxJustificationByteCount
      && text.unicodeScalars.contains {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
  }

  private func refusal(
    of request: OverrideRequest,
    _ bond: [UInt8],
    sender: String,
    channel: String
  ) -> OverrideRefusal? {
    guard OverrideDesk.isJustification(request.justification) else { return .justification }
    let parts = request.token.split(separator: ".", omittingEmptySubsequences: false)
    guard request.token.utf8.count <= OverrideDesk.maxTokenByteCount, parts.count == 3,
      let expiry = Int(parts[0]), "\(expiry)" == parts[0],
      OverrideDesk.isSame(parts[2], holder(expiry, sender: sender, channel: channel))
    else { return .otherSender }
    guard OverrideDesk.isSame(parts[1], code(expiry, bond)) else { return .otherContent }
    return now() < expiry ? nil : .expired
  }

  /// Whether two codes are the same; every byte is looked at, so that the time it takes says nothing of where they differ.
  private static func isSame(_ given: Substring, _ right: String) -> Bool {
    let (given, right) = (Array(given.utf8), Array(right.utf8))
    guard given.count == right.count else { return false }
    return zip(given, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func holder(_ expiry: Int, sender: String, channel: String) -> String {
    var digest = DigestBuilder()
    digest.add(sender)
    digest.add(channel)
    let code = key.code(for: Array("vigie override holder 1\0\(expiry)\0".utf8) + digest.finalize())
    return String(code.prefix(OverrideDesk.holderDigitCount))
  }

  private func code(_ expiry: Int, _ bond: [UInt8]) -> String {
    key.code(for: Array("vigie override 1\0\(expiry)\0".utf8) + bond)
  }

  /// A digest of all that an override is for: what is sent, by whom, where, and what was found in it.
  ///
  /// What was found is part of it, so that a file that changed, or rules that see more, are a new
  /// verdict to override.
  private static func bond(
    _ message: Message,
    _ review: Review,
    sender: String,
    channel: String
  ) -> [UInt8] {
    var digest = DigestBuilder()
    digest.add(sender)
    digest.add(channel)
    for text in [message.subject, message.body, message.html, message.replaces] {
      digest.add(text == nil ? "absent" : "present")
      digest.add(text ?? "")
    }
    digest.add("\(message.attachments.count)")
    for attachment in message.attachments {
      digest.add(attachment.name)
      switch attachment.content {
      case .nameOnly: digest.add("name")
      case .missing: digest.add("missing")
      case .file(let path):
        digest.add("file")
        digest.add(path)
      case .bytes(let bytes):
        digest.add("bytes")
        digest.add(bytes)
      case .uploaded(let id, _):
        digest.add("uploaded")
        digest.add(id)
      }
    }
    digest.add(review.verdict.name)
    digest.add("\(review.findings.count)")
    for finding in review.findings {
      digest.add(finding.rule)
      digest.add(finding.place.part.description)
      digest.add("\(finding.range.lowerBound)-\(finding.range.upperBound)")
    }
    digest.add("\(review.gaps.count)")
    for gap in review.gaps {
      digest.add(gap.reason.rawValue)
      digest.add(gap.place.part.description)
    }
    return digest.finalize()
  }

  /// Milliseconds since 1970 by the clock of the machine.
  static let clock: @Sendable () -> Int = {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
  }
}
