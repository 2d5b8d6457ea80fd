/// How far before its first anchor a match of an expression can start.
///
/// A pattern is run around each of its anchors. What it may read before them decides what a run costs,
/// and the `reach` of a pattern is only its author's guess.
enum AnchorLead {
  /// Returns the most bytes of a match that come before an anchor, whatever its path through the
  /// expression.
  ///
  /// - Parameters:
  ///   - regex: The expression.
  ///   - anchors: Its anchors.
  /// - Returns: `nil` where a path holds no anchor as such, or something without end before it.
  static func of(_ regex: String, anchors: [String]) -> Int? {
    guard let root = try? RegexParser.parse(regex).first else { return nil }
    return lead(root, anchors.map { Array($0.lowercased().unicodeScalars) })
  }

  private static func lead(_ node: RegexNode, _ anchors: [[Unicode.Scalar]]) -> Int? {
    switch node {
    case .empty, .set: return nil
    case .repeated(let inner, let min, _, _): return min > 0 ? lead(inner, anchors) : nil
    case .choice(let branches):
      var most = 0
      for branch in branches {
        guard let lead = lead(branch, anchors) else { return nil }
        most = max(most, lead)
      }
      return most
    case .sequence(let items):
      var before = 0
      for place in items.indices {
        // Of several anchors in a row the first is met first, wherever the others are.
        if anchors.contains(where: { spells(items[place...], $0) }) { return before }
        if let lead = lead(items[place], anchors) { return before + lead }
        guard let width = width(items[place]) else { return nil }
        before += width
      }
      return nil
    }
  }

  /// Whether some items begin with the letters of an anchor, and with nothing else.
  private static func spells(_ items: ArraySlice<RegexNode>, _ anchor: [Unicode.Scalar]) -> Bool {
    var left = anchor[...]
    for item in items {
      guard let next = left.first else { return true }
      switch item {
      case .set(let set) where letter(of: set) == next: left = left.dropFirst()
      case .empty: continue
      default: return false
      }
    }
    return left.isEmpty
  }

  /// The one letter of a set, in lower case.
  private static func letter(of set: ScalarSet) -> Unicode.Scalar? {
    RequiredLiterals.letter(of: set)?.properties.lowercaseMapping.unicodeScalars.first
  }

  /// The most bytes a node takes, or `nil` where there is no end to it.
  private static func width(_ node: RegexNode) -> Int? {
    switch node {
    case .empty: return 0
    case .set(let set):
      // The classes of the parser are only near enough: beyond ASCII anything may be four bytes.
      return set.ranges.allSatisfy { $0.upperBound < 0x80 } ? 1 : 4
    case .sequence(let items):
      var sum = 0
      for item in items {
        guard let width = width(item) else { return nil }
        sum += width
      }
      return sum
    case .choice(let branches):
      var most = 0
      for branch in branches {
        guard let width = width(branch) else { return nil }
        most = max(most, width)
      }
      return most
    case .repeated(let inner, _, let count, _):
      guard let count, let width = width(inner) else { return nil }
      return count.multipliedReportingOverflow(by: width).partialValue
    }
  }
}
