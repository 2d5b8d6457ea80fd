import VigieCore
import VigieJSON

/// Microsoft Teams: the folder of an export job, or pages of Graph's messages.
///
/// *Source:* zulip/zulip, zerver/data_import/microsoft_teams.py; MicrosoftDocs, export-teams-content.md.
package struct TeamsExport: ArchiveFormat {
  package static let name = "teams"
  package static let title =
    "Microsoft Teams export (folder or ZIP), or messages as Graph gives them"

  private var files: ExportFiles<TeamsFile>
  private var unreadTables: Int

  private static func isMessages(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    guard text.first == UInt8(ascii: "[") || text.first == UInt8(ascii: "{") else { return false }
    return ["\"MessageType\"", "\"CreatedDateTime\"", "\"Body\""].allSatisfy(text.contains)
      || ["\"messageType\"", "\"createdDateTime\"", "\"body\""].allSatisfy(text.contains)
  }

  private static func isTable(_ member: ArchiveTree.Member) -> Bool {
    let name = member.baseName
    return ["teamsList.json", "teamsSettings.json", "usersList.json"].contains(String(name))
      || ["channels_", "teamMembers_", "teamInstalledApps_"].contains(where: name.hasPrefix)
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let hasTeams = probe.members.contains { $0.baseName == "teamsList.json" }
    let isOwn = probe.candidates(endingWith: ".json").contains {
      isMessages(probe.head(of: $0))
    }
    return hasTeams ? 94 : isOwn ? 90 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".json",
      headByteCount: 1 << 16,
      where: TeamsExport.isMessages
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no messages of Teams",
        mend: "name the folder of the export job, with teams and users in it"
      )
    }
    let limit = options.maxRecordByteCount
    let index = TeamsIndex(tree, limit: limit)
    unreadTables = index.unreadCount
    files = ExportFiles(
      tree,
      members,
      context: TeamsFile.Context(index: index, limit: limit),
      options: options,
      isMetadata: TeamsExport.isTable
    )
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    if unreadTables > 0 {
      let detail = "\(unreadTables) records of the lists of teams and channels are damaged"
      unreadTables = 0
      return SourceLocation(byteOffset: 0).gap(
        SourceFault(reason: .corrupt, detail: detail),
        at: 0
      )
    }
    return files.next()
  }
}

/// The messages of one team or of one account's chats.
private struct TeamsFile: ExportFile {
  struct Context {
    let index: TeamsIndex
    let limit: Int
  }

  /// Where messages stand: in a page of Graph, in what programs save of one chat, in a plain array.
  private static let lists = ["/value/*", "/messages/*", "/*"]

  private var walk: JSONWalk
  private let source: SourceLocation
  private let context: Context
  private let isOfUser: Bool
  private var described: Set<String> = []
  private var pending: ArchiveItem?

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    let records = TeamsFile.lists.flatMap { path in
      ["Id", "id", "@odata.type", "ReplyToId", "Body"].map { JSONWalk.Record($0, path: path) }
    }
    walk = JSONWalk(window, entered: ["/value", "/messages"], records: records)
    self.source = source
    self.context = context
    isOfUser = member.contains("users/")
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if let item = pending {
      pending = nil
      return item
    }
    while let step = walk.next(limit: context.limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value(let path, let range, let offset, let isDoubtful)
      where TeamsFile.lists.contains(path):
        if let item = message(range, offset, isDoubtful) { return item }
      case .begin, .end, .value: continue
      }
    }
    return nil
  }

  private mutating func message(
    _ range: Range<Int>,
    _ offset: Int,
    _ isDoubtful: Bool
  ) -> ArchiveItem? {
    var reader = JSONReader(walk.bytes, in: range)
    guard let value = try? JSONValue(&reader), case .object = value,
      case let record = TeamsMessage(value), record.isMessage,
      !isDoubtful || record.message.timestamp != nil
    else {
      if isDoubtful {
        walk.reject()
        return nil
      }
      let fault = SourceFault(reason: .corrupt, detail: "a record is no message of Teams")
      return source.gap(fault, at: offset)
    }
    var message = record.message
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    message.channel = channel(record)
    message.note(reader.repairCount)
    let item = ArchiveItem.message(message, source: source.at(offset), byteCount: range.count)
    guard let id = record.channelID, let text = context.index.descriptions[id],
      described.insert(id).inserted
    else { return item }
    pending = item
    let description = Message(id: "\(id)-topic", body: text, channel: message.channel)
    return .channel(description, source: source.at(offset), byteCount: text.utf8.count)
  }

  private func channel(_ record: TeamsMessage) -> Channel {
    if let id = record.channelID { return context.index.channels[id] ?? Channel(id: id) }
    // Chats have members and nobody else.
    let isChat = record.chatID != nil || isOfUser
    return Channel(id: record.chatID ?? "", visibility: isChat ? .direct : .unknown)
  }
}
