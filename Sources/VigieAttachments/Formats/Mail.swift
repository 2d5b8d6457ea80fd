package import VigieCore
package import VigieDocuments

/// Mails as files (`.eml`, `.mht`): headers, bodies, and everything attached.
package enum Mail: DocumentFormat {
  package static let name = "mail"

  /// Fields that stand in mails and hardly in anything else.
  private static let sure: Set<String> = [
    "received", "message-id", "mime-version", "return-path", "dkim-signature", "delivered-to",
    "content-transfer-encoding", "x-mailer", "x-originating-ip", "thread-index", "x-received",
    "arc-seal", "authentication-results", "x-ms-has-attach", "x-mozilla-status", "x-envelope-from",
    "in-reply-to", "x-unsent", "list-unsubscribe",
  ]
  /// Fields that people write at the top of other texts too.
  private static let usual: Set<String> = [
    "from", "to", "subject", "date", "cc", "reply-to", "content-type", "sender", "bcc",
  ]

  /// Bytes that are looked at.
  private static let sampleByteCount = 1 << 15

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    looksLikeMail(unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(sampleByteCount)) }[...])
  }

  /// Whether bytes start with the header of a mail: a field that only mails have beside another, or
  /// the usual ones with an address among them.
  ///
  /// A note that starts with `From:` and `Subject:` is no mail; it would lose nothing if it were
  /// taken for one, but its first lines would.
  static func looksLikeMail(_ bytes: ArraySlice<UInt8>) -> Bool {
    // A mark or empty lines may stand before the first field.
    guard let start = bytes.firstIndex(where: { $0 > 0x20 && $0 < 0x80 }),
      start - bytes.startIndex < 64,
      bytes[bytes.startIndex..<start].allSatisfy({ $0 <= 0x20 || $0 >= 0xBB })
    else { return false }
    let headers = MailHeaders(bytes[start...])
    // What says what parts it is made of parts, whoever sent it.
    if headers.fields.first?.key == "content-type",
      headers.parameters("content-type").value.hasPrefix("multipart/"),
      headers.parameters("content-type")["boundary"] != nil
    {
      return true
    }
    // Fields follow one another; a text with a colon here and there has other lines between.
    guard headers.fields.count >= 2, headers.oddLineCount <= headers.fields.count / 4 else {
      return false
    }
    var sureCount = 0
    var usualCount = 0
    var hasAddress = false
    for field in headers.fields {
      if sure.contains(field.key) { sureCount += 1 }
      if usual.contains(field.key) { usualCount += 1 }
      if field.key == "from" || field.key == "to" {
        hasAddress = hasAddress || field.raw.contains(0x40)
      }
    }
    return sureCount >= 2 || sureCount >= 1 && usualCount >= 1
      || usualCount >= 3 && hasAddress
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var reader = MailReader(Octets(bytes).storage)
    reader.read(at: place, into: &extraction)
  }
}
