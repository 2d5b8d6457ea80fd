import VigieCore
import VigieJSON

/// One message of a Zulip export with the versions it had.
///
/// *Source:* zulip/zulip, zerver/lib/export.py; zulip.com/api/get-message-history for the history.
struct ZulipMessage {
  /// A text the message had from some time on.
  struct Version {
    var body: String?
    var html: String?
    var timestamp: String?
  }

  var id = ""
  var sender = ""
  var recipient = ""
  var topics: [String] = []
  /// From the first text to the last.
  var versions: [Version] = []
  var repairCount = 0
  /// Whether the history of edits could not be read.
  var hasDamagedHistory = false

  private static let keys = JSONKeys([
    "id", "sender", "recipient", "subject", "content", "rendered_content", "date_sent", "pub_date",
    "edit_history",
  ])

  /// Reads a message from JSON.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    var last = Version()
    var history: String?
    var isMessage = false
    guard try reader.kind() == .object else { throw .notAMessage }
    try reader.members(ZulipMessage.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: id = try reader.scalar() ?? ""
      case 1: sender = try reader.scalar() ?? ""
      case 2: recipient = try reader.scalar() ?? ""
      case 3:
        // Direct messages have no topic; newer servers write a control character there.
        if let topic = try reader.scalar(), !topic.isEmpty, topic != "\u{7}" { topics = [topic] }
      case 4:
        last.body = try reader.anyText()
        isMessage = true
      case 5:
        last.html = try reader.anyText()
        isMessage = true
      case 6, 7: last.timestamp = try reader.scalar().flatMap(ZulipMessage.time) ?? last.timestamp
      default: history = try reader.anyText()
      }
    }
    try reader.finish()
    guard isMessage, !id.isEmpty || !recipient.isEmpty else { throw .notAMessage }
    repairCount = reader.repairCount
    readHistory(history, last: last)
  }

  /// Takes the older texts and topics from the history, which is JSON in a string, the newest edit
  /// first.
  private mutating func readHistory(_ history: String?, last: Version) {
    versions = [last]
    guard let history, !history.isEmpty else { return }
    guard let edits = (try? JSONValue(Array(history.utf8)))?.elements else {
      hasDamagedHistory = true
      return
    }
    let sent = last.timestamp
    for edit in edits {
      for key in ["prev_topic", "prev_subject"] {
        if let topic = edit[key]?.string, !topic.isEmpty { topics.append(topic) }
      }
      guard let content = edit["prev_content"]?.string else { continue }
      if case .number(let seconds)? = edit["timestamp"] {
        versions[0].timestamp = rfc3339(guessing: seconds)
      } else {
        versions[0].timestamp = nil
      }
      let html = edit["prev_rendered_content"]?.string
      versions.insert(Version(body: content, html: html, timestamp: sent), at: 0)
    }
  }

  /// The time of seconds since 1970 with a fraction.
  static func time(_ text: String) -> String? {
    guard let seconds = Double(text), seconds.magnitude < 1e12 else { return nil }
    return rfc3339(milliseconds: Int((seconds * 1000).rounded()))
  }

  /// The paths of uploaded files that a text links to, as the export keeps them below `uploads/`.
  ///
  /// *Source:* zulip/zulip, zerver/lib/upload: `/user_uploads/<realm>/<folder>/<name>`.
  static func uploads(_ text: String) -> [String] {
    let mark = "/user_uploads/"
    var paths: [String] = []
    for found in text.ranges(of: mark) {
      let path = text[found.upperBound...].prefix {
        !$0.isWhitespace && !")\"'<>]".contains($0)
      }
      // Small pictures of a file, beside the link to it.
      guard !path.isEmpty, !path.hasPrefix("thumbnail/"), !paths.contains(String(path)) else {
        continue
      }
      paths.append(String(path))
    }
    return paths
  }

  /// A text in which fenced quotes stand as quoted lines, as mails and Markdown write them.
  ///
  /// *Source:* zulip.com/help/quote-or-forward-a-message: a fence of three or more back-ticks or
  /// tildes with the word `quote`.
  static func unfenced(_ text: String) -> String {
    guard text.contains("quote") else { return text }
    var output: [String] = []
    var fence: Substring?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let mark = line.prefix { $0 == line.first && ($0 == "`" || $0 == "~") }
      if let open = fence {
        if mark == open, line.dropFirst(mark.count).allSatisfy(\.isWhitespace) {
          fence = nil
        } else {
          output.append("> \(line)")
        }
      } else if mark.count >= 3,
        line.dropFirst(mark.count).filter({ !$0.isWhitespace }) == "quote"
      {
        fence = mark
      } else {
        output.append(String(line))
      }
    }
    return output.joined(separator: "\n")
  }
}
