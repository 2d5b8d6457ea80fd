/// All that a pass over a text reads, in one array: the loop over the bytes keeps one address.
package struct PassTables: Sendable {
  /// The tables one behind the other, at the places of ``PassTable``.
  package let words: [UInt32]
  /// The strings of all windows, window after window.
  package let candidates: [PassCandidate]
  /// For each window what its strings agree on; the first is of none.
  package let tests: [WindowTest]
  /// For each of these its first string; one more for the end.
  package let firsts: [UInt32]

  init(phrases: WindowSet, anchors: WindowSet) {
    let steps = StepTable.shared
    var words: [UInt32] = []
    for set in [phrases, anchors] {
      var first = 0
      for count in set.counts {
        let row = set.candidates[first..<(first + Int(count))]
        words.append(row.reduce(0) { $0 | $1.lasts })
        first += Int(count)
      }
    }
    words += steps.pairs + steps.singles + steps.wide
    words.reserveCapacity(PassTable.firstTests + 2 * WindowSet.rowCount)
    var strings: [PassCandidate] = []
    // The first is read, and not used, where no window is met.
    var tests = [WindowTest([])]
    var firsts: [UInt32] = [0]
    for (set, table) in [(phrases, PassTable.phrases), (anchors, PassTable.anchors)] {
      var first = 0
      for row in set.counts.indices {
        let end = first + Int(set.counts[row])
        words.append(UInt32(tests.count))
        WindowSet.forEach(words[table + row]) { last in
          let start = strings.count
          for number in first..<end where set.candidates[number].lasts >> UInt32(last) & 1 == 1 {
            strings.append(PassCandidate(set.candidates[number]))
          }
          tests.append(WindowTest(strings[start...]))
          firsts.append(UInt32(start))
        }
        first = end
      }
    }
    firsts.append(UInt32(strings.count))
    self.candidates = strings
    self.firsts = firsts
    self.tests = tests
    self.words = words
  }

  /// The numbers of the strings that may stand where the last symbols are these.
  package func strings(_ last: UInt64, _ table: Int) -> [(string: Int, count: Int)] {
    guard PassTable.mayStand(last, table, words.span, tests.span) != 0 else { return [] }
    return candidates[PassTable.candidates(last, table, words.span, firsts.span)]
      .filter { $0.fits(last) }
      .map { (Int($0.string), Int($0.count)) }
  }
}

/// Where the tables of a pass start.
///
/// Public only so that they are inlined into the pass, as constants of another module are not.
public enum PassTable {
  /// The windows of phrases, over symbols.
  @inlinable public static var phrases: Int { 0 }
  /// The windows of anchors, over codes.
  @inlinable public static var anchors: Int { 1 << 13 }
  /// The steps over two bytes.
  @inlinable public static var pairs: Int { 2 << 13 }
  /// The steps over one byte.
  @inlinable public static var singles: Int { pairs + 1 << 16 }
  /// The steps over scalars up to U+2FFF.
  @inlinable public static var wide: Int { singles + 256 }
  /// For each row of phrases, then of anchors, its first test.
  @inlinable public static var firstTests: Int { wide + 0x3000 }

  /// Whether a window is met and what stands before it may be one of its strings: 1, else 0.
  ///
  /// A number, worked out without a question that a text decides.
  ///
  /// - Parameters:
  ///   - last: The last symbols or codes, the newest lowest.
  ///   - table: ``phrases`` or ``anchors``.
  ///   - words: The tables.
  ///   - tests: Their tests.
  /// - Returns: 1 or 0.
  @inlinable @inline(__always)
  public static func mayStand(
    _ last: UInt64,
    _ table: Int,
    _ words: Span<UInt32>,
    _ tests: Span<WindowTest>
  ) -> Int {
    let (place, isMet) = window(last, table, words)
    let test = unsafe tests[unchecked: place]
    return WindowTest.part(last) & test.mask == test.value ? isMet : 0
  }

  /// The strings of the window that the last symbols are.
  ///
  /// - Parameters:
  ///   - last: The last symbols or codes, the newest lowest.
  ///   - table: ``phrases`` or ``anchors``.
  ///   - words: The tables.
  ///   - firsts: The first string of each window.
  /// - Returns: The range of the candidates; whether they fit is another question.
  @inlinable @inline(__always)
  public static func candidates(
    _ last: UInt64,
    _ table: Int,
    _ words: Span<UInt32>,
    _ firsts: Span<UInt32>
  ) -> Range<Int> {
    let place = window(last, table, words).place
    return Int(firsts[place])..<Int(firsts[place &+ 1])
  }

  /// The place of the test of the window that the last symbols are, and 1; those of none, and 0, where they are none.
  @inlinable @inline(__always)
  public static func window(
    _ last: UInt64,
    _ table: Int,
    _ words: Span<UInt32>
  ) -> (place: Int, isMet: Int) {
    let row = Int(truncatingIfNeeded: last &>> 5 & Step.row) &+ table
    let windows = unsafe words[unchecked: row]
    let number = UInt32(truncatingIfNeeded: last)
    let isMet = Int(windows &>> number & 1)
    let before = windows & (1 &<< number &- 1)
    let place = unsafe words[unchecked: row &+ firstTests] &+ UInt32(before.nonzeroBitCount)
    // That of another window would have to be waited for.
    return (Int(place) &* isMet, isMet)
  }
}

/// What all strings of a window agree on: most windows that are met stand in other words, and are
/// passed over by this alone.
///
/// Public only so that it is inlined into the pass.
public struct WindowTest: Sendable {
  /// Which bits of the symbols before the window are settled.
  public let mask: UInt32
  /// What these bits are.
  public let value: UInt32

  /// The test of some strings; it lets everything pass where there is none.
  init(_ strings: ArraySlice<PassCandidate>) {
    var (mask, value): (UInt64, UInt64) = (0, 0)
    if let first = strings.first { (mask, value) = (first.mask, first.value) }
    for string in strings { mask &= string.mask & ~(value ^ string.value) }
    self.mask = WindowTest.part(mask)
    self.value = WindowTest.part(value & mask)
  }

  /// The bits a test is about: those before the 18 that make the window.
  @inlinable @inline(__always)
  public static func part(_ last: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: last &>> 18) }
}

/// A ``WindowCandidate`` as a pass asks for it: half a line of the cache, as there are thousands and each stop asks for
/// others.
///
/// Public only so that it is inlined into the pass.
public struct PassCandidate: Sendable {
  /// Which bits of the last symbols the string settles.
  public let mask: UInt64
  /// What these bits are.
  public let value: UInt64
  /// The string's number.
  public let string: Int32
  /// The symbols after the window, the first lowest, at most three.
  public let next: UInt16
  /// How many bytes around the window bear on what stands there.
  public let reach: UInt16
  /// How many symbols of the string come up to the end of the window.
  public let count: Int16
  /// How many come after it; -1 where the window ends with what follows the string.
  public let rest: Int16
  /// The byte at the string's end where only one case will do; 0 where any will.
  public let lastByte: UInt8
  /// How many symbols ``next`` has.
  public let nextCount: UInt8

  /// A candidate of a set; no string has as many symbols as 16 bits count.
  init(_ candidate: WindowCandidate) {
    mask = candidate.mask
    value = candidate.value
    string = candidate.string
    next = candidate.next
    reach = candidate.reach
    count = Int16(clamping: candidate.count)
    rest = Int16(clamping: candidate.rest)
    lastByte = candidate.lastByte
    nextCount = candidate.nextCount
  }

  /// Whether the string may stand where these are the last symbols, and its window is met.
  @inlinable @inline(__always)
  public func fits(_ last: UInt64) -> Bool { last & mask == value }

  /// The byte after the string, of whose symbols each is one byte.
  @inlinable @inline(__always)
  public func end(windowEnd: Int, lastLength: Int) -> Int {
    rest < 0 ? windowEnd &- lastLength : windowEnd &+ Int(rest)
  }
}
