/// What may stand in, right before and right after an anchor where an expression matches around it.
///
/// An expression is run at each of its anchors, and nearly always the next few characters say that it cannot match
/// there. Characters are told apart as far as ASCII goes; all others are one, for matches of expressions differ
/// little in them.
package struct AnchorSurroundings: Sendable, Equatable {
  /// How many characters before and after an anchor are looked at.
  package static let reach = 8
  /// How many ways in which a text may go on are told apart.
  package static let maxWayCount = 4

  /// Some characters: a bit for each of ASCII, but ``beyond`` and ``edge``.
  package struct Characters: Sendable, Hashable {
    package var low: UInt64
    package var high: UInt64

    package init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// What stands for all characters beyond ASCII, and for two control characters.
    package static let beyond: UInt8 = 0
    /// What stands for the edge of a text.
    package static let edge: UInt8 = 1

    static let none = Characters(low: 0, high: 0)
    static let all = Characters(low: .max, high: .max)
    /// Where a line ends, or the text: a line break, or what is none of ASCII.
    static let lineEdge = Characters(low: 1 << beyond | 1 << edge | 0x3C00, high: 0)

    /// All but letters and digits.
    static let noneOfWords = Characters(
      low: ~(0x3FF << 0x30),
      high: ~(0x07FF_FFFE | 0x07FF_FFFE << 32)
    )

    var isEmpty: Bool { low == 0 && high == 0 }

    var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }

    func contains(_ character: UInt8) -> Bool {
      (character < 64 ? low >> UInt64(character) : high >> UInt64(character & 63)) & 1 != 0
    }

    func union(_ other: Characters) -> Characters {
      Characters(low: low | other.low, high: high | other.high)
    }

    func intersection(_ other: Characters) -> Characters {
      Characters(low: low & other.low, high: high & other.high)
    }

    /// Those of a set, and more where PCRE2 may see more in it than the parser does.
    init(_ set: ScalarSet) {
      var bits: (low: UInt64, high: UInt64) = (0, 0)
      var isBeyond = false
      for range in set.ranges {
        if range.upperBound >= 0x80 { isBeyond = true }
        guard range.lowerBound < 0x80 else { break }
        for value in range.lowerBound...min(range.upperBound, 0x7F) {
          if value < 64 {
            bits.low |= 1 << UInt64(value)
          } else {
            bits.high |= 1 << UInt64(value - 64)
          }
        }
      }
      self.init(low: bits.low, high: bits.high)
      // \d has the digits of all scripts; without regard to case, k is U+212A and s is U+017F as well.
      let digits: UInt64 = 0x3FF << 0x30
      let hasLookalike = "ks".utf8.contains { contains($0) && contains($0 & ~0x20) }
      if isBeyond || low & digits == digits || hasLookalike || low & 3 != 0 {
        low |= 1 << UInt64(Characters.beyond)
      }
      low &= ~(1 << UInt64(Characters.edge))
    }
  }

  /// The ways in which the text before the anchor may end, the nearest character first, and those in which it may go on
  /// after it; none where anything may stand there.
  package var before: [[Characters]]
  package var after: [[Characters]]
  /// Those of the anchor itself, one for each letter.
  package var own: [Characters]

  package init(before: [[Characters]], own: [Characters], after: [[Characters]]) {
    self.before = before
    self.own = own
    self.after = after
  }

  /// Those of an expression of which nothing is known.
  package static let unknown = AnchorSurroundings(before: [], own: [], after: [])
}

extension AnchorSurroundings {
  /// The anchors that no match of an expression can hold, as far as it can be told.
  static func strangers(to regex: String, anchors: [String]) -> [String] {
    guard let root = readable(ReadExpression(regex)),
      let graph = RegexGraph(root, isReversed: false)
    else { return [] }
    var walk = RegexGraph.Walk(graph)
    return anchors.filter { walk.pass(over: Array($0.utf8), .anywhere) == nil }
  }

  /// What may stand right before and right after an anchor that an expression spells; see ``RegexGraph/Walk/beside(_:)``.
  static func beside(
    _ anchor: String,
    in regex: String
  ) -> (before: [[RegexGraph.Beside]], after: [[RegexGraph.Beside]]) {
    guard let root = readable(ReadExpression(regex)),
      let ahead = RegexGraph(root, isReversed: false, keepsSets: true),
      let back = RegexGraph(root, isReversed: true, keepsSets: true)
    else { return ([], []) }
    var forward = RegexGraph.Walk(ahead)
    var backward = RegexGraph.Walk(back)
    let letters = Array(anchor.utf8)
    return (backward.beside(letters.reversed()), forward.beside(letters))
  }

  /// Those of each anchor of an expression, in their order; ``unknown`` ones where the expression holds what cannot be
  /// told apart.
  package static func of(_ regex: String, anchors: [String]) -> [AnchorSurroundings] {
    let read = ReadExpression(regex)
    return of(read, anchors, AnchorLead.spelling(read, anchors))
  }

  /// The same of an expression that was read, of which it is known where every match spells an anchor.
  static func of(
    _ read: ReadExpression,
    _ anchors: [String],
    _ spelling: RegexGraph.Spelling
  ) -> [AnchorSurroundings] {
    let unknown = anchors.map { _ in AnchorSurroundings.unknown }
    guard let root = readable(read), let ahead = RegexGraph(root, isReversed: false),
      let back = RegexGraph(root, isReversed: true)
    else { return unknown }
    var forward = RegexGraph.Walk(ahead)
    var backward = RegexGraph.Walk(back)
    return anchors.map { anchor in
      let letters = Array(anchor.utf8)
      guard let after = forward.pass(over: letters, spelling),
        let before = backward.pass(over: letters.reversed(), spelling)
      else { return .unknown }
      return AnchorSurroundings(
        before: told(before.beyond),
        own: after.own,
        after: told(after.beyond)
      )
    }
  }

  /// Those of the place where matches of an expression start: an anchor of no length.
  static func atStart(of regex: String) -> AnchorSurroundings {
    guard let root = readable(ReadExpression(regex)),
      let graph = RegexGraph(root, isReversed: false)
    else { return .unknown }
    var walk = RegexGraph.Walk(graph)
    let after = walk.atStart()
    guard !after.isEmpty else { return .unknown }
    return AnchorSurroundings(
      before: startsWord(regex) ? [[.noneOfWords]] : [],
      own: [],
      after: told(after)
    )
  }

  /// Whether an expression starts with what every rule of numbers starts with: no letter or digit may stand before.
  private static func startsWord(_ regex: String) -> Bool {
    let bare = regex.hasPrefix("(?i)") ? regex.dropFirst(4) : regex[...]
    return ["", "_", "_+"].contains { bare.hasPrefix("(?<![\\p{L}\\p{N}\($0)])") }
  }

  /// The expression, read; `nil` where it holds what cannot be told apart.
  private static func readable(_ read: ReadExpression) -> RegexNode? {
    // These escapes stand for several characters.
    if read.holdsVerb || read.repeatsGroup || read.holds("\\", "R") || read.holds("\\", "X") {
      return nil
    }
    return read.root
  }

  /// Ways up to the last characters that are not any; none where one of them is open from the start.
  private static func told(_ ways: [[Characters]]) -> [[Characters]] {
    let told = ways.map { way in
      Array(way.prefix((way.lastIndex { $0 != .all } ?? -1) + 1))
    }
    return told.contains([]) ? [] : told
  }
}
