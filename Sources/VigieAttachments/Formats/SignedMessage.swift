package import VigieCore
package import VigieDocuments

/// Files of S/MIME and CMS (`.p7m`, `.p7s`): signed content is read, encrypted content is a gap.
package enum SignedMessage: DocumentFormat {
  package static let name = "signed or encrypted message (CMS)"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    CMSMessage.recognizes(head(of: bytes))
  }

  /// What is enough to know the type by.
  private static func head(of bytes: RawSpan) -> Octets {
    guard bytes.byteCount > 16 else { return Octets([]) }
    return Octets(unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(64)) })
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let message = CMSMessage(Octets(bytes))
    message.add(at: place, to: &extraction)
    guard let content = message.content else { return }
    // The content of a mail is a part of one, which may have a single line of header.
    let headers = MailHeaders(content)
    if headers.fields.contains(where: { $0.key == "content-type" }) {
      var reader = MailReader(content)
      reader.read(at: place, into: &extraction)
    } else {
      extraction.openPart(content, named: "", in: place)
    }
  }
}
