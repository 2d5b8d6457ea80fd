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
  /// Of these the three that an anchor starts with.
  private let starts: [UInt32]
  /// And the three that it ends with.
  private let ends: [UInt32]
  /// Those of ``parts`` with nothing of the anchor before or after them, or where that is not known.
  private let firsts: [UInt32]
  private let lasts: [UInt32]
  /// For each code those that follow it at the end of an anchor.
  private let lastPairs: [UInt32]

  /// The triples of anchors.
  ///
  /// - Parameters:
  ///   - groups: The anchors that are words or parts of words.
  ///   - digits: The codes of those that are runs of digits, three or more each.
  init(_ groups: [Prefilter.AnchorGroup], digits: [[UInt8]]) {
    var words = [UInt32](repeating: 0, count: 1 << 10)
    var parts = words
    var starts = words
    var ends = words
    var shorts = words
    let all = (0..<32).map { UInt8($0) }
    func addPart(_ codes: [UInt8]) {
      AnchorTriples.add(codes[...], to: &parts)
      AnchorTriples.add(codes.prefix(3), to: &starts)
      AnchorTriples.add(codes.suffix(3), to: &ends)
    }
    digits.forEach(addPart)
    for group in groups {
      let codes = group.literal.map(StepTable.code)
      if !group.isWholeWord, codes.count >= 3 {
        addPart(codes)
        continue
      }
      // One code or two make three with what stands beside them.
      let beside = group.isWholeWord ? StepTable.edgeCodes : all
      for before in beside {
        for after in beside {
          let whole = [before] + codes + [after]
          if group.isWholeWord, codes.count >= 2 {
            AnchorTriples.add(whole[...], to: &words)
          } else {
            AnchorTriples.add(whole[...], to: &parts)
            AnchorTriples.add(whole[...], to: &shorts)
          }
        }
      }
    }
    self.words = words
    self.parts = parts
    self.starts = starts
    self.ends = ends
    self.firsts = zip(starts, shorts).map { $0 | $1 }
    self.lasts = zip(ends, shorts).map { $0 | $1 }
    self.lastPairs = (0..<32).map { second in
      (0..<32).reduce(0) { lasts, first in lasts | ends[first << 5 | second] }
    }
  }

  /// Adds all triples of a sequence of codes.
  private static func add(_ codes: ArraySlice<UInt8>, to table: inout [UInt32]) {
    for start in codes.indices.dropLast(2) {
      table[Int(codes[start]) << 5 | Int(codes[start + 1])] |= 1 << UInt32(codes[start + 2])
    }
  }

  /// What three codes tell of the middle one.
  package enum Answer {
    /// It is no letter of an anchor.
    case no
    /// It may be one.
    case yes
    /// It may be one, which two more codes on either side tell.
    case perhaps
  }

  /// Whether a code between two others may be a letter of an anchor, as far as these three tell.
  ///
  /// A letter of a word stands between two others of its codes, and one of these between two more; other anchors may
  /// begin or end with it.
  package func holds(_ before: UInt8, _ code: UInt8, _ after: UInt8) -> Answer {
    let isPart = AnchorTriples.holds(parts, before, code, after)
    if isPart, AnchorTriples.holds(firsts, before, code, after),
      AnchorTriples.holds(lasts, before, code, after)
    {
      return .yes
    }
    let mayStand =
      isPart || AnchorTriples.holds(words, before, code, after)
      || starts[Int(code & 31) << 5 | Int(after & 31)] != 0
      || lastPairs[Int(before & 31)] >> UInt32(code & 31) & 1 == 1
    return mayStand ? .perhaps : .no
  }

  /// The same of the middle one of five codes.
  package func mayHold(
    _ first: UInt8,
    _ second: UInt8,
    _ middle: UInt8,
    _ fourth: UInt8,
    _ last: UInt8
  ) -> Bool {
    AnchorTriples.holds(ends, first, second, middle)
      || AnchorTriples.holds(starts, middle, fourth, last)
      || AnchorTriples.holds(words, second, middle, fourth)
        && (AnchorTriples.holds(words, first, second, middle)
          || AnchorTriples.holds(words, middle, fourth, last))
      || AnchorTriples.holds(parts, second, middle, fourth)
        && (AnchorTriples.holds(firsts, second, middle, fourth)
          || AnchorTriples.holds(parts, first, second, middle))
        && (AnchorTriples.holds(lasts, second, middle, fourth)
          || AnchorTriples.holds(parts, middle, fourth, last))
  }

  /// Whether codes of an anchor may meet where what stands between them is not seen.
  package func mayHold(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Bool {
    AnchorTriples.holds(words, first, second, third)
      || AnchorTriples.holds(words, second, third, fourth)
      || AnchorTriples.holds(firsts, second, third, fourth)
      || AnchorTriples.holds(lasts, first, second, third)
      || AnchorTriples.holds(parts, first, second, third)
        && AnchorTriples.holds(parts, second, third, fourth)
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
