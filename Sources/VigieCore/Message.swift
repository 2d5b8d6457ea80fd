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
public struct Message: @unchecked Sendable, Hashable {
  // Unchecked: what it is made of changes only while one message alone holds it.

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

  /// What it is made of, in one place: archives hand on messages by the million, and a copy of one is then
  /// one count of references rather than one for each text.
  var storage: Storage

  /// What it is called, unique in its set.
  public var id: String {
    get { string(.id) ?? storage.fields.id }
    _modify {
      own()
      yield &storage.fields.id
    }
  }
  /// The text itself.
  public var body: String? {
    get { string(.body) ?? storage.fields.body }
    _modify {
      own()
      yield &storage.fields.body
    }
  }
  /// The text as HTML.
  public var html: String? {
    get { string(.html) ?? storage.fields.rest?.fields.html }
    _modify {
      let rest = ownRest()
      yield &rest.fields.html
    }
  }
  /// The subject line.
  public var subject: String? {
    get { storage.fields.rest?.fields.subject }
    _modify {
      let rest = ownRest()
      yield &rest.fields.subject
    }
  }
  /// Who sent it.
  public var sender: String? {
    get { string(.sender) ?? storage.fields.sender }
    _modify {
      own()
      yield &storage.fields.sender
    }
  }
  /// RFC 3339, as the source wrote it or as the reader converted it.
  public var timestamp: String? {
    get { storage.fields.time.text }
    set {
      own()
      storage.fields.time = MessageTime(text: newValue)
    }
  }
  /// The same time; what the reader converted is written out only where it is asked for.
  package var time: MessageTime {
    get { storage.fields.time }
    set {
      own()
      storage.fields.time = newValue
    }
  }
  /// Where it goes.
  public var channel: Channel? {
    get { storage.fields.channel?.channel }
    set {
      own()
      storage.fields.channel = newValue.map(SharedChannel.init)
    }
  }
  /// The files with it.
  public var attachments: [Attachment] {
    get { storage.fields.rest?.fields.attachments ?? [] }
    _modify {
      let rest = ownRest()
      yield &rest.fields.attachments
    }
  }
  /// The id of the message of which this one is an edit.
  public var replaces: String? {
    get { storage.fields.rest?.fields.replaces }
    _modify {
      let rest = ownRest()
      yield &rest.fields.replaces
    }
  }
  /// What the reader of the message could not read in it.
  public var gaps: [Gap] {
    get { storage.fields.rest?.fields.gaps ?? [] }
    _modify {
      let rest = ownRest()
      yield &rest.fields.gaps
    }
  }
  /// The wish to send it in spite of an earlier verdict.
  public var override: OverrideRequest? {
    get { storage.fields.rest?.fields.override }
    _modify {
      let rest = ownRest()
      yield &rest.fields.override
    }
  }
  /// What the source knows of it beside its text; none where it does not say.
  public var traits: Traits {
    get { storage.fields.traits }
    _modify {
      own()
      yield &storage.fields.traits
    }
  }

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
    storage = Storage.make(
      Fields(
        id: id,
        body: body,
        sender: sender,
        time: MessageTime(text: timestamp),
        channel: channel.map(SharedChannel.init)
      )
    )
    if html != nil || subject != nil || replaces != nil || override != nil || !attachments.isEmpty
      || !gaps.isEmpty
    {
      ownRest().fields = RareFields(
        html: html,
        subject: subject,
        attachments: attachments,
        replaces: replaces,
        gaps: gaps,
        override: override
      )
    }
  }

  /// A text of a channel that it shares with others, with its time as it is.
  package init(
    id: String,
    body: String?,
    html: String?,
    sender: String?,
    time: MessageTime,
    channel: SharedChannel? = nil,
    traits: Traits = Traits()
  ) {
    storage = Storage.make(
      Fields(id: id, body: body, sender: sender, time: time, channel: channel, traits: traits)
    )
    if let html { ownRest().fields.html = html }
  }

  /// Whether the name of the channel is this one, byte for byte.
  package func isInChannel(named name: String) -> Bool {
    guard let own = storage.fields.channel?.channel.name, own.utf8.count == name.utf8.count else {
      return false
    }
    let left = own.utf8.span
    let right = name.utf8.span
    for index in left.indices where left[index] != right[index] { return false }
    return true
  }

  /// Whether the channel is this very one, shared with others.
  package func isIn(_ shared: SharedChannel?) -> Bool {
    shared != nil && storage.fields.channel === shared
  }

  /// The channel as it may be shared with others.
  package var sharedChannel: SharedChannel? { storage.fields.channel }

  /// Whether two messages are of one channel, about which both say the same.
  package func isInChannel(of other: Message) -> Bool {
    let (own, others) = (storage.fields.channel, other.storage.fields.channel)
    return own === others || own?.channel == others?.channel
  }

  /// Whether no files go with it.
  package var isWithoutFiles: Bool { storage.fields.rest?.fields.attachments.isEmpty ?? true }
}

/// A channel that many messages share: to each it is one reference, not each of its texts.
package final class SharedChannel: Sendable {
  /// The channel.
  package let channel: Channel

  /// A channel to be shared.
  package init(_ channel: Channel) { self.channel = channel }
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
