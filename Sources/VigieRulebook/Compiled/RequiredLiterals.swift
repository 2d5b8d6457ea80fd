/// The literals of which every match of an expression must hold one.
enum RequiredLiterals {
  /// The shortest literal worth an anchor, bytes.
  static let minCount = 3

  /// Returns ASCII literals, lower-case, or `nil` where the expression requires none.
  static func of(_ regex: String) -> [String]? {
    (try? RegexParser.parse(regex).first).flatMap(best)
  }

  private static func best(_ node: RegexNode) -> [String]? {
    switch node {
    case .empty, .look, .lineEdge, .set: return nil
    case .repeated(let inner, let min, _, _): return min > 0 ? best(inner) : nil
    case .choice(let branches):
      var all: [String] = []
      for branch in branches {
        guard let literals = best(branch) else { return nil }
        all += literals
      }
      return all
    case .sequence(let items):
      var candidates: [[String]] = items.compactMap(best)
      var run = ""
      for item in items {
        if case .set(let set) = item, let letter = letter(of: set) {
          run.unicodeScalars.append(letter)
        } else if item.consumesNothing {
          continue
        } else {
          if run.utf8.count >= minCount { candidates.append([run]) }
          run = ""
        }
      }
      if run.utf8.count >= minCount { candidates.append([run]) }
      return candidates.max { shortest($0) < shortest($1) }
    }
  }

  private static func shortest(_ literals: [String]) -> Int {
    literals.map(\.utf8.count).min() ?? 0
  }

  /// The one printable ASCII scalar of a set, case apart.
  static func letter(of set: ScalarSet) -> Unicode.Scalar? {
    // Asked of every class of every pattern, most of which are large.
    let ranges = set.ranges
    guard ranges.count <= 3, let first = ranges.first?.lowerBound, (0x20..<0x7F).contains(first),
      ranges[0].upperBound == first
    else { return nil }
    if ranges.count == 1 { return Unicode.Scalar(first) }
    guard (0x41...0x5A).contains(first), ranges[1] == (first | 0x20)...(first | 0x20) else {
      return nil
    }
    // A letter without regard to case may bring one look-alike of its own (k and U+212A).
    if ranges.count == 3, ranges[2].lowerBound < 0x80 || ranges[2].count > 1 { return nil }
    return Unicode.Scalar(first | 0x20)
  }

  /// The printable ASCII scalars of a set, case apart, where they are few; none of any other set.
  static func letters(of set: ScalarSet) -> [Unicode.Scalar] {
    if let letter = letter(of: set) { return [letter] }
    guard set.ranges.count <= maxLetterCount, let least = set.ranges.first?.lowerBound,
      least >= 0x20,
      set.ranges.allSatisfy({ $0.upperBound < 0x7F && $0.count <= maxLetterCount })
    else { return [] }
    let letters = Set(set.ranges.joined().map { Prefilter.lowercased(UInt8($0)) }).sorted()
    return letters.count <= maxLetterCount ? letters.map { Unicode.Scalar($0) } : []
  }

  /// The most letters of a set that are told apart.
  private static let maxLetterCount = 4
}
