import VigieCore

/// Slack's own markup in plain text: entities and what stands in angle brackets.
///
/// *Source:* Slack API, "Formatting text for app surfaces": only `&`, `<` and `>` are escaped.
enum SlackText {
  /// The text as people see it.
  ///
  /// - Parameters:
  ///   - text: Text as the export holds it.
  ///   - users: Names by user id.
  /// - Returns: The text, with the name for each mention and the target behind each link.
  static func plain(_ text: String, users: [String: String]) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
      return text
    }
    var output = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      output += rest[..<start]
      rest = rest[start...]
      if rest.first == "<", let end = rest.firstIndex(of: ">") {
        output += reference(rest[rest.index(after: start)..<end], users)
        rest = rest[rest.index(after: end)...]
      } else if let (entity, character) = entities.first(where: { rest.hasPrefix($0.0) }) {
        output += character
        rest = rest.dropFirst(entity.count)
      } else {
        output.append(rest.removeFirst())
      }
    }
    return output + rest
  }

  private static let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]

  /// What is shown for `@U1|name`, `#C1|name`, `!here`, `https://…|label`; for a link both parts.
  private static func reference(_ inner: Substring, _ users: [String: String]) -> String {
    let bar = inner.firstIndex(of: "|")
    let target = inner[..<(bar ?? inner.endIndex)]
    let label = bar.map { inner[inner.index(after: $0)...] }
    switch target.first {
    case "@":
      return "@"
        + (label.map(String.init) ?? users[String(target.dropFirst())] ?? String(target.dropFirst()))
    case "#": return "#" + (label ?? target.dropFirst())
    case "!": return label.map { unescaped($0) } ?? "@" + target.dropFirst()
    default:
      guard let label, label != target else { return unescaped(target) }
      return "\(unescaped(label)) (\(unescaped(target)))"
    }
  }

  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    return plain(String(text), users: [:])
  }
}

extension SlackMessage {
  /// The message of a channel, its files without their bytes.
  ///
  /// - Parameters:
  ///   - channel: The channel.
  ///   - users: Shown names by user id.
  ///   - namesSender: Whether the sender is called by name, with the id behind it; who asks for access knows
  ///     people by their ids alone.
  /// - Returns: The message.
  func message(in channel: Channel, users: [String: String], namesSender: Bool) -> Message {
    var message = Message(
      id: timestamp,
      body: texts.map { SlackText.plain($0, users: users) }.joinedOnce,
      sender: namesSender ? user.map { named($0, users[$0] ?? userName) } : user,
      channel: channel,
      replaces: changes
    )
    message.timestamp = rfc3339(slackTimestamp: timestamp)
    for file in files {
      var reason = RowBuilder.noBytes
      switch file.mode {
      case "tombstone"?: reason = "the file was deleted before the export"
      case "hidden_by_limit"?: reason = "the file was hidden by the plan's limit"
      case "external"?: reason = "the file lies on another service"
      default: break
      }
      message.attachments.append(
        Attachment(
          name: file.name,
          mimetype: file.mimetype,
          content: .missing(detail: reason),
          address: file.id.isEmpty ? nil : "slack:\(file.id)"
        )
      )
    }
    message.note(repairCount)
    return message
  }
}

/// The sender for people: the name, and the id that tells two of one name apart.
private func named(_ id: String, _ name: String?) -> String {
  guard let name, !name.isEmpty, name != id else { return id }
  return "\(name) (\(id))"
}

/// The RFC 3339 time of Slack's seconds with microseconds, which identify a message.
private func rfc3339(slackTimestamp text: String) -> String? {
  milliseconds(slackTimestamp: text).flatMap(rfc3339(milliseconds:))
}

/// The milliseconds since 1970 of such a time.
func milliseconds(slackTimestamp text: String) -> Int? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard let first = parts.first, let seconds = Int(first), seconds.magnitude < 1 << 40 else {
    return nil
  }
  let fraction = parts.count > 1 ? Int((parts[1] + "000").prefix(3)) ?? 0 : 0
  return seconds * 1000 + fraction
}
