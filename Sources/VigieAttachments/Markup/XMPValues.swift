/// The values of an XMP packet, whatever their schema.
///
/// XMP is RDF in XML, and much of it in the wild is damaged, so this reads tags rather than
/// documents: each text of an element and each attribute is a value, named after the nearest
/// element or attribute that is not part of RDF.
///
/// *Source:* ISO 16684-1 §7 (serialization).
struct XMPValues {
  /// A value with its name, such as `dc:title` or `pdfx:MSIP_Label_…_Name`.
  struct Value: Hashable {
    var name: String
    var value: String

    /// The name without its prefix.
    var localName: String {
      guard let colon = name.firstIndex(of: ":") else { return name }
      return String(name[name.index(after: colon)...])
    }
  }

  /// The values in their order.
  private(set) var values: [Value] = []
  private var names: [String] = []
  private var text: [UInt8] = []
  private var at = 0
  /// Endings that do not come any more: looking for each of them again and again would take a
  /// square of the length.
  private var absent: Set<String> = []
  private let bytes: [UInt8]

  /// Elements that may lie in one another.
  static let maxDepth = 200

  /// The values of a packet in UTF-8, or in UTF-16 with a mark.
  init(_ packet: [UInt8]) {
    bytes = XMPValues.utf8(packet)
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "<") {
        if !tag() {
          text.append(bytes[at])
          at += 1
        }
      } else if bytes[at] == UInt8(ascii: "&") {
        at = XMLReference.append(bytes, at: at, to: &text)
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    endText()
  }

  /// Whether the bytes of a label of STANAG 4774 or of IC-ISM stand in a packet: its meaning lies
  /// in its elements, so that it is handed on as it is.
  static func holdsLabel(_ packet: [UInt8]) -> Bool {
    let text = String(decoding: utf8(packet), as: UTF8.self)
    return ["urn:nato:stanag:477", "urn:us:gov:ic:ism"].contains { text.contains($0) }
  }

  static func utf8(_ packet: [UInt8]) -> [UInt8] {
    guard packet.count >= 2 else { return packet }
    let isBig = packet[0] == 0xFE && packet[1] == 0xFF || packet[0] == 0 && packet[1] == 0x3C
    let isLittle = packet[0] == 0xFF && packet[1] == 0xFE || packet[0] == 0x3C && packet[1] == 0
    guard isBig || isLittle else { return packet }
    let units = stride(from: 0, to: packet.count - 1, by: 2).map { index -> UInt16 in
      let (one, two) = (UInt16(packet[index]), UInt16(packet[index + 1]))
      return isBig ? one << 8 | two : two << 8 | one
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  // MARK: Tags

  /// Reads the tag at the offset; whether there is one.
  private mutating func tag() -> Bool {
    if starts("<!--") { return skip(to: "-->") }
    if starts("<![CDATA[") {
      let start = at + 9
      guard skip(to: "]]>") else { return false }
      text += bytes[start..<max(start, at - 3)]
      return true
    }
    if starts("<?") { return skip(to: "?>") }
    if starts("<!") { return skip(to: ">") }
    if starts("</") {
      endText()
      guard skip(to: ">") else { return false }
      if !names.isEmpty { names.removeLast() }
      return true
    }
    let start = at
    at += 1
    let name = word()
    guard !name.isEmpty else {
      at = start
      return false
    }
    endText()
    if names.count < XMPValues.maxDepth { names.append(name) }
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: ">"):
        at += 1
        return true
      case UInt8(ascii: "/"):
        at += 1
        if at < bytes.count, bytes[at] == UInt8(ascii: ">") {
          at += 1
          if !names.isEmpty { names.removeLast() }
          return true
        }
      case UInt8(ascii: "<"):
        // The tag never ended.
        return true
      default: attribute()
      }
    }
    return true
  }

  private mutating func attribute() {
    let name = word()
    guard !name.isEmpty else {
      at += 1
      return
    }
    skipBlanks()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return }
    at += 1
    skipBlanks()
    guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else { return }
    let quote = bytes[at]
    at += 1
    var value: [UInt8] = []
    while at < bytes.count, bytes[at] != quote {
      if bytes[at] == UInt8(ascii: "&") {
        at = XMLReference.append(bytes, at: at, to: &value)
      } else {
        value.append(bytes[at])
        at += 1
      }
    }
    at += 1
    // Namespaces, languages and the grammar of RDF say nothing of the document.
    let isGrammar =
      name == "xmlns" || name.hasPrefix("xmlns:") || name.hasPrefix("xml:")
      || name.hasPrefix("rdf:") && name != "rdf:value" && name != "rdf:resource"
    if !isGrammar { add(value, named: name) }
  }

  // MARK: Values

  private mutating func endText() {
    defer { text.removeAll(keepingCapacity: true) }
    guard text.contains(where: { $0 > 0x20 }) else { return }
    let name = names.last { !$0.hasPrefix("rdf:") && !$0.hasPrefix("x:") } ?? ""
    add(text, named: name)
  }

  private mutating func add(_ bytes: [UInt8], named name: String) {
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    let value = words.joined(separator: " ")
    guard !value.isEmpty else { return }
    values.append(Value(name: XMPValues.unescaped(name), value: value))
  }

  /// A name in which letters that XML has no room for were replaced by U+2182 and four digits, as
  /// Acrobat writes the custom properties of a document.
  static func unescaped(_ name: String) -> String {
    guard name.contains("\u{2182}") else { return name }
    let parts = name.split(separator: "\u{2182}" as Character, omittingEmptySubsequences: false)
    var result = String(parts[0])
    for part in parts.dropFirst() {
      let digits = part.prefix(4)
      if digits.count == 4, let value = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        result.unicodeScalars.append(scalar)
        result += part.dropFirst(4)
      } else {
        result += "\u{2182}" + part
      }
    }
    return result
  }

  // MARK: Bytes

  private func starts(_ wanted: StaticString) -> Bool {
    let wanted = "\(wanted)".utf8
    return at + wanted.count <= bytes.count
      && bytes[at..<(at + wanted.count)].elementsEqual(wanted)
  }

  /// Goes behind the next place of an ending; whether there is one.
  private mutating func skip(to ending: String) -> Bool {
    guard !absent.contains(ending) else { return false }
    let wanted = Array(ending.utf8)
    var index = at
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<(index + wanted.count)].elementsEqual(wanted) {
        at = index + wanted.count
        return true
      }
      index += 1
    }
    absent.insert(ending)
    return false
  }

  private mutating func skipBlanks() {
    while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
  }

  private mutating func word() -> String {
    let start = at
    while at < bytes.count, bytes[at] > 0x20,
      ![0x3C, 0x3E, 0x2F, 0x3D, 0x22, 0x27].contains(bytes[at])
    {
      at += 1
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}
