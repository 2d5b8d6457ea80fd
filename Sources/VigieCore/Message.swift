/// Who can read a channel.
public enum Visibility: String, Sendable, CaseIterable {
  case `public`
  case `private`
  case direct
  case unknown
}

/// The room, channel or conversation to which a message goes.
public struct Channel: Sendable, Hashable {
  /// What it is called, unique in its set.
  public var id: String
  /// Its name.
  public var name: String?
  /// Who can read it.
  public var visibility: Visibility
  /// `nil` where the source does not say.
  public var encrypted: Bool?
  /// `nil` where the source does not say.
  public var federated: Bool?

  /// A value from its parts.
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
    /// A file that was inspected when it was uploaded, kept under this id; `path` where its bytes may
    /// be read again.
    case uploaded(id: String, path: String?)
    /// The source names a file whose bytes it does not hold: a gap, with the reason in words.
    case missing(detail: String)
  }

  /// Its name.
  public var name: String
  /// The type the source says it has.
  public var mimetype: String?
  /// Where its bytes are.
  public var content: Content
  /// Where the service keeps it, such as `mxc://server/id`: the same for the same upload; `nil` where
  /// the source does not say.
  public var address: String?
  /// Its size in bytes as the source says it, true or not.
  public var byteCount: Int?

  /// A value from its parts.
  public init(
    name: String,
    mimetype: String? = nil,
    content: Content = .nameOnly,
    address: String? = nil,
    byteCount: Int? = nil
  ) {
    self.name = name
    self.mimetype = mimetype
    self.content = content
    self.address = address
    self.byteCount = byteCount
  }
}

/// One chat message, from a hook or from an archive.
public struct Message: Sendable, Hashable {
  /// What a source knows of a message beside its text.
  public struct Traits: OptionSet, Sendable, Hashable {
    /// One bit for each trait.
    public let rawValue: UInt8

    /// Traits from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No person said it: a change of the channel, a reaction, a redaction.
    public static let system = Traits(rawValue: 1)
    /// What was said is taken away; the text that was there is not in the source.
    public static let redacted = Traits(rawValue: 2)
    /// The service holds it encrypted end to end, whether or not the source could decrypt it.
    public static let encrypted = Traits(rawValue: 4)
  }

  /// What it is called, unique in its set.
  public var id: String
  /// The text itself.
  public var body: String?
  /// The text as HTML.
  public var html: String?
  /// The subject line.
  public var subject: String?
  /// Who sent it.
  public var sender: String?
  /// RFC 3339, as the source wrote it or as the reader converted it.
  public var timestamp: String?
  /// Where it goes.
  public var channel: Channel?
  /// The files with it.
  public var attachments: [Attachment]
  /// The id of the message of which this one is an edit.
  public var replaces: String?
  /// What the reader of the message could not read in it.
  public var gaps: [Gap]
  /// The wish to send it in spite of an earlier verdict.
  public var override: OverrideRequest?
  /// What the source knows of it beside its text; none where it does not say.
  public var traits = Traits()

  /// A value from its parts.
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
    gaps: [Gap] = [],
    override: OverrideRequest? = nil
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
    self.override = override
  }
}

/// A run of text with one role and one place.
public struct Segment: Sendable {
  /// Where it is.
  public var place: Place
  /// UTF-8, not necessarily valid: offsets of findings count these bytes.
  public var text: [UInt8]

  /// A value from its parts.
  public init(place: Place, text: [UInt8]) {
    self.place = place
    self.text = text
  }
}
