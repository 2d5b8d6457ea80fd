package import VigieCore
package import VigieDocuments

/// Mailboxes in one file (mbox): each message starts with a line `From `.
///
/// *Source:* RFC 4155, appendix A; `>From` in a body as qmail's mbox(5) describes it.
package enum Mailbox: DocumentFormat {
  package static let name = "mailbox (mbox)"

  private static let mark = Array("From ".utf8)

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount > 32 else { return false }
    let head = unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(1 << 15)) }
    guard head.starts(with: mark) else { return false }
    let line = MailLines.line(of: head[...], at: 0)
    return isStart(head[line.content]) && Mail.looksLikeMail(head[line.next...])
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let all = Octets(bytes).storage
    var count = 0
    var start = 0
    var index = 0
    var isAfterEmpty = true
    while index < all.count {
      let line = MailLines.line(of: all[...], at: index)
      let content = all[line.content]
      if isAfterEmpty, content.starts(with: mark), isStart(content) {
        if index > start {
          count += 1
          guard read(all[start..<index], count, in: place, into: &extraction) else { return }
        }
        start = line.next
      }
      isAfterEmpty = content.isEmpty
      index = line.next
    }
    if start < all.count { _ = read(all[start...], count + 1, in: place, into: &extraction) }
  }

  /// Whether a line that starts with `From ` ends with a date: a time and a year stand in it.
  private static func isStart(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split { $0 == 0x20 }
    guard words.count >= 4 else { return false }
    return words.contains { $0.contains(0x3A) && $0.first?.isDigit == true }
      && words.contains { $0.count == 4 && $0.allSatisfy(\.isDigit) }
  }

  /// Reads a message.
  ///
  /// - Returns: Whether to go on.
  private static func read(
    _ message: ArraySlice<UInt8>,
    _ number: Int,
    in place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    guard extraction.enter(place) else { return false }
    var inner = place
    inner.path.append("message \(number)")
    inner.location = ""
    var reader = MailReader(unescaped(message))
    reader.read(at: inner, into: &extraction)
    return true
  }

  /// The message without the mark before lines that look like the start of one.
  private static func unescaped(_ message: ArraySlice<UInt8>) -> [UInt8] {
    let whole = Array(message)
    guard MailText.contains(whole, [0x0A, 0x3E]) else { return whole }
    var result: [UInt8] = []
    result.reserveCapacity(message.count)
    var index = message.startIndex
    while index < message.endIndex {
      let line = MailLines.line(of: message, at: index)
      let content = message[line.content]
      let rest = content.drop { $0 == 0x3E }
      let isEscaped = content.first == 0x3E && rest.starts(with: mark)
      result += message[(line.content.lowerBound + (isEscaped ? 1 : 0))..<line.next]
      index = line.next
    }
    return result
  }
}
