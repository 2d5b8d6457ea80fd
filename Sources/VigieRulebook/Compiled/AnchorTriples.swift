/// Which three codes in a row an anchor has, itself or with what stands beside it.
///
/// A look-alike matters where it may be a letter of an anchor. In formulas every second letter is one; three
/// codes in a row tell nearly all of them from anchors, where two, of which one is often a space, do not.
package struct AnchorTriples: Sendable {
  /// For each two codes those that follow them in an anchor that is a whole word, with what is no letter on either
  /// side, as bits.
  private let words: [UInt32]
  /// The same of other anchors, by themselves, and of words of one letter.
  private let parts: [UInt32]

  /// The triples of anchors.
  init(_ groups: [Prefilter.AnchorGroup]) {
    var words = [UInt32](repeating: 0, count: 1 << 10)
    var parts = words
    let all = (0..<32).map { UInt8($0) }
    for group in groups {
      let codes = group.literal.map(StepTable.code)
      if !group.isWholeWord, codes.count >= 3 {
        AnchorTriples.add(codes, to: &parts)
        continue
      }
      // One code or two make three with what stands beside them.
      let beside = group.isWholeWord ? StepTable.edgeCodes : all
      for before in beside {
        for after in beside {
          let whole = [before] + codes + [after]
          if group.isWholeWord, codes.count >= 2 {
            AnchorTriples.add(whole, to: &words)
          } else {
            AnchorTriples.add(whole, to: &parts)
          }
        }
      }
    }
    self.words = words
    self.parts = parts
  }

  /// Adds all triples of a sequence of codes.
  private static func add(_ codes: [UInt8], to table: inout [UInt32]) {
    for start in 0...(codes.count - 3) {
      table[Int(codes[start]) << 5 | Int(codes[start + 1])] |= 1 << UInt32(codes[start + 2])
    }
  }

  /// Whether the middle one of five codes in a row may be a letter of an anchor.
  ///
  /// A letter of a word stands between two others of its codes, and one of these between two more, if the word has
  /// two letters; of other anchors nothing is known beyond their ends.
  package func mayHold(
    _ first: UInt8,
    _ second: UInt8,
    _ middle: UInt8,
    _ fourth: UInt8,
    _ last: UInt8
  ) -> Bool {
    if AnchorTriples.holds(words, second, middle, fourth),
      AnchorTriples.holds(words, first, second, middle)
        || AnchorTriples.holds(words, middle, fourth, last)
    {
      return true
    }
    return AnchorTriples.holds(parts, second, middle, fourth)
      || AnchorTriples.holds(parts, first, second, middle)
      || AnchorTriples.holds(parts, middle, fourth, last)
  }

  /// Whether codes of an anchor may meet where what stands between them is not seen.
  package func mayHold(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Bool {
    AnchorTriples.holds(words, first, second, third)
      || AnchorTriples.holds(words, second, third, fourth)
      || AnchorTriples.holds(parts, first, second, third)
      || AnchorTriples.holds(parts, second, third, fourth)
  }

  private static func holds(
    _ table: [UInt32],
    _ first: UInt8,
    _ second: UInt8,
    _ third: UInt8
  ) -> Bool {
    table[Int(first & 31) << 5 | Int(second & 31)] >> UInt32(third & 31) & 1 == 1
  }
}
