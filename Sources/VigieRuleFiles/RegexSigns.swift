/// The signs of an expression (PCRE2), as far as fragments must tell them apart.
///
/// What is escaped or stands between `\Q` and `\E` is neither a reference nor a bar; in a class a bar is a letter.
/// `(?x)` is left out of account: a reference in a comment is filled in as well.
struct RegexSigns: Sequence, IteratorProtocol {
  /// The kinds of sign.
  enum Kind: Equatable {
    /// `%{name}`.
    case reference(String)
    /// `%{` that is neither a reference nor a repeated `%`.
    case brokenReference
    /// The parenthesis of a group with what says its kind: `(`, `(?:`, `(?i:`, `(?<!`…
    case opening
    case closing
    case bar
    /// `*`, `+`, `?`, `{`.
    case quantifier
    /// What matches nothing and parts nothing: `(?i)`, `(?#…)`.
    case setting
    /// A letter, an escape, a class.
    case other
  }

  /// One sign.
  struct Sign {
    var kind: Kind
    /// UTF-8 bytes of the text.
    var range: Range<Int>
    /// Whether it stands in a class.
    var isInClass: Bool
  }

  private let bytes: [UInt8]
  private var index = 0
  private var isInClass = false

  init(_ text: String) { self.bytes = Array(text.utf8) }

  mutating func next() -> Sign? {
    guard index < bytes.count else { return nil }
    let start = index
    let wasInClass = isInClass
    let kind = sign()
    return Sign(kind: kind, range: start..<index, isInClass: wasInClass)
  }

  /// Reads the sign at `index` and steps behind it.
  private mutating func sign() -> Kind {
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\\"):
      if starts("Q") {
        skip(past: "\\E")
      } else {
        index = Swift.min(index + 1, bytes.count)
      }
      return .other
    case UInt8(ascii: "%") where starts("{"):
      return reference()
    case UInt8(ascii: "]") where isInClass:
      isInClass = false
      return .other
    case UInt8(ascii: "[") where isInClass:
      if starts(":") { skip(past: ":]") }
      return .other
    case _ where isInClass:
      return .other
    case UInt8(ascii: "["):
      isInClass = true
      if starts("^") { index += 1 }
      // As the first of a class it stands for itself.
      if starts("]") { index += 1 }
      return .other
    case UInt8(ascii: "("):
      return group()
    case UInt8(ascii: ")"): return .closing
    case UInt8(ascii: "|"): return .bar
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
      return .quantifier
    default:
      return .other
    }
  }

  private mutating func reference() -> Kind {
    let start = index + 1
    if let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) {
      let name = String(decoding: bytes[start..<end], as: UTF8.self)
      if name.isFragmentName {
        index = end + 1
        return .reference(name)
      }
    }
    // A sign of percent that is repeated, `%{1,2}`, and the two signs in a class are PCRE2's.
    let isRepeated = start < bytes.count && (0x30...0x39).contains(bytes[start])
    return isInClass || isRepeated ? .other : .brokenReference
  }

  /// What follows a parenthesis.
  private mutating func group() -> Kind {
    guard starts("?") || starts("*") else { return .opening }
    if starts("*") || starts("?#") {
      skip(past: ")")
      return .setting
    }
    index += 1
    for kind in ["<=", "<!", "=", "!", ">", "|", ":"] where starts(kind) {
      index += kind.utf8.count
      return .opening
    }
    // A name, or options with a colon; options alone are the whole group.
    while index < bytes.count {
      index += 1
      switch bytes[index - 1] {
      case UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: "'"): return .opening
      case UInt8(ascii: ")"): return .setting
      default: break
      }
    }
    return .opening
  }

  private func starts(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  /// Steps behind the next place where these letters stand, or to the end.
  private mutating func skip(past text: String) {
    while index < bytes.count, !starts(text) { index += 1 }
    index = Swift.min(index + text.utf8.count, bytes.count)
  }
}

extension String {
  /// Whether a reference may name it: a name that starts with a letter.
  var isFragmentName: Bool { isName && utf8.first.map { $0 >= UInt8(ascii: "a") } == true }
}
