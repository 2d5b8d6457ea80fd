import VigieCore

/// Makes messages of mails.
///
/// A mail that is text as it stands becomes the body of a message. Any other goes on whole, as a file:
/// its parts, charsets and labels are read where other documents are, shut in, and by the same code.
struct MailMessage {
  private let head: MailHead
  private let bytes: ArraySlice<UInt8>

  /// A mail, with the line before it or without.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    head = MailHead(bytes)
  }

  /// The message.
  ///
  /// - Parameters:
  ///   - fallbackID: Its id where the mail has none.
  ///   - channel: Where it stands, where the mail names no list.
  ///   - content: Where the bytes of the mail lie as a file of their own, if they do.
  /// - Returns: The message.
  func message(
    _ fallbackID: String,
    in channel: Channel,
    content: Attachment.Content? = nil
  ) -> Message {
    var message = Message(
      id: head.id ?? fallbackID,
      sender: head.sender,
      timestamp: head.date ?? envelopeDate,
      channel: head.list ?? channel
    )
    guard head.isPlain, !isPGP else {
      let content = content ?? .bytes(Array(bytes[bodyStart...]))
      // The name is for the reader of the mail to give: files of mailboxes have none.
      message.attachments = [
        Attachment(name: "", mimetype: "message/rfc822", content: content)
      ]
      return message
    }
    message.subject = head.subject.flatMap { $0.isEmpty ? nil : $0 }
    readBody(into: &message)
    return message
  }

  /// Where the mail starts after the line of the mailbox.
  private var bodyStart: Int {
    guard bytes.starts(with: "From ".utf8) else { return bytes.startIndex }
    return (bytes.firstIndex(of: 0x0A) ?? bytes.endIndex - 1) + 1
  }

  /// The time that the line of the mailbox says, without a zone.
  private var envelopeDate: String? {
    guard bodyStart > bytes.startIndex else { return nil }
    let line = bytes[bytes.startIndex..<bodyStart].dropFirst(5)
    // The address may hold anything, the time does not.
    let text = String(decoding: line, as: UTF8.self)
    let words = text.split(whereSeparator: \.isWhitespace)
    return MailDate.read(words.dropFirst().joined(separator: " "))
  }

  /// Whether the text is encrypted or holds a file written into it: both are for the reader of mails.
  private var isPGP: Bool {
    let body = bytes[head.end...]
    return body.firstRange(of: "-----BEGIN PGP MESSAGE-----".utf8) != nil
      || body.firstRange(of: "\nbegin 6".utf8) != nil
  }

  private func readBody(into message: inout Message) {
    var lines: [String] = []
    var repairCount = 0
    var droppedCount = 0
    var isScrubbed = false
    var index = head.end
    while index < bytes.endIndex {
      let newline = bytes[index...].firstIndex(of: 0x0A) ?? bytes.endIndex
      let last = newline > index && bytes[newline - 1] == 0x0D ? newline - 1 : newline
      let line = Array(bytes[index..<last])
      var (text, repairs) = decodedLine(line, in: line.indices)
      index = newline + 1
      repairCount += repairs
      // `>From` stands for `From`, which would have started a mail.
      let rest = text.drop { $0 == ">" }
      if text.hasPrefix(">"), rest.hasPrefix("From ") { text.removeFirst() }
      if text.contains("{{dropped:") { droppedCount += 1 }
      if text.hasPrefix("An embedded") || text.contains("attachment was scrubbed") {
        isScrubbed = true
        message.attachments.append(MailMessage.scrubbed)
      } else if isScrubbed {
        isScrubbed = MailMessage.readScrubbed(text, into: &message)
      }
      lines.append(text)
    }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    message.body = lines.isEmpty ? nil : lines.joined(separator: "\n")
    if repairCount > 0 {
      let detail = "the mail holds \(repairCount) bytes that are no text in any encoding tried"
      message.gaps.append(Gap(place: .body, reason: .encoding, detail: detail))
    }
    if droppedCount > 0 {
      let detail = "the archive of the list left lines of the mail out"
      message.gaps.append(Gap(place: .body, reason: .truncated, detail: detail))
    }
  }

  private static let scrubbed = Attachment(
    name: "",
    content: .missing(detail: "the archive of the list keeps the file elsewhere")
  )

  /// Takes what the archive of a list says of a file it took out of a mail.
  ///
  /// *Source:* Mailman 2, Mailman/Handlers/Scrubber.py.
  ///
  /// - Returns: Whether more may follow.
  private static func readScrubbed(_ line: String, into message: inout Message) -> Bool {
    guard let colon = line.firstRange(of: ": "), let last = message.attachments.indices.last else {
      return !line.hasPrefix("URL")
    }
    let value = String(line[colon.upperBound...])
    switch line[..<colon.lowerBound] {
    case "Name", "Filename", "Subject": message.attachments[last].name = value
    case "Type": message.attachments[last].mimetype = value
    case "URL": return false
    default: break
    }
    return true
  }
}
