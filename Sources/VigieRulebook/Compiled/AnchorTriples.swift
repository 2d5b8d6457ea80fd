/// Which three codes in a row an anchor has, itself or with what stands beside it.
///
/// A look-alike matters where it may be a letter of an anchor. In formulas every second letter is one; three
/// codes in a row tell nearly all of them from anchors, where two, of which one is often a space, do not.
package struct AnchorTriples: Sendable {
  /// For each two codes those that follow them, as bits.
  private let words: [UInt32]

  /// The triples of anchors.
  ///
  /// - Parameter groups: The anchors; of those that are whole words also with each code of an edge before
  ///   and after, of others that have one code or two with any.
  init(_ groups: [Prefilter.AnchorGroup]) {
    var words = [UInt32](repeating: 0, count: 1 << 10)
    let all = (0..<32).map { UInt8($0) }
    for group in groups {
      let codes = group.literal.map(StepTable.code)
      guard group.isWholeWord || codes.count < 3 else {
        AnchorTriples.add(codes, to: &words)
        continue
      }
      let beside = group.isWholeWord ? StepTable.edgeCodes : all
      for edge in beside { AnchorTriples.add([edge] + codes.prefix(2), to: &words) }
      for edge in beside { AnchorTriples.add(codes.suffix(2) + [edge], to: &words) }
      if codes.count >= 3 { AnchorTriples.add(codes, to: &words) }
      guard codes.count == 1 else { continue }
      for before in beside {
        for after in beside { AnchorTriples.add([before] + codes + [after], to: &words) }
      }
    }
    self.words = words
  }

  /// Adds all triples of a sequence of codes.
  private static func add(_ codes: [UInt8], to words: inout [UInt32]) {
    guard codes.count >= 3 else { return }
    for start in 0...(codes.count - 3) {
      words[Int(codes[start]) << 5 | Int(codes[start + 1])] |= 1 << UInt32(codes[start + 2])
    }
  }

  /// Whether three codes follow each other in an anchor.
  package func holds(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    words[Int(first & 31) << 5 | Int(second & 31)] >> UInt32(third & 31) & 1 == 1
  }
}
