/// An expression in which every space is spelt out as the blanks it stands for.
///
/// Who types *mot de passe :* in French gets a no-break space before the colon, and a text editor may
/// put one anywhere: a space that an author writes stands for them all. A tab is none of them, as it
/// parts columns and not words; `\x20` is a space and nothing else.
package struct BlankSpelling {
  /// The blanks, as members of a class.
  ///
  /// *Source:* Unicode 17, general category Zs, but U+1680, which is seen.
  static let members = #"\x20\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}"#

  private let regex: [UInt8]
  private var at = 0
  private var spelt: [UInt8] = []
  /// How many `x` are in force: 1 lets spaces between items be layout, 2 those in classes too.
  private var layout = 0
  /// What was in force before each group that is open.
  private var outer: [Int] = []

  private init(_ regex: String) { self.regex = Array(regex.utf8) }

  /// Spells out the spaces of a PCRE2 expression.
  ///
  /// Left as they are: what `(?x)` reads as layout, comments, the ends of a range such as `[ -~]`, and
  /// spaces in the braces of a quantifier or an escape.
  package static func of(_ regex: String) -> String {
    guard regex.utf8.contains(space) else { return regex }
    var spelling = BlankSpelling(regex)
    while spelling.at < spelling.regex.count { spelling.item() }
    return String(decoding: spelling.spelt, as: UTF8.self)
  }

  // MARK: Items

  private mutating func item() {
    switch regex[at] {
    case BlankSpelling.space where layout == 0:
      at += 1
      blank()
    case UInt8(ascii: "\\"): escape()
    case UInt8(ascii: "["): characterClass()
    case UInt8(ascii: "("): open()
    case UInt8(ascii: ")"):
      layout = outer.popLast() ?? layout
      copy(1)
    case UInt8(ascii: "{"): copy(quantifierCount)
    case UInt8(ascii: "#") where layout > 0: copy(count(through: UInt8(ascii: "\n"), from: at))
    default: copy(1)
    }
  }

  private mutating func blank() { spelt += "[\(BlankSpelling.members)]".utf8 }

  private mutating func copy(_ count: Int) {
    let end = min(at + count, regex.count)
    spelt += regex[at..<end]
    at = end
  }

  private mutating func escape() {
    switch byte(at + 1) {
    case BlankSpelling.space:
      at += 2
      blank()
    case UInt8(ascii: "Q"): quotation()
    default: copy(escapeCount(at))
    }
  }

  /// `\Q…\E`: in pieces, as a quotation knows no class.
  private mutating func quotation() {
    at += 2
    var isOpen = false
    while at < regex.count, !isQuotationEnd(at) {
      if regex[at] == BlankSpelling.space {
        if isOpen { spelt += "\\E".utf8 }
        isOpen = false
        at += 1
        blank()
      } else {
        if !isOpen { spelt += "\\Q".utf8 }
        isOpen = true
        copy(1)
      }
    }
    if isOpen, at < regex.count { spelt += "\\E".utf8 }
    at = min(at + 2, regex.count)
  }

  private mutating func open() {
    // A verb such as (*UCP) holds nothing to match, a group such as (*atomic:…) does.
    let isVerb = byte(at + 1) == UInt8(ascii: "*") && !isLowercase(byte(at + 2))
    if isVerb || byte(at + 1) == UInt8(ascii: "?") && byte(at + 2) == UInt8(ascii: "#") {
      return copy(count(through: UInt8(ascii: ")"), from: at))
    }
    guard let flags else {
      outer.append(layout)
      return copy(1)
    }
    // (?x) holds to the end of the group it stands in, (?x:…) is a group of its own.
    if !flags.endsAtOnce { outer.append(layout) }
    layout = flags.layout
    copy(flags.count)
  }

  /// The flags after a bracket: what holds then, their bytes, and whether they end with `)`; `nil` where
  /// it opens no flags.
  private var flags: (layout: Int, count: Int, endsAtOnce: Bool)? {
    guard byte(at + 1) == UInt8(ascii: "?") else { return nil }
    var found = layout
    var isOff = false
    var end = at + 2
    while let letter = byte(end) {
      end += 1
      switch letter {
      case UInt8(ascii: ")"), UInt8(ascii: ":"):
        return (found, end - at, letter == UInt8(ascii: ")"))
      case UInt8(ascii: "-"): isOff = true
      case UInt8(ascii: "^"): found = 0
      case UInt8(ascii: "x"):
        let isDouble = byte(end) == UInt8(ascii: "x")
        found = isOff ? 0 : isDouble ? 2 : 1
        if isDouble { end += 1 }
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      default: return nil
      }
    }
    return nil
  }

  // MARK: Classes

  private mutating func characterClass() {
    let start = at + (byte(at + 1) == UInt8(ascii: "^") ? 2 : 1)
    var members = ClassMembers(start: start)
    guard let end = read(&members) else { return copy(regex.count - at) }
    guard members.holdsBlank else { return copy(end + 1 - at) }
    copy(start - at)
    // In front, where they end no range; what then no longer stands first must not end the class, nor
    // be be taken for a range from the last of them.
    spelt += BlankSpelling.members.utf8
    if regex[at] == UInt8(ascii: "]") || regex[at] == UInt8(ascii: "-") { spelt += "\\".utf8 }
    copy(end + 1 - at)
  }

  /// What was read of a class.
  private struct ClassMembers {
    enum Last { case none, scalar, hyphen }

    let start: Int
    /// What the next scalar would end: after a scalar and a hyphen, a range.
    var last = Last.none
    var isQuoted = false
    var holdsBlank = false

    /// Takes a scalar; whether a range starts with it, only its reader sees.
    mutating func take(isBlank: Bool, startsRange: Bool) {
      if isBlank, !startsRange, last != .hyphen { holdsBlank = true }
      last = last == .hyphen ? .none : .scalar
    }
  }

  /// Reads a class up to its closing bracket.
  private func read(_ members: inout ClassMembers) -> Int? {
    var index = members.start
    while let scalar = byte(index) {
      if members.isQuoted, !isQuotationEnd(index) {
        members.take(isBlank: scalar == BlankSpelling.space, startsRange: false)
        index += 1
        continue
      }
      switch scalar {
      case UInt8(ascii: "]") where index > members.start: return index
      case UInt8(ascii: "["):
        if let end = posixEnd(index) {
          members.last = .none
          index = end
        } else {
          members.take(isBlank: false, startsRange: false)
          index += 1
        }
      case UInt8(ascii: "\\"): index += readEscape(index, &members)
      case UInt8(ascii: "-") where members.last == .scalar:
        members.last = .hyphen
        index += 1
      case BlankSpelling.space where layout == 2: index += 1
      default:
        members.take(
          isBlank: scalar == BlankSpelling.space,
          startsRange: startsRange(index + 1)
        )
        index += 1
      }
    }
    return nil
  }

  /// Reads an escape of a class; returns its bytes.
  private func readEscape(_ index: Int, _ members: inout ClassMembers) -> Int {
    switch byte(index + 1) {
    case UInt8(ascii: "Q"): members.isQuoted = true
    case UInt8(ascii: "E"): members.isQuoted = false
    // The escapes of whole classes; no range goes from one or to one.
    case .some(let letter) where "dDwWsShHvVNRpP".utf8.contains(letter): members.last = .none
    case let letter:
      members.take(isBlank: letter == BlankSpelling.space, startsRange: startsRange(index + 2))
    }
    return escapeCount(index)
  }

  private func startsRange(_ index: Int) -> Bool {
    byte(index) == UInt8(ascii: "-") && byte(index + 1) != UInt8(ascii: "]")
  }

  /// The end of `[:alpha:]`, which stands in a class; `nil` for a bracket that is only one.
  private func posixEnd(_ index: Int) -> Int? {
    guard let sign = byte(index + 1), ":.=".utf8.contains(sign),
      let end = regex[(index + 2)...].firstIndex(of: UInt8(ascii: "]")), end > index + 2,
      regex[end - 1] == sign
    else { return nil }
    return end + 1
  }

  // MARK: Input

  private static let space = UInt8(ascii: " ")

  private func byte(_ index: Int) -> UInt8? { index < regex.count ? regex[index] : nil }

  private func isLowercase(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
  }

  private func isQuotationEnd(_ index: Int) -> Bool {
    regex[index] == UInt8(ascii: "\\") && byte(index + 1) == UInt8(ascii: "E")
  }

  /// How many bytes there are up to the next such byte, itself included, or to the end.
  private func count(through end: UInt8, from start: Int) -> Int {
    (regex[start...].firstIndex(of: end) ?? regex.count - 1) + 1 - at
  }

  /// The bytes of an escape: `\d`, `\c `, `\p{Greek}`.
  private func escapeCount(_ index: Int) -> Int {
    guard let letter = byte(index + 1) else { return 1 }
    if letter == UInt8(ascii: "c") { return 3 }
    guard "pPxoNkgu".utf8.contains(letter), byte(index + 2) == UInt8(ascii: "{"),
      let end = regex[index...].firstIndex(of: UInt8(ascii: "}"))
    else { return 2 }
    return end + 1 - index
  }

  /// The bytes of a quantifier such as `{1, 3}`, 1 where the brace is only one.
  private var quantifierCount: Int {
    guard let end = regex[at...].firstIndex(of: UInt8(ascii: "}")) else { return 1 }
    let isQuantifier = regex[(at + 1)..<end].allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == BlankSpelling.space
        || $0 == UInt8(ascii: ",")
    }
    return isQuantifier ? end + 1 - at : 1
  }
}
