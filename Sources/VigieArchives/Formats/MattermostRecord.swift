import VigieCore
import VigieJSON

/// One record of a Mattermost bulk export, as far as it holds text or says who can read it.
///
/// *Source:* mattermost/mattermost, server/channels/app/imports/import_types.go.
struct MattermostRecord {
  /// A post or a reply to one.
  struct Post {
    var user: String?
    var milliseconds: Int?
    /// The message and the texts of its cards.
    var texts: [String] = []
    /// Where its files lie below `data/`.
    var paths: [String] = []
    var replies: [Post] = []
  }

  var type = ""
  var team: String?
  var name: String?
  var channel: String?
  var displayName: String?
  /// `O` for open, `P` for private.
  var access: String?
  var header: String?
  var purpose: String?
  var members: [String] = []
  var post: Post?
  var repairCount = 0

  private static let keys = JSONKeys([
    "type", "team", "channel", "direct_channel", "post", "direct_post",
  ])
  private static let channelKeys = JSONKeys([
    "team", "name", "display_name", "type", "header", "purpose", "members", "description",
    "participants",
  ])
  private static let postKeys = JSONKeys([
    "team", "channel", "user", "message", "props", "create_at", "replies", "attachments",
    "channel_members",
  ])
  private static let participantKeys = JSONKeys(["username"])
  private static let pathKeys = JSONKeys(["path"])
  /// Properties of posts that are no text.
  private static let propertyKeys = JSONKeys([
    "from_webhook", "from_bot", "from_plugin", "override_icon_url", "disable_group_highlight",
  ])

  /// Reads a record from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    var record = MattermostRecord()
    try reader.members(MattermostRecord.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: record.type = try reader.stringIfPresent() ?? ""
      case 1, 2, 3: try record.readChannel(&reader)
      default:
        guard try reader.kind() == .object else { return try reader.skipValue() }
        let post = try record.readPost(&reader)
        record.post = post
      }
    }
    try reader.finish()
    record.repairCount = reader.repairCount
    self = record
  }

  private init() {}

  private mutating func readChannel(_ reader: inout JSONReader) throws(JSONError) {
    try reader.members(MattermostRecord.channelKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: team = try reader.stringIfPresent()
      case 1: name = try reader.stringIfPresent()
      case 2: displayName = try reader.anyText().filled
      case 3: access = try reader.stringIfPresent()
      case 4: header = try reader.anyText().filled
      case 6: try reader.collectStrings(into: &members)
      case 8: try readParticipants(&reader)
      default:
        let text = try reader.anyText().filled
        purpose = purpose ?? text
      }
    }
  }

  /// Reads the members of a direct channel as newer servers write them.
  private mutating func readParticipants(_ reader: inout JSONReader) throws(JSONError) {
    try reader.elements { reader throws(JSONError) in
      try reader.members(MattermostRecord.participantKeys) { reader, _ throws(JSONError) in
        if let name = try reader.stringIfPresent() { members.append(name) }
      }
    }
  }

  /// Collects what the properties of a post show: cards, the name a webhook goes by.
  static func readProperties(
    _ reader: inout JSONReader,
    into texts: inout [String]
  ) throws(JSONError) {
    guard try reader.kind() == .object else { return try reader.collectStrings(into: &texts) }
    try reader.beginObject()
    while let key = try reader.nextKey(propertyKeys) {
      if key < 0 {
        try reader.collectStrings(into: &texts)
      } else {
        try reader.skipValue()
      }
    }
  }

  private mutating func readPost(_ reader: inout JSONReader) throws(JSONError) -> Post {
    var post = Post()
    try reader.members(MattermostRecord.postKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: team = try reader.stringIfPresent() ?? team
      case 1: channel = try reader.stringIfPresent() ?? channel
      case 2: post.user = try reader.stringIfPresent()
      case 3:
        if let text = try reader.anyText() { post.texts.insert(text, at: 0) }
      case 4:
        try MattermostRecord.readProperties(&reader, into: &post.texts)
      case 5:
        guard try reader.kind() == .number else { return try reader.skipValue() }
        post.milliseconds = try reader.integer()
      case 6:
        if try reader.kind() == .string { return try reader.collectStrings(into: &post.texts) }
        try reader.elements { reader throws(JSONError) in
          let reply = try readPost(&reader)
          // Replies hold no further replies; what damage put there is read all the same.
          post.replies.append(reply)
          post.replies += reply.replies
        }
      case 7:
        try reader.elements { reader throws(JSONError) in
          try reader.members(MattermostRecord.pathKeys) { reader, _ throws(JSONError) in
            if let path = try reader.stringIfPresent() { post.paths.append(path) }
          }
        }
      default: try reader.collectStrings(into: &members)
      }
    }
    return post
  }
}

extension String? {
  /// The text, or `nil` where it is empty.
  fileprivate var filled: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
