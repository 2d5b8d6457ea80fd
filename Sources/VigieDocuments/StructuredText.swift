/// Text files that have a format of their own: HTML, XML, RTF, mail, archives of texts.
///
/// Their bytes are text, but not the text that a person sees: a reader of the format knows what is a
/// header and what an address, and decodes what is encoded.
package enum StructuredText: Sendable, CaseIterable {
  /// HTML, XML, SVG, RTF and the like.
  case markup
  /// An archive that packs nothing, of texts.
  case archive
  /// A mail message or a mailbox; parts of it are encoded as a rule.
  case mail

  /// The bytes that are looked at.
  private static let sampleByteCount = 4_096

  /// What kind of structured text the bytes look like, or `nil` for any other text.
  ///
  /// Only a sniff: the formats themselves decide, and what none of them takes is read as plain text.
  package static func kind(of bytes: RawSpan) -> StructuredText? {
    let head = letters(of: bytes)
    var start = 0
    while start < head.count, head[start] <= 0x20 { start += 1 }
    let text = head[start...]
    if archives.contains(where: { text.starts(with: $0) }) { return .archive }
    if text.starts(with: #"{\rt"#.utf8) { return .markup }
    if text.first == 0x3C { return isMarkup(text) ? .markup : nil }
    if startsMailbox(text) || startsWithHeaders(text) { return .mail }
    // A fragment without a start of its own: a page that was cut, a template.
    return markers.contains { contains(text, $0) } ? .markup : nil
  }

  /// Whether raw text says most of what the format says, so that reading it so is no gap where nothing
  /// can read the format: tags and character references are seen through, encoded parts are not.
  package var isLegibleRaw: Bool { self != .mail }

  /// How archives of cpio and ar start, in lower case.
  ///
  /// *Source:* POSIX.1-2001 pax, cpio Interchange Format; ar(5) of libarchive.
  private static let archives = ["070701", "070702", "070707", "!<arch>\n"].map { Array($0.utf8) }

  /// The first bytes in lower case; of wide encodings the bytes that are not zero.
  private static func letters(of bytes: RawSpan) -> [UInt8] {
    var letters: [UInt8] = []
    let count = min(bytes.byteCount, sampleByteCount)
    letters.reserveCapacity(count)
    for offset in 0..<count {
      let byte = bytes[offset]
      // Marks of byte order and the zeros of UTF-16.
      if byte == 0 || offset < 3 && (byte >= 0xFE || [0xEF, 0xBB, 0xBF].contains(byte)) {
        continue
      }
      letters.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return letters
  }

  /// Whether `<` starts a tag, a declaration or a comment.
  private static func isMarkup(_ text: ArraySlice<UInt8>) -> Bool {
    guard let next = text.dropFirst().first else { return false }
    let isTag = (0x61...0x7A).contains(next) || next == 0x21 || next == 0x3F
    return isTag && text.contains(0x3E)
  }

  /// What stands in the head of nearly every page.
  private static let markers = ["<html", "<body", "<!doctype html"].map { Array($0.utf8) }

  private static func contains(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
    var rest = text
    while let start = rest.firstIndex(of: word[0]) {
      rest = rest[start...]
      if rest.starts(with: word) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// Whether the first line is that of a mailbox: `From`, an address, and a date with a time.
  ///
  /// *Source:* RFC 4155, appendix A.
  private static func startsMailbox(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.starts(with: "from ".utf8) else { return false }
    let line = text.prefix { $0 != 0x0A }
    return line.indices.contains { index in
      line[index] == 0x3A && index > line.startIndex && index + 1 < line.endIndex
        && (0x30...0x39).contains(line[index - 1]) && (0x30...0x39).contains(line[index + 1])
    }
  }

  /// Fields that little else than mail has: one is enough.
  ///
  /// *Source:* RFC 5322 §3.6, RFC 2045 §3; `return-path` and `received` stand first in delivered mail.
  private static let mailFields: Set<String> = [
    "message-id", "received", "return-path", "mime-version", "delivered-to", "content-type",
    "content-transfer-encoding", "x-mozilla-status", "dkim-signature", "arc-seal",
    "authentication-results",
  ]

  /// Fields that a form or a memorandum may have too: two are wanted.
  private static let commonFields: Set<String> = [
    "from", "to", "subject", "date", "reply-to", "sender", "cc",
  ]

  /// Whether the text starts with lines `Name: value` with names that mail has.
  private static func startsWithHeaders(_ text: ArraySlice<UInt8>) -> Bool {
    var known: Set<String> = []
    for line in text.split(separator: 0x0A, maxSplits: 64, omittingEmptySubsequences: false) {
      guard let first = line.first, first != 0x0D else { break }
      // A line that goes on.
      if first == 0x20 || first == 0x09 { continue }
      guard let colon = line.firstIndex(of: 0x3A) else { break }
      let name = line[..<colon]
      guard !name.isEmpty, name.count < 60, name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        break
      }
      let word = String(decoding: name, as: UTF8.self)
      if mailFields.contains(word) { return true }
      if commonFields.contains(word) { known.insert(word) }
      if known.count >= 2 { return true }
    }
    return false
  }
}
