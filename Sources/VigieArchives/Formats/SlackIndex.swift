import VigieCore
import VigieJSON

/// The tables of a Slack export: its channels and the names of its users.
struct SlackIndex {
  /// What the export says of one channel.
  struct Entry {
    var channel: Channel
    var topic = ""
    var purpose = ""
    var source: SourceLocation
    /// The ids of its members when the export was made; `nil` where they are not wanted or not said.
    var members: [String]?
    var creator: String?
    /// When it was made, seconds since 1970.
    var created: Int?
  }

  /// Channels by the name of their folder.
  private(set) var channels: [String: Entry] = [:]
  /// Shown names by user id.
  private(set) var users: [String: String] = [:]
  /// What of the tables could not be read.
  private(set) var gaps: [ArchiveItem] = []

  /// The index files with the visibility of the channels in them.
  static let lists: [(file: String, visibility: Visibility)] = [
    ("channels.json", .public), ("groups.json", .private), ("mpims.json", .direct),
    ("dms.json", .direct),
  ]
  /// Files that hold no text of messages, or tables read otherwise.
  static let metadata: Set<String> = [
    "users.json", "org_users.json", "integration_logs.json", "content_flags.json",
  ]

  private static let keys = JSONKeys([
    "id", "name", "is_private", "is_ext_shared", "topic", "purpose", "is_shared", "members",
    "creator", "created",
  ])
  private static let valueKeys = JSONKeys(["value"])
  private static let userKeys = JSONKeys(["id", "name", "real_name", "profile"])
  private static let profileKeys = JSONKeys(["display_name", "real_name"])

  private let readsMembers: Bool

  /// Reads the index files below a prefix, with the members of channels where they are wanted.
  init(_ tree: ArchiveTree, prefix: String, limit: Int, readsMembers: Bool = false) {
    self.readsMembers = readsMembers
    for member in tree.members where member.name.hasPrefix(prefix) {
      let file = String(member.name.dropFirst(prefix.count))
      if let list = SlackIndex.lists.first(where: { $0.file == file }) {
        each(tree, member, limit) { index, reader, offset throws(JSONError) in
          let source = SourceLocation(member: member.name, byteOffset: offset)
          try index.readChannel(&reader, list.visibility, source)
        }
      } else if file == "users.json" || file == "org_users.json" {
        each(tree, member, limit) { index, reader, _ throws(JSONError) in
          try index.readUser(&reader)
        }
      }
    }
  }

  private mutating func each(
    _ tree: ArchiveTree,
    _ member: ArchiveTree.Member,
    _ limit: Int,
    _ read: (inout SlackIndex, inout JSONReader, Int) throws(JSONError) -> Void
  ) {
    func gap(_ fault: SourceFault, _ offset: Int) -> ArchiveItem {
      .gap(
        Gap(place: .channel, reason: fault.reason, detail: "\(fault.detail) (list of the export)"),
        source: SourceLocation(member: member.name, byteOffset: offset)
      )
    }
    do throws(SourceFault) {
      var stream = JSONStream(ByteWindow(try tree.open(member)))
      guard stream.peek() == UInt8(ascii: "[") else {
        throw stream.window.fault ?? SourceFault(reason: .corrupt, detail: "it is no JSON array")
      }
      stream.skip()
      while let value = stream.element(limit: limit) {
        switch value {
        case .gap(let fault, let offset): gaps.append(gap(fault, offset))
        case .record(let range, let offset, _):
          var reader = JSONReader(stream.window.bytes, in: range)
          do {
            try read(&self, &reader, offset)
          } catch {
            gaps.append(
              gap(SourceFault(reason: .corrupt, detail: "a record is damaged JSON"), offset)
            )
          }
        }
      }
      if let fault = stream.endOfStream() { throw fault }
    } catch {
      gaps.append(gap(error, 0))
    }
  }

  private mutating func readChannel(
    _ reader: inout JSONReader,
    _ visibility: Visibility,
    _ source: SourceLocation
  ) throws(JSONError) {
    var entry = Entry(channel: Channel(id: "", visibility: visibility), source: source)
    try reader.members(SlackIndex.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: entry.channel.id = try reader.stringIfPresent() ?? ""
      case 1: entry.channel.name = try reader.anyText()
      case 2, 3, 6:
        guard try reader.kind() == .boolean else { return try reader.skipValue() }
        guard try reader.boolean() else { return }
        if key == 3 { entry.channel.federated = true }
        if key == 2, visibility == .public { entry.channel.visibility = .private }
      case 7:
        guard readsMembers, try reader.kind() == .array else { return try reader.skipValue() }
        var members: [String] = []
        try reader.collectStrings(into: &members)
        entry.members = members
      case 8: entry.creator = try reader.stringIfPresent()
      case 9:
        guard try reader.kind() == .number else { return try reader.skipValue() }
        entry.created = try reader.integer()
      default:
        try reader.members(SlackIndex.valueKeys) { reader, _ throws(JSONError) in
          let text = try reader.anyText() ?? ""
          if key == 4 { entry.topic = text } else { entry.purpose = text }
        }
      }
    }
    let folder = entry.channel.name.flatMap { $0.isEmpty ? nil : $0 } ?? entry.channel.id
    if !folder.isEmpty { channels[folder] = entry }
    // Direct conversations lie in folders named by their id.
    if visibility == .direct, !entry.channel.id.isEmpty { channels[entry.channel.id] = entry }
  }

  private mutating func readUser(_ reader: inout JSONReader) throws(JSONError) {
    var id = ""
    var names = ["", "", "", ""]
    try reader.members(SlackIndex.userKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: id = try reader.stringIfPresent() ?? ""
      case 3:
        try reader.members(SlackIndex.profileKeys) { reader, key throws(JSONError) in
          names[key] = try reader.stringIfPresent() ?? ""
        }
      default: names[key == 1 ? 3 : 2] = try reader.stringIfPresent() ?? ""
      }
    }
    if !id.isEmpty, let name = names.first(where: { !$0.isEmpty }) { users[id] = name }
  }
}
