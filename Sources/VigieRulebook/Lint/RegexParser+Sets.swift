extension RegexParser {
  func cased(_ set: ScalarSet) -> ScalarSet {
    flags.ignoresCase ? set.ignoringCase : set
  }

  /// What follows a backslash outside a class.
  mutating func escape() throws(RegexUnreadable) -> RegexNode? {
    guard at < scalars.count else { throw RegexUnreadable(reason: "a '\\' at the end") }
    let scalar = scalars[at]
    switch scalar {
    case "b", "B", "A", "z", "Z", "G", "K", "E":
      at += 1
      return scalar == "E" ? nil : .empty
    case "Q":
      at += 1
      var items: [RegexNode] = []
      while at < scalars.count, !take("\\E") {
        items.append(.set(cased(ScalarSet([scalars[at].value...scalars[at].value]))))
        at += 1
      }
      return .sequence(items)
    case "1"..."9", "k", "g":
      return try reference()
    case "R":
      at += 1
      // A line break is read whole, \r\n included, and never given back.
      return .set(.verticalSpaces)
    case "X":
      at += 1
      return .sequence([
        .set(.all), .repeated(.set(.marks), min: 0, max: nil, isPossessive: true),
      ])
    default:
      return .set(cased(escapedSet()))
    }
  }

  private mutating func reference() throws(RegexUnreadable) -> RegexNode {
    let isCall = scalars[at] == "g"
    at += 1
    if at < scalars.count, let end: Unicode.Scalar = ["{": "}", "<": ">", "'": "'"][scalars[at]] {
      if isCall, end != "}" {
        throw RegexUnreadable(reason: "recursion, whose cost cannot be bounded")
      }
      skip(past: end)
    } else {
      while at < scalars.count, ScalarSet.digits.contains(scalars[at].value) { at += 1 }
    }
    return .empty
  }

  /// The set of an escape, inside or outside a class; the backslash was read.
  private mutating func escapedSet() -> ScalarSet {
    let scalar = scalars[at]
    at += 1
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .spaces
    case "S": return ScalarSet.spaces.inverted
    case "h": return .horizontalSpaces
    case "H": return ScalarSet.horizontalSpaces.inverted
    case "v": return .verticalSpaces
    case "V": return ScalarSet.verticalSpaces.inverted
    case "N": return ScalarSet("\n").inverted
    case "p", "P": return property(isInverted: scalar == "P")
    case "n": return ScalarSet("\n")
    case "r": return ScalarSet("\r")
    case "t": return ScalarSet("\t")
    case "f": return ScalarSet([0xC...0xC])
    case "a": return ScalarSet([7...7])
    case "e": return ScalarSet([0x1B...0x1B])
    case "x", "o", "u": return numeric(radix: scalar == "o" ? 8 : 16)
    case "0":
      at -= 1
      return number(radix: 8, maxCount: 3)
    case "c":
      let control = at < scalars.count ? scalars[at].value & 0x1F : 0
      at = min(at + 1, scalars.count)
      return ScalarSet([control...control])
    default: return ScalarSet([scalar.value...scalar.value])
    }
  }

  private mutating func numeric(radix: Int) -> ScalarSet {
    guard take("{") else { return number(radix: radix, maxCount: 2) }
    let set = number(radix: radix, maxCount: 8)
    _ = take("}")
    return set
  }

  private mutating func number(radix: Int, maxCount: Int) -> ScalarSet {
    var value: UInt32 = 0
    var count = 0
    while count < maxCount, at < scalars.count,
      let digit = Int(String(scalars[at]), radix: radix)
    {
      value = min(value &* UInt32(radix) &+ UInt32(digit), ScalarSet.lastScalar)
      count += 1
      at += 1
    }
    return ScalarSet([value...value])
  }

  private mutating func property(isInverted: Bool) -> ScalarSet {
    var name = ""
    if take("{") {
      while at < scalars.count, scalars[at] != "}" {
        name.unicodeScalars.append(scalars[at])
        at += 1
      }
      _ = take("}")
    } else if at < scalars.count {
      name.unicodeScalars.append(scalars[at])
      at += 1
    }
    let isNegated = name.hasPrefix("^")
    if ["Lu", "Ll", "Lt"].contains(isNegated ? name.dropFirst() : name[...]) { namesCase = true }
    let set = ScalarSet.property(String(isNegated ? name.dropFirst() : name[...]))
    return isInverted != isNegated && set != .all ? set.inverted : set
  }

  /// A bracketed class; the `[` was read.
  mutating func characterClass() throws(RegexUnreadable) -> ScalarSet {
    let isInverted = take("^")
    namesCase = false
    var set = ScalarSet.none
    var isFirst = true
    while at < scalars.count, isFirst || scalars[at] != "]" {
      isFirst = false
      if peek("[:"), let name = posixName() {
        set = set.union(name)
        continue
      }
      let low = classMember()
      if peek("-"), at + 1 < scalars.count, scalars[at + 1] != "]",
        let from = low.onlyScalar
      {
        at += 1
        if let to = classMember().onlyScalar, from <= to {
          set = set.union(ScalarSet([from...to]))
        }
      } else {
        set = set.union(low)
      }
    }
    guard take("]") else { throw RegexUnreadable(reason: "a class without ']'") }
    // Whether letters of one case are those of both, where case does not count, hangs on the release of PCRE2 (10.45): what
    // is left out of a class is no more than that.
    if flags.ignoresCase, !isInverted || !namesCase { set = set.ignoringCase }
    // What is not known may be anything, and so may what it is not.
    return isInverted && set != .all ? set.inverted : set
  }

  private mutating func classMember() -> ScalarSet {
    guard take("\\") else {
      let value = scalars[at].value
      at += 1
      return ScalarSet([value...value])
    }
    guard at < scalars.count else { return .none }
    if take("b") { return ScalarSet([8...8]) }
    if take("Q") || take("E") { return .none }
    return escapedSet()
  }

  private mutating func posixName() -> ScalarSet? {
    guard let end = scalars[at...].firstIndex(of: "]"), end > at + 2, scalars[end - 1] == ":" else {
      return nil
    }
    let name = String(String.UnicodeScalarView(scalars[(at + 2)..<(end - 1)]))
    let isNegated = name.hasPrefix("^")
    guard let set = ScalarSet.posix(String(isNegated ? name.dropFirst() : name[...])) else {
      return nil
    }
    at = end + 1
    if name.hasSuffix("upper") || name.hasSuffix("lower") { namesCase = true }
    return isNegated ? set.inverted : set
  }
}

extension ScalarSet {
  /// The one scalar of the set, or `nil` where it holds none or several.
  fileprivate var onlyScalar: UInt32? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
