import VigieContainers
import VigieCore
import VigieJSON

/// The database that slackdump has written since version 3: `slackdump.sqlite`, with files beside it.
///
/// Each row of MESSAGE is a message as one answer of the API had it. Later answers, after a resume, say it
/// again: the last is the message, earlier ones with another text are versions of it, and those without are
/// the same. ``SlackDump`` finds it.
///
/// *Source:* rusq/slackdump, internal/chunk/backend/dbase/repository/migrations; doc of `slackdump archive`.
struct SlackDatabase {
  private let database: SQLiteFile
  private let source: SourceLocation
  private let member: ArchiveTree.Member
  private let tables: SlackDumpTables
  private var media: MediaFiles
  private var pending: [ArchiveItem] = []
  private var rows: SQLiteFile.Rows?
  /// The queries still to be read, the first last.
  private var queries: [String] = []
  private(set) var byteCountRead = 0
  /// The texts of the messages of one time, by channel and text.
  private var versions: (id: String, texts: [String: [[String]]]) = ("", [:])

  /// Whether a head is that of such a database: the names of its tables stand in the first page.
  static func isDatabase(_ head: [UInt8]) -> Bool {
    guard head.starts(with: SQLiteFile.magic) else { return false }
    let text = HeadText(head)
    return text.contains("CHANNEL_USER") || text.contains("S_USER")
  }

  /// Opens the database of an archive.
  init(_ tree: ArchiveTree, _ member: ArchiveTree.Member, options: ArchiveOptions)
    throws(SourceFault)
  {
    database = try SQLiteFile(
      tree,
      member,
      zipLimits: options.zipLimits,
      limit: options.maxRecordByteCount
    )
    guard database.hasTable("MESSAGE") else {
      throw SourceFault(reason: .corrupt, detail: "the database has no messages of slackdump")
    }
    self.member = member
    source = SourceLocation(member: tree.reportedName(member), byteOffset: 0)
    tables = SlackDumpTables(options)
    media = MediaFiles(tree, options.limits) {
      $0.name.hasPrefix(member.name) || $0.name.hasPrefix(member.folder + "__avatars/")
    }
    queries = ["SELECT CHANNEL_ID, DATA, ID, TXT, CHUNK_ID FROM MESSAGE ORDER BY ID, CHUNK_ID DESC"]
    // What a search found, where the messages themselves were not fetched.
    if database.hasTable("SEARCH_MESSAGE") {
      queries.insert(
        """
        SELECT CHANNEL_ID, DATA, TS, TXT, CHUNK_ID FROM SEARCH_MESSAGE AS S WHERE NOT EXISTS \
        (SELECT 1 FROM MESSAGE AS M WHERE M.TS = S.TS AND M.CHANNEL_ID = S.CHANNEL_ID) \
        ORDER BY TS, CHUNK_ID DESC
        """,
        at: 0
      )
    }
    readTables()
    let log = member.name + "-wal"
    let isLogged =
      tree.members.contains { $0.name == log && $0.byteCount > 0 }
      || tree.isFile
        && tree.filePath(member).map { OpenFile(path: $0 + "-wal", followsLinks: false) }?
          .map { $0.byteCount > 0 } == true
    if isLogged {
      let detail =
        "the write-ahead log beside the database was not read; sqlite3 FILE VACUUM folds it in"
      pending.append(source.gap(SourceFault(reason: .truncated, detail: detail), at: 0))
    }
  }

  /// The bytes of the database.
  var totalByteCount: Int { member.byteCount }
  /// The files that belong to no message.
  var untakenMembers: [ArchiveTree.Member] { media.untakenMembers }

  /// Learns users and channels; what channels say of themselves is told first.
  private mutating func readTables() {
    for (table, key) in [("S_USER", "user"), ("CHANNEL", "channel")] where database.hasTable(table)
    {
      do throws(SourceFault) {
        let rows = try database.rows("SELECT DATA FROM \(table) ORDER BY CHUNK_ID")
        while try rows.next() {
          var reader = JSONReader(rows.bytes(0) ?? [])
          if key == "user" {
            try? tables.user(&reader)
          } else if let (channel, texts) = try? tables.channel(&reader), !texts.isEmpty,
            tables.isNew(channel)
          {
            pending.append(description(of: channel, texts))
          }
        }
      } catch {
        pending.append(source.gap(error, at: 0))
      }
    }
    pending.reverse()
  }

  private func description(of channel: Channel, _ texts: [String]) -> ArchiveItem {
    let body = texts.map { SlackText.plain($0, users: tables.users) }.joinedOnce
    let message = Message(id: "\(channel.id)-topic", body: body, channel: channel)
    let count = texts.reduce(0) { $0 + $1.utf8.count }
    return .channel(message, source: source, byteCount: count)
  }

  /// The next thing the database holds, or `nil` at its end.
  mutating func next() -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      do throws(SourceFault) {
        if rows == nil {
          guard let query = queries.popLast() else {
            byteCountRead = totalByteCount
            return nil
          }
          versions = ("", [:])
          rows = try database.rows(query)
        }
        guard let rows, try rows.next() else {
          self.rows = nil
          continue
        }
        if let item = item(rows) { return item }
      } catch {
        rows = nil
        return source.gap(error, at: 0)
      }
    }
  }

  /// The message of a row; `nil` where it was read already.
  private mutating func item(_ rows: SQLiteFile.Rows) -> ArchiveItem? {
    let channelID = rows.text(0) ?? ""
    let bytes = rows.bytes(1) ?? []
    byteCountRead = min(byteCountRead + bytes.count, max(0, totalByteCount - 1))
    var slack: SlackMessage
    if let read = try? SlackMessage(bytes, in: bytes.indices) {
      slack = read
    } else if let text = rows.text(3), !text.isEmpty {
      // The text stands once more in a column of its own.
      slack = SlackMessage()
      slack.text = text
      pending.append(
        source.gap(SourceFault(reason: .corrupt, detail: "a record is no Slack message"), at: 0)
      )
    } else {
      return source.gap(
        SourceFault(reason: .corrupt, detail: "a record is no Slack message"),
        at: 0
      )
    }
    let id = rows.text(2) ?? ""
    if id != versions.id { versions = (id, [:]) }
    let said = slack.texts + slack.files.map { "\($0.id) \($0.name)" }
    let earlier = versions.texts[channelID] ?? []
    guard !earlier.contains(said) else { return nil }
    versions.texts[channelID] = earlier + [said]
    let channel = tables.channels[channelID] ?? Channel(id: channelID)
    var message = slack.message(
      in: channel,
      users: tables.users,
      namesSender: tables.namesSenders
    )
    if message.id.isEmpty { message.id = "row-\(id)" }
    if !earlier.isEmpty {
      message.replaces = message.id
      message.id += "-\(rows.text(4) ?? "")"
    }
    for (index, file) in slack.files.enumerated() where !file.id.isEmpty {
      media.fill(&message, index, path: "__uploads/\(file.id)/\(file.name)", beside: member.name)
    }
    return .message(message, source: source, byteCount: bytes.count)
  }
}
