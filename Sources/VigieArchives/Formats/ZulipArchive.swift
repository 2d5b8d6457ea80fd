import VigieCore
import VigieJSON

/// The JSON of zulip-archive, which publishes streams as pages: one file a topic.
///
/// It holds what its bot could read; whether everybody can is not said.
///
/// *Source:* zulip/zulip-archive, lib/populate.py and lib/files.py.
package struct ZulipArchive: ArchiveFormat {
  package static let name = "zulip-archive"
  package static let title = "zulip-archive JSON (folder of streams, or the file of one topic)"

  private var files: ExportFiles<ZulipTopicFile>
  private var index: (walk: JSONWalk, source: SourceLocation)?
  private var pending: [ArchiveItem] = []
  private let limit: Int

  private static func isTopic(_ head: [UInt8]) -> Bool {
    guard head.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else { return false }
    let keys = ArchiveProbe.keys(head)
    return ["content", "id", "sender_full_name", "timestamp"].allSatisfy(keys.contains)
  }

  /// The stream of `<id>-<name>/<topic>.json`, which was `<id><name>` until 2020; `nil` for another path.
  fileprivate static func stream(_ name: String) -> (id: Substring, name: Substring)? {
    let parts = name.split(separator: "/")
    guard parts.count >= 2, name.hasSuffix(".json") else { return nil }
    let folder = parts[parts.count - 2]
    let digits = folder.prefix { $0.isASCII && $0.isNumber }
    let name = folder.dropFirst(digits.count)
    guard !digits.isEmpty, let first = name.first else { return nil }
    return (digits, first == "-" ? name.dropFirst() : name)
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isTopic(probe.head) ? 93 : 0 }
    let topics = probe.members.lazy.filter { stream($0.name) != nil }.prefix(8)
    return topics.contains { isTopic(probe.head(of: $0)) } ? 94 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter { tree.isFile || ZulipArchive.stream($0.name) != nil }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no topics of zulip-archive",
        mend: "name the folder zulip_json with stream_index.json in it"
      )
    }
    limit = options.maxRecordByteCount
    let list = tree.isFile ? nil : tree.members.first { $0.baseName == "stream_index.json" }
    if let list {
      let source = SourceLocation(member: tree.reportedName(list), byteOffset: 0)
      do throws(SourceFault) {
        let window = ByteWindow(try tree.open(list))
        index = (JSONWalk(window, entered: ["/streams"], records: []), source)
      } catch {
        pending.append(source.gap(error, at: 0))
      }
    }
    files = ExportFiles(
      tree,
      members,
      context: ZulipTopicFile.Context(path: tree.path, limit: limit, hasIndex: list != nil),
      options: options
    ) {
      $0.baseName == "stream_index.json"
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      guard let step = index?.walk.next(limit: limit) else { return files.next() }
      takeStep(step)
    }
  }

  private static let streamKeys = JSONKeys(["id", "topic_data"])

  /// Takes the names of topics from the index: those of files are cut where they are long.
  private mutating func takeStep(_ step: JSONWalk.Step) {
    guard let index else { return }
    switch step {
    case .gap(let fault, let offset): pending.append(index.source.gap(fault, at: offset))
    case .value(let path, let range, let offset, _):
      guard path.hasPrefix("/streams/") else { return }
      var channel = Channel(id: "", name: String(path.dropFirst(9)))
      var topics: [String] = []
      var reader = JSONReader(index.walk.bytes, in: range)
      do {
        try reader.members(ZulipArchive.streamKeys) { reader, key throws(JSONError) in
          if key == 0 {
            channel.id = try reader.scalar() ?? ""
          } else if try reader.kind() == .object {
            try reader.beginObject()
            while try reader.nextKey(JSONKeys([])) != nil {
              topics.append(reader.lastKey)
              try reader.skipValue()
            }
          } else {
            try reader.skipValue()
          }
        }
      } catch {
        let fault = SourceFault(reason: .corrupt, detail: "a stream of the index is damaged")
        pending.append(index.source.gap(fault, at: offset))
      }
      let source = index.source.at(offset)
      let items = ([channel.name ?? ""] + topics).enumerated().map { number, topic in
        let id = "\(channel.id)-topic-\(number)"
        let message = Message(id: id, subject: topic, channel: channel)
        return ArchiveItem.channel(message, source: source, byteCount: topic.utf8.count)
      }
      pending = items.dropFirst().reversed() + pending
    case .begin, .end: return
    }
  }
}

/// The messages of one topic.
private struct ZulipTopicFile: ExportFile {
  struct Context {
    let path: String
    let limit: Int
    /// Whether the names of topics were told already.
    let hasIndex: Bool
  }

  private var walk: JSONWalk
  private let source: SourceLocation
  private let limit: Int
  private var channel: Channel
  /// The topic, until it is told.
  private var topic: String?

  private static let keys = JSONKeys(["id", "content", "sender_full_name", "timestamp"])

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    let records = ["content", "id", "sender_full_name", "timestamp"].map {
      JSONWalk.Record($0, path: "/*")
    }
    walk = JSONWalk(window, entered: [], records: records)
    self.source = source
    limit = context.limit
    // A single file lies in the folder of its stream all the same.
    let path = source.member == nil ? context.path : member
    let stream = ZulipArchive.stream(path)
    channel = Channel(
      id: stream.map { String($0.id) } ?? "",
      name: stream.map { ZulipTopicFile.decoded(String($0.name)) }
    )
    let base = path.split(separator: "/").last.map(String.init) ?? ""
    let name = ZulipTopicFile.decoded(base.hasSuffix(".json") ? String(base.dropLast(5)) : base)
    topic = context.hasIndex || stream == nil ? nil : name
  }

  /// A name in which a dot and two hexadecimal digits are one byte.
  private static func decoded(_ name: String) -> String {
    percentDecoded(name.replacing("%", with: ".25").replacing(".", with: "%"))
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if let topic {
      self.topic = nil
      let message = Message(id: "\(channel.id)-topic", subject: topic, channel: channel)
      return .channel(message, source: source, byteCount: topic.utf8.count)
    }
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value("/*", let range, let offset, let isDoubtful):
        if let message = message(range, offset) {
          return .message(message, source: source.at(offset), byteCount: range.count)
        }
        if isDoubtful {
          walk.reject()
          continue
        }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no message of zulip-archive")
        return source.gap(fault, at: offset)
      case .begin, .end, .value: continue
      }
    }
    return nil
  }

  private func message(_ range: Range<Int>, _ offset: Int) -> Message? {
    var reader = JSONReader(walk.bytes, in: range)
    var message = Message(id: "offset-\(offset)", channel: channel)
    do throws(JSONError) {
      guard try reader.kind() == .object else { return nil }
      try reader.members(ZulipTopicFile.keys) { reader, key throws(JSONError) in
        switch key {
        case 0: message.id = try reader.scalar() ?? message.id
        case 1: message.html = try reader.anyText()
        case 2: message.sender = try reader.scalar()
        default: message.timestamp = try reader.scalar().flatMap(ZulipMessage.time)
        }
      }
      try reader.finish()
    } catch {
      return nil
    }
    guard let html = message.html else { return nil }
    for path in ZulipMessage.uploads(html) {
      let name = path.split(separator: "/").last.map { percentDecoded(String($0)) } ?? path
      message.attachments.append(
        Attachment(name: name, content: .missing(detail: RowBuilder.noBytes))
      )
    }
    message.note(reader.repairCount)
    return message
  }
}
