/// What a message is made of.
extension Message {
  /// A text that nearly every message has, or may have in great number.
  package enum Text: Sendable {
    case id
    case sender
    case body
    case html
  }

  /// Where the texts of a message end that lie one after the other, in the order of ``Text``: bytes from the first one's
  /// start; -1 for one that is not there.
  package struct TextEnds: Sendable {
    private var id: Int32 = 0
    private var sender: Int32 = -1
    private var body: Int32 = -1
    private var html: Int32 = -1

    /// Says that a text ends, and the next one begins, after so many bytes.
    package mutating func end(_ text: Text, at byteCount: Int) {
      let end = Int32(byteCount)
      switch text {
      case .id: id = end
      case .sender: sender = end
      case .body: body = end
      case .html: html = end
      }
    }

    /// Where a text lies; `nil` where there is none.
    func range(of text: Text) -> Range<Int>? {
      let start: Int32
      let end: Int32
      switch text {
      case .id: (start, end) = (0, id)
      case .sender: (start, end) = (id, sender)
      case .body: (start, end) = (max(id, sender), body)
      case .html: (start, end) = (max(id, sender, body), html)
      }
      return end < 0 ? nil : Int(start)..<Int(end)
    }
  }

  /// A message whose texts are written where they stay: side by side, in the memory of the message itself.
  ///
  /// Archives hand on messages by the million, of which hardly a text is asked for as a `String`. Each of its own would be
  /// one more piece of memory to ask for, to count references to and to give back.
  ///
  /// - Parameters:
  ///   - byteCount: How many bytes of text it has at most.
  ///   - time: Its time.
  ///   - channel: Its channel, which it shares with others.
  ///   - traits: What the source knows of it.
  ///   - write: Adds the texts, all of them UTF-8, in the order of ``Text``, and says where each ends; returns whether there
  ///     is a message: otherwise there is none.
  package init?(
    upTo byteCount: Int,
    time: MessageTime,
    channel: SharedChannel?,
    traits: Traits,
    _ write: (inout OutputSpan<UInt8>, inout TextEnds) -> Bool
  ) {
    storage = Storage.make(
      Fields(id: "", time: time, channel: channel, traits: traits),
      byteCount: byteCount
    )
    var ends = TextEnds()
    let isWhole = unsafe storage.withUnsafeMutablePointerToElements { start in
      let buffer = unsafe UnsafeMutableBufferPointer(start: start, count: byteCount)
      var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
      let isWhole = write(&output, &ends)
      // Bytes need no end of their own.
      _ = unsafe output.finalize(for: buffer)
      return isWhole
    }
    if !isWhole { return nil }
    storage.fields.ends = ends
  }

  /// Lends the bytes of a text, if there is one.
  package func withText(_ text: Text, _ body: (Span<UInt8>) -> Void) {
    guard let ends = storage.fields.ends else {
      let own: String? =
        switch text {
        case .id: storage.fields.id
        case .sender: storage.fields.sender
        case .body: storage.fields.body
        case .html: storage.fields.rest?.fields.html
        }
      if let own { body(own.utf8.span) }
      return
    }
    guard let range = ends.range(of: text) else { return }
    unsafe storage.withUnsafeMutablePointerToElements { start in
      unsafe body(Span(_unsafeStart: start + range.lowerBound, count: range.count))
    }
  }

  /// A text that lies beside others; `nil` where there is none.
  func string(_ text: Text) -> String? {
    guard let range = storage.fields.ends?.range(of: text) else { return nil }
    return unsafe storage.withUnsafeMutablePointerToElements { start in
      let bytes = unsafe UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
      return unsafe String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Makes sure that no other message changes with this one, and that its texts can.
  mutating func own() {
    if isKnownUniquelyReferenced(&storage), storage.fields.ends == nil { return }
    var fields = storage.fields
    if fields.ends != nil {
      (fields.id, fields.sender, fields.body) = (id, sender, body)
      if let html { fields.rest = Rest(RareFields(html: html)) }
      fields.ends = nil
    }
    storage = Storage.make(fields)
  }

  /// The fields that most messages do not have, for this message alone.
  mutating func ownRest() -> Rest {
    own()
    if isKnownUniquelyReferenced(&storage.fields.rest), let rest = storage.fields.rest {
      return rest
    }
    let rest = Rest(storage.fields.rest?.fields ?? RareFields())
    storage.fields.rest = rest
    return rest
  }

  struct Fields {
    /// The texts, each by itself; none where ``ends`` says where they lie.
    var id: String
    var body: String?
    var sender: String?
    var time: MessageTime
    var channel: SharedChannel?
    var rest: Rest?
    var traits = Traits()
    /// Where the texts end that lie behind the fields; `nil` where each is by itself.
    var ends: TextEnds?
  }

  /// What few messages have.
  struct RareFields: Sendable, Hashable {
    var html: String?
    var subject: String?
    var attachments: [Attachment] = []
    var replaces: String?
    var gaps: [Gap] = []
    var override: OverrideRequest?
  }

  /// That apart from the rest: most messages then take half the memory, and less time to make, to hand to another
  /// thread and to free.
  final class Rest: @unchecked Sendable {
    // Unchecked: as for ``Storage``.
    @safe @exclusivity(unchecked) var fields: RareFields

    init(_ fields: RareFields) { self.fields = fields }
  }

  /// The fields, and behind them the bytes of texts.
  ///
  /// They change only while one message alone holds them, and a message is a value, whose own access the compiler checks.
  final class Storage: ManagedBuffer<Fields, UInt8> {
    /// Fields with so much room for texts behind them.
    static func make(_ fields: Fields, byteCount: Int = 0) -> Storage {
      unsafe unsafeDowncast(create(minimumCapacity: byteCount) { _ in fields }, to: Storage.self)
    }

    /// The fields, by their address: to look for another access at each field of each message costs more than reading it.
    var fields: Fields {
      @inline(__always) unsafeAddress { unsafe UnsafePointer(place) }
      @inline(__always) unsafeMutableAddress { unsafe place }
    }

    @inline(__always)
    private var place: UnsafeMutablePointer<Fields> {
      unsafe withUnsafeMutablePointerToHeader { unsafe $0 }
    }
  }
}

// MARK: - Comparing

extension Message {
  /// Whether two say the same.
  public static func == (left: Message, right: Message) -> Bool {
    if left.storage === right.storage { return true }
    var (own, others) = (left, right)
    own.own()
    others.own()
    return own.storage.fields.says(others.storage.fields)
  }

  /// Hashes the value.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(body)
    hasher.combine(sender)
    hasher.combine(time)
    hasher.combine(channel)
    hasher.combine(traits)
    var rest = storage.fields.rest?.fields ?? RareFields()
    rest.html = html
    hasher.combine(rest)
  }

  /// Adds the body, the HTML and the subject to bytes.
  ///
  /// Each stands after its length, which is eight bytes, so that none can pass for a part of another; one that is not
  /// there is eight bytes 255.
  package func appendTexts(to bytes: inout [UInt8]) {
    for text in [Text.body, .html] {
      var isThere = false
      withText(text) { text in
        isThere = true
        Message.append(count: UInt64(text.count), to: &bytes)
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
      }
      if !isThere { Message.append(nil, to: &bytes) }
    }
    Message.append(subject, to: &bytes)
  }

  /// Adds a text to bytes as ``appendTexts(to:)`` does.
  package static func append(_ text: String?, to bytes: inout [UInt8]) {
    append(count: text.map { UInt64($0.utf8.count) } ?? .max, to: &bytes)
    if let text { bytes.append(contentsOf: text.utf8) }
  }

  private static func append(count: UInt64, to bytes: inout [UInt8]) {
    var count = count
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: count))
      count >>= 8
    }
  }
}

extension Message.Fields {
  /// Whether two say the same, of which neither has its texts behind it.
  fileprivate func says(_ others: Message.Fields) -> Bool {
    id == others.id && body == others.body && sender == others.sender && time == others.time
      && channel?.channel == others.channel?.channel && traits == others.traits
      && rest?.fields ?? Message.RareFields() == others.rest?.fields ?? Message.RareFields()
  }
}
