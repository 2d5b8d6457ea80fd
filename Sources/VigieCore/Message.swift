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
  /// What the source calls the file, such as `mxc://example.org/abc`; `nil` where it does not say.
  public var id: String?

  /// A value from its parts.
  public init(
    name: String,
    mimetype: String? = nil,
    content: Content = .nameOnly,
    id: String? = nil
  ) {
    self.name = name
    self.mimetype = mimetype
    self.content = content
    self.id = id
  }
}

/// One chat message, from a hook or from an archive.
public struct Message: Sendable, Hashable {
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
