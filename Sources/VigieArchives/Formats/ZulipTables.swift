import VigieCore
import VigieJSON

/// What the tables of a Zulip export say of channels and people.
///
/// *Source:* zulip/zulip, zerver/lib/export.py and zerver/models (stream, recipient, user profile).
final class ZulipTables {
  let limit: Int
  /// Channels by the id of their recipient.
  private(set) var channels: [String: Channel] = [:]
  /// Shown names by user id.
  private(set) var users: [String: String] = [:]
  /// What streams and the organisation say of themselves, and what of the tables is damaged.
  private(set) var items: [ArchiveItem] = []
  /// Topics that were told already, by the hash of channel and name.
  private var toldTopics: Set<Int> = []

  private static let tables = [
    "/zerver_stream", "/zerver_recipient", "/zerver_userprofile", "/zerver_userprofile_crossrealm",
    "/zerver_userprofile_mirrordummy", "/zerver_realm",
  ]
  private static let keys = JSONKeys([
    "id", "name", "description", "invite_only", "type", "type_id", "full_name", "email",
    "delivery_email",
  ])

  /// Tables that say nothing, for shards without their `realm.json`.
  init(limit: Int) { self.limit = limit }

  /// Reads `realm.json`.
  func read(_ tree: ArchiveTree, _ member: ArchiveTree.Member) {
    let source = SourceLocation(member: tree.reportedName(member), byteOffset: 0)
    var streams: [String: Channel] = [:]
    var recipients: [(id: String, type: String, target: String)] = []
    do throws(SourceFault) {
      // Tables that are not read, such as those of subscriptions, may be longer than any record.
      var walk = JSONWalk(
        ByteWindow(try tree.open(member)),
        entered: Set(ZulipTables.tables),
        records: []
      )
      while let step = walk.next(limit: limit) {
        switch step {
        case .gap(let fault, let offset):
          if fault.reason != .limit { items.append(ZulipTables.gap(fault, source.at(offset))) }
        case .value(let path, let range, let offset, _):
          guard path.hasSuffix("/*"), ZulipTables.tables.contains(String(path.dropLast(2))) else {
            continue
          }
          guard let row = try? Row(JSONReader(walk.bytes, in: range)) else {
            let fault = SourceFault(reason: .corrupt, detail: "a record is no row of a table")
            items.append(ZulipTables.gap(fault, source.at(offset)))
            continue
          }
          switch path {
          case "/zerver_stream/*":
            let channel = Channel(
              id: row.id,
              name: row.name,
              visibility: row.isInviteOnly.map { $0 ? .private : .public } ?? .unknown
            )
            streams[row.id] = channel
            tell(row.description, channel, source.at(offset), range.count)
          case "/zerver_realm/*":
            let realm = Channel(id: "realm-\(row.id)", name: row.name)
            tell(row.description, realm, source.at(offset), range.count)
          case "/zerver_recipient/*": recipients.append((row.id, row.type, row.target))
          default: users[row.id] = row.fullName ?? row.email
          }
        case .begin, .end: continue
        }
      }
    } catch {
      items.append(ZulipTables.gap(error, source))
    }
    for recipient in recipients {
      // Of the types, 1 is a person, 2 a stream, 3 a group of people.
      channels[recipient.id] =
        recipient.type == "2"
        ? streams[recipient.target] ?? Channel(id: recipient.target)
        : Channel(id: "direct-\(recipient.id)", visibility: .direct)
    }
  }

  private static func gap(_ fault: SourceFault, _ source: SourceLocation) -> ArchiveItem {
    let detail = "\(fault.detail) (tables of the export)"
    return .gap(Gap(place: .channel, reason: fault.reason, detail: detail), source: source)
  }

  private func tell(
    _ description: String?,
    _ channel: Channel,
    _ source: SourceLocation,
    _ byteCount: Int
  ) {
    guard let description, !description.isEmpty else { return }
    let message = Message(id: "\(channel.id)-description", body: description, channel: channel)
    items.append(.channel(message, source: source, byteCount: byteCount))
  }

  /// Whether a topic of a channel comes up for the first time.
  func isNew(topic: String, in channel: Channel) -> Bool {
    var hasher = Hasher()
    hasher.combine(channel.id)
    hasher.combine(topic)
    return toldTopics.insert(hasher.finalize()).inserted
  }

  /// A row of any of the tables.
  private struct Row {
    var id = ""
    var name: String?
    var description: String?
    var isInviteOnly: Bool?
    var type = ""
    var target = ""
    var fullName: String?
    var email: String?

    init(_ source: JSONReader) throws(JSONError) {
      var reader = source
      guard try reader.kind() == .object else { throw .notAMessage }
      try reader.members(ZulipTables.keys) { reader, key throws(JSONError) in
        switch key {
        case 0: id = try reader.scalar() ?? ""
        case 1: name = try reader.scalar()
        case 2: description = try reader.scalar()
        case 3:
          guard try reader.kind() == .boolean else { return try reader.skipValue() }
          isInviteOnly = try reader.boolean()
        case 4: type = try reader.scalar() ?? ""
        case 5: target = try reader.scalar() ?? ""
        case 6: fullName = try reader.scalar()
        default: email = try reader.scalar() ?? email
        }
      }
      try reader.finish()
    }
  }
}
