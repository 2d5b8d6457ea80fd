import VigieCore
import VigieDocuments

/// Reads the parts of a mail.
///
/// Own code: gmime reads no more of a mail than this does, needs a cast at nearly every call from
/// Swift, and would bring GLib into the sandbox; what is hard here, charsets and hostile nesting,
/// it leaves to its caller.
///
/// *Source:* RFC 2045, RFC 2046 (parts), RFC 2183 (disposition), RFC 8551 (S/MIME).
struct MailReader {
  /// Parts inside one another, at most.
  static let maxDepth = 20
  /// Parts of one mail and of the mails in it, at most.
  static let maxPartCount = 1_000

  private let bytes: [UInt8]
  private var partCount = 0

  /// A reader of a whole mail.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the mail.
  mutating func read(at place: Place, into extraction: inout Extraction) {
    readMessage(bytes[...], at: place, 0, into: &extraction)
  }

  /// A part of a mail.
  private struct Part {
    var headers: MailHeaders
    var type: MailParameters
    var disposition: MailParameters
    /// The body as it is written.
    var body: ArraySlice<UInt8>
    /// The number, such as `2.1`; empty for the only part of a mail.
    var number: String

    /// The decoded body.
    var content: [UInt8] {
      switch headers.parameters("content-transfer-encoding").value {
      case "base64": return Base64Text.decode(body)
      case "quoted-printable": return QuotedPrintable.decode(body)
      case "x-uuencode", "uuencode", "x-uue":
        let lines = body.split { $0 == 0x0A || $0 == 0x0D }
        return UUEncoding.decode(lines.filter { !$0.starts(with: Array("begin ".utf8)) })
      default: return Array(body)
      }
    }

    /// The file name; empty for none.
    var name: String {
      for name in [disposition["filename"], type["name"]] {
        if let name, !name.trimmed.isEmpty { return name.trimmed.string }
      }
      return headers.value("content-description").map { _ in "" } ?? ""
    }
  }

  // MARK: Messages

  private mutating func readMessage(
    _ bytes: ArraySlice<UInt8>,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    let start = bytes.firstIndex { $0 > 0x20 && $0 < 0x80 } ?? bytes.endIndex
    let headers = MailHeaders(bytes[start...])
    headers.add(at: place, to: &extraction)
    readPart(headers, bytes[headers.end...], "", at: place, depth, into: &extraction)
  }

  /// Reads a part: a header, an empty line, a body.
  private mutating func readEntity(
    _ bytes: ArraySlice<UInt8>,
    _ number: String,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    let headers = MailHeaders(bytes)
    headers.add(at: place, prefix: number.isEmpty ? "" : "part \(number) ", to: &extraction)
    readPart(headers, bytes[headers.end...], number, at: place, depth, into: &extraction)
  }

  private mutating func readPart(
    _ headers: MailHeaders,
    _ body: ArraySlice<UInt8>,
    _ number: String,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    guard extraction.hasRoom else { return }
    guard depth < MailReader.maxDepth else {
      return extraction.miss(.limit, "parts of a mail lie too deep in one another", at: place)
    }
    partCount += 1
    guard partCount <= MailReader.maxPartCount else {
      return extraction.miss(.limit, "a mail has more parts than are read", at: place)
    }
    let part = Part(
      headers: headers,
      type: headers.parameters("content-type"),
      disposition: headers.parameters("content-disposition"),
      body: body,
      number: number
    )
    let type = part.type.value
    if type.hasPrefix("multipart/") {
      readMultipart(part, at: place, depth, into: &extraction)
    } else if type == "message/rfc822" || type == "message/global" || type == "message/news" {
      readInner(part, at: place, depth, into: &extraction)
    } else if type.hasSuffix("pkcs7-mime") || type.hasSuffix("pkcs7-signature") {
      readCMS(part, at: place, depth, into: &extraction)
    } else {
      readLeaf(part, at: place, into: &extraction)
    }
  }

  /// A mail inside a mail.
  private mutating func readInner(
    _ part: Part,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    guard extraction.enter(place) else { return }
    let content = part.content
    guard extraction.unpack(content.count, total: content.count, packed: nil, at: place) else {
      return
    }
    var inner = place
    inner.location = ""
    inner.path.append(part.name.isEmpty ? "message \(part.number)" : part.name)
    extraction.add(part.name, at: inner, role: .filename)
    readMessage(content[...], at: inner, depth + 1, into: &extraction)
  }

  // MARK: Multiparts

  private mutating func readMultipart(
    _ part: Part,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    let type = part.type.value
    if type == "multipart/encrypted" {
      extraction.miss(.encrypted, "an encrypted mail", at: place)
    }
    let boundary = part.type["boundary"] ?? []
    var found = MailReader.split(part.body, boundary: boundary)
    let prefix = part.number.isEmpty ? "" : part.number + "."
    if found.parts.isEmpty {
      let fault = boundary.isEmpty ? "does not say what parts them" : "holds none"
      extraction.miss(.corrupt, "a mail of several parts \(fault)", at: place)
      // No program shows the parts, yet whoever is sent them can take them out.
      found = MailReader.split(part.body, boundary: MailReader.likelyBoundary(part.body))
      if found.parts.isEmpty { return readLeaf(part, at: place, into: &extraction) }
    }
    if !found.isEnded {
      extraction.miss(.truncated, "a mail of several parts does not end", at: place)
    }
    for (text, name) in [(found.preamble, "preamble"), (found.epilogue, "epilogue")] {
      // What stands around the parts is shown by programs that know no parts.
      let location = prefix.isEmpty ? name : "part \(part.number) \(name)"
      let decoded = EncodedWords.repaired(Array(text)).trimmed
      extraction.add(decoded, at: place, role: .hidden, location: location)
    }
    for (index, range) in found.parts.enumerated() {
      readEntity(part.body[range], "\(prefix)\(index + 1)", at: place, depth + 1, into: &extraction)
    }
  }

  /// What parts a body: the word after two hyphens on a line before a field that says what follows; empty
  /// for none.
  private static func likelyBoundary(_ body: ArraySlice<UInt8>) -> [UInt8] {
    var index = body.startIndex
    while index < body.endIndex {
      let line = MailLines.line(of: body, at: index)
      let word = body[line.content]
      if word.count > 2, word.starts(with: [0x2D, 0x2D]) {
        let field = body[line.next...].prefix(8).map { $0 | 0x20 }
        if field == Array("content-".utf8) { return Array(word.dropFirst(2)).trimmed }
      }
      index = line.next
    }
    return []
  }

  /// The parts between the lines of a boundary; none for an empty one.
  private static func split(
    _ body: ArraySlice<UInt8>,
    boundary: [UInt8]
  ) -> (
    parts: [Range<Int>], isEnded: Bool, preamble: ArraySlice<UInt8>, epilogue: ArraySlice<UInt8>
  ) {
    let mark = [0x2D, 0x2D] + boundary
    var parts: [Range<Int>] = []
    if boundary.isEmpty { return (parts, false, body.prefix(0), body.prefix(0)) }
    var start: Int?
    var preamble = body[body.startIndex..<body.startIndex]
    var index = body.startIndex
    var isEnded = false
    var end = body.endIndex
    while index < body.endIndex {
      let line = MailLines.line(of: body, at: index)
      if line.content.count >= mark.count, body[line.content.lowerBound] == 0x2D,
        body[line.content].starts(with: mark)
      {
        let rest = body[(line.content.lowerBound + mark.count)..<line.content.upperBound]
        let isLast = rest.starts(with: [0x2D, 0x2D])
        let tail = isLast ? rest.dropFirst(2) : rest
        // Only white space may follow: a longer boundary is another one.
        if tail.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
          if let open = start {
            parts.append(open..<max(open, index))
          } else {
            preamble = body[body.startIndex..<index]
          }
          start = line.next
          if isLast {
            isEnded = true
            end = line.next
            start = nil
            break
          }
        }
      }
      index = line.next
    }
    if let open = start { parts.append(open..<body.endIndex) }
    return (parts, isEnded, preamble, body[min(end, body.endIndex)...])
  }

  // MARK: Leaves

  private func readLeaf(_ part: Part, at place: Place, into extraction: inout Extraction) {
    let content = part.content
    let type = part.type.value
    let name = part.name
    let isAttached = part.disposition.value == "attachment" || !name.isEmpty
    let location = part.number.isEmpty ? "" : "part \(part.number)"
    guard content.contains(where: { $0 > 0x20 }) else {
      if !name.isEmpty { extraction.openPart(content, named: name, in: place) }
      return
    }
    if type == "message/partial" {
      extraction.miss(.unsupported, "only a piece of a mail that was cut up", at: place)
    }
    if type == "message/external-body" {
      extraction.miss(.missing, "a part lies somewhere else", at: place)
    }
    if type == "application/pgp-encrypted" { return }
    let isBinary = unsafe Signature.kind(of: content.span.bytes) != nil
    // What says that it is text and starts like a document of another kind is that document.
    if isBinary || !(type.isEmpty || type.hasPrefix("text/") || type.hasPrefix("message/")) {
      if type.hasPrefix("multipart/") {
        return extraction.add(
          EncodedWords.repaired(content),
          at: place,
          role: .bodyText,
          location: location
        )
      }
      return extraction.openPart(content, named: name, in: place)
    }
    let text = MailReader.decode(content, charset: part.type.text("charset"))
    if !text.isSure {
      extraction.miss(.encoding, "a text in a charset that is not known or not its own", at: place)
    }
    if type == "text/html" || type == "application/xhtml+xml" {
      let isNamed = !part.type.text("charset").isEmpty && text.isSure
      return MailText.openHTML(
        isNamed ? text.bytes : content,
        isUTF8: isNamed,
        named: name,
        in: place,
        into: &extraction
      )
    }
    if type == "text/calendar" || type == "text/vcard" || type == "text/x-vcard"
      || type == "text/directory"
    {
      extraction.openPart([], named: name, in: place)
      let what = type == "text/calendar" ? "calendar" : "contact"
      return extraction.add(
        MailText.unfolded(text.bytes),
        at: place,
        role: .bodyText,
        location: location.isEmpty ? what : "\(location) \(what)"
      )
    }
    if isAttached {
      // The charset of the part holds, whatever the format of the file would guess.
      let isNamed = !part.type.text("charset").isEmpty && text.isSure
      let bytes = isNamed ? [0xEF, 0xBB, 0xBF] + text.bytes : content
      return extraction.openPart(bytes, named: name, in: place)
    }
    let isFlowed = part.type.text("format").lowercased() == "flowed"
    let body = isFlowed ? MailText.unflowed(text.bytes) : text.bytes
    MailText.add(body, at: place, location: location, to: &extraction)
  }

  /// Decodes a body.
  ///
  /// - Returns: UTF-8, and whether the charset is known and fits.
  static func decode(_ content: [UInt8], charset: String) -> (bytes: [UInt8], isSure: Bool) {
    let name = Array(charset.utf8).trimmed.string
    let repaired = EncodedWords.repaired(content)
    if name.isEmpty { return (repaired, true) }
    guard let codePage = Charset.named(name), let decoded = Charset.decode(content, codePage)
    else { return (repaired, false) }
    // Text in a charset that is not its own would be hidden by it: then both are read.
    let isASCII = !content.contains { $0 >= 0x80 || $0 == 0x1B || $0 == 0 }
    let isWide = [1200, 1201, 12000, 12001].contains(codePage)
    if isWide, isASCII { return (repaired, false) }
    let isBroken = decoded.count < 3 ? false : containsReplacement(decoded)
    if isBroken, codePage != Charset.utf8 { return (decoded + [0x0A] + repaired, false) }
    if isBroken { return (repaired, false) }
    return (decoded, true)
  }

  /// Whether U+FFFD stands in a text.
  private static func containsReplacement(_ text: [UInt8]) -> Bool {
    MailText.contains(text, [0xEF, 0xBF, 0xBD])
  }

  // MARK: S/MIME

  private mutating func readCMS(
    _ part: Part,
    at place: Place,
    _ depth: Int,
    into extraction: inout Extraction
  ) {
    let content = part.content
    guard extraction.enter(place),
      extraction.unpack(content.count, total: content.count, packed: nil, at: place)
    else { return }
    extraction.add(part.name, at: place, role: .metadata, location: "name of part \(part.number)")
    let message = CMSMessage(Octets(content))
    message.add(at: place, to: &extraction)
    if let inner = message.content {
      readEntity(inner[...], part.number, at: place, depth + 1, into: &extraction)
    }
  }
}
