/// The words of a small piece of XML or XHTML, without a parser of either.
///
/// Rich texts of annotations and forms are short and often wrong; tags are taken away, references
/// to characters are replaced, and nothing can be too damaged.
package enum MarkupText {
  /// The text between the tags; elements that end a line give a line break.
  package static func text(of bytes: [UInt8]) -> String {
    // Where no comment ends, none is looked for again: that would take a square of the length.
    let lastCommentEnd = lastOffset(of: "-->", in: bytes) ?? -1
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2)
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "<"):
        guard let end = end(ofTag: bytes, at: at, lastCommentEnd: lastCommentEnd) else {
          result.append(bytes[at])
          at += 1
          continue
        }
        if breaks(bytes[(at + 1)..<end]), result.last != 0x0A { result.append(0x0A) }
        at = end + 1
      case UInt8(ascii: "&"):
        at = XMLReference.append(bytes, at: at, to: &result)
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
  private static func end(
    ofTag bytes: [UInt8],
    at start: Int,
    lastCommentEnd: Int
  ) -> Int? {
    func starts(_ text: StaticString) -> Bool {
      let wanted = "\(text)".utf8
      return bytes[start...].prefix(wanted.count).elementsEqual(wanted)
    }
    if starts("<!--") {
      guard start <= lastCommentEnd else { return nil }
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
      } else if byte == 0x3C {
        // The tag never ended.
        return nil
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

  private static func lastOffset(of text: StaticString, in bytes: [UInt8]) -> Int? {
    let wanted = Array("\(text)".utf8)
    guard bytes.count >= wanted.count else { return nil }
    return (0...(bytes.count - wanted.count)).last { at in
      bytes[at] == wanted[0] && bytes[at..<(at + wanted.count)].elementsEqual(wanted)
    }
  }
}
