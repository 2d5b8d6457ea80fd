package import VigieCore
package import VigieJSON

/// An event of a Matrix room, and the message it carries.
///
/// *Source:* Matrix specification v1.11, client-server API §8 (Events) and §11 (Instant messaging).
package struct MatrixEvent: Sendable {
  /// The member of a content with which a sender overrides: `token` and `justification`.
  package static let overrideKey = "org.vigie.override"

  /// The id; empty where the server does not know it yet.
  package let id: String
  /// Such as `m.room.message`.
  package let type: String
  /// What it says.
  package let content: JSONValue
  /// What the policy judges.
  package let message: Message
  private let json: JSONValue
  private let room: MatrixRoom?
  private let texts: ContentText

  /// An event from its JSON.
  ///
  /// - Parameters:
  ///   - json: The event; `type`, `sender` and `content` are needed.
  ///   - room: What is known of the room; without it nothing but the id that the event names.
  /// - Throws: ``MatrixFault`` where it is no event.
  package init(_ json: JSONValue, in room: MatrixRoom?) throws(MatrixFault) {
    guard case .object = json else { throw MatrixFault("the event is no object") }
    guard let type = json["type"]?.string else { throw MatrixFault("the event has no 'type'") }
    guard let sender = json["sender"]?.string else {
      throw MatrixFault("the event has no 'sender'")
    }
    guard let content = json["content"], case .object = content else {
      throw MatrixFault("the event has no 'content'")
    }
    self.id = json["event_id"]?.string ?? ""
    self.type = type
    self.content = content
    self.json = json
    self.room = room
    var message = Message(id: id, sender: sender)
    if case .number(let time)? = json["origin_server_ts"], let whole = Int(exactly: time) {
      message.timestamp = rfc3339(milliseconds: whole)
    }
    message.channel = (room ?? json["room_id"]?.string.map(MatrixRoom.init(id:)))?.channel
    if content["m.relates_to"]?["rel_type"]?.string == "m.replace" {
      message.replaces = content["m.relates_to"]?["event_id"]?.string
    }
    if type == "m.room.encrypted" {
      texts = ContentText(.object([]))
      message.gaps = [
        Gap(place: .body, reason: .encrypted, detail: "the event is encrypted end to end")
      ]
    } else {
      message.override = MatrixEvent.override(in: content)
      texts = ContentText(content, hasOverride: message.override != nil)
      message.body = texts.body
      message.html = texts.formatted
      MatrixEvent.attach(texts.files, to: &message)
    }
    self.message = message
  }

  private static func override(in content: JSONValue) -> OverrideRequest? {
    // Nothing may hide beside the two.
    guard let wish = content[overrideKey], case .object(let members) = wish, members.count == 2,
      let token = wish["token"]?.string, let justification = wish["justification"]?.string
    else { return nil }
    return OverrideRequest(token: token, justification: justification)
  }

  private static func attach(_ files: [ContentText.File], to message: inout Message) {
    for (index, file) in files.enumerated() {
      guard file.isEncrypted else {
        message.attachments.append(
          Attachment(
            name: file.name,
            mimetype: file.mimetype,
            content: .uploaded(id: file.address, path: nil)
          )
        )
        continue
      }
      message.attachments.append(Attachment(name: file.name, mimetype: file.mimetype))
      message.gaps.append(
        Gap(
          place: Place(part: .attachment(index), role: .bodyText),
          reason: .encrypted,
          detail: "the attachment is encrypted end to end"
        )
      )
    }
  }

  /// The event with another content, or `nil` where that is none.
  package func with(_ content: JSONValue) -> MatrixEvent? {
    let path = ContentPath(steps: [.key("content")])
    return try? MatrixEvent(json.replacing(path, with: content), in: room)
  }

  // MARK: - Redaction

  /// The content without what was found in it.
  ///
  /// Each applied finding in a plain text is blacked out. HTML is replaced by the blacked-out plain text:
  /// what was found in one may stand in other tags in the other.
  ///
  /// - Parameter findings: What was found in ``message``.
  /// - Returns: The new content; `nil` where something was found in what cannot be rewritten, such as a
  ///   file or its name, or where nothing is left to black out.
  package func redacted(_ findings: [Finding]) -> JSONValue? {
    let applied = findings.filter { $0.usage == .applied }
    guard !applied.isEmpty else { return nil }
    var marks = [[Range<Int>]](repeating: [], count: texts.plain.count)
    for finding in applied {
      switch finding.place.part {
      case .html: continue
      case .body:
        guard let index = texts.plain.lastIndex(where: { $0.start <= finding.range.lowerBound })
        else { return nil }
        let piece = texts.plain[index]
        let range = finding.range.lowerBound - piece.start..<finding.range.upperBound - piece.start
        guard range.upperBound <= piece.text.utf8.count else { return nil }
        marks[index].append(range)
      case .subject, .channel, .attachment: return nil
      }
    }
    var blackened = texts.plain.map(\.text)
    for index in blackened.indices where !marks[index].isEmpty {
      blackened[index] = MatrixEvent.blackOut(blackened[index], marks[index])
    }
    // A text may be said twice, for clients old and new: it goes wherever it stands.
    var replaced: [String: String] = [:]
    for (piece, text) in zip(texts.plain, blackened) where piece.text != text {
      replaced[piece.text] = text
      replaced[ContentText.editMark + piece.text] = ContentText.editMark + text
    }
    let changed = MatrixEvent.replacing(replaced, in: content)
    let plain = MatrixEvent.escaped(blackened.first ?? "")
    return MatrixEvent.withHTML(plain, in: changed)
  }

  /// What stands in place of each letter that is taken away: U+2588 FULL BLOCK.
  private static let block: Unicode.Scalar = "\u{2588}"

  /// Blacks out ranges of a text, UTF-8 bytes, half-open; scalars they cut are taken whole.
  static func blackOut(_ text: String, _ ranges: [Range<Int>]) -> String {
    var result = String.UnicodeScalarView()
    var offset = 0
    for scalar in text.unicodeScalars {
      let bytes = offset..<offset + Unicode.UTF8.width(scalar)
      let isMarked = ranges.contains { $0.overlaps(bytes) }
      let isBlank = scalar.properties.isWhitespace
      result.append(isMarked && !isBlank ? block : scalar)
      offset = bytes.upperBound
    }
    return String(result)
  }

  /// A content in which some strings are others.
  private static func replacing(_ texts: [String: String], in content: JSONValue) -> JSONValue {
    switch content {
    case .string(let text): .string(texts[text] ?? text)
    case .array(let elements): .array(elements.map { replacing(texts, in: $0) })
    case .object(let members):
      .object(members.map { .init($0.key, replacing(texts, in: $0.value)) })
    case .null, .boolean, .number: content
    }
  }

  /// A content whose every HTML says one text.
  private static func withHTML(_ text: String, in content: JSONValue) -> JSONValue {
    switch content {
    case .object(let members):
      .object(
        members.map { member in
          switch member.key {
          case "formatted_body", "m.html", "org.matrix.msc1767.html":
            .init(member.key, .string(text))
          default: .init(member.key, withHTML(text, in: member.value))
          }
        }
      )
    case .array(let elements): .array(elements.map { withHTML(text, in: $0) })
    case .null, .boolean, .number, .string: content
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n": result += "<br>"
      default: result.append(character)
      }
    }
    return result
  }
}
