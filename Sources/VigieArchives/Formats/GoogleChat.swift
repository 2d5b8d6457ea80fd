import VigieCore
import VigieJSON

/// Google Chat as Takeout exports it: a folder a conversation, with `messages.json` and its files.
///
/// It is the view of one account and does not say who else could read a space.
package struct GoogleChat: ArchiveFormat {
  package static let name = "google-chat"
  package static let title = "Google Chat (Takeout, a folder or ZIP, or one messages.json)"

  private var files: ExportFiles<GoogleChatFile>

  private static func isMessages(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    return text.first == UInt8(ascii: "{")
      && text.contains("\"messages\"")
      && ["\"created_date\"", "\"topic_id\"", "\"creator\""].count(where: text.contains) > 1
  }

  /// Whether a name is that of the messages or the facts of a conversation, or of a user.
  private static func isTable(_ member: ArchiveTree.Member) -> Bool {
    ["group_info.json", "user_info.json"].contains(String(member.baseName))
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isMessages(probe.head) ? 92 : 0 }
    let own = probe.members.filter { $0.baseName == "messages.json" }
    let isPaired = probe.members.contains { $0.baseName == "group_info.json" }
    return own.prefix(32).contains { isMessages(probe.head(of: $0)) } ? isPaired ? 96 : 92 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter { tree.isFile || $0.baseName == "messages.json" }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no messages.json of Google Chat",
        mend: "name the ZIP of Takeout or the folder Google Chat in it"
      )
    }
    var context = GoogleChatFile.Context(path: tree.path, limit: options.maxRecordByteCount)
    for member in tree.members where member.baseName == "group_info.json" && !tree.isFile {
      context.learn(tree, member)
    }
    files = ExportFiles(
      tree,
      members,
      context: context,
      options: options,
      isMetadata: GoogleChat.isTable
    )
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// The messages of one conversation.
private struct GoogleChatFile: ExportFile {
  struct Context {
    let path: String
    let limit: Int
    /// Names of conversations by their folder.
    var names: [String: String] = [:]

    private static let keys = JSONKeys(["name"])

    /// Reads the name of a conversation; one without has none to show.
    mutating func learn(_ tree: ArchiveTree, _ member: ArchiveTree.Member) {
      let bytes = tree.head(of: member, count: 1 << 16)
      var reader = JSONReader(bytes)
      var name: String?
      // Members follow the name, and there may be thousands.
      try? reader.members(Context.keys) { reader, _ throws(JSONError) in
        name = try reader.anyText()
      }
      if let name { names[member.name.folder] = name }
    }
  }

  private var walk: JSONWalk
  private let source: SourceLocation
  private let member: String
  private let limit: Int
  private let channel: Channel

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    walk = JSONWalk(
      window,
      entered: ["/messages"],
      records: [JSONWalk.Record("creator", path: "/messages/*")]
    )
    self.source = source
    self.member = member
    limit = context.limit
    let folder = source.member == nil ? context.path.folder : member.folder
    let base = folder.split(separator: "/").last.map(String.init) ?? ""
    // `Space AAAA…`, `DM AAAA…`: what follows is the id.
    let parts = base.split(separator: " ", maxSplits: 1)
    var channel = Channel(id: parts.count == 2 ? String(parts[1]) : base)
    if base.hasPrefix("DM ") { channel.visibility = .direct }
    channel.name = context.names[folder]
    self.channel = channel
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value("/messages/*", let range, let offset, let isDoubtful):
        guard let record = try? GoogleChatMessage(walk.bytes, in: range), record.isMessage else {
          if isDoubtful {
            walk.reject()
            continue
          }
          let fault = SourceFault(reason: .corrupt, detail: "a record is no Google Chat message")
          return source.gap(fault, at: offset)
        }
        var message = message(record, &media)
        if message.id.isEmpty { message.id = "offset-\(offset)" }
        return .message(message, source: source.at(offset), byteCount: range.count)
      case .value("/messages", _, let offset, _):
        let fault = SourceFault(reason: .corrupt, detail: "the messages are no JSON array")
        return source.gap(fault, at: offset)
      case .begin, .end, .value: continue
      }
    }
    return nil
  }

  private func message(_ record: GoogleChatMessage, _ media: inout MediaFiles) -> Message {
    var message = Message(
      id: record.id,
      body: record.texts.joinedOnce,
      sender: record.sender,
      timestamp: record.date.flatMap(GoogleChatMessage.time),
      channel: channel
    )
    for file in record.files {
      let index = message.attachments.count
      let name = file.original.isEmpty ? file.exported : file.original
      message.attachments.append(
        Attachment(name: name, content: .missing(detail: RowBuilder.noBytes))
      )
      guard !file.exported.isEmpty,
        !media.fill(&message, index, path: file.exported, beside: member)
      else { continue }
      // What a file system does not take in a name is an underscore there.
      let safe = String(file.exported.map { "?:*<>|\"".contains($0) ? "_" : $0 })
      if safe != file.exported { media.fill(&message, index, path: safe, beside: member) }
    }
    message.note(record.repairCount)
    return message
  }
}

/// One message of Google Chat.
struct GoogleChatMessage {
  var id = ""
  var sender: String?
  var date: String?
  var texts: [String] = []
  var files: [(original: String, exported: String)] = []
  private(set) var repairCount = 0
  private var isDeleted = false

  private static let keys = JSONKeys([
    "creator", "created_date", "text", "topic_id", "message_id", "attached_files", "annotations",
    "deletion_metadata", "message_state", "updated_date", "reactions",
  ])
  private static let creatorKeys = JSONKeys(["email", "name"])
  private static let fileKeys = JSONKeys(["original_name", "export_name"])

  /// Reads a message from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    guard try reader.kind() == .object else { throw .notAMessage }
    try reader.beginObject()
    while let key = try reader.nextKey(GoogleChatMessage.keys) {
      switch key {
      case 0:
        try reader.members(GoogleChatMessage.creatorKeys) { reader, key throws(JSONError) in
          let text = try reader.stringIfPresent()
          if key == 0 || sender == nil { sender = text ?? sender }
        }
      case 1: date = try reader.stringIfPresent()
      case 2: try reader.collectStrings(into: &texts)
      case 4: id = try reader.stringIfPresent() ?? ""
      case 5:
        guard try reader.isNext(.array, orTexts: &texts) else { continue }
        try reader.elements { reader throws(JSONError) in
          var file = (original: "", exported: "")
          try reader.members(GoogleChatMessage.fileKeys) { reader, key throws(JSONError) in
            let text = try reader.anyText() ?? ""
            if key == 0 { file.original = text } else { file.exported = text }
          }
          files.append(file)
        }
      case 7, 8:
        isDeleted = true
        try reader.skipValue()
      case 3, 9, 10: try reader.skipValue()
      // Titles and snippets of links and documents, cards, and what later versions say.
      default: try reader.collectStrings(into: &texts)
      }
    }
    try reader.finish()
    repairCount = reader.repairCount
  }

  /// Whether it has anything of a message; a deleted one has little.
  var isMessage: Bool { !id.isEmpty || !texts.isEmpty || !files.isEmpty || isDeleted }

  /// The time of a text such as `Thursday, November 3, 2016 at 11:59:50 AM UTC`.
  ///
  /// It is prose in the language of the account: what is not read so is no time.
  static func time(_ text: String) -> String? {
    var words = text.split { " ,\u{A0}\u{202F}".contains($0) }.map(String.init)
    guard let zone = words.last, zone == "UTC" || zone == "GMT" else { return nil }
    words.removeLast()
    // Weekday and the words before the clock say nothing more.
    let known = words.filter { word in
      word.contains(where: \.isNumber) || ["am", "pm"].contains(word.lowercased())
        || !["at", "à", "um", "de"].contains(word.lowercased()) && word != words.first
    }
    guard known.contains(where: { $0.contains(":") }) else { return nil }
    return ElementDate.read(known.joined(separator: " "))?.text(zone: "Z")
  }
}
