import CXML2
import Glibc

/// Reads XML and HTML and tells a handler what is in it.
package enum MarkupParser {
  /// How deep elements may lie in one another before the rest is read without them.
  package static let maxDepth = 4096
  /// The namespaces that may be declared in one document.
  static let maxNamespaceCount = 20_000
  /// The length of a tag from which its attributes are counted, and how many it may have.
  static let longTagByteCount = 1 << 16
  static let maxAttributeCount = 4096

  /// What the bytes are written in.
  package enum Language: Sendable {
    case xml
    case html
  }

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: The document, in any encoding.
  ///   - language: What it is written in.
  ///   - vocabulary: The names whose numbers the handler knows.
  ///   - handler: What is told.
  /// - Returns: What became of the document.
  package static func parse(
    _ bytes: RawSpan,
    as language: Language = .xml,
    vocabulary: MarkupVocabulary,
    handler: any MarkupHandler
  ) -> MarkupReport {
    let text = MarkupText(bytes)
    let session = MarkupSession(handler: handler, names: NameTable(vocabulary))
    session.report.hasDoubtfulEncoding = text.isDoubtful
    if let decoded = text.bytes {
      unsafe decoded.withUnsafeBufferPointer { unsafe session.read($0, as: language) }
    } else {
      unsafe bytes.withUnsafeBytes { raw in
        let clean = unsafe UnsafeRawBufferPointer(rebasing: raw[text.start...])
        unsafe clean.withMemoryRebound(to: UInt8.self) { unsafe session.read($0, as: language) }
      }
    }
    return session.report
  }

  /// libxml2 builds its tables once, before any thread parses.
  static let isReady: Bool = {
    xmlInitParser()
    return true
  }()
}

/// One run of the parser: what its callbacks share.
@safe final class MarkupSession {
  let handler: any MarkupHandler
  let names: NameTable
  var report = MarkupReport()
  /// How many elements are open.
  var depth = 0
  /// The namespaces declared so far.
  var namespaceCount = 0
  /// Where the last event ended, in bytes: the parser forgets it when it gives up.
  var position = 0
  /// Whether the parser gave up, or was told to.
  var isHalted = false
  var context: xmlParserCtxtPtr?

  init(handler: any MarkupHandler, names: NameTable) {
    self.handler = handler
    self.names = names
  }

  /// Reads clean UTF-8.
  func read(_ bytes: UnsafeBufferPointer<UInt8>, as language: MarkupParser.Language) {
    guard MarkupParser.isReady, bytes.count < Int(Int32.max) - 16 else {
      report.isBeyondLimits = true
      return unsafe strip(bytes[...])
    }
    // The parser stops at text in front of the first element.
    guard let start = unsafe bytes.firstIndex(of: 0x3C) else { return unsafe strip(bytes[...]) }
    if language == .xml, unsafe bytes[..<start].contains(where: { $0 > 0x20 }) {
      report.isDamaged = true
      unsafe strip(bytes[..<start])
    }
    guard unsafe !hasHostileTag(bytes) else {
      report.isBeyondLimits = true
      return unsafe strip(bytes[start...])
    }
    let first = language == .xml ? start : 0
    unsafe parse(UnsafeBufferPointer(rebasing: bytes[first...]), as: language)
    // What follows the last event of a damaged document was dropped: it is text all the same.
    let end = first + min(max(0, position), bytes.count - first)
    if report.isDamaged || isHalted, !report.isStopped { unsafe strip(bytes[end...]) }
  }

  /// Runs the parser.
  private func parse(
    _ bytes: UnsafeBufferPointer<UInt8>,
    as language: MarkupParser.Language
  ) {
    let isHTML = language == .html
    let made = unsafe bytes.withMemoryRebound(to: CChar.self) { text in
      isHTML
        ? unsafe htmlCreateMemoryParserCtxt(text.baseAddress, Int32(text.count))
        : unsafe xmlCreateMemoryParserCtxt(text.baseAddress, Int32(text.count))
    }
    guard let context = unsafe made else { return }
    unsafe self.context = context
    defer {
      if let document = unsafe context.pointee.myDoc { unsafe xmlFreeDoc(document) }
      unsafe context.pointee.myDoc = nil
      unsafe isHTML ? htmlFreeParserCtxt(context) : xmlFreeParserCtxt(context)
      unsafe self.context = nil
    }
    // The text is UTF-8 whatever it says of itself, so no converter is ever looked for.
    if isHTML {
      let options =
        HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue
        | HTML_PARSE_IGNORE_ENC.rawValue | HTML_PARSE_NODEFDTD.rawValue
      unsafe htmlCtxtUseOptions(context, Int32(options))
    } else {
      let options =
        XML_PARSE_RECOVER.rawValue | XML_PARSE_NONET.rawValue
        | XML_PARSE_HUGE.rawValue | XML_PARSE_IGNORE_ENC.rawValue
      unsafe xmlCtxtUseOptions(context, Int32(options))
    }
    unsafe xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8)
    unsafe context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    guard let sax = unsafe context.pointee.sax else { return }
    unsafe sax.pointee = isHTML ? MarkupSession.htmlCallbacks() : MarkupSession.xmlCallbacks()
    _ = unsafe isHTML ? htmlParseDocument(context) : xmlParseDocument(context)
  }

  /// How far the parser is, in bytes.
  func offset() -> Int {
    guard let context = unsafe context, let input = unsafe context.pointee.input,
      let base = unsafe input.pointee.base, let current = unsafe input.pointee.cur
    else { return position }
    return unsafe Int(clamping: input.pointee.consumed) &+ (current - base)
  }

  /// Ends the parser's work; what it did not reach is read without its elements.
  func halt() {
    isHalted = true
    if let context = unsafe context { unsafe xmlStopParser(context) }
  }

  /// Hands on text without its tags.
  private func strip(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    let text = unsafe MarkupStripper.text(of: UnsafeBufferPointer(rebasing: bytes))
    if text.contains(where: { $0 > 0x20 }) { handler.unparsed(text.span) }
  }

  /// Whether a tag has so many attributes that comparing them all with each other takes minutes.
  private func hasHostileTag(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    while start < bytes.count {
      let end = unsafe nextTag(in: bytes, after: start)
      if end - start > MarkupParser.longTagByteCount {
        // Only what lies before the tag's own end counts: the rest is text.
        var count = 0
        for index in start..<end {
          let byte = unsafe bytes[index]
          if byte == 0x3D { count += 1 }
          if byte == 0x3E { break }
        }
        if count > MarkupParser.maxAttributeCount { return true }
      }
      start = end
    }
    return false
  }

  private func nextTag(in bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
    guard start + 1 < bytes.count, let base = bytes.baseAddress,
      let found = unsafe memchr(base + start + 1, 0x3C, bytes.count - start - 1)
    else { return bytes.count }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
