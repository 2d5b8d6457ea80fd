/// What a person should know of a file's name: that it says something else than the content, or is built
/// to be misread.
///
/// No gap: the content is read for what it is, whatever the name says. The note is a text of the role
/// `metadata` in the place `note`, so that people see it and a rule of a site may look for it.
package enum FileNameNote {
  /// The place of a note.
  package static let location = "note"

  /// The bytes of the content that are looked at.
  private static let sampleByteCount = 1 << 12

  /// What there is to say of a name, one line each; `nil` where there is nothing.
  ///
  /// - Parameters:
  ///   - name: The name, with or without folders.
  ///   - bytes: The content.
  ///   - isTop: Whether the file stands alone: parts of documents often have no ending.
  /// - Returns: Sentences without the name itself.
  package static func text(for name: String, _ bytes: RawSpan, isTop: Bool) -> String? {
    var notes: [String] = []
    // All of them start with this byte.
    if name.utf8.contains(0xE2), name.unicodeScalars.contains(where: turners.contains) {
      notes.append(
        "the name of the file turns the direction of writing, so that its end is misread"
      )
    }
    let endings = endings(of: name)
    if let last = endings.last, programs.contains(last), endings.count > 1,
      kinds[endings[endings.count - 2]] != nil
    {
      notes.append("the name of the file has two endings: that of a program stands last")
    }
    if let found = Content(bytes) {
      let named = endings.last.flatMap { kinds[$0] }
      if let named, !named.contains(found.group) {
        let wanted = endings.last ?? ""
        notes.append(
          "name and content differ: the name ends in .\(wanted), the content is \(found.words)"
        )
      } else if named == nil, endings.isEmpty, isTop, found.group != .text {
        notes.append("the name has no ending, the content is \(found.words)")
      }
    }
    return notes.isEmpty ? nil : notes.joined(separator: "\n")
  }

  // MARK: Names

  /// Signs that turn the direction of writing.
  ///
  /// *Source:* Unicode Standard Annex #9, §2.1, §2.2, §2.4.
  private static let turners: Set<Unicode.Scalar> = [
    "\u{202A}", "\u{202B}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}",
  ]

  /// The endings of a name in small letters, at most the last two: `a.tar.gz` has `tar` and `gz`.
  private static func endings(of name: String) -> [String] {
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    let parts = last.split(separator: ".", omittingEmptySubsequences: false).dropFirst().suffix(2)
    // Nearly all are plain letters, of which the properties of Unicode need not be asked.
    if parts.allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isPlain) }) {
      return parts.map { $0.lowercased() }
    }
    return parts.map { $0.lowercased().filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty && $0.utf8.count <= 8 && $0.allSatisfy { $0.isLetter || $0.isNumber } }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// Endings of what Windows runs when a person opens it.
  ///
  /// *Source:* Microsoft, blocked attachments in Outlook (executables and scripts).
  private static let programs: Set<String> = [
    "exe", "scr", "com", "pif", "bat", "cmd", "msi", "lnk", "hta", "js", "jse", "vbs", "vbe", "wsf",
    "ps1", "jar", "cpl",
  ]

  // MARK: Contents

  /// Kinds of content that endings tell apart.
  private enum Group { case pdf, zip, ole, rtf, text, packed, image, media, program, other }

  /// The kinds that may stand behind an ending; endings that say nothing certain are not here.
  private static let kinds: [String: Set<Group>] = {
    var kinds: [String: Set<Group>] = ["pdf": [.pdf], "rtf": [.rtf], "ai": [.pdf, .text]]
    // With a password they are OLE documents around the packed one.
    for ending in ["docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "xlsb", "pptx", "pptm", "ppsx"] {
      kinds[ending] = [.zip, .ole]
    }
    for ending in ["zip", "odt", "ods", "odp", "odg", "epub", "apk", "jar"] {
      kinds[ending] = [.zip]
    }
    for ending in ["doc", "xls", "ppt", "msg", "dot", "pps"] { kinds[ending] = [.ole] }
    for ending in [
      "txt", "csv", "tsv", "log", "md", "json", "html", "htm", "xml", "eml", "ics", "yaml",
    ] {
      kinds[ending] = [.text]
    }
    for ending in ["gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"] {
      kinds[ending] = [.packed]
    }
    for ending in ["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"] {
      kinds[ending] = [.image]
    }
    for ending in [
      "mp3", "mp4", "mov", "m4a", "heic", "avif", "webm", "mkv", "ogg", "flac", "avi", "wav",
    ] {
      kinds[ending] = [.media]
    }
    return kinds
  }()

  /// What the bytes are.
  private struct Content {
    var group: Group
    /// In words, with an article.
    var words: String

    /// `nil` where nobody knows.
    init?(_ bytes: RawSpan) {
      guard bytes.byteCount > 0 else { return nil }
      if bytes.byteCount > 64, bytes[0] == 0x4D, bytes[1] == 0x5A, bytes[3] == 0 {
        self.init(.program, "a program of Windows")
      } else if let kind = Signature.kind(of: bytes) {
        self.init(Content.group(of: kind), "a \(kind)")
      } else if TextEncoding.isText(
        bytes.extracting(0..<min(bytes.byteCount, FileNameNote.sampleByteCount))
      ) {
        self.init(.text, "text")
      } else {
        return nil
      }
    }

    private init(_ group: Group, _ words: String) {
      self.group = group
      self.words = words
    }

    private static func group(of kind: String) -> Group {
      if kind.hasPrefix("PDF") { return .pdf }
      if kind.hasPrefix("OLE") { return .ole }
      if kind.hasPrefix("RTF") { return .rtf }
      if kind.split(separator: " ").contains("ZIP") { return .zip }
      if kind.hasSuffix("archive") { return .packed }
      if kind.hasSuffix("image") { return .image }
      if kind.hasSuffix("media") || kind.hasSuffix("sound") || kind.hasSuffix("video") {
        return .media
      }
      return kind.hasPrefix("program") ? .program : .other
    }
  }
}
