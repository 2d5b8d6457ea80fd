/// The part of a message in which a segment of text lies.
public enum Part: Sendable, Hashable, CustomStringConvertible {
  case body
  case html
  case subject
  /// The name of the channel.
  case channel
  /// The attachment at this index of the message.
  case attachment(Int)

  /// The name in JSON: `body`, `html`, `subject`, `channel` or `attachments/N`.
  public var description: String {
    switch self {
    case .body: "body"
    case .html: "html"
    case .subject: "subject"
    case .channel: "channel"
    case .attachment(let index): "attachments/\(index)"
    }
  }

  /// The part of a name in JSON, or `nil` where there is no such part.
  public init?(_ description: String) {
    switch description {
    case "body": self = .body
    case "html": self = .html
    case "subject": self = .subject
    case "channel": self = .channel
    default:
      let prefix = "attachments/"
      guard description.hasPrefix(prefix), let index = Int(description.dropFirst(prefix.count)),
        index >= 0
      else { return nil }
      self = .attachment(index)
    }
  }
}

/// What a segment of text is in its message or document.
public enum Role: String, Sendable, CaseIterable {
  case body
  case html
  case subject
  case channel
  case filename
  case header
  case footer
  case bodyText = "body-text"
  case tableCell = "table-cell"
  case textBox = "text-box"
  case comment
  case trackedChange = "tracked-change"
  case hidden
  case notes
  case footnote
  case formField = "form-field"
  case annotation
  case bookmark
  case link
  case metadata
  case label
  case alternativeText = "alternative-text"
  case ocr
}

/// Where a segment of text lies, so that a person can go and look.
public struct Place: Sendable, Hashable {
  /// The part of the message.
  public var part: Part
  /// The members of nested containers that lead to the text, outermost first.
  public var path: [String]
  /// What it is in its message or document.
  public var role: Role
  /// The place a person can open, such as `page 3 top`; empty where the part says it all.
  public var location: String

  /// A value from its parts.
  public init(part: Part, path: [String] = [], role: Role, location: String = "") {
    self.part = part
    self.path = path
    self.role = role
    self.location = location
  }

  /// The text itself.
  public static let body = Place(part: .body, role: .body)
  /// The text as HTML.
  public static let html = Place(part: .html, role: .html)
  /// The subject line.
  public static let subject = Place(part: .subject, role: .subject)
  /// Where it goes.
  public static let channel = Place(part: .channel, role: .channel)
}
