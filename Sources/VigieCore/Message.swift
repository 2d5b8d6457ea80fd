/// Who can read a channel.
public enum Visibility: String, Sendable, CaseIterable {
  case `public`
  case `private`
  case direct
  case unknown
}

/// The room, channel or conversation to which a message goes.
public struct Channel: Sendable, Hashable {
  public var id: String
  public var name: String?
  public var visibility: Visibility
  /// `nil` where the source does not say.
  public var encrypted: Bool?
  /// `nil` where the source does not say.
  public var federated: Bool?

  public init(
    id: String,
    name: String? = nil,
    visibility: Visibility = .unknown,
    encrypted: Bool? = nil,
    federated: Bool? = nil
  ) {
    self.id = id
    self.name = name
    self.visibility = visibility
    self.encrypted = encrypted
    self.federated = federated
  }
}

/// A file that goes with a message.
public struct Attachment: Sendable, Hashable {
  /// Where the bytes of an attachment are.
  public enum Content: Sendable, Hashable {
    /// Only the name is known and only the name was asked about: no gap.
    case nameOnly
    /// A file on this machine.
    case file(path: String)
    /// The bytes themselves.
    case bytes([UInt8])
    /// The source names a file whose bytes it does not hold: a gap, with the reason in words.
    case missing(detail: String)
  }

  public var name: String
  public var mimetype: String?
  public var content: Content

  public init(name: String, mimetype: String? = nil, content: Content = .nameOnly) {
    self.name = name
    self.mimetype = mimetype
    self.content = content
  }
}

/// One chat message, from a hook or from an archive.
public struct Message: Sendable, Hashable {
  public var id: String
  public var body: String?
  public var html: String?
  public var subject: String?
  public var sender: String?
  /// RFC 3339, as the source wrote it or as the reader converted it.
  public var timestamp: String?
  public var channel: Channel?
  public var attachments: [Attachment]
  /// The id of the message of which this one is an edit.
  public var replaces: String?
  /// What the reader of the message could not read in it.
  public var gaps: [Gap]

  public init(
    id: String,
    body: String? = nil,
    html: String? = nil,
    subject: String? = nil,
    sender: String? = nil,
    timestamp: String? = nil,
    channel: Channel? = nil,
    attachments: [Attachment] = [],
    replaces: String? = nil,
    gaps: [Gap] = []
  ) {
    self.id = id
    self.body = body
    self.html = html
    self.subject = subject
    self.sender = sender
    self.timestamp = timestamp
    self.channel = channel
    self.attachments = attachments
    self.replaces = replaces
    self.gaps = gaps
  }
}

/// A run of text with one role and one place.
public struct Segment: Sendable {
  public var place: Place
  /// UTF-8, not necessarily valid: offsets of findings count these bytes.
  public var text: [UInt8]

  public init(place: Place, text: [UInt8]) {
    self.place = place
    self.text = text
  }
}
