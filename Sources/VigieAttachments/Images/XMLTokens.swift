import VigieContainers
import VigieDocuments

/// The tokens of XML in images: XMP packets and SVG.
///
/// It forgives everything, expands no entity of a document and never looks outside: what it cannot
/// tell is text.
///
/// *Source:* XML 1.0 (Fifth Edition) §2, §4.6 (predefined entities).
struct XMLTokens {
  /// One piece of the document.
  enum Token {
    case start(name: String, attributes: [(name: String, value: String)], isEmpty: Bool)
    case end(name: String)
    case text(String)
    case comment(String)
    /// A document type; with entities of its own, some text may be hidden in them.
    case documentType(hasEntities: Bool)
  }

  private let bytes: [UInt8]
  private var offset = 0

  /// The tokens of a document in UTF-8, UTF-16 or UTF-32.
  init(_ raw: [UInt8]) { bytes = XMLTokens.narrow(raw) }

  /// The next token, or `nil` at the end.
  mutating func next() -> Token? {
    while offset < bytes.count {
      let start = offset
      if bytes[offset] != 0x3C {
        let end = find([0x3C], from: offset) ?? bytes.count
        offset = end
        return .text(XMLTokens.unescape(bytes[start..<end]))
      }
      if holds("<!--") {
        let end = find(Array("-->".utf8), from: offset + 4) ?? bytes.count
        offset = min(end + 3, bytes.count)
        return .comment(String(decoding: bytes[min(start + 4, end)..<end], as: UTF8.self))
      }
      if holds("<![CDATA[") {
        let end = find(Array("]]>".utf8), from: offset + 9) ?? bytes.count
        offset = min(end + 3, bytes.count)
        return .text(String(decoding: bytes[min(start + 9, end)..<end], as: UTF8.self))
      }
      if holds("<?") {
        let end = find(Array("?>".utf8), from: offset + 2) ?? bytes.count
        offset = min(end + 2, bytes.count)
        continue
      }
      if holds("<!") { return documentType() }
      if let tag = tag() { return tag }
      offset = start + 1
      return .text("<")
    }
    return nil
  }

  // MARK: Pieces

  private mutating func documentType() -> Token {
    let start = offset
    var depth = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == 0x5B { depth += 1 }
      if byte == 0x5D { depth -= 1 }
      if byte == 0x3E, depth <= 0 { break }
    }
    let body = bytes[start..<offset]
    let hasEntities = XMLTokens.find(Array("<!ENTITY".utf8), in: body) != nil
    return .documentType(hasEntities: hasEntities)
  }

  /// A start or end tag, or `nil` where there is none.
  private mutating func tag() -> Token? {
    var cursor = offset + 1
    let isEnd = cursor < bytes.count && bytes[cursor] == 0x2F
    if isEnd { cursor += 1 }
    let name = word(&cursor)
    guard !name.isEmpty else { return nil }
    var attributes: [(name: String, value: String)] = []
    var isEmpty = false
    while cursor < bytes.count, bytes[cursor] != 0x3E {
      if bytes[cursor] == 0x2F {
        isEmpty = true
        cursor += 1
        continue
      }
      let key = word(&cursor)
      guard !key.isEmpty else {
        // A new tag begins before this one ended.
        if bytes[cursor] == 0x3C { break }
        cursor += 1
        continue
      }
      isEmpty = false
      skipSpace(&cursor)
      guard cursor < bytes.count, bytes[cursor] == 0x3D else { continue }
      cursor += 1
      skipSpace(&cursor)
      attributes.append((key, value(&cursor)))
    }
    if cursor < bytes.count, bytes[cursor] == 0x3E { cursor += 1 }
    offset = cursor
    if isEnd { return .end(name: name) }
    return .start(name: name, attributes: attributes, isEmpty: isEmpty)
  }

  private func word(_ cursor: inout Int) -> String {
    let start = cursor
    while cursor < bytes.count {
      switch bytes[cursor] {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F, 0x80...0xFF: cursor += 1
      default: return String(decoding: bytes[start..<cursor], as: UTF8.self)
      }
    }
    return String(decoding: bytes[start..<cursor], as: UTF8.self)
  }

  private func value(_ cursor: inout Int) -> String {
    guard cursor < bytes.count, bytes[cursor] == 0x22 || bytes[cursor] == 0x27 else {
      return word(&cursor)
    }
    let quote = bytes[cursor]
    let start = cursor + 1
    let end = find([quote], from: start) ?? bytes.count
    cursor = min(end + 1, bytes.count)
    return XMLTokens.unescape(bytes[min(start, end)..<end])
  }

  private func skipSpace(_ cursor: inout Int) {
    while cursor < bytes.count, bytes[cursor] <= 0x20 { cursor += 1 }
  }

  private func holds(_ text: StaticString) -> Bool {
    "\(text)".utf8.elementsEqual(bytes[offset..<min(offset + text.utf8CodeUnitCount, bytes.count)])
  }

  private func find(_ wanted: [UInt8], from start: Int) -> Int? {
    start < bytes.count ? XMLTokens.find(wanted, in: bytes[start...]) : nil
  }

  private static func find(_ wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    while let index = rest.firstIndex(of: wanted[0]) {
      if rest[index...].starts(with: wanted) { return index }
      rest = rest[(index + 1)...]
    }
    return nil
  }

  // MARK: Characters

  /// The document in UTF-8, told from its first bytes.
  ///
  /// *Source:* XML 1.0, Appendix F.1.
  private static func narrow(_ raw: [UInt8]) -> [UInt8] {
    let span = unsafe raw.span.bytes
    switch TextEncoding.detect(span) {
    case .utf16(let isBigEndian, let mark):
      return Array(ImageText.wide(Array(raw[mark...]), isBigEndian: isBigEndian).utf8)
    case .utf32(let isBigEndian, let mark):
      var text = String.UnicodeScalarView()
      for index in stride(from: mark, to: raw.count - 3, by: 4) {
        let bytes = raw[index..<index + 4].map(UInt32.init)
        let ordered = isBigEndian ? bytes : bytes.reversed()
        let value = ordered.reduce(0) { $0 << 8 | $1 }
        text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      }
      return Array(String(text).utf8)
    case .windows1252: return Array(CodePage.windows1252.decode(raw).utf8)
    case .utf8, .escaped, nil: return raw
    }
  }

  /// Text with the entities of XML itself and those by number.
  private static func unescape(_ raw: ArraySlice<UInt8>) -> String {
    guard raw.contains(0x26) else { return String(decoding: raw, as: UTF8.self) }
    var result: [UInt8] = []
    var rest = raw
    while let ampersand = rest.firstIndex(of: 0x26) {
      result += rest[..<ampersand]
      let tail = rest[(ampersand + 1)...].prefix(12)
      if let end = tail.firstIndex(of: 0x3B), let scalar = scalar(tail[..<end]) {
        result += Array(String(scalar).utf8)
        rest = rest[(end + 1)...]
      } else {
        result.append(0x26)
        rest = rest[(ampersand + 1)...]
      }
    }
    return String(decoding: result + rest, as: UTF8.self)
  }

  private static func scalar(_ name: ArraySlice<UInt8>) -> Character? {
    let text = String(decoding: name, as: UTF8.self)
    switch text {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard text.first == "#" else { return nil }
    let digits = text.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map(Character.init)
  }
}
