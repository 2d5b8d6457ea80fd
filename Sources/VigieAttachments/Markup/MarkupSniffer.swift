/// Tells XML and HTML by their first bytes.
enum MarkupSniffer {
  enum Kind { case xml, html }

  /// The kind of markup, or `nil` where the bytes are none.
  ///
  /// *Source:* XML 1.0 §2.8 (prolog); WHATWG MIME Sniffing §7.1 (tags that start a web page).
  static func kind(of bytes: RawSpan) -> Kind? {
    var head: [UInt8] = []
    var isWide = false
    for offset in 0..<min(bytes.byteCount, 2048) {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if byte == 0 { isWide = true }
      // Zero bytes and marks of byte order belong to the wide encodings.
      if byte > 0, byte < 0x80 { head.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
      if head.count == 1, byte <= 0x20 { head.removeAll() }
      if head.count == 1, head[0] != 0x3C { return nil }
    }
    guard head.first == 0x3C, head.count > 2 else { return nil }
    let text = String(decoding: head, as: UTF8.self)
    if text.holds("<html") || text.holds("<!doctype html") { return .html }
    if text.hasPrefix("<?xml") { return .xml }
    if starts.contains(where: { text.hasPrefix($0) }) { return .html }
    guard (0x61...0x7A).contains(head[1]) || text.hasPrefix("<!doctype") || text.hasPrefix("<!--")
    else { return nil }
    // `<name> hello` is a line of a chat: markup declares a namespace or ends as it began.
    return text.holds("xmlns") || text.hasPrefix("<!doctype") || endsWithTag(bytes, isWide)
      ? .xml : nil
  }

  private static let starts = [
    "<head", "<body", "<title", "<div", "<p>", "<p ", "<table", "<script", "<style", "<meta",
    "<br", "<b>", "<font", "<h1", "<a ", "<span", "<img", "<iframe", "<svg onload", "<ul",
    "<!-- html",
    // What browsers export their bookmarks as.
    "<!doctype netscape-bookmark",
  ]

  private static func endsWithTag(_ bytes: RawSpan, _ isWide: Bool) -> Bool {
    var offset = bytes.byteCount - 1
    let first = max(0, bytes.byteCount - 256)
    var isClosed = false
    while offset >= first {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if byte == 0x3E { isClosed = true } else if byte > 0x20, !isClosed { return false }
      if byte == 0x3C { return true }
      offset -= 1
    }
    return false
  }
}
