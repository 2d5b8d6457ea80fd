import VigieCore
import VigieJSON

/// A Mattermost bulk export: JSON lines of teams, channels, users and posts, alone or with their
/// files in a folder or ZIP.
///
/// *Source:* mattermost/mattermost, server/channels/app/imports/import_types.go.
package struct MattermostExport: ArchiveFormat {
  package static let name = "mattermost"
  package static let title = "Mattermost bulk export (JSON lines, alone or with data/)"

  private let tree: ArchiveTree
  private let options: ArchiveOptions
  private var files: JSONFiles
  /// Channels by team and name.
  private var channels: [String: Channel] = [:]
  private var taken: Set<String> = []
  /// What the last record holds further, the last first.
  private var pending: [ArchiveItem] = []
  private var lastID = ""
  private var repeatCount = 1
  private var unknownCount = 0
  private var isEnded = false

  private static let shape = RecordWalk.Shape(opens: { _ in false }, treatment: { _ in .skip })

  private static func isExport(_ head: [UInt8]) -> Bool {
    let keys = ArchiveProbe.keys(Array(head.drop { $0 != UInt8(ascii: "{") }.prefix(1 << 14)))
    guard keys.contains("type"), keys.contains("version") else { return false }
    return String(decoding: head.prefix(1 << 10), as: UTF8.self).contains("\"version\"")
  }

  /// The member that holds the records: the one that starts as they do.
  private static func export(_ probe: ArchiveProbe) -> ArchiveTree.Member? {
    let candidates = probe.members.filter { $0.isNamedJSON && !$0.name.contains("data/") }
    return candidates.prefix(16).first { isExport(probe.head(of: $0)) }
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isExport(probe.head) ? 90 : 0 }
    return export(probe) == nil ? 0 : 90
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let probe = ArchiveProbe(tree)
    guard
      let export = tree.isFile
        ? tree.members.first
        : MattermostExport.export(probe) ?? tree.members.first(where: { $0.isNamedJSON })
    else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no file of JSON lines",
        mend: "name the ZIP that the bulk export made, or its .jsonl file"
      )
    }
    self.tree = tree
    self.options = options
    files = JSONFiles(tree, [export], MattermostExport.shape, limit: options.maxRecordByteCount)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }

  package var untakenMembers: [ArchiveTree.Member] {
    tree.members.filter { $0.name != files.member?.name && !taken.contains($0.name) }
  }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      guard let value = files.next() else { return end() }
      switch value {
      case .gap(let fault, let offset): return files.gap(fault, offset)
      case .record(let range, let offset, let isDoubtful):
        guard let record = try? MattermostRecord(files.bytes, in: range), !record.type.isEmpty
        else {
          if let item = files.stranger("a record is no Mattermost record", offset, isDoubtful) {
            return item
          }
          continue
        }
        take(record, range.count, offset, isDoubtful)
        if options.readsAccess { noteAccess(record, files.bytes, range, offset) }
      }
    }
  }

  private mutating func take(
    _ record: MattermostRecord,
    _ byteCount: Int,
    _ offset: Int,
    _ isDoubtful: Bool
  ) {
    switch record.type {
    case "version", "role", "scheme", "user", "bot", "emoji": return
    case "team", "channel", "direct_channel": describe(record, byteCount, offset)
    case "post", "direct_post":
      guard let post = record.post else {
        if let item = files.stranger("a post holds nothing", offset, isDoubtful) {
          pending.append(item)
        }
        return
      }
      var items = [message(post, channel(of: record), byteCount, offset, record.repairCount)]
      // The bytes of the record are counted once, with its post.
      for reply in post.replies {
        items.append(message(reply, channel(of: record), 0, offset, 0))
      }
      pending = items.reversed()
    default: unknownCount += 1
    }
  }

  /// Learns a channel and tells what it says of itself.
  private mutating func describe(_ record: MattermostRecord, _ byteCount: Int, _ offset: Int) {
    var channel = channel(of: record)
    if record.type == "channel" {
      channel.name = record.displayName ?? record.name
      switch record.access {
      case "O"?: channel.visibility = .public
      case "P"?: channel.visibility = .private
      default: channel.visibility = .unknown
      }
      channels[channel.id] = channel
    } else if record.type == "team" {
      channel = Channel(id: record.name ?? "", name: record.displayName)
    }
    let message = Message(
      id: "\(channel.id)-topic",
      body: record.purpose,
      subject: record.header,
      channel: channel
    )
    guard message.body != nil || message.subject != nil else { return }
    pending.append(.channel(message, source: files.source(offset), byteCount: byteCount))
  }

  /// Tells, after all else of the record, what it says of who can read channels.
  private mutating func noteAccess(
    _ record: MattermostRecord,
    _ bytes: [UInt8],
    _ range: Range<Int>,
    _ offset: Int
  ) {
    let id = channel(of: record).id
    let changes = MattermostAccess.changes(of: record, channel: id, bytes, in: range)
    pending.insert(
      contentsOf: changes.reversed().map { .access($0, source: files.source(offset)) },
      at: 0
    )
  }

  private func channel(of record: MattermostRecord) -> Channel {
    if record.type.hasPrefix("direct_") {
      return Channel(id: record.members.sorted().joined(separator: ","), visibility: .direct)
    }
    let name = (record.type == "channel" ? record.name : record.channel) ?? ""
    let id = "\(record.team ?? "")/\(name)"
    return channels[id] ?? Channel(id: id, name: name)
  }

  private mutating func message(
    _ post: MattermostRecord.Post,
    _ channel: Channel,
    _ byteCount: Int,
    _ offset: Int,
    _ repairCount: Int
  ) -> ArchiveItem {
    // Posts have no ids: Mattermost itself tells them by who wrote when.
    var id = post.milliseconds.map { "\($0)-\(post.user ?? "")" } ?? "offset-\(offset)"
    repeatCount = id == lastID ? repeatCount + 1 : 1
    lastID = id
    if repeatCount > 1 { id += "-\(repeatCount)" }
    var message = Message(id: id, body: post.texts.joinedOnce, sender: post.user, channel: channel)
    message.timestamp = post.milliseconds.flatMap(rfc3339(milliseconds:))
    for path in post.paths {
      let index = message.attachments.count
      let name = path.split(separator: "/").last.map(String.init) ?? path
      message.attachments.append(
        Attachment(
          name: name,
          content: .missing(detail: RowBuilder.noBytes),
          address: "mattermost:\(path)"
        )
      )
      guard !options.readsAccess else { continue }
      let folder = files.member?.folder ?? ""
      let member =
        tree.member(named: "\(folder)data/\(path)") ?? tree.member(named: "\(folder)\(path)")
      guard !tree.isFile, let member, member.name != files.member?.name else { continue }
      taken.insert(member.name)
      tree.fill(&message, index, from: member, options.limits)
    }
    message.noteRepairs(repairCount)
    return .message(message, source: files.source(offset), byteCount: byteCount)
  }

  /// What is to say once all is read.
  private mutating func end() -> ArchiveItem? {
    guard !isEnded else { return nil }
    isEnded = true
    let place = SourceLocation(byteOffset: 0)
    if unknownCount > 0 {
      let detail = "\(unknownCount) records are of kinds that are not known"
      pending.append(
        .gap(Gap(place: .body, reason: .unsupported, detail: detail), source: place)
      )
    }
    return pending.popLast()
  }
}
