import VigieCore
import VigieJSON

/// The JSON that Element and its kin export of one room, alone or in a ZIP with its files.
///
/// *Source:* element-hq/element-web, src/utils/exportUtils/JSONExport.ts.
package struct ElementExport: ArchiveFormat {
  package static let name = "element-json"
  package static let title = "Element room export (JSON, alone or in a ZIP)"

  private enum State {
    case document
    case header
    case messages
    case end
  }

  private let options: ArchiveOptions
  private let member: String?
  private let memberByteCount: Int
  private let otherMembers: [ArchiveTree.Member]
  private var stream: JSONStream
  private var state = State.document
  private var hasDocument = false
  /// Whether the document that is read had its messages.
  private var hasMessages = false
  private var files: ElementFiles
  private var channel = Channel(id: "") { didSet { sharedChannel = nil } }
  /// The same as the messages that follow share it; `nil` until one asks for it.
  private var sharedChannel: SharedChannel?
  private var topic: String?
  /// Whether an event of the room was read, or there is none.
  private var isRoomKnown = false
  /// Whether the room is encrypted by now, so that its server holds nothing else.
  private var isServerEncrypted = false
  /// What the last event says of who can read the room, the last first.
  private var pending: [ArchiveItem] = []
  /// Where the fields of the event stand that is read.
  private var pick = JSONPick()

  /// Whether a head starts as the export does.
  static func isExport(_ head: [UInt8]) -> Bool {
    let text = HeadText(Array(head.prefix(1 << 14)))
    return text.first == UInt8(ascii: "{")
      && text.contains("\"room_name\"")
      && (text.contains("\"exported_by\"") || text.contains("\"messages\""))
  }

  /// The member that is the export itself.
  private static func export(_ members: [ArchiveTree.Member]) -> ArchiveTree.Member? {
    members.first { $0.baseName == "export.json" }
      ?? members.filter {
        $0.baseName.hasSuffix("Chat Export.json")
          || $0.baseName.contains("Chat Export -") && $0.baseName.hasSuffix(".json")
      }.first
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isExport(probe.head) ? 95 : 0 }
    guard let member = export(probe.members) else { return 0 }
    return isExport(probe.head(of: member)) ? 95 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    self.options = options
    guard let export = tree.isFile ? tree.members.first : ElementExport.export(tree.members) else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no export.json",
        mend: "name the JSON file or the ZIP that Element wrote"
      )
    }
    member = tree.reportedName(export)
    memberByteCount = export.byteCount
    do {
      stream = JSONStream(ByteWindow(try tree.open(export)))
    } catch {
      throw ArchiveError(
        .damaged,
        path: tree.path,
        reason: error.detail,
        mend: "fetch the export again"
      )
    }
    files = ElementFiles(tree, options.limits, below: export.folder)
    otherMembers = tree.isFile ? [] : tree.members.filter { $0.name != export.name }
  }

  package var byteCountRead: Int { stream.window.offset }
  package var totalByteCount: Int { memberByteCount }
  package var untakenMembers: [ArchiveTree.Member] { otherMembers.filter { !files.holds($0) } }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      if isRoomKnown, let item = topicItem() { return item }
      switch state {
      case .document:
        guard let byte = stream.peek() else {
          state = .end
          if let fault = stream.window.fault { return gap(fault) }
          if !hasDocument {
            return gap(SourceFault(reason: .truncated, detail: "the export is empty"))
          }
          continue
        }
        guard byte == UInt8(ascii: "{") else {
          state = .end
          return gap(SourceFault(reason: .corrupt, detail: "what follows is no room export"))
        }
        stream.skip()
        hasDocument = true
        hasMessages = false
        channel = Channel(id: "")
        topic = nil
        isRoomKnown = false
        isServerEncrypted = false
        state = .header
      case .header: if let item = header() { return item }
      case .messages: if let item = nextMessage() { return item }
      case .end:
        guard let count = files.takeUnlinkedCount() else { return nil }
        let detail = "\(count) files of the export belong to no event that could be told"
        return gap(SourceFault(reason: .unsupported, detail: detail))
      }
    }
  }

  /// Reads one member of the document other than the messages.
  private mutating func header() -> ArchiveItem? {
    guard let byte = stream.peek() else {
      state = .end
      let fault = stream.window.fault
      return gap(
        fault ?? SourceFault(reason: .truncated, detail: "the export ends before it is complete")
      )
    }
    switch byte {
    case UInt8(ascii: ","):
      stream.skip()
      return nil
    case UInt8(ascii: "}"):
      stream.skip()
      state = .document
      isRoomKnown = true
      if !hasMessages {
        let detail = "a room of the export holds no list of messages"
        pending.append(gap(SourceFault(reason: .unsupported, detail: detail)))
      }
      return topicItem()
    case UInt8(ascii: "\""):
      guard case .record(let range, _, _) = stream.value(limit: 1 << 12),
        let key = text(range), stream.peek() == UInt8(ascii: ":")
      else { break }
      stream.skip()
      guard let first = stream.peek() else { return nil }
      if key == "messages", first == UInt8(ascii: "[") {
        stream.skip()
        hasMessages = true
        state = .messages
        return nil
      }
      switch stream.value(limit: options.maxRecordByteCount) {
      case .record(let range, _, _):
        switch key {
        case "room_name": channel.name = text(range)
        case "room_id": channel.id = text(range) ?? ""
        case "topic": topic = text(range)
        default: break
        }
        return nil
      case .gap(let fault, let offset):
        if fault.reason != .limit { state = .end }
        return gap(fault, at: offset)
      }
    default: break
    }
    state = .end
    return gap(SourceFault(reason: .corrupt, detail: "the head of the export is damaged JSON"))
  }

  private func text(_ range: Range<Int>) -> String? {
    var reader = JSONReader(stream.window.bytes, in: range)
    return try? reader.string()
  }

  /// The topic in the head of the export, said once, where the first event said which room it is of: the head does not.
  private mutating func topicItem() -> ArchiveItem? {
    guard let topic, !topic.isEmpty else { return nil }
    self.topic = nil
    let message = Message(id: "topic", subject: topic, channel: shared().channel)
    let source = SourceLocation(member: member, byteOffset: stream.window.offset)
    return .channel(message, source: source, byteCount: topic.utf8.count)
  }

  /// The next event where it is one as most are, which needs no more than a message.
  private mutating func ordinaryMessage() -> ArchiveItem? {
    guard !options.readsAccess, let first = stream.nextObject() else { return nil }
    var reader = JSONReader(stream.window.bytes, in: first..<stream.window.bytes.count)
    guard reader.pick(MatrixEvent.shape, into: &pick),
      let sort = MatrixEvent.ordinary(pick, reader), sort != .file || files.isEmpty,
      reader.position - reader.start <= options.maxRecordByteCount,
      pick[MatrixEvent.Field.room] == nil || MatrixEvent.isRoom(channel.id, pick, reader),
      let message = MatrixEvent.message(
        pick,
        reader,
        sort,
        in: shared(),
        said: isServerEncrypted ? .encrypted : Message.Traits()
      )
    else { return nil }
    let byteCount = reader.position - reader.start
    let offset = stream.window.offset + reader.start - stream.window.start
    stream.consume(to: reader.position)
    let source = SourceLocation(member: member, byteOffset: offset)
    return .message(message, source: source, byteCount: byteCount)
  }

  /// The channel as messages share it.
  private mutating func shared() -> SharedChannel {
    if let sharedChannel { return sharedChannel }
    var channel = channel
    if channel.id.isEmpty, let name = channel.name { channel.id = name }
    let shared = SharedChannel(channel)
    sharedChannel = shared
    return shared
  }

  /// Reads one event.
  private mutating func nextMessage() -> ArchiveItem? {
    if let item = ordinaryMessage() {
      isRoomKnown = true
      return item
    }
    guard let value = stream.element(limit: options.maxRecordByteCount) else {
      state = .header
      if stream.peek() == nil { state = .end }
      return nil
    }
    switch value {
    case .gap(let fault, let offset): return gap(fault, at: offset)
    case .record(let range, let offset, let isDoubtful):
      guard let event = try? MatrixEvent(stream.window.bytes, in: range), !event.type.isEmpty else {
        if isDoubtful { return nil }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no Matrix event")
        return gap(fault, at: offset)
      }
      var message = event.message
      if message.id.isEmpty { message.id = "offset-\(offset)" }
      learn(event)
      isRoomKnown = true
      message.channel = channel
      if channel.id.isEmpty, let name = channel.name { message.channel?.id = name }
      if event.isEncrypted { message.channel?.encrypted = true }
      // Element writes what it decrypted as if it had never been encrypted.
      if isServerEncrypted, !message.traits.contains(.system) {
        message.traits.insert(.encrypted)
      }
      if options.readsAccess {
        noteAccess(event, message, range, offset)
      } else {
        files.fill(&message)
      }
      let source = SourceLocation(member: member, byteOffset: offset)
      return .message(message, source: source, byteCount: range.count)
    }
  }

  /// Takes what an event says of the room, for it and the events after it.
  private mutating func learn(_ event: MatrixEvent) {
    // By bytes: what Unicode takes for the same may be another room.
    if let id = event.roomID, !id.isEmpty, !id.utf8.elementsEqual(channel.id.utf8) {
      channel.id = id
    }
    guard event.isRoomState else { return }
    switch (event.type, event.content.access) {
    case ("m.room.join_rules", "public"?), ("m.room.history_visibility", "world_readable"?):
      channel.visibility = .public
    case ("m.room.join_rules", _?):
      if channel.visibility == .unknown { channel.visibility = .private }
    default: break
    }
    if event.type == "m.room.encryption" {
      channel.encrypted = true
      isServerEncrypted = true
    }
  }

  /// Keeps what an event says of who can read the room, to be told after its message.
  private mutating func noteAccess(
    _ event: MatrixEvent,
    _ message: Message,
    _ range: Range<Int>,
    _ offset: Int
  ) {
    let changes = MatrixAccess.changes(
      of: event,
      id: message.id,
      room: message.channel?.id ?? "",
      // Element leaves out state that it does not show: who is not named may be a member.
      isTimeline: false,
      stream.window.bytes,
      in: range
    )
    let source = SourceLocation(member: member, byteOffset: offset)
    pending = changes.reversed().map { .access($0, source: source) }
  }

  private func gap(_ fault: SourceFault, at offset: Int? = nil) -> ArchiveItem {
    let source = SourceLocation(member: member, byteOffset: offset ?? stream.window.offset)
    return .gap(Gap(place: .body, reason: fault.reason, detail: fault.detail), source: source)
  }
}
