import VigieCore
import VigieJSON

/// One message of Microsoft Teams, in the spelling of the export job (`Body`) or of Graph (`body`).
///
/// *Source:* Microsoft Graph v1.0, resource chatMessage; zulip/zulip, zerver/data_import/microsoft_teams.py.
struct TeamsMessage {
  private let value: JSONValue

  /// A message from its JSON.
  init(_ value: JSONValue) { self.value = value }

  /// The member of an object under either spelling of its key.
  private static func member(_ key: String, of value: JSONValue?) -> JSONValue? {
    guard let value else { return nil }
    return value[key] ?? value[key.prefix(1).uppercased() + key.dropFirst()]
  }

  private func member(_ path: String...) -> JSONValue? {
    path.reduce(value) { found, key in TeamsMessage.member(key, of: found) }
  }

  fileprivate static func text(_ value: JSONValue?) -> String? {
    switch value {
    case .string(let text)?: text.isEmpty ? nil : text
    case .number(let number)?: Int(exactly: number).map(String.init)
    case .array?, .object?: strings(value).joinedOnce
    default: nil
    }
  }

  /// Every string of a value: what has another type than it should is damaged, and read all the same.
  private static func strings(_ value: JSONValue?) -> [String] {
    var texts: [String] = []
    collect(value, into: &texts)
    return texts
  }

  var id: String { TeamsMessage.text(member("id")) ?? "" }
  var channelID: String? { TeamsMessage.text(member("channelIdentity", "channelId")) }
  var chatID: String? { TeamsMessage.text(member("chatId")) }

  /// Whether it has anything of a message.
  var isMessage: Bool { !id.isEmpty || member("body") != nil }

  /// The message, with a channel that has no more than its id.
  var message: Message {
    var message = Message(id: id)
    message.sender =
      ["user", "application", "device"].lazy.compactMap { kind in
        TeamsMessage.text(member("from", kind, "displayName"))
          ?? TeamsMessage.text(member("from", kind, "id"))
      }.first
    message.timestamp = TeamsMessage.text(member("createdDateTime")).flatMap(isoTime)
    message.subject = TeamsMessage.text(member("subject"))
    var texts: [String] = []
    let content = TeamsMessage.text(member("body", "content"))
    if TeamsMessage.text(member("body", "contentType"))?.lowercased() == "html" {
      message.html = content
    } else if let content {
      texts.append(content)
    }
    if let summary = TeamsMessage.text(member("summary")) { texts.append(summary) }
    if member("body")?.kind != .object { TeamsMessage.collect(member("body"), into: &texts) }
    let files = member("attachments")
    if files?.elements == nil { TeamsMessage.collect(files, into: &texts) }
    for file in files?.elements ?? [] { attach(file, to: &message, &texts) }
    // What a system message tells, such as the new name of a channel.
    TeamsMessage.collect(member("eventDetail"), into: &texts)
    message.body = texts.joinedOnce
    return message
  }

  private func attach(_ file: JSONValue, to message: inout Message, _ texts: inout [String]) {
    let type = TeamsMessage.text(TeamsMessage.member("contentType", of: file)) ?? ""
    let content = TeamsMessage.text(
      file.kind == .object ? TeamsMessage.member("content", of: file) : file
    )
    // A reference to a message repeats the text of one that stands elsewhere.
    if type == "messageReference" { return }
    if let content {
      if let card = try? JSONValue(Array(content.utf8)) {
        TeamsMessage.collect(card, into: &texts)
      } else {
        texts.append(content)
      }
    }
    let name = TeamsMessage.text(TeamsMessage.member("name", of: file))
    if type.hasPrefix("application/vnd.microsoft.card"), name == nil { return }
    message.attachments.append(
      Attachment(name: name ?? "", content: .missing(detail: RowBuilder.noBytes))
    )
  }

  /// Appends every string of a value.
  private static func collect(_ value: JSONValue?, into texts: inout [String]) {
    switch value {
    case .string(let text)?: if !text.isEmpty { texts.append(text) }
    case .array(let elements)?: for element in elements { collect(element, into: &texts) }
    case .object(let members)?: for member in members { collect(member.value, into: &texts) }
    default: return
    }
  }
}

/// The teams and channels of an export with who can read them.
struct TeamsIndex {
  /// Channels by id.
  private(set) var channels: [String: Channel] = [:]
  /// What channels say of themselves, by id.
  private(set) var descriptions: [String: String] = [:]
  private var isPublic: [String: Bool] = [:]
  /// What of the tables could not be read.
  private(set) var unreadCount = 0

  /// Reads the tables of an export.
  init(_ tree: ArchiveTree, limit: Int) {
    guard !tree.isFile else { return }
    for name in ["teamsSettings.json", "teamsList.json"] {
      for member in tree.members where member.baseName == name {
        each(tree, member, limit) { index, team in
          guard let id = TeamsIndex.text(team, "Id", "GroupId") else { return }
          if let privacy = TeamsIndex.text(team, "Privacy", "Visibility") {
            index.isPublic[id] = privacy.lowercased() == "public"
          }
        }
      }
    }
    for member in tree.members where member.baseName.hasPrefix("channels_") {
      let team = member.baseName.dropFirst("channels_".count).prefix { $0 != "." }
      each(tree, member, limit) { index, channel in
        guard let id = TeamsIndex.text(channel, "Id", "id") else { return }
        var found = Channel(id: id, name: TeamsIndex.text(channel, "DisplayName", "displayName"))
        // A standard channel is as open as its team; others have members of their own.
        switch TeamsIndex.text(channel, "MembershipType", "membershipType")?.lowercased() {
        case "standard"?:
          if let isPublic = index.isPublic[String(team)] {
            found.visibility = isPublic ? .public : .private
          }
        case "private"?, "shared"?: found.visibility = .private
        default: break
        }
        if TeamsIndex.text(channel, "MembershipType", "membershipType") == "shared" {
          found.federated = true
        }
        index.channels[id] = found
        index.descriptions[id] = TeamsIndex.text(channel, "Description", "description")
      }
    }
  }

  private static func text(_ value: JSONValue, _ keys: String...) -> String? {
    keys.lazy.compactMap { TeamsMessage.text(value[$0]) }.first
  }

  private mutating func each(
    _ tree: ArchiveTree,
    _ member: ArchiveTree.Member,
    _ limit: Int,
    _ read: (inout TeamsIndex, JSONValue) -> Void
  ) {
    guard let source = try? tree.open(member) else {
      unreadCount += 1
      return
    }
    var walk = JSONWalk(ByteWindow(source), entered: ["/value"], records: [])
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap: unreadCount += 1
      case .value("/*", let range, _, _), .value("/value/*", let range, _, _):
        if let value = try? JSONValue(Array(walk.bytes[range])) { read(&self, value) }
      case .begin, .end, .value: continue
      }
    }
  }
}
