import VigieCore
import VigieReports

/// An event as a block holds it; numbers stand for what other tables hold.
///
/// While a block is made they are places in its ``WordTable``s.
struct PackedEvent: Equatable {
  /// What it is; of gaps that is all but ``hasGaps``.
  var kind: StoredEvent.Kind
  /// Whether rows of `finding` belong to it.
  var hasFindings = false
  /// Whether rows of `gap` belong to it.
  var hasGaps = false
  /// The id of the message.
  var message = ""
  /// The name of its sender.
  var sender: String?
  /// The number of its channel.
  var channel: Int64 = 0
  /// Milliseconds since 1970.
  var time: Int?
  /// The time as the archive has it, where ``time`` does not say it all.
  var stamp: String?
  var digest: ContentDigest?
  /// The raw values of verdict and level.
  var verdict: UInt8 = 0
  var level: UInt8 = 0
  var byteCount = 0
  /// The raw value of the verdict that was observed.
  var observed: UInt8?
  var mayOverride = false
  /// The number of its tip.
  var tip: Int64?
  var files = Coverage()
  var fileIDs: [String] = []
  var replaces: String?

  /// Takes the time of a message.
  mutating func take(_ moment: MessageTime) {
    time = moment.canonicalMilliseconds
    if time == nil, let text = moment.text {
      time = milliseconds(rfc3339: text)
      stamp = text
    }
  }

  /// Whether somebody sent it, byte for byte; `nil` is nobody.
  func isFrom(_ name: String?) -> Bool {
    guard let sender, let name else { return sender == nil && name == nil }
    return sender.isExactly(name)
  }

  /// Whether its review says nothing but that all was read and nothing found.
  var isPlain: Bool {
    !hasFindings && !hasGaps && verdict == 0 && level == 0 && observed == nil && !mayOverride
      && tip == nil
  }
}

/// Which parts of an event follow in a block.
struct PackedParts: OptionSet {
  let rawValue: UInt16
  /// The two lowest bits are the kind.
  static let kind: UInt16 = 3
  static let findings = PackedParts(rawValue: 1 << 2)
  static let gaps = PackedParts(rawValue: 1 << 3)
  static let sender = PackedParts(rawValue: 1 << 4)
  static let time = PackedParts(rawValue: 1 << 5)
  static let stamp = PackedParts(rawValue: 1 << 6)
  static let digest = PackedParts(rawValue: 1 << 7)
  /// Verdict and level, where they are not the lowest.
  static let verdict = PackedParts(rawValue: 1 << 8)
  static let observed = PackedParts(rawValue: 1 << 9)
  static let override = PackedParts(rawValue: 1 << 10)
  static let tip = PackedParts(rawValue: 1 << 11)
  static let files = PackedParts(rawValue: 1 << 12)
  static let fileIDs = PackedParts(rawValue: 1 << 13)
  static let replaces = PackedParts(rawValue: 1 << 14)
}
