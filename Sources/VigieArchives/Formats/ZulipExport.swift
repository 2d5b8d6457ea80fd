import VigieCore
import VigieJSON

/// The export of a Zulip organisation: tables, shards of messages, and uploaded files.
///
/// *Source:* zulip/zulip, docs/production/export-and-import.md and zerver/lib/export.py.
package struct ZulipExport: ArchiveFormat {
  package static let name = "zulip"
  package static let title =
    "Zulip export (folder or archive with realm.json, or one messages file)"

  private var files: ExportFiles<ZulipFile>
  private var pending: [ArchiveItem]

  private static func isShard(_ head: [UInt8]) -> Bool {
    String(decoding: head.prefix(1 << 12), as: UTF8.self).contains("\"zerver_message\"")
  }

  /// Whether a member is named as a shard: `messages-000001.json`, with `.partial` behind it where
  /// the export did not come to its end.
  private static func isNamedShard(_ member: ArchiveTree.Member) -> Bool {
    let base = member.baseName
    return base.hasPrefix("messages-") && (base.hasSuffix(".json") || base.hasSuffix(".partial"))
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isShard(probe.head) ? 93 : 0 }
    let shards = probe.members.lazy.filter(isNamedShard).prefix(8)
    return shards.contains { isShard(probe.head(of: $0)) } ? 95 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let names = Set(tree.members.lazy.filter(ZulipExport.isNamedShard).map(\.name))
    let members = tree.members.filter {
      let isLeftOver = $0.name.hasSuffix(".partial") && names.contains(String($0.name.dropLast(8)))
      return tree.isFile || ZulipExport.isNamedShard($0) && !isLeftOver
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no messages of a Zulip export",
        mend: "name the folder or archive with realm.json and messages-000001.json"
      )
    }
    let tables = ZulipTables(limit: options.maxRecordByteCount)
    for member in tree.members where !tree.isFile && member.baseName == "realm.json" {
      tables.read(tree, member)
    }
    pending = tables.items.reversed()
    let partial = members.count { $0.name.hasSuffix(".partial") }
    if partial > 0 {
      let detail = "the export did not come to its end: \(partial) of its files are partial"
      pending.append(
        SourceLocation(byteOffset: 0).gap(
          SourceFault(reason: .truncated, detail: detail),
          at: 0
        )
      )
    }
    let roots = Set(members.map(\.folder))
    files = ExportFiles(tree, members, context: tables, options: options) {
      ZulipExport.isMetadata($0, roots)
    }
  }

  /// Whether a member of an export, whose shards lie in some folders, is a table, or shows how the
  /// organisation looks.
  private static func isMetadata(_ member: ArchiveTree.Member, _ roots: Set<String>) -> Bool {
    guard roots.contains(where: member.name.hasPrefix) else { return false }
    let folders = member.name.split(separator: "/").dropLast()
    let isChrome = folders.contains {
      ["avatars", "emoji", "realm_icons", "stats", "realm_logos"].contains($0)
    }
    let isTable = member.name.hasSuffix(".json") && roots.contains(member.folder)
    return isChrome || isTable || isNamedShard(member) || member.baseName == "records.json"
      || member.name.hasSuffix("stats.txt")
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    pending.popLast() ?? files.next()
  }
}

/// One shard of messages.
private struct ZulipFile: ExportFile {
  private var walk: JSONWalk
  private let source: SourceLocation
  private let member: String
  private let tables: ZulipTables
  private var pending: [ArchiveItem] = []
  /// Whether it was said that the messages are none.
  private var isStrange = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: ZulipTables) {
    // Who has read what is a longer list than the messages themselves: it is entered and passed.
    walk = JSONWalk(
      window,
      entered: ["/zerver_message", "/zerver_usermessage", "/zerver_userprofile_ids"],
      records: [
        JSONWalk.Record("id", path: "/zerver_message/*"),
        JSONWalk.Record("sender", path: "/zerver_message/*"),
      ]
    )
    self.source = source
    self.member = member
    tables = context
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if let item = pending.popLast() { return item }
    while let step = walk.next(limit: tables.limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value("/zerver_message/*", let range, let offset, let isDoubtful):
        guard let record = try? ZulipMessage(walk.bytes, in: range) else {
          if isDoubtful {
            walk.reject()
            continue
          }
          let fault = SourceFault(reason: .corrupt, detail: "a record is no Zulip message")
          return source.gap(fault, at: offset)
        }
        take(record, range.count, source.at(offset), &media)
        return pending.popLast()
      case .value(let path, _, let offset, _) where path.hasPrefix("/zerver_message"):
        guard !isStrange else { continue }
        isStrange = true
        let fault = SourceFault(reason: .corrupt, detail: "the messages are no JSON array")
        return source.gap(fault, at: offset)
      case .begin, .end, .value: continue
      }
    }
    return nil
  }

  /// Puts the versions of a message and what is new of its topics on the pile, the first on top.
  private mutating func take(
    _ record: ZulipMessage,
    _ byteCount: Int,
    _ source: SourceLocation,
    _ media: inout MediaFiles
  ) {
    let id = record.id.isEmpty ? "offset-\(source.byteOffset)" : record.id
    let channel = tables.channels[record.recipient] ?? Channel(id: "recipient-\(record.recipient)")
    var items: [ArchiveItem] = []
    for topic in record.topics where tables.isNew(topic: topic, in: channel) {
      let message = Message(id: "\(id)-topic-\(items.count)", subject: topic, channel: channel)
      items.append(.channel(message, source: source, byteCount: topic.utf8.count))
    }
    var linked: Set<String> = []
    for (index, version) in record.versions.enumerated() {
      var message = Message(
        id: index == 0 ? id : "\(id)-edit-\(index)",
        body: version.body.map(ZulipMessage.unfenced),
        html: version.html,
        sender: tables.users[record.sender] ?? record.sender,
        timestamp: version.timestamp,
        channel: channel,
        replaces: index == 0 ? nil : id
      )
      for path in ZulipMessage.uploads(version.body ?? version.html ?? "")
      where linked.insert(path).inserted {
        let index = message.attachments.count
        let name = path.split(separator: "/").last.map { percentDecoded(String($0)) } ?? path
        message.attachments.append(
          Attachment(name: name, content: .missing(detail: RowBuilder.noBytes))
        )
        media.fill(&message, index, path: "uploads/\(path)", beside: member)
      }
      message.note(index == 0 ? record.repairCount : 0)
      if record.hasDamagedHistory {
        let detail = "the history of edits is damaged: older texts were not read"
        message.gaps.append(Gap(place: .body, reason: .corrupt, detail: detail))
      }
      // The bytes of the record are counted once.
      items.append(.message(message, source: source, byteCount: index == 0 ? byteCount : 0))
    }
    pending = items.reversed()
  }
}
