/// The tags of a piece of HTML, one after the other.
///
/// It knows what exports of chats hold: attributes with and without quotes, comments, elements without
/// end. What it takes apart it gives as ranges; it decodes only what is asked for.
struct HTMLTokens {
  /// A tag.
  struct Tag {
    var name: String
    var isEnd: Bool
    /// The bytes between the name and the end of the tag.
    var attributes: Range<Int>
    /// All of the tag.
    var range: Range<Int>
  }

  let bytes: [UInt8]
  private let end: Int
  private var position: Int

  /// The tags of a part of some bytes.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Elements that have no end tag.
  ///
  /// *Source:* HTML Living Standard §13.1.2, "Void elements".
  static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
  ]

  /// The next tag, or `nil` after the last.
  mutating func next() -> Tag? {
    while position < end {
      guard bytes[position] == UInt8(ascii: "<") else {
        position += 1
        continue
      }
      let start = position
      if bytes[start..<end].starts(with: "<!--".utf8) {
        position += 4
        while position < end, !bytes[position..<end].starts(with: "-->".utf8) { position += 1 }
        continue
      }
      var index = start + 1
      let isEnd = index < end && bytes[index] == UInt8(ascii: "/")
      if isEnd { index += 1 }
      let nameStart = index
      while index < end, HTMLTokens.isNameByte(bytes[index]) { index += 1 }
      guard index > nameStart else {
        position += 1
        continue
      }
      let name = String(decoding: bytes[nameStart..<index], as: UTF8.self).lowercased()
      let attributeStart = index
      var quote: UInt8 = 0
      while index < end, quote != 0 || bytes[index] != UInt8(ascii: ">") {
        let byte = bytes[index]
        if quote != 0 {
          if byte == quote { quote = 0 }
        } else if byte == 0x22 || byte == 0x27, bytes[index - 1] == UInt8(ascii: "=") {
          quote = byte
        }
        index += 1
      }
      position = min(index + 1, end)
      return Tag(
        name: name,
        isEnd: isEnd,
        attributes: attributeStart..<index,
        range: start..<position
      )
    }
    return nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte | 0x20 &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-")
  }

  /// The value of an attribute, with its character references decoded.
  func attribute(_ name: String, of tag: Tag) -> String? {
    let sought = Array(name.utf8)
    var index = tag.attributes.lowerBound
    let last = tag.attributes.upperBound
    while index < last {
      while index < last, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "/") { index += 1 }
      let start = index
      while index < last, bytes[index] > 0x20, bytes[index] != UInt8(ascii: "=") { index += 1 }
      let isSought = bytes[start..<index].elementsEqual(sought)
      guard index < last, bytes[index] == UInt8(ascii: "=") else {
        if isSought { return "" }
        if index == start { index += 1 }
        continue
      }
      index += 1
      let quote = index < last ? bytes[index] : 0
      let value: Range<Int>
      if quote == 0x22 || quote == 0x27 {
        let valueStart = index + 1
        index = valueStart
        while index < last, bytes[index] != quote { index += 1 }
        value = valueStart..<index
        index = min(index + 1, last)
      } else {
        let valueStart = index
        while index < last, bytes[index] > 0x20 { index += 1 }
        value = valueStart..<index
      }
      if isSought { return HTMLTokens.text(bytes, in: value) }
    }
    return nil
  }

  /// The content of the element that a tag begins, without its tags; reads on to its end.
  mutating func content(of tag: Tag) -> Range<Int> {
    guard !HTMLTokens.void.contains(tag.name) else {
      return tag.range.upperBound..<tag.range.upperBound
    }
    var depth = 1
    while let next = next() {
      guard next.name == tag.name else { continue }
      depth += next.isEnd ? -1 : 1
      if depth == 0 { return tag.range.upperBound..<next.range.lowerBound }
    }
    return tag.range.upperBound..<end
  }

  /// The text of a piece of HTML: its tags left out, its character references decoded.
  static func text(_ bytes: [UInt8], in range: Range<Int>) -> String {
    var tokens = HTMLTokens(bytes, in: range)
    var plain: [UInt8] = []
    var start = range.lowerBound
    while let tag = tokens.next() {
      plain += bytes[start..<tag.range.lowerBound]
      start = tag.range.upperBound
    }
    plain += bytes[min(start, range.upperBound)..<range.upperBound]
    return unescaped(String(decoding: plain, as: UTF8.self))
  }

  /// A text with the references decoded that React and exporters write.
  ///
  /// *Source:* react-dom escapes `&`, `<`, `>`, `"` and `'` and nothing else.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var output = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "&") {
      output += rest[..<start]
      rest = rest[start...]
      guard let end = rest.prefix(10).firstIndex(of: ";") else {
        output.append(rest.removeFirst())
        continue
      }
      let name = rest[rest.index(after: start)..<end]
      if let character = character(name) {
        output.unicodeScalars.append(character)
        rest = rest[rest.index(after: end)...]
      } else {
        output.append(rest.removeFirst())
      }
    }
    return output + rest
  }

  private static func character(_ name: Substring) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    case "nbsp": return "\u{A0}"
    default:
      guard name.first == "#" else { return nil }
      let digits = name.dropFirst()
      let isHex = digits.first == "x" || digits.first == "X"
      return UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10)
        .flatMap(Unicode.Scalar.init)
    }
  }
}
