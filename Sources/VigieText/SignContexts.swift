import VigieUnicode

/// Between which letters of the phrases that are sought a sign may stand for a digit that looks like one.
///
/// Formulas, programs and tables are full of signs between letters. Only a phrase is found by a digit in the place of
/// a letter, and three letters on either side say of nearly every sign that none has it there.
package final class SignContexts: Sendable {
  /// Every sign may stand for a letter: for a decoder that knows no phrases.
  package static let any = SignContexts(bits: [], nearest: [])

  /// How many letters on either side are looked at.
  private static let reach = 3
  /// The fewest letters with the sign that say anything.
  private static let minCount = 3
  /// The most bytes between a sign and the letter beside it, and between this and others: what stands farther off is
  /// taken for none.
  private static let maxGapCount = (beside: 12, beyond: 32)
  /// How many bits a place of the table has: a few thousand places of phrases fill a fiftieth of it.
  private static let placeBitCount: UInt64 = 18

  /// A bit for each place of a phrase, by its letters; empty where all are allowed.
  private let bits: [UInt64]

  /// The same of the nearest letters alone, which tell most signs: for each digit's symbol and each before it those
  /// after it, as bits; 0 stands for none.
  private let nearest: [UInt32]
  /// For each scalar of ASCII its shape; its own, as a look at what all share costs as much as a look at a letter.
  private let shapes: InlineArray<128, UInt8> = InlineArray { Shape.of(UInt32($0)) }

  private init(bits: [UInt64], nearest: [UInt32]) {
    self.bits = bits
    self.nearest = nearest
  }

  /// The contexts in phrases, given by the symbols of their skeleton.
  package convenience init(_ phrases: some Sequence<[UInt8]>) {
    // A bit for each symbol of a digit that a sign stands for.
    let letters = ["1", "3", "7"].reduce(0) { (letters: UInt32, digit: Unicode.Scalar) in
      letters | 1 << UInt32(FoldedView.skeleton.fold(digit.value).first)
    }
    var bits = [UInt64](repeating: 0, count: 1 << Int(SignContexts.placeBitCount - 6))
    var nearest = [UInt32](repeating: 0, count: 1 << 10)
    for symbols in phrases where symbols.count >= SignContexts.minCount {
      for place in symbols.indices where letters >> UInt32(symbols[place]) & 1 == 1 {
        let before = min(SignContexts.reach, place)
        let after = min(SignContexts.reach, symbols.count - 1 - place)
        var left: UInt64 = 0
        for index in (place - before)..<place { left = left << 5 | UInt64(symbols[index] & 31) }
        var right: UInt64 = 0
        for index in ((place + 1)..<(place + 1 + after)).reversed() {
          right = right << 5 | UInt64(symbols[index] & 31)
        }
        let hash = SignContexts.hash(left, before, symbols[place], right, after)
        let first = SignContexts.firstBit(hash)
        let second = SignContexts.secondBit(hash)
        bits[first >> 6] |= 1 << UInt64(first & 63)
        bits[second >> 6] |= 1 << UInt64(second & 63)
        nearest[Int(symbols[place]) << 5 | Int(left & 31)] |= 1 << UInt32(right & 31)
      }
    }
    self.init(bits: bits, nearest: nearest)
  }

  /// The hash of a place.
  ///
  /// - Parameters:
  ///   - left: The symbols before it, the nearest in the lowest five bits.
  ///   - before: How many these are.
  ///   - symbol: Its own.
  ///   - right: Those after it, in the same way.
  ///   - after: How many these are.
  /// - Returns: All of it in 64 bits, the upper ones the best mixed.
  @inline(__always)
  private static func hash(
    _ left: UInt64,
    _ before: Int,
    _ symbol: UInt8,
    _ right: UInt64,
    _ after: Int
  ) -> UInt64 {
    let letters = left << 20 | right << 5 | UInt64(symbol & 31)
    let key = letters << 4 | UInt64(truncatingIfNeeded: before << 2 | after)
    // *Source:* the golden ratio's odd multiplier, Knuth, The Art of Computer Programming 3, 6.4.
    return key &* 0x9E37_79B9_7F4A_7C15
  }

  @inline(__always)
  private static func firstBit(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> (64 - placeBitCount))
  }

  /// Another, which both of a place must have: single letters by themselves, of which formulas are full, are asked for
  /// in every way in which a phrase may start and end among them.
  @inline(__always)
  private static func secondBit(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> (64 - 2 * placeBitCount)) & (1 << Int(placeBitCount) - 1)
  }

  private func holds(_ hash: UInt64) -> Bool {
    let first = SignContexts.firstBit(hash)
    guard bits[first >> 6] >> UInt64(first & 63) & 1 == 1 else { return false }
    let second = SignContexts.secondBit(hash)
    return bits[second >> 6] >> UInt64(second & 63) & 1 == 1
  }

  /// Whether the nearest letters allow for a sign as a letter: a cheap question, asked first.
  package func mayAllow(_ digit: UInt8, _ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if bits.isEmpty { return true }
    let symbol = shapes[Int(digit & 0x7F)] & Shape.symbol
    return mayStand(symbol, source, range, takesSigns: true)
      || mayStand(symbol, source, range, takesSigns: false)
  }

  /// Whether a phrase may have a letter where a sign stands.
  ///
  /// - Parameters:
  ///   - digit: What the sign is taken for.
  ///   - source: The text.
  ///   - range: Where the sign stands.
  /// - Returns: Whether one may; of a few thousand signs between single letters one is allowed that no phrase has.
  package func allow(_ digit: UInt8, _ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if bits.isEmpty { return true }
    let symbol = shapes[Int(digit & 0x7F)] & Shape.symbol
    // Other signs near it are letters too, or part words as most do.
    let left = before(source, range.lowerBound, takesSigns: true)
    let right = after(source, range.upperBound, takesSigns: true)
    if holds(left, symbol, right) { return true }
    guard left.hasMetSign || right.hasMetSign else { return false }
    return holds(
      before(source, range.lowerBound, takesSigns: false),
      symbol,
      after(source, range.upperBound, takesSigns: false)
    )
  }

  /// Whether the nearest letters allow for it; `true` where one is not ASCII.
  @inline(__always)
  private func mayStand(
    _ symbol: UInt8,
    _ source: Span<UInt8>,
    _ range: Range<Int>,
    takesSigns: Bool
  ) -> Bool {
    let kept = takesSigns ? Shape.symbol : Shape.symbol | Shape.sign
    var left: UInt8 = 0
    var index = range.lowerBound
    let first = max(0, range.lowerBound - SignContexts.maxGapCount.beside)
    while index > first {
      index -= 1
      guard source[index] < 0x80 else { return true }
      left = shapes[Int(source[index])] & kept
      // A symbol that is no sign's, or one that is taken for its letter.
      if left &- 1 < Shape.symbol { break }
      left = 0
    }
    let startsApart = index + 1 < range.lowerBound || left == 0
    var right: UInt8 = 0
    index = range.upperBound
    let last = min(source.count, range.upperBound + SignContexts.maxGapCount.beside)
    while index < last {
      guard source[index] < 0x80 else { return true }
      right = shapes[Int(source[index])] & kept
      index += 1
      if right &- 1 < Shape.symbol { break }
      right = 0
    }
    let endsApart = index > range.upperBound + 1 || right == 0
    let row = Int(symbol) << 5
    let allowed = nearest[row | Int(left)]
    // Between two letters, at the start of a phrase, or at its end.
    return allowed >> UInt32(right) & 1 == 1
      || startsApart && nearest[row] >> UInt32(right) & 1 == 1
      || endsApart && allowed & 1 == 1
  }

  private func holds(_ left: Side, _ symbol: UInt8, _ right: Side) -> Bool {
    for before in 0...left.count where before == SignContexts.reach || left.isEdge(before) {
      for after in 0...right.count
      where (after == SignContexts.reach || right.isEdge(after))
        && before + after + 1 >= SignContexts.minCount
      {
        let hash = SignContexts.hash(
          left.nearest(before),
          before,
          symbol,
          right.nearest(after),
          after
        )
        if holds(hash) { return true }
      }
    }
    return false
  }

  /// What the letters on one side of a sign are.
  @inline(__always)
  private func before(_ source: Span<UInt8>, _ end: Int, takesSigns: Bool) -> Side {
    var side = Side()
    var index = end
    while index > 0 {
      let byte = source[index - 1]
      if byte < 0x80 {
        index -= 1
        let shape = shapes[Int(byte)]
        if !side.take(shape, takesSigns, turns: (Shape.lower, Shape.upper)) { return side }
      } else {
        let unit = source.scalar(before: index)
        index -= unit.length
        if !side.take(unit, takesSigns, isBefore: true) { return side }
      }
    }
    side.end()
    return side
  }

  @inline(__always)
  private func after(_ source: Span<UInt8>, _ start: Int, takesSigns: Bool) -> Side {
    var side = Side()
    var index = start
    while index < source.count {
      let byte = source[index]
      if byte < 0x80 {
        index += 1
        let shape = shapes[Int(byte)]
        if !side.take(shape, takesSigns, turns: (Shape.upper, Shape.lower)) { return side }
      } else {
        let unit = source.scalar(at: index)
        index += unit.length
        if !side.take(unit, takesSigns, isBefore: false) { return side }
      }
    }
    side.end()
    return side
  }

  /// The bits of a scalar's shape.
  private enum Shape {
    /// Its symbol, or that of the letter for which a sign stands; 0 for none.
    static let symbol: UInt8 = 0x1F
    static let upper: UInt8 = 1 << 5
    static let lower: UInt8 = 1 << 6
    static let sign: UInt8 = 1 << 7
    /// A letter without a symbol: in both cases at once, as none is.
    static let other: UInt8 = upper | lower

    static func of(_ scalar: UInt32) -> UInt8 {
      if let letter = Decoder.signLetter(scalar) {
        return sign | FoldedView.skeleton.fold(UInt32(letter)).first
      }
      let entry = ScalarFold.entry(scalar)
      let first = FoldedView.skeleton.fold(scalar).first
      if first == 0 { return entry.isWord ? other : 0 }
      return first | (entry.isUppercase ? upper : 0) | (entry.isLowercase ? lower : 0)
    }
  }

  /// The letters on one side of a sign, the nearest first.
  private struct Side {
    /// Their symbols, the nearest in the lowest five bits.
    private var symbols: UInt64 = 0
    private(set) var count = 0
    /// For each number of letters whether a word may end beyond them, as bits.
    private var edges: UInt8 = 0
    private(set) var hasMetSign = false
    private var gap = 0
    private var lastCase: UInt8 = 0

    @inline(__always)
    func isEdge(_ number: Int) -> Bool { edges >> UInt8(truncatingIfNeeded: number) & 1 == 1 }

    @inline(__always)
    func nearest(_ number: Int) -> UInt64 {
      symbols & (1 << UInt64(truncatingIfNeeded: 5 * number) &- 1)
    }

    /// Ends it where the text does.
    mutating func end() { edges |= 1 << UInt8(count) }

    /// Takes the next scalar of ASCII; says whether there may be more to take.
    ///
    /// In a file name a change from small letter to capital parts words: `turns` are the case of this one and of the
    /// one before that make an edge.
    @inline(__always)
    mutating func take(
      _ shape: UInt8,
      _ takesSigns: Bool,
      turns: (this: UInt8, last: UInt8)
    ) -> Bool {
      var symbol = shape & Shape.symbol
      if shape & Shape.sign != 0 {
        hasMetSign = true
        if !takesSigns { symbol = 0 }
      }
      let isOther = shape & Shape.other == Shape.other
      guard symbol != 0 else {
        if !isOther { end() }
        return skip(1)
      }
      if shape & turns.this != 0, lastCase & turns.last != 0 { end() }
      guard count < SignContexts.reach else { return false }
      lastCase = shape & Shape.other
      add(symbol)
      return true
    }

    /// Takes the next scalar.
    mutating func take(_ unit: WalkedScalar, _ takesSigns: Bool, isBefore: Bool) -> Bool {
      if let letter = Decoder.signLetter(unit.value) {
        hasMetSign = true
        if takesSigns {
          guard count < SignContexts.reach else { return false }
          add(FoldedView.skeleton.fold(UInt32(letter)).first)
          return true
        }
      }
      let entry = ScalarFold.entry(unit.value)
      let folded = FoldedView.skeleton.fold(unit.value)
      guard folded.count > 0 else {
        if !entry.isWord, !entry.kind.contains(.ignorable), !entry.kind.contains(.mark) { end() }
        return skip(unit.length)
      }
      guard count < SignContexts.reach else { return false }
      lastCase = 0
      for number in 0..<folded.count where count < SignContexts.reach {
        add(folded[isBefore ? folded.count - 1 - number : number])
      }
      return true
    }

    @inline(__always)
    private mutating func skip(_ length: Int) -> Bool {
      gap += length
      let most = count == 0 ? SignContexts.maxGapCount.beside : SignContexts.maxGapCount.beyond
      return gap <= most && count < SignContexts.reach
    }

    @inline(__always)
    private mutating func add(_ symbol: UInt8) {
      gap = 0
      symbols |= UInt64(symbol & Shape.symbol) << UInt64(truncatingIfNeeded: 5 * count)
      count += 1
    }
  }
}
