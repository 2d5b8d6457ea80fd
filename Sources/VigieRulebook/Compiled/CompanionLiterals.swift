/// What a match of an expression must hold beside its anchors, so that most runs of it need not be made.
///
/// Around common words, *secret* or *DR*, dozens of expressions ask for another one beside it: *document*,
/// *joint*, *reste*. A look at the letters of a text says at once which of these it has not.
package struct CompanionLiterals: Sendable, Equatable {
  /// The sets of literals of each pattern, one after the other; a 0 after each set.
  ///
  /// A literal is two triples of its letters (``Triples/bit(_:_:_:)``), the same twice where it has no more.
  private var literals: [UInt32] = []
  /// Where those of each pattern end.
  private var ends: [UInt32] = []

  /// The most sets of a pattern that are asked for, and literals of one.
  private static let maxCount = (sets: 2, literals: 40)
  /// The fewest letters of a literal.
  private static let minLetterCount = 3

  init() {}

  /// Those of patterns by their expressions and anchors.
  init(_ patterns: some Sequence<(regex: String, anchors: [String])>) {
    for pattern in patterns {
      append(CompanionLiterals.sets(of: ReadExpression(pattern.regex), pattern.anchors))
    }
  }

  /// From the sets of literals of each pattern, as ``sets(of:_:)`` gives them.
  init(read sets: some Sequence<[[UInt32]]>) {
    for list in sets { append(list) }
  }

  /// From the sets of literals of each pattern, as ``sets`` has them; `nil` where a number is no literal.
  package init?(sets: [[[UInt32]]]) {
    for list in sets {
      guard list.allSatisfy({ $0.allSatisfy { $0 != 0 } }) else { return nil }
      append(list)
    }
  }

  /// For each pattern its sets of literals.
  package var sets: [[[UInt32]]] {
    ends.indices.map { number in
      let start = number == 0 ? 0 : Int(ends[number - 1])
      return literals[start..<Int(ends[number])].split(separator: 0).map(Array.init)
    }
  }

  /// How many patterns there are.
  package var count: Int { ends.count }

  private mutating func append(_ sets: [[UInt32]]) {
    for set in sets {
      literals += set
      literals.append(0)
    }
    ends.append(UInt32(literals.count))
  }

  /// Whether the letters of a text allow for a match of a pattern: of each of its sets one literal may stand there.
  @inline(__always)
  package func allow(_ pattern: Int, in triples: borrowing Triples) -> Bool {
    var place = pattern == 0 ? 0 : Int(ends[pattern - 1])
    let end = Int(ends[pattern])
    while place < end {
      while literals[place] != 0, !triples.hold(literals[place]) { place += 1 }
      if literals[place] == 0 { return false }
      while literals[place] != 0 { place += 1 }
      place += 1
    }
    return true
  }

  // MARK: Reading expressions

  /// The sets of literals of an expression, the rarest first.
  static func sets(of read: ReadExpression, _ anchors: [String]) -> [[UInt32]] {
    guard !read.holdsVerb, let root = read.root else { return [] }
    let own = Set(anchors.flatMap { triples(of: $0.lowercased().utf8).map(\.bit) })
    let found = required(root, own).filter { $0.literals.count <= maxCount.literals }
    return found.sorted { $0.share < $1.share }.prefix(maxCount.sets).map { set in
      Set(set.literals).sorted()
    }
  }

  /// Literals of which a match must hold one.
  private struct Choice {
    var literals: [UInt32]
    /// How common they are, taken together.
    var share: Float
  }

  private static func required(_ node: RegexNode, _ anchors: Set<UInt32>) -> [Choice] {
    switch node {
    case .empty, .lineEdge, .set: return []
    // What stands around a match lies in the same part of the text.
    case .look(let inner, _): return required(inner, anchors)
    case .repeated(let inner, let min, _, _): return min > 0 ? required(inner, anchors) : []
    case .choice(let branches):
      var all = Choice(literals: [], share: 0)
      for branch in branches {
        guard let best = required(branch, anchors).min(by: { $0.share < $1.share }) else {
          return []
        }
        all.literals += best.literals
        all.share += best.share
      }
      return [all]
    case .sequence(let items):
      var found = items.flatMap { required($0, anchors) }
      var run: [UInt8] = []
      for item in items {
        if case .set(let set) = item, let bytes = bytes(of: set) {
          run += bytes
        } else if item.consumesNothing {
          continue
        } else {
          if let choice = choice(of: run, anchors) { found.append(choice) }
          run = []
        }
      }
      if let choice = choice(of: run, anchors) { found.append(choice) }
      return found
    }
  }

  /// The bytes of the one character of a set, case apart; `nil` of several, and of a space: that stands for any blank.
  private static func bytes(of set: ScalarSet) -> [UInt8]? {
    if let letter = RequiredLiterals.letter(of: set) {
      return letter == " " ? nil : [UInt8(letter.value)]
    }
    // The second byte of a letter of Latin-1 is that of its capital, but for a bit that is not looked at.
    guard let first = set.ranges.first?.lowerBound, (0xC0..<0xDF).contains(first), first != 0xD7,
      set.ranges.allSatisfy({ $0.count == 1 && $0.lowerBound & 0xDF == first })
    else { return nil }
    return [0xC3, UInt8(0x80 | first & 0x3F)]
  }

  /// The choice that is no choice: letters that must stand; `nil` where they are too few, or stand in an anchor.
  private static func choice(of letters: [UInt8], _ anchors: Set<UInt32>) -> Choice? {
    let rarest = triples(of: letters).filter { !anchors.contains($0.bit) }
      .sorted { $0.share < $1.share }
    guard letters.count >= minLetterCount, let first = rarest.first else { return nil }
    let second = rarest.dropFirst().first ?? first
    let isOne = first.bit == second.bit
    return Choice(
      literals: [Triples.literal(first.bit, second.bit)],
      share: isOne ? first.share : first.share * second.share.squareRoot()
    )
  }

  private static func triples(of bytes: some Sequence<UInt8>) -> [(bit: UInt32, share: Float)] {
    let letters = Array(bytes)
    guard letters.count >= minLetterCount else { return [] }
    return (0...(letters.count - 3)).map { start in
      let three = letters[start..<(start + 3)]
      return (
        UInt32(Triples.bit(three[start], three[start + 1], three[start + 2])),
        TripleShares.codes.share(
          of: three.map { $0 < 0x80 ? StepTable.code(of: $0) : StepTable.wideCode }
        )
      )
    }
  }
}

/// Which three letters stand in a row anywhere in a part of a text, without regard to case.
///
/// Two triples may share a bit: what is said to stand there may not.
package struct Triples: ~Copyable {
  /// How many bits there are.
  ///
  /// A part of 1,000 letters sets one in ten.
  private static let bitCount = 8_192

  /// On the heap: a list in the structure itself would be copied for each question.
  private var bits = [UInt64](repeating: 0, count: bitCount / 64)
  /// The bytes that were read, half-open.
  private var range: Range<Int> = 0..<0
  /// Whether a letter stands there that matches one of ASCII without regard to case: anything may stand there then.
  private var isOpen = false

  package init() {}

  /// The number of the bit of three letters or other bytes.
  @inline(__always)
  static func bit(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    (Int(first & 31) &* 1_024 &+ Int(second & 31) &* 32 &+ Int(third & 31)) & (bitCount - 1)
  }

  /// A literal of two triples.
  static func literal(_ first: UInt32, _ second: UInt32) -> UInt32 {
    1 << 31 | first << 13 | second
  }

  /// Forgets what was read.
  package mutating func forget() { range = 0..<0 }

  /// Whether the letters of all bytes of a range were read.
  @inline(__always)
  package func cover(_ range: Range<Int>) -> Bool {
    self.range.lowerBound <= range.lowerBound && range.upperBound <= self.range.upperBound
  }

  /// Reads a part of a text.
  package mutating func read(_ text: Span<UInt8>, _ range: Range<Int>) {
    self.range = range
    let part = text.extracting(range)
    var mayBeOpen = false
    var bits = bits.mutableSpan
    for index in bits.indices { bits[index] = 0 }
    var last = 0
    for index in part.indices {
      let byte = unsafe part[unchecked: index]
      last = (last &<< 5 | Int(byte & 31)) & (Triples.bitCount - 1)
      // There is a bit for each number below the count.
      unsafe bits[unchecked: last &>> 6] |= 1 &<< UInt64(last & 63)
      if byte == 0xC5 || byte == 0xE2 { mayBeOpen = true }
    }
    isOpen = mayBeOpen && Triples.holdsLookalike(part)
  }

  /// Whether U+017F, which matches s, or a letter such as U+212A, which matches k, stands in a part.
  private static func holdsLookalike(_ part: Span<UInt8>) -> Bool {
    for index in 1..<max(1, part.count) {
      let pair = (part[index - 1], part[index])
      if pair == (0xC5, 0xBF) || pair == (0xE2, 0x84) { return true }
    }
    return false
  }

  /// Whether both triples of a literal may stand in the part.
  @inline(__always)
  func hold(_ literal: UInt32) -> Bool {
    let first = Int(literal >> 13) & (Triples.bitCount - 1)
    let second = Int(literal) & (Triples.bitCount - 1)
    return isOpen
      || bits[first >> 6] >> UInt64(first & 63) & bits[second >> 6] >> UInt64(second & 63) & 1 != 0
  }
}
