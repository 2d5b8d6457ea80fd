import VigieCore

/// What a Slack export says of who can read its channels.
///
/// *Source:* slack.com/help/articles/220556107 (members in the lists of channels); Slack API, "message
/// event" (subtypes).
enum SlackAccess {
  /// Subtypes of messages that no person wrote.
  private static let systemSubtypes: Set<String> = [
    "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
    "channel_archive", "channel_unarchive", "channel_convert_to_private",
    "channel_posting_permissions",
    "group_join", "group_leave", "group_topic", "group_purpose", "group_name", "group_archive",
    "group_unarchive", "pinned_item", "unpinned_item", "bot_add", "bot_remove", "reminder_add",
    "message_deleted",
  ]

  /// What a message is beside its text.
  static func traits(of message: SlackMessage) -> Message.Traits {
    switch message.subtype {
    case "tombstone"?: .redacted
    case let subtype? where systemSubtypes.contains(subtype): .system
    default: []
    }
  }

  /// What the lists say of a channel: who is in it when the export is made, and that members read
  /// all of its past.
  static func changes(of entry: SlackIndex.Entry) -> [AccessChange] {
    let channel = entry.channel.id
    let created = entry.created.flatMap { $0.magnitude < 1 << 40 ? $0 * 1000 : nil }
    func change(_ fact: AccessChange.Fact, at time: Int? = created) -> AccessChange {
      AccessChange(channel: channel, milliseconds: time, fact)
    }
    var changes = [
      change(.creation(by: entry.creator, isFederated: true)),
      change(.joinRule(entry.channel.visibility == .public ? .public : .invite)),
      change(.historyVisibility(.shared)),
    ]
    guard let members = entry.members else { return changes }
    changes.append(change(.wholeMembership))
    changes += members.map { change(.membership(account: $0, .join, before: nil), at: nil) }
    return changes
  }

  /// What a message of the channel says: somebody came or went.
  static func changes(
    of slack: SlackMessage,
    _ message: Message,
    channel: String
  ) -> [AccessChange] {
    let time = milliseconds(slackTimestamp: slack.timestamp)
    switch slack.subtype {
    case "channel_join"?, "group_join"?, "channel_leave"?, "group_leave"?:
      guard let account = slack.user else { return [] }
      let isIn = slack.subtype?.hasSuffix("join") == true
      let fact = AccessChange.Fact.membership(account: account, isIn ? .join : .leave, before: nil)
      return [AccessChange(channel: channel, milliseconds: time, fact)]
    case "tombstone"?:
      let fact = AccessChange.Fact.redaction(of: message.id)
      return [AccessChange(channel: channel, milliseconds: nil, fact)]
    default: return []
    }
  }
}
