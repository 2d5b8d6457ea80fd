/// All that a pass over a text reads, in one array: the loop over the bytes keeps one address.
package struct PassTables: Sendable {
  /// The tables one behind the other, at the places of ``PassTable``.
  package let words: [UInt32]
  /// The strings of all windows.
  package let candidates: [WindowCandidate]
  /// For each window what its strings agree on.
  package let tests: [WindowTest]

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
    // No string has the symbol 31, whatever stands before it: see ``Step/wide``.
    for row in 0..<PassTable.anchors where row & 31 == 31 { words[row] |= 1 << 31 }
    words += steps.pairs + steps.singles + steps.wide
    var first: UInt32 = 0
    for count in phrases.counts + anchors.counts {
      words.append(first)
      first += UInt32(count)
    }
    words.append(first)
    self.candidates = phrases.candidates + anchors.candidates
    self.tests = PassTables.tests(&words, candidates)
    self.words = words
  }

  /// The tests of all windows, row after row; where each row's start is appended to the words.
  private static func tests(
    _ words: inout [UInt32],
    _ candidates: [WindowCandidate]
  ) -> [WindowTest] {
    var tests: [WindowTest] = []
    words.reserveCapacity(PassTable.firstTests + 2 * WindowSet.rowCount)
    for row in 0..<(2 * WindowSet.rowCount) {
      words.append(UInt32(tests.count))
      let own = PassTable.firstCandidates + row
      let strings = candidates[Int(words[own])..<Int(words[own + 1])]
      WindowSet.forEach(words[row]) { last in
        tests.append(WindowTest(strings.lazy.filter { $0.lasts >> UInt32(last) & 1 == 1 }))
      }
    }
    return tests
  }

  /// The numbers of the strings that may stand where the last symbols are these.
  package func strings(_ last: UInt64, _ table: Int) -> [(string: Int, count: Int)] {
    guard PassTable.mayStand(last, table, words.span, tests.span) else { return [] }
    return candidates[PassTable.candidates(last, table, words.span)]
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
  /// For each row of phrases, then of anchors, its first candidate.
  @inlinable public static var firstCandidates: Int { wide + 0x3000 }

  /// For each row of phrases, then of anchors, its first test.
  @inlinable public static var firstTests: Int { firstCandidates + 2 << 13 + 1 }

  /// Whether what stands before a window that is met may be one of its strings.
  ///
  /// - Parameters:
  ///   - last: The last symbols or codes, the newest lowest.
  ///   - table: ``phrases`` or ``anchors``.
  ///   - words: The tables.
  ///   - tests: Their tests.
  /// - Returns: `false` as well where the window is not met.
  @inlinable @inline(__always)
  public static func mayStand(
    _ last: UInt64,
    _ table: Int,
    _ words: Span<UInt32>,
    _ tests: Span<WindowTest>
  ) -> Bool {
    let row = Int(truncatingIfNeeded: last &>> 5 & Step.row) &+ table
    let windows = unsafe words[unchecked: row]
    let window: UInt32 = 1 &<< UInt32(truncatingIfNeeded: last)
    guard windows & window != 0 else { return false }
    let place =
      unsafe words[unchecked: row &+ firstTests]
      &+ UInt32((windows & (window &- 1)).nonzeroBitCount)
    let test = unsafe tests[unchecked: Int(place)]
    return last & test.mask == test.value
  }

  /// The candidates among which those are whose window the last symbols may be.
  ///
  /// - Parameters:
  ///   - last: The last symbols or codes, the newest lowest.
  ///   - table: ``phrases`` or ``anchors``.
  ///   - words: The tables.
  /// - Returns: The range of the candidates; others share it, see ``WindowCandidate/fits(_:)``.
  @inlinable @inline(__always)
  public static func candidates(_ last: UInt64, _ table: Int, _ words: Span<UInt32>) -> Range<Int> {
    let row = Int(truncatingIfNeeded: last &>> 5 & Step.row) &+ table &+ firstCandidates
    return Int(words[row])..<Int(words[row &+ 1])
  }
}

/// What all strings of a window agree on: most windows that are met stand in other words, and are
/// passed over by this alone.
///
/// Public only so that it is inlined into the pass.
public struct WindowTest: Sendable {
  /// Which bits of the last symbols are settled.
  public var mask: UInt64 = 0
  /// What these bits are.
  public var value: UInt64 = 0

  /// The test of some strings; it lets everything pass where there is none.
  init(_ strings: some Sequence<WindowCandidate>) {
    var isFirst = true
    for string in strings {
      if isFirst { (mask, value) = (string.mask, string.value) }
      isFirst = false
      mask &= string.mask & ~(value ^ string.value)
    }
    value &= mask
  }
}
