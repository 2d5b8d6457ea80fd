import VigieCore

/// The fields of a mail's header that say who wrote it, when, and where it went.
///
/// It takes no mail apart: parts, charsets and encodings are for the readers of documents, which work
/// shut in. It says whether there is anything to take apart.
///
/// *Source:* RFC 5322 §2.2 (fields, folding), RFC 2919 (`List-Id`), RFC 2045 §5 and §6.
struct MailHead {
  var id: String?
  var date: String?
  /// The address of the sender.
  var sender: String?
  var subject: String?
  /// The list the mail went through.
  var list: Channel?
  /// How many bytes the body has, as some mailboxes write.
  var contentByteCount: Int?
  /// Where the body starts in the bytes.
  private(set) var end: Int
  /// How many fields there are.
  private(set) var fieldCount = 0
  /// Whether the body is text as it stands, and no field is left unread that may say more.
  private(set) var isPlain = true

  /// Fields that only say how the mail travelled, or that are read here.
  private static let plainFields: Set<String> = [
    "from", "to", "cc", "bcc", "date", "subject", "message-id", "in-reply-to", "references",
    "received", "return-path", "reply-to", "sender", "mime-version", "content-type",
    "content-transfer-encoding", "content-length", "lines", "list-id", "list-post", "list-help",
    "list-archive", "list-subscribe", "list-unsubscribe", "delivered-to", "envelope-to",
    "x-original-to", "x-beenthere", "x-mailman-version", "precedence", "errors-to", "status",
    "x-status", "x-uid", "user-agent", "x-mailer", "dkim-signature", "archived-at",
  ]
  /// Fields before which a text is taken for a mail.
  private static let sureFields: Set<String> = [
    "received", "message-id", "mime-version", "return-path", "delivered-to", "in-reply-to",
    "list-id", "dkim-signature", "content-type",
  ]

  /// The header at the start of some bytes, after the line that starts a mail in a mailbox.
  init(_ bytes: ArraySlice<UInt8>) {
    end = bytes.endIndex
    var index = bytes.startIndex
    var fields: [(key: String, value: String)] = []
    var isFirst = true
    while index < bytes.endIndex {
      let newline = bytes[index...].firstIndex(of: 0x0A) ?? bytes.endIndex
      var last = newline
      if last > index, bytes[last - 1] == 0x0D { last -= 1 }
      let line = bytes[index..<last]
      let next = min(newline + 1, bytes.endIndex)
      if line.isEmpty {
        // Blank lines before the first field are passed; after it, one ends the header.
        index = next
        if fields.isEmpty, isFirst { continue }
        end = next
        break
      }
      let text = decodedLine(Array(line), in: 0..<line.count).text
      if text.first == " " || text.first == "\t", !fields.isEmpty {
        fields[fields.count - 1].value += " " + text.drop { $0 == " " || $0 == "\t" }
      } else if let colon = text.firstIndex(of: ":"), let key = MailHead.key(text[..<colon]) {
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields.append((key, String(value)))
      } else if fields.isEmpty, isFirst, MailHead.isEnvelope(line) {
        // `From …`, `>From …`, or the length with which Apple's mail starts a file.
      } else {
        // A line that is no field: the body starts here, and what the header lacks nobody knows.
        end = index
        isPlain = fields.isEmpty
        break
      }
      isFirst = false
      index = next
    }
    fieldCount = fields.count
    for (key, value) in fields.prefix(5_000) { take(key, value) }
    if !fields.contains(where: { MailHead.sureFields.contains($0.key) }) {
      hasUsualFields = ["from", "date"].allSatisfy { key in fields.contains { $0.key == key } }
    }
  }

  /// Whether the header has what makes a mail.
  var isMail: Bool { fieldCount >= 2 && hasUsualFields }
  private var hasUsualFields = true

  /// The name of a field; blanks may stand before its colon (RFC 5322 §4.5.1), and none within.
  private static func key(_ text: Substring) -> String? {
    var name = text
    while name.last == " " || name.last == "\t" { name.removeLast() }
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    return isName ? name.lowercased() : nil
  }

  private static func isEnvelope(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: "From ".utf8) || line.starts(with: ">From ".utf8)
      || line.allSatisfy { $0 &- 0x30 < 10 || $0 == 0x20 }
  }

  private mutating func take(_ key: String, _ value: String) {
    if !MailHead.plainFields.contains(key) { isPlain = false }
    switch key {
    case "message-id": id = id ?? MailHead.inBrackets(value)
    case "date": date = date ?? MailDate.read(value)
    case "from": sender = sender ?? MailHead.address(value)
    case "subject":
      subject = subject ?? value
      // A word in another encoding is for who can decode it.
      if value.contains("=?") { isPlain = false }
    case "list-id": list = list ?? MailHead.list(value)
    case "content-length": contentByteCount = Int(value)
    case "content-type":
      let parts = value.lowercased().split(separator: ";")
      let type = parts.first?.filter { !$0.isWhitespace } ?? ""
      let charset = parts.first { $0.contains("charset") } ?? ""
      let isKnown =
        charset.isEmpty || charset.contains("utf-8") || charset.contains("us-ascii")
      if type != "text/plain" || !isKnown || value.lowercased().contains("flowed") {
        isPlain = false
      }
    case "content-transfer-encoding":
      if !["7bit", "8bit", "binary"].contains(value.lowercased().filter { !$0.isWhitespace }) {
        isPlain = false
      }
    default: return
    }
  }

  private static func inBrackets(_ value: String) -> String? {
    guard let open = value.firstIndex(of: "<") else {
      return value.isEmpty ? nil : value
    }
    let text = value[value.index(after: open)...].prefix { $0 != ">" && !$0.isWhitespace }
    return text.isEmpty ? nil : String(text)
  }

  /// The address in a field such as `Anne <anne@agence.example>`, also as archives of lists hide it.
  ///
  /// *Source:* Mailman 2's pipermail writes `anne at agence.example`, newer ones of R's lists
  /// `anne @end|ng |rom agence.example`.
  static func address(_ value: String) -> String {
    var text = Substring(value)
    if let open = value.lastIndex(of: "<") {
      text = value[value.index(after: open)...].prefix { $0 != ">" }
    } else if let name = value.firstRange(of: " (") {
      text = value[..<name.lowerBound]
    }
    for hidden in [" @end|ng |rom ", " at "] where text.contains(hidden) && !text.contains("@ ") {
      return String(text.replacing(hidden, with: "@", maxReplacements: 1))
    }
    return String(text)
  }

  private static func list(_ value: String) -> Channel? {
    guard let id = inBrackets(value) else { return nil }
    let name = value.prefix { $0 != "<" }.filter { $0 != "\"" }
    let end = name.lastIndex { !$0.isWhitespace }
    return Channel(id: id, name: end.map { String(name[...$0]) })
  }
}
