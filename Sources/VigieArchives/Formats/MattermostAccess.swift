import VigieJSON

/// What a Mattermost bulk export says of who can read its channels.
///
/// Memberships stand with the users and bear no times; nobody who has left is named.
///
/// *Source:* mattermost/mattermost, server/channels/app/imports/import_types.go.
enum MattermostAccess {
  private static let keys = JSONKeys(["user", "bot"])
  private static let userKeys = JSONKeys(["username", "teams"])
  private static let nameKeys = JSONKeys(["name", "channels"])

  /// Reads what a record says.
  ///
  /// - Parameters:
  ///   - record: The record as messages need it.
  ///   - channel: The id of its channel.
  ///   - bytes: Bytes that hold the JSON of it.
  ///   - range: Where in them it stands.
  /// - Returns: What it says of one or several channels.
  static func changes(
    of record: MattermostRecord,
    channel: String,
    _ bytes: [UInt8],
    in range: Range<Int>
  ) -> [AccessChange] {
    func change(_ fact: AccessChange.Fact, in channel: String = channel) -> AccessChange {
      AccessChange(channel: channel, milliseconds: nil, fact)
    }
    switch record.type {
    case "channel":
      guard record.access == "O" || record.access == "P" else { return [] }
      let rule: AccessChange.JoinRule = record.access == "O" ? .public : .invite
      return [change(.joinRule(rule)), change(.historyVisibility(.shared))]
    case "direct_channel":
      // Nobody joins or leaves a direct channel: its members are all who ever read it.
      return [
        change(.joinRule(.invite)), change(.historyVisibility(.shared)), change(.wholeMembership),
      ] + record.members.map { change(.membership(account: $0, .join, before: nil)) }
    case "user":
      guard let (name, channels) = try? membership(bytes, range) else { return [] }
      return channels.map { change(.membership(account: name, .join, before: nil), in: $0) }
    default: return []
    }
  }

  /// The name of a user and the channels it is in, as `team/channel`.
  private static func membership(
    _ bytes: [UInt8],
    _ range: Range<Int>
  ) throws(JSONError) -> (name: String, channels: [String]) {
    var reader = JSONReader(bytes, in: range)
    var name = ""
    var channels: [String] = []
    try reader.members(keys) { reader, _ throws(JSONError) in
      try reader.members(userKeys) { reader, key throws(JSONError) in
        guard key == 1 else { return name = try reader.stringIfPresent() ?? "" }
        try reader.elements { reader throws(JSONError) in
          var team = ""
          var names: [String] = []
          try reader.members(nameKeys) { reader, key throws(JSONError) in
            guard key == 1 else { return team = try reader.stringIfPresent() ?? "" }
            try reader.elements { reader throws(JSONError) in
              try reader.members(nameKeys) { reader, key throws(JSONError) in
                guard key == 0 else { return try reader.skipValue() }
                if let channel = try reader.stringIfPresent() { names.append(channel) }
              }
            }
          }
          channels += names.map { "\(team)/\($0)" }
        }
      }
    }
    return (name, channels)
  }
}
