/// Whether the matches of an expression can hold an anchor in one letter case only.
///
/// An anchor that must stand in its very case is met far less often: *LES* is no French article.
enum AnchorCase {
  /// Whether the expression spells the anchor, and wherever it does so spells it in this case and
  /// minds the case.
  static func isExact(_ anchor: [UInt8], in regex: String) -> Bool {
    let bytes = Array(regex.utf8)
    guard let first = anchor.first.map(Prefilter.lowercased), bytes.count >= anchor.count else {
      return false
    }
    var isSpelt = false
    var ignores = false
    var outer: [Bool] = []
    var index = 0
    while index < bytes.count {
      if Prefilter.lowercased(bytes[index]) == first, stands(anchor, bytes, index) {
        guard !ignores, bytes[index..<(index + anchor.count)].elementsEqual(anchor) else {
          return false
        }
        isSpelt = true
      }
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "["): index = classEnd(bytes, index)
      case UInt8(ascii: "("):
        outer.append(ignores)
        if let flags = flags(bytes, index) {
          ignores = flags.ignores ?? ignores
          // (?i) changes the group it stands in, (?i:…) is a group of its own.
          if flags.endsAtOnce { outer.removeLast() }
          index = flags.last
        }
      case UInt8(ascii: ")"): ignores = outer.popLast() ?? ignores
      default: break
      }
      index += 1
    }
    return isSpelt
  }

  /// The closing bracket of a class: what is in it opens and closes nothing.
  private static func classEnd(_ bytes: [UInt8], _ open: Int) -> Int {
    var index = open + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "^") { index += 1 }
    // A closing bracket right at the start is one of the class.
    if index < bytes.count, bytes[index] == UInt8(ascii: "]") { index += 1 }
    while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 1
      } else if bytes[index] == UInt8(ascii: "["), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: ":")
      {
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") { index += 1 }
      }
      index += 1
    }
    return index
  }

  /// Whether an anchor stands at a byte, whatever its case.
  private static func stands(_ anchor: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
    guard start + anchor.count <= bytes.count else { return false }
    for offset in anchor.indices
    where Prefilter.lowercased(bytes[start + offset]) != Prefilter.lowercased(anchor[offset]) {
      return false
    }
    return true
  }

  /// The flags after an opening bracket: whether they say something of the case, whether they end
  /// with `)`, and their last byte; `nil` where the bracket opens no flags.
  private static func flags(
    _ bytes: [UInt8],
    _ open: Int
  ) -> (ignores: Bool?, endsAtOnce: Bool, last: Int)? {
    guard open + 2 < bytes.count, bytes[open + 1] == UInt8(ascii: "?") else { return nil }
    var index = open + 2
    var isOff = false
    var ignores: Bool?
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "i"): ignores = !isOff
      case UInt8(ascii: "-"): isOff = true
      case UInt8(ascii: "^"): ignores = false
      case UInt8(ascii: ":"): return (ignores, false, index)
      case UInt8(ascii: ")"): return (ignores, true, index)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      default: return nil
      }
      index += 1
    }
    return nil
  }
}
