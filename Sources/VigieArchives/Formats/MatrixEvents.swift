import VigieCore
import VigieJSON

/// Matrix events as servers and tools hand them out: pages of `/messages`, answers of `/sync`,
/// arrays, JSON lines, and the folders of Synapse's `export-data`; also the JSON of matrix-archive.
///
/// *Source:* Matrix Client-Server API v1.11, §6.3.1, §8.7.1; element-hq/synapse,
/// synapse/app/admin_cmd.py for the folders, whose events stand one after the other;
/// osteele/matrix-archive, schema.py and export_messages.py, which keep the time as text.
package struct MatrixEvents: ArchiveFormat {
  package static let name = "matrix"
  package static let title = "Matrix events (/messages pages, JSON lines, Synapse export-data)"

  private let options: ArchiveOptions
  private let tree: ArchiveTree
  private var files: JSONFiles
  private var media: MatrixMedia
  private let otherMembers: [ArchiveTree.Member]
  private var rooms = MatrixRooms()
  /// What stood around the events within a record, being read.
  private var inner: Inner?
  /// Names and topics said as facts of the room, by the room, so that each is said once.
  private var said: Set<String> = []
  /// What the last event says of who can read its room, the last first.
  private var pending: [ArchiveItem] = []
  /// What the member that is read says of its events.
  private var setting = Setting()

  /// What a member says of its events by where it lies.
  private struct Setting {
    /// Its number; -1 before the first.
    var index = -1
    /// Whether it is of an upload, not of events.
    var isUpload = false
    /// Whether its events are the state of a room.
    var isState = false
    /// Its name in reports.
    var reportedName: String?
    /// The room of events that do not say it.
    var room = ""
    /// The room of the last event that says it.
    var lastRoom: String?
  }

  /// Where the fields of the event stand that is read.
  private var pick = JSONPick()

  /// A record that is no event, whose members may be.
  private struct Inner {
    var walk: RecordWalk
    let offset: Int
    let isDoubtful: Bool
    var hasEvent = false
  }

  // MARK: - Opening

  /// Keys with which an object starts that holds events and is none.
  private static let openings: Set<String> = [
    "chunk", "start", "end", "state", "next_batch", "rooms", "account_data", "presence",
    "to_device", "device_lists", "device_one_time_keys_count", "device_unused_fallback_key_types",
    "groups", "events", "timeline", "messages", "events_before", "events_after",
  ]
  /// Members that hold events, at whatever depth.
  private static let holders: Set<String> = [
    "chunk", "state", "state_after", "rooms", "join", "leave", "invite", "knock", "timeline",
    "events", "invite_state", "knock_state", "messages", "events_before", "events_after",
  ]
  private static let wrappers: Set<String> = ["source", "event"]

  private static let shape = RecordWalk.Shape(
    opens: { openings.contains($0) },
    treatment: { path in
      guard let key = path.last, path.count < 16 else { return .skip }
      if wrappers.contains(key) { return .record }
      return holders.contains(key) || key.hasPrefix("!") ? .enter : .skip
    }
  )

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isEvents(probe.head) ? 80 : 0 }
    if probe.members.contains(where: { isSynapse($0.name) && $0.baseName == "events" }) {
      return 92
    }
    let named = probe.members.filter(\.isNamedJSON).prefix(8)
    return named.contains { isEvents(probe.head(of: $0)) && !isOfElement(probe.head(of: $0)) }
      ? 70 : 0
  }

  /// Whether a head holds events, as far as it goes.
  private static func isEvents(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return false }
    let hasTime =
      text.contains("\"origin_server_ts\"")
      || text.contains("\"timestamp\"") && text.contains("\"event_id\"")
        && text.contains("\"room_id\"")
    return hasTime && text.contains("\"content\"")
      && text.contains("\"type\"") && (text.contains("\"sender\"") || text.contains("\"user_id\""))
  }

  /// Whether a head is that of a room that Element exported, which says more of it than its events do.
  private static func isOfElement(_ head: [UInt8]) -> Bool { ElementExport.isExport(head) }

  /// Whether a member holds no event as far as its head goes, and another format claims it.
  ///
  /// A page may be empty, so a head without events alone says little.
  private static func isOfAnother(_ member: ArchiveTree.Member, in tree: ArchiveTree) -> Bool {
    let head = ArchiveProbe(tree).head(of: member)
    if isEvents(head) { return isOfElement(head) }
    return MemberExport.isAnother(than: MatrixEvents.self, member, in: tree)
  }

  /// Whether a member is a file of `rooms/<room>/`.
  private static func isSynapse(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    guard let index = parts.firstIndex(of: "rooms"), index + 2 < parts.count else { return false }
    return parts[index + 1].hasPrefix("!")
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    self.tree = tree
    self.options = options
    let isSynapse = tree.members.contains { MatrixEvents.isSynapse($0.name) }
    var read: [ArchiveTree.Member] = []
    var others: [ArchiveTree.Member] = []
    for member in tree.members {
      let isRead =
        tree.isFile
        || (isSynapse
          ? MatrixEvents.isSynapse(member.name) || member.name.contains("media_ids/")
          : member.isNamedJSON && !MatrixEvents.isOfAnother(member, in: tree))
      if isRead { read.append(member) } else { others.append(member) }
    }
    guard !read.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no JSON of events",
        mend: "name the file of events, or the folder that export-data wrote"
      )
    }
    // The state of a room says what its events need: its folder is read before the events.
    if isSynapse {
      read.sort {
        ($0.folder.roomFolder, $0.isEvents ? 1 : 0) < ($1.folder.roomFolder, $1.isEvents ? 1 : 0)
      }
    }
    files = JSONFiles(tree, read, MatrixEvents.shape, limit: options.maxRecordByteCount)
    otherMembers = others
    media = MatrixMedia(tree, others, options.limits)
    // Who asks for access reads all of it before it judges a message.
    if !isSynapse, !options.readsAccess { learnAhead(read) }
  }

  /// Reads what newest-first files say of their rooms, which stands after the messages it is about.
  private mutating func learnAhead(_ members: [ArchiveTree.Member]) {
    let probe = ArchiveProbe(tree)
    let backward = members.filter { MatrixEvents.isBackward(probe.head(of: $0)) }
    guard !backward.isEmpty else { return }
    var ahead = JSONFiles(tree, members, MatrixEvents.shape, limit: options.maxRecordByteCount)
    while let item = ahead.next() {
      guard case .record(let range, _, _) = item, MatrixRooms.mayHoldFact(ahead.bytes, range),
        let event = try? MatrixEvent(ahead.bytes, in: range)
      else { continue }
      let said = event.roomID.flatMap { $0.isEmpty ? nil : $0 }
      let room = said ?? ahead.path.first { $0.hasPrefix("!") } ?? ahead.member?.roomOfFile
      rooms.learn(event, room: room ?? "")
    }
  }

  /// Whether the times in a head run backward, or the state of the room comes after its events.
  private static func isBackward(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    var last: Int?
    var forward = 0
    var backward = 0
    for time in text.numbers(after: "\"origin_server_ts\"", limit: 64) {
      if let last, time > last { forward += 1 }
      if let last, time < last { backward += 1 }
      last = time
    }
    return backward > forward || text.contains("\"chunk\"")
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }

  // MARK: - Reading

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      if inner != nil {
        if let item = nextInside() { return item }
        continue
      }
      settle()
      if let item = ordinaryMessage() { return item }
      if let (event, offset, byteCount) = ordinaryEvent() {
        if let item = item(event, byteCount, offset, files.path) { return item }
        continue
      }
      guard let value = files.next() else { return nil }
      settle()
      switch value {
      case .gap(let fault, let offset): return files.gap(fault, offset)
      case .record(let range, let offset, let isDoubtful):
        if files.path.isEmpty, setting.isUpload {
          if let item = upload(range, offset) { return item }
          continue
        }
        guard let event = try? MatrixEvent(files.bytes, in: range) else {
          if let item = files.stranger("a record is no Matrix event", offset, isDoubtful) {
            return item
          }
          continue
        }
        if event.type.isEmpty {
          if let item = enter(range, offset, isDoubtful) { return item }
          continue
        }
        if options.readsAccess { noteAccess(event, files.bytes, range, offset, files.path) }
        if let item = item(event, range.count, offset, files.path) { return item }
      }
    }
  }

  /// The next event where it is one as most are, which needs no more than a message.
  private mutating func ordinaryMessage() -> ArchiveItem? {
    // An array that is not of the state of a room goes on as one.
    guard !options.readsAccess, !setting.isUpload, !setting.isState,
      files.isAtTop || !isState(files.path),
      var reader = files.recordReader(), reader.pick(MatrixEvent.shape, into: &pick),
      let sort = MatrixEvent.ordinary(pick, reader),
      media.isEmpty || pick[MatrixEvent.Field.url] == nil,
      reader.position - reader.start <= options.maxRecordByteCount
    else { return nil }
    if !MatrixEvent.isRoom(rooms.last.channel.id, pick, reader) {
      let said = MatrixEvent.room(pick, reader, setting.lastRoom)
      guard said != nil || pick[MatrixEvent.Field.room] == nil else { return nil }
      rooms.turn(to: room(said: said, files.path))
    }
    guard let message = MatrixEvent.message(pick, reader, sort, in: rooms.last),
      let (offset, byteCount) = files.passRecord(reader)
    else { return nil }
    let source = SourceLocation(member: setting.reportedName, byteOffset: offset)
    return .message(message, source: source, byteCount: byteCount)
  }

  /// The next event where it stands among others.
  private mutating func ordinaryEvent() -> (event: MatrixEvent, offset: Int, byteCount: Int)? {
    // What says who can read is read apart, from the whole record.
    guard !options.readsAccess, !setting.isUpload, var reader = files.recordReader() else {
      return nil
    }
    if reader.pick(MatrixEvent.shape, into: &pick) {
      if let event = MatrixEvent(pick, reader, likelyRoom: setting.lastRoom) {
        return files.passRecord(reader).map { (event, $0.offset, $0.byteCount) }
      }
      reader.rewind(to: reader.start)
    }
    guard let event = try? MatrixEvent(&reader, likelyRoom: setting.lastRoom), !event.type.isEmpty
    else { return nil }
    return files.passRecord(reader).map { (event, $0.offset, $0.byteCount) }
  }

  /// Takes notice of where the member lies that is read.
  private mutating func settle() {
    guard files.index != setting.index else { return }
    setting.index = files.index
    guard let member = files.member else { return }
    setting.isUpload = member.name.contains("media_ids/")
    setting.isState = MatrixEvents.isSynapse(member.name) && !member.isEvents
    setting.room = member.roomOfFile
    setting.reportedName = tree.reportedName(member)
  }

  /// Looks for events within a record that is none.
  private mutating func enter(
    _ range: Range<Int>,
    _ offset: Int,
    _ isDoubtful: Bool
  ) -> ArchiveItem? {
    if MatrixEvents.isTable(files.bytes, range) { return nil }
    let window = ByteWindow(MemorySource(Array(files.bytes[range])))
    let walk = RecordWalk(window, MatrixEvents.shape, isEntered: true)
    inner = Inner(walk: walk, offset: offset, isDoubtful: isDoubtful)
    return nil
  }

  /// Whether a record is only a table of people's names: every key a user id, or nothing at all.
  private static func isTable(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var reader = JSONReader(bytes, in: range)
    var isTable = true
    let none = JSONKeys([])
    do {
      guard try reader.kind() == .object else { return false }
      try reader.beginObject()
      while try reader.nextKey(none) != nil {
        isTable = isTable && reader.lastKey.hasPrefix("@")
        try reader.skipValue()
      }
    } catch {
      return false
    }
    return isTable
  }

  private mutating func nextInside() -> ArchiveItem? {
    guard var record = inner else { return nil }
    inner = nil
    guard let value = record.walk.next(limit: options.maxRecordByteCount) else {
      let detail = "a record is no Matrix event"
      return record.hasEvent ? nil : files.stranger(detail, record.offset, record.isDoubtful)
    }
    defer { inner = record }
    guard case .record(let range, let offset, _) = value else { return nil }
    record.hasEvent = true
    guard let event = try? MatrixEvent(record.walk.bytes, in: range), !event.type.isEmpty else {
      return files.stranger("a record is no Matrix event", record.offset + offset, false)
    }
    let path = files.path + record.walk.path
    if options.readsAccess {
      noteAccess(event, record.walk.bytes, range, record.offset + offset, path)
    }
    return item(event, range.count, record.offset + offset, path)
  }

  /// The item of an event; `nil` where it only says what is known.
  private mutating func item(
    _ event: MatrixEvent,
    _ byteCount: Int,
    _ offset: Int,
    _ path: [String]
  ) -> ArchiveItem? {
    let room = room(said: event.roomID, path)
    rooms.learn(event, room: room)
    var message = event.message
    message.channel = rooms.channel(room)
    if event.isEncrypted { message.channel?.encrypted = true }
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    let source = SourceLocation(member: setting.reportedName, byteOffset: offset)
    if isState(path) {
      // State repeats what its events said: only what people read of the room, and once.
      guard let subject = message.subject, said.insert("\(room)\n\(subject)").inserted else {
        return nil
      }
      return .channel(message, source: source, byteCount: byteCount)
    }
    if !options.readsAccess { media.fill(&message, event) }
    return .message(message, source: source, byteCount: byteCount)
  }

  /// Keeps what an event says of who can read its room, to be told after its message.
  private mutating func noteAccess(
    _ event: MatrixEvent,
    _ bytes: [UInt8],
    _ range: Range<Int>,
    _ offset: Int,
    _ path: [String]
  ) {
    let isState = isState(path)
    let changes = MatrixAccess.changes(
      of: event,
      id: event.id.isEmpty ? "offset-\(offset)" : event.id,
      room: room(said: event.roomID, path),
      // The state that `export-data` writes is whole; that of /sync may leave out members.
      isTimeline: !isState || path.isEmpty && files.member?.name.contains("/state/") == true,
      bytes,
      in: range
    )
    pending = changes.reversed().map { .access($0, source: files.source(offset)) }
  }

  /// Whether a record is of the state of a room rather than of what was said.
  private func isState(_ path: [String]) -> Bool {
    if !path.isEmpty {
      return path.contains { $0 == "state" || $0.hasSuffix("_state") || $0 == "state_after" }
    }
    return setting.isState
  }

  /// The room of an event by what it says itself, or by where it stands.
  private mutating func room(said id: String?, _ path: [String]) -> String {
    if let id, !id.isEmpty {
      setting.lastRoom = id
      return id
    }
    return path.first { $0.hasPrefix("!") } ?? setting.room
  }

  /// A file that the exported user uploaded: its name is known and its bytes are not.
  private mutating func upload(_ range: Range<Int>, _ offset: Int) -> ArchiveItem? {
    let keys = JSONKeys(["upload_name", "media_id", "media_type", "created_ts"])
    var reader = JSONReader(files.bytes, in: range)
    var message = Message(id: "media-\(files.member?.stem ?? "")")
    var attachment = Attachment(name: "", content: .missing(detail: RowBuilder.noBytes))
    do {
      try reader.members(keys) { reader, key throws(JSONError) in
        switch key {
        case 0: attachment.name = try reader.anyText() ?? ""
        case 2: attachment.mimetype = try reader.stringIfPresent()
        case 3:
          guard try reader.kind() == .number else { return try reader.skipValue() }
          message.timestamp = try reader.integer().flatMap(rfc3339(milliseconds:))
        default: try reader.skipValue()
        }
      }
    } catch {
      return files.gap(SourceFault(reason: .corrupt, detail: "a record is damaged JSON"), offset)
    }
    message.attachments = [attachment]
    return .channel(message, source: files.source(offset), byteCount: range.count)
  }

  package var untakenMembers: [ArchiveTree.Member] { media.untaken(of: otherMembers) }
}

extension ArchiveTree.Member {
  /// Whether the member is the timeline of a room rather than its state.
  fileprivate var isEvents: Bool { baseName == "events" && !name.hasSuffix("state/events") }

  /// The room whose events a file holds, by its folder or name.
  fileprivate var roomOfFile: String {
    name.split(separator: "/").first { $0.hasPrefix("!") }.map(String.init) ?? stem
  }
}

extension String {
  /// The folder of the room in which a file lies, so that its files stand together.
  fileprivate var roomFolder: String {
    let parts = split(separator: "/")
    guard let index = parts.firstIndex(where: { $0.hasPrefix("!") }) else { return self }
    return parts[...index].joined(separator: "/")
  }
}
