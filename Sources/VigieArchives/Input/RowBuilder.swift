import VigieCore

/// Makes a message of the fields of a row, whatever order they come in.
struct RowBuilder {
  private(set) var message: Message
  /// The rank of the name under which each field was found.
  private var ranks = InlineArray<12, Int>(repeating: .max)
  /// The texts with their ranks, where there is more than one.
  private var bodies: [(rank: Int, text: String)] = []
  private var channel: Channel?

  init(fallbackID: String) { message = Message(id: fallbackID) }

  /// Whether a field may still take a value found under a name of this rank.
  mutating func claims(_ field: FieldNames.Field, _ rank: Int) -> Bool {
    guard rank < ranks[field.rawValue] else { return false }
    ranks[field.rawValue] = rank
    return true
  }

  /// Takes the text of a field.
  mutating func set(_ field: FieldNames.Field, _ rank: Int, _ text: String) {
    guard !text.isEmpty else { return }
    if field == .body {
      let first = ranks[field.rawValue]
      ranks[field.rawValue] = rank
      guard let body = message.body else {
        message.body = text
        return
      }
      if bodies.isEmpty { bodies.append((first, body)) }
      bodies.append((rank, text))
      return
    }
    if field == .attachments {
      attach(Attachment(name: text, content: .missing(detail: RowBuilder.noBytes)))
      return
    }
    guard claims(field, rank) else { return }
    switch field {
    case .id: message.id = text
    case .html: message.html = text
    case .subject: message.subject = text
    case .sender: message.sender = text
    case .timestamp:
      let isNumber = text.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }
      message.timestamp = (isNumber ? Double(text).flatMap(rfc3339(guessing:)) : nil) ?? text
    case .replaces: message.replaces = text
    case .channel:
      change {
        $0.id = text; $0.name = text
      }
    case .visibility: change { $0.visibility = Visibility(rawValue: text.lowercased()) ?? .unknown }
    case .encrypted: change { $0.encrypted = RowBuilder.truth(text) }
    case .federated: change { $0.federated = RowBuilder.truth(text) }
    case .body, .attachments: break
    }
  }

  /// Takes a whole channel.
  mutating func set(_ channel: Channel) { self.channel = channel }

  /// Takes a file.
  mutating func attach(_ attachment: Attachment) { message.attachments.append(attachment) }

  /// Takes a gap.
  mutating func add(_ gap: Gap) { message.gaps.append(gap) }

  /// The message; its body is every text in the order of ranks, or the spare texts where the row
  /// has no text under a name that is known.
  ///
  /// - Returns: The message and whether the spare texts became its body.
  mutating func finish(spare: [String]) -> (Message, usesSpare: Bool) {
    message.channel = channel
    if !bodies.isEmpty {
      message.body = bodies.sorted { $0.rank < $1.rank }.map(\.text).joinedOnce
    } else if message.body == nil, message.html == nil, message.subject == nil,
      message.attachments.isEmpty
    {
      message.body = spare.joinedOnce
      return (message, !spare.isEmpty)
    }
    return (message, false)
  }

  /// What to say of a file that is named and not there.
  static let noBytes = "the export names the file and does not hold it"

  private mutating func change(_ change: (inout Channel) -> Void) {
    var channel = channel ?? Channel(id: "")
    change(&channel)
    self.channel = channel
  }

  private static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "yes", "oui": true
    case "false", "0", "no", "non": false
    default: nil
    }
  }
}
