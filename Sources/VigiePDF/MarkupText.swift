/// The words of a small piece of XML or XHTML, without a parser of either.
///
/// Rich texts of annotations and forms are short and often wrong; tags are taken away, references
/// to characters are replaced, and nothing can be too damaged.
package enum MarkupText {
  /// The text between the tags; elements that end a line give a line break.
  package static func text(of bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2)
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "<"):
        guard let end = end(ofTag: bytes, at: at) else {
          at += 1
          continue
        }
        if breaks(bytes[(at + 1)..<end]), result.last != 0x0A { result.append(0x0A) }
        at = end + 1
      case UInt8(ascii: "&"):
        at = reference(bytes, at: at, into: &result)
      default:
        result.append(bytes[at])
        at += 1
      }
    }
    let lines = String(decoding: result, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The bracket that ends the tag, comment or section at an offset.
  private static func end(ofTag bytes: [UInt8], at start: Int) -> Int? {
    func starts(_ text: StaticString) -> Bool {
      let wanted = "\(text)".utf8
      return bytes[start...].prefix(wanted.count).elementsEqual(wanted)
    }
    if starts("<!--") {
      var at = start + 4
      while at + 2 < bytes.count {
        if bytes[at] == 0x2D, bytes[at + 1] == 0x2D, bytes[at + 2] == 0x3E { return at + 2 }
        at += 1
      }
      return nil
    }
    // What a section holds is text: only its head is a tag, and "]]>" stays behind it.
    if starts("<![CDATA[") { return start + 8 }
    var quote: UInt8?
    for at in (start + 1)..<max(start + 1, bytes.count) {
      let byte = bytes[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        return at
      }
    }
    return nil
  }

  /// Elements after which a new line begins.
  private static func breaks(_ tag: ArraySlice<UInt8>) -> Bool {
    let name = tag.drop { $0 == 0x2F }.prefix { $0 != 0x20 && $0 != 0x2F && $0 != 0x0A }
    return !["span", "b", "i", "u", "sub", "sup", "a", "font"].contains {
      name.elementsEqual($0.utf8)
    }
  }

  /// Appends the character of a reference; the offset after it.
  static func reference(_ bytes: [UInt8], at start: Int, into result: inout [UInt8]) -> Int {
    let end = bytes[start...].prefix(12).firstIndex(of: 0x3B)
    guard let end else {
      result.append(bytes[start])
      return start + 1
    }
    let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    var scalar: Unicode.Scalar?
    switch name {
    case "amp": scalar = "&"
    case "lt": scalar = "<"
    case "gt": scalar = ">"
    case "quot": scalar = "\""
    case "apos": scalar = "'"
    case "nbsp": scalar = "\u{A0}"
    default:
      if name.hasPrefix("#x") || name.hasPrefix("#X") {
        scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      } else if name.hasPrefix("#") {
        scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
      }
    }
    guard let scalar else {
      result.append(bytes[start])
      return start + 1
    }
    result += Array(String(Character(scalar)).utf8)
    return end + 1
  }
}
