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
  private var isEnded = false

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
    return named.contains { isEvents(probe.head(of: $0)) } ? 70 : 0
  }

  /// Whether a head holds events, as far as it goes.
  private static func isEvents(_ head: [UInt8]) -> Bool {
    guard let first = head.first(where: { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    let text = String(decoding: head, as: UTF8.self)
    let hasTime =
      text.contains("\"origin_server_ts\"")
      || text.contains("\"timestamp\"") && text.contains("\"event_id\"")
        && text.contains("\"room_id\"")
    return hasTime && text.contains("\"content\"")
      && text.contains("\"type\"") && (text.contains("\"sender\"") || text.contains("\"user_id\""))
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
          : member.isNamedJSON)
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
    if !isSynapse { learnAhead(read) }
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
      rooms.learn(event, room: room(of: event, ahead))
    }
  }

  /// Whether the times in a head run backward, or the state of the room comes after its events.
  private static func isBackward(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    var last: Int?
    var forward = 0
    var backward = 0
    for piece in text.split(separator: "\"origin_server_ts\"").dropFirst().prefix(64) {
      let digits = piece.drop { !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
      guard let time = Int(digits) else { continue }
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
      if inner != nil {
        if let item = nextInside() { return item }
        continue
      }
      guard let value = files.next() else { return end() }
      switch value {
      case .gap(let fault, let offset): return files.gap(fault, offset)
      case .record(let range, let offset, let isDoubtful):
        if files.path.isEmpty, files.member?.name.contains("media_ids/") == true {
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
        if let item = item(event, range.count, offset, files.path) { return item }
      }
    }
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
    return item(event, range.count, record.offset + offset, files.path + record.walk.path)
  }

  /// The item of an event; `nil` where it only says what is known.
  private mutating func item(
    _ event: MatrixEvent,
    _ byteCount: Int,
    _ offset: Int,
    _ path: [String]
  ) -> ArchiveItem? {
    let room = room(of: event, files, path)
    rooms.learn(event, room: room)
    var message = event.message
    message.channel = rooms.channel(room)
    if event.isEncrypted { message.channel?.encrypted = true }
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    let source = files.source(offset)
    if isState(path) {
      // State repeats what its events said: only what people read of the room, and once.
      guard let subject = message.subject, said.insert("\(room)\n\(subject)").inserted else {
        return nil
      }
      return .channel(message, source: source, byteCount: byteCount)
    }
    media.fill(&message, event)
    return .message(message, source: source, byteCount: byteCount)
  }

  /// Whether a record is of the state of a room rather than of what was said.
  private func isState(_ path: [String]) -> Bool {
    if !path.isEmpty {
      return path.contains { $0 == "state" || $0.hasSuffix("_state") || $0 == "state_after" }
    }
    guard let member = files.member, MatrixEvents.isSynapse(member.name) else { return false }
    return !member.isEvents
  }

  private func room(of event: MatrixEvent, _ files: JSONFiles, _ path: [String]? = nil) -> String {
    if let id = event.roomID, !id.isEmpty { return id }
    if let id = (path ?? files.path).first(where: { $0.hasPrefix("!") }) { return id }
    guard let member = files.member else { return "" }
    let folder = member.name.split(separator: "/").first { $0.hasPrefix("!") }
    return folder.map(String.init) ?? member.stem
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
        case 0: attachment.name = try reader.stringIfPresent() ?? ""
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

  /// What is to say once all is read.
  private mutating func end() -> ArchiveItem? {
    guard !isEnded else { return nil }
    isEnded = true
    let count = media.untakenCount(otherMembers)
    guard count > 0 else { return nil }
    let detail = "\(count) files of the export belong to no message and were not read"
    return .gap(
      Gap(place: .body, reason: .unsupported, detail: detail),
      source: SourceLocation(byteOffset: 0)
    )
  }
}

extension ArchiveTree.Member {
  /// Whether the member is the timeline of a room rather than its state.
  fileprivate var isEvents: Bool { baseName == "events" && !name.hasSuffix("state/events") }
}

extension String {
  /// The folder of the room in which a file lies, so that its files stand together.
  fileprivate var roomFolder: String {
    let parts = split(separator: "/")
    guard let index = parts.firstIndex(where: { $0.hasPrefix("!") }) else { return self }
    return parts[...index].joined(separator: "/")
  }
}
