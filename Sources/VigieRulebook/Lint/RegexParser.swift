import VigiePatterns

/// Reads the PCRE2 syntax as far as it matters for how much an expression can backtrack.
///
/// *Source:* pcre2pattern(3), PCRE2 10.42. Whether the expression is valid is for PCRE2 to say;
/// here a doubtful construct is read in the way that overlaps most.
struct RegexParser {
  struct Flags {
    var ignoresCase = false
    var isExtended = false
    var dotMatchesLineBreak = false
  }

  let scalars: [Unicode.Scalar]
  var at = 0
  var flags = Flags()
  /// Whether a member of the last class was the letters of one case.
  var namesCase = false
  private var depth = 0
  /// What look-around assertions hold, to be analysed for itself.
  private var assertions: [RegexNode] = []

  private init(_ regex: String) { scalars = Array(regex.unicodeScalars) }

  /// Reads an expression.
  ///
  /// - Returns: The expression itself, then the contents of its look-around assertions.
  static func parse(_ regex: String) throws(RegexUnreadable) -> [RegexNode] {
    var parser = RegexParser(BlankSpelling.of(regex))
    while parser.peek("(*"), let end = parser.scalars[parser.at...].firstIndex(of: ")") {
      parser.at = end + 1
    }
    let root = try parser.choice()
    guard parser.at == parser.scalars.count else {
      throw RegexUnreadable(reason: "a ')' without '('")
    }
    return [root] + parser.assertions
  }

  // MARK: Structure

  private mutating func choice() throws(RegexUnreadable) -> RegexNode {
    let outer = flags
    defer { flags = outer }
    var branches: [RegexNode] = []
    var items: [RegexNode] = []
    while at < scalars.count, scalars[at] != ")" {
      if take("|") {
        branches.append(.sequence(items))
        items = []
      } else if let item = try item() {
        items.append(try quantified(item))
      }
    }
    branches.append(.sequence(items))
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  /// One item without its quantifier, or `nil` where only flags, a comment or space was read.
  private mutating func item() throws(RegexUnreadable) -> RegexNode? {
    let scalar = scalars[at]
    at += 1
    switch scalar {
    case "(": return try group()
    case "[": return .set(try characterClass())
    case "\\": return try escape()
    case ".":
      return .set(flags.dotMatchesLineBreak ? .all : ScalarSet("\n").inverted)
    case "^", "$": return .lineEdge(isStart: scalar == "^")
    case "#" where flags.isExtended:
      while at < scalars.count, scalars[at] != "\n" { at += 1 }
      return nil
    case _ where flags.isExtended && ScalarSet.spaces.contains(scalar.value): return nil
    default: return .set(cased(ScalarSet([scalar.value...scalar.value])))
    }
  }

  private mutating func group() throws(RegexUnreadable) -> RegexNode? {
    depth += 1
    defer { depth -= 1 }
    // PCRE2's own limit on nested parentheses.
    guard depth <= 250 else { throw RegexUnreadable(reason: "groups nested too deeply") }
    if take("?#") || take("*") {
      while at < scalars.count, scalars[at] != ")" { at += 1 }
      try close()
      return nil
    }
    if take("?|") || take("?:") { return try closed() }
    if take("?>") { return RegexParser.atomic(try closed()) }
    let isBehind = peek("?<=")
    if take("?=") || take("?<=") {
      let assertion = try closed()
      assertions.append(assertion)
      return .look(assertion, isBehind: isBehind)
    }
    if take("?!") || take("?<!") {
      assertions.append(try closed())
      return .empty
    }
    if take("?P>") || take("?&") || take("?R") || peek("?0") || peekRecursion() {
      throw RegexUnreadable(reason: "recursion, whose cost cannot be bounded")
    }
    if take("?(") { throw RegexUnreadable(reason: "a condition") }
    if take("?P<") || take("?<") { return try named(until: ">") }
    if take("?'") { return try named(until: "'") }
    if take("?P=") {
      while at < scalars.count, scalars[at] != ")" { at += 1 }
      try close()
      return .empty
    }
    if take("?") { return try flagGroup() }
    return try closed()
  }

  func peekRecursion() -> Bool {
    guard peek("?"), at + 1 < scalars.count else { return false }
    let next = scalars[at + 1]
    let isSigned = (next == "+" || next == "-") && at + 2 < scalars.count
    return ScalarSet.digits.contains(isSigned ? scalars[at + 2].value : next.value)
  }

  private mutating func named(until end: Unicode.Scalar) throws(RegexUnreadable) -> RegexNode {
    skip(past: end)
    return try closed()
  }

  /// `(?i)` up to the end of the group, or `(?i:…)`.
  private mutating func flagGroup() throws(RegexUnreadable) -> RegexNode? {
    let outer = flags
    var isOn = true
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case "^": flags = Flags()
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "x": flags.isExtended = isOn
      case "s": flags.dotMatchesLineBreak = isOn
      case ")": return nil
      case ":":
        let node = try closed()
        flags = outer
        return node
      default: break
      }
    }
    throw RegexUnreadable(reason: "a group without ')'")
  }

  private mutating func closed() throws(RegexUnreadable) -> RegexNode {
    let node = try choice()
    try close()
    return node
  }

  private mutating func close() throws(RegexUnreadable) {
    guard take(")") else { throw RegexUnreadable(reason: "a group without ')'") }
  }

  /// What never gives back: exact for one repetition, otherwise as if it did.
  private static func atomic(_ node: RegexNode) -> RegexNode {
    switch node {
    case .sequence(let items) where items.count == 1: atomic(items[0])
    case .repeated(let item, let min, let max, _):
      .repeated(item, min: min, max: max, isPossessive: true)
    default: node
    }
  }

  private mutating func quantified(_ item: RegexNode) throws(RegexUnreadable) -> RegexNode {
    var node = item
    skipLayout()
    while let (min, max) = quantifier() {
      skipLayout()
      let isPossessive = take("+")
      if !isPossessive { _ = take("?") }
      skipLayout()
      if node.consumesNothing {
        // What may be left out is no condition.
        if min == 0 { node = .empty }
        continue
      }
      node = .repeated(node, min: min, max: max, isPossessive: isPossessive)
      if isPossessive { node = RegexParser.atomic(node) }
    }
    return node
  }

  private mutating func quantifier() -> (min: Int, max: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard peek("{"), let end = scalars[at...].firstIndex(of: "}") else { return nil }
    var numbers: [Int?] = [nil]
    for scalar in scalars[(at + 1)..<end] {
      switch scalar {
      case " ": continue
      case ",": numbers.append(nil)
      case "0"..."9":
        let digit = Int(scalar.value - 0x30)
        // PCRE2 takes no number beyond 65535.
        numbers[numbers.count - 1] = min((numbers[numbers.count - 1] ?? 0) * 10 + digit, 1 << 32)
      default: return nil
      }
    }
    let bounds: (min: Int, max: Int?)
    switch (numbers.count, numbers[0], numbers[numbers.count - 1]) {
    case (1, .some(let exact), _): bounds = (exact, exact)
    case (2, .some(let least), let most): bounds = (least, most)
    case (2, nil, .some(let most)): bounds = (0, most)
    default: return nil
    }
    at = end + 1
    return bounds
  }

  // MARK: Input

  /// Goes over the spaces that an extended expression allows.
  mutating func skipLayout() {
    while flags.isExtended, at < scalars.count, ScalarSet.spaces.contains(scalars[at].value) {
      at += 1
    }
  }

  /// Goes behind the next such scalar, or to the end.
  mutating func skip(past end: Unicode.Scalar) {
    at = scalars[at...].firstIndex(of: end).map { $0 + 1 } ?? scalars.count
  }

  /// Whether a text of ASCII is next.
  func peek(_ text: StaticString) -> Bool {
    guard scalars.count - at >= text.utf8CodeUnitCount else { return false }
    for offset in 0..<text.utf8CodeUnitCount
    where unsafe scalars[at + offset].value != UInt32(text.utf8Start[offset]) {
      return false
    }
    return true
  }

  mutating func take(_ text: StaticString) -> Bool {
    guard peek(text) else { return false }
    at += text.utf8CodeUnitCount
    return true
  }
}
