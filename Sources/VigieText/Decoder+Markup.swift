/// Tags of HTML and XML, and their character references.
extension Decoder {
  /// The longest tag that is taken for one, bytes; a lone `<` in prose has no such end near.
  private static let maxTagCount = 1_024
  /// The longest character reference, bytes, such as `&CounterClockwiseContourIntegral;`.
  private static let maxReferenceCount = 34

  /// A tag, comment or declaration.
  struct Tag {
    /// The byte after it.
    var end: Int
    /// The last eight letters of its name (``TagName``); 0 for a comment or declaration.
    var name: UInt64
    var isClosing: Bool
  }

  /// The tag that starts at a `<`, or `nil` where none does.
  static func tag(_ source: Span<UInt8>, at index: Int, isMarkup: Bool) -> Tag? {
    var cursor = index + 1
    guard cursor < source.count else { return nil }
    if source[cursor] == UInt8(ascii: "!") {
      return endOfDeclaration(source, at: index).map { Tag(end: $0, name: 0, isClosing: false) }
    }
    let isClosing = source[cursor] == UInt8(ascii: "/")
    if isClosing { cursor += 1 }
    var name: UInt64 = 0
    let nameStart = cursor
    while cursor < source.count, isTagLetter(source[cursor]), cursor - nameStart < 16 {
      name = name << 8 | UInt64(source[cursor] | 0x20)
      cursor += 1
    }
    guard cursor > nameStart, isLetter(source[nameStart]), cursor < source.count else {
      return nil
    }
    // In plain text only what a person would take for a tag is one: a < b and c > d is not.
    guard isMarkup || source[cursor] == UInt8(ascii: ">") || isKnownTag(name),
      let end = endOfTag(source, from: cursor, limit: index + Decoder.maxTagCount)
    else { return nil }
    return Tag(end: end, name: name, isClosing: isClosing)
  }

  /// Leaves out a tag or comment.
  ///
  /// - Returns: The byte after it, or `nil` where none starts here.
  mutating func skipTag(
    _ source: Span<UInt8>,
    at index: Int,
    isMarkup: Bool,
    _ depth: Int
  ) -> Int? {
    guard let tag = Decoder.tag(source, at: index, isMarkup: isMarkup) else { return nil }
    flush(source, upTo: index, depth)
    leaveOut(.tag)
    if tag.name != 0 {
      if Decoder.isBlock(tag.name) { endLine(at: index..<tag.end, depth) }
      mark(tag.name, isClosing: tag.isClosing, isMarkup: isMarkup)
      if isMarkup, !tag.isClosing {
        drawBox(tag, source.extracting(index..<tag.end), at: index, depth)
      }
    }
    return tag.end
  }

  /// The scalar of the character reference that starts at a `&` and the byte after it, or `nil`.
  static func reference(_ source: Span<UInt8>, at index: Int) -> (scalar: UInt32, end: Int)? {
    let limit = min(source.count, index + Decoder.maxReferenceCount)
    var cursor = index + 1
    guard cursor < limit else { return nil }
    if source[cursor] == UInt8(ascii: "#") {
      cursor += 1
      guard cursor < limit else { return nil }
      let isHex = source[cursor] | 0x20 == UInt8(ascii: "x")
      if isHex { cursor += 1 }
      var value: UInt32 = 0
      let start = cursor
      while cursor < limit, let digit = hexValue(source[cursor]), isHex || digit < 10 {
        value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x110000)
        cursor += 1
      }
      guard cursor > start else { return nil }
      if cursor < limit, source[cursor] == UInt8(ascii: ";") { cursor += 1 }
      return (value, cursor)
    }
    let start = cursor
    while cursor < limit, isTagLetter(source[cursor]) { cursor += 1 }
    guard cursor > start, cursor < limit, source[cursor] == UInt8(ascii: ";"),
      let scalar = NamedReference.scalar(source.extracting(start..<cursor))
    else { return nil }
    return (scalar, cursor + 1)
  }

  /// Decodes a character reference.
  ///
  /// - Returns: The byte after it, or `nil` where none starts here.
  mutating func decodeReference(_ source: Span<UInt8>, at index: Int, _ depth: Int) -> Int? {
    guard let reference = Decoder.reference(source, at: index) else { return nil }
    emit(reference: reference.scalar, source, index..<reference.end, depth)
    return reference.end
  }

  /// Emits the scalar of a character reference.
  ///
  /// References for accents and punctuation are how HTML is written, not a disguise.
  private mutating func emit(
    reference value: UInt32,
    _ source: Span<UInt8>,
    _ range: Range<Int>,
    _ depth: Int
  ) {
    flush(source, upTo: range.lowerBound, depth)
    leaveOut([])
    emit(scalar: value, range, isPlainLetter(value) ? .reference : [], depth)
  }

  /// Ends the line of the result, once.
  private mutating func endLine(at range: Range<Int>, _ depth: Int) {
    guard text.count > 0, text.bytes[text.count - 1] != 0x0A else { return }
    emit(0x0A, range, [], depth)
  }

  /// Puts a box before an option of a list and in the place of a box to tick, ticked where it is chosen: what
  /// is read then is what the form shows.
  private mutating func drawBox(_ tag: Tag, _ bytes: Span<UInt8>, at index: Int, _ depth: Int) {
    let isInput = tag.name == TagName.input
    guard
      tag.name == TagName.option
        || isInput && (Decoder.holds(bytes, "checkbox") || Decoder.holds(bytes, "radio"))
    else { return }
    let isTicked = Decoder.holds(bytes, isInput ? "checked" : "selected")
    emit(scalar: isTicked ? 0x2611 : 0x2610, index..<tag.end, [], depth)
  }

  /// Whether an attribute or a value of a tag is some small letters, whatever their case, and nothing more.
  private static func holds(_ tag: Span<UInt8>, _ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    let letters = unsafe UnsafeBufferPointer(start: word.utf8Start, count: length)
    var index = 1
    while index + length < tag.count {
      var offset = 0
      while offset < length, unsafe tag[index + offset] | 0x20 == letters[offset] { offset += 1 }
      if offset == length, !isTagLetter(tag[index - 1]), !isTagLetter(tag[index + length]) {
        return true
      }
      index += 1
    }
    return false
  }

  /// Opens or closes a region of code or quotation.
  private mutating func mark(_ name: UInt64, isClosing: Bool, isMarkup: Bool) {
    guard isMarkup, let kind = Decoder.regionKind(name) else { return }
    if !isClosing {
      openRegions.append((kind, text.count))
    } else if let at = openRegions.lastIndex(where: { $0.kind == kind }) {
      let open = openRegions.remove(at: at)
      addRegion(open.kind, open.start)
    }
  }

  private static func endOfTag(_ source: Span<UInt8>, from start: Int, limit: Int) -> Int? {
    var quote: UInt8 = 0
    var index = start
    let end = min(limit, source.count)
    while index < end {
      let byte = source[index]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: ">") {
        return index + 1
      } else if byte == UInt8(ascii: "<") {
        return nil
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      index += 1
    }
    return nil
  }

  /// The end of `<!-- … -->` or `<! … >`.
  private static func endOfDeclaration(_ source: Span<UInt8>, at index: Int) -> Int? {
    let isComment =
      index + 3 < source.count && source[index + 2] == 0x2D && source[index + 3] == 0x2D
    var cursor = index + (isComment ? 4 : 2)
    let end = min(source.count, index + Decoder.maxTagCount)
    while cursor < end {
      if source[cursor] == UInt8(ascii: ">") {
        if !isComment { return cursor + 1 }
        if source[cursor - 1] == 0x2D, source[cursor - 2] == 0x2D { return cursor + 1 }
      }
      cursor += 1
    }
    return nil
  }

  private static func isTagLetter(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte)
  }

  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private func isPlainLetter(_ value: UInt32) -> Bool {
    value < 0x80 && Decoder.isLetter(UInt8(truncatingIfNeeded: value))
  }

  private static func regionKind(_ name: UInt64) -> MarkupRegion.Kind? {
    switch name {
    case TagName.code, TagName.pre, TagName.kbd, TagName.samp: .code
    case TagName.blockquote, TagName.mxReply, TagName.q: .quotation
    case TagName.dt: .term
    default: nil
    }
  }

  private static func isBlock(_ name: UInt64) -> Bool { TagName.blocks.contains(name) }

  private static func isKnownTag(_ name: UInt64) -> Bool {
    isBlock(name) || TagName.inline.contains(name) || regionKind(name) != nil
  }
}

/// Tag names packed into a number, the last eight letters of each.
private enum TagName {
  static let code = packed("code")
  static let pre = packed("pre")
  static let kbd = packed("kbd")
  static let samp = packed("samp")
  static let q = packed("q")
  static let dt = packed("dt")
  static let option = packed("option")
  static let input = packed("input")
  static let blockquote = packed("blockquote")
  static let mxReply = packed("mx")
  static let blocks = Set(
    [
      "p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "thead", "tbody", "h1", "h2",
      "h3", "h4", "h5", "h6", "hr", "pre", "blockquote", "section", "article", "header", "footer",
      "title", "body", "html", "head", "dt", "dd", "dl", "address", "figure", "nav", "main",
      "form", "fieldset", "legend", "select", "optgroup", "option", "button", "textarea", "caption",
      "tfoot",
      "figcaption", "aside", "menu", "dialog", "noscript", "center", "details", "summary", "hgroup",
    ].map(packed)
  )
  static let inline = Set(
    [
      "b", "i", "u", "em", "strong", "span", "font", "a", "img", "sub", "sup", "small", "big",
      "mark",
      "tt", "wbr", "label", "abbr", "cite", "ins", "del", "s", "strike", "var", "input",
    ].map(packed)
  )

  static func packed(_ name: String) -> UInt64 {
    name.utf8.reduce(0) { $0 << 8 | UInt64($1 | 0x20) }
  }
}
