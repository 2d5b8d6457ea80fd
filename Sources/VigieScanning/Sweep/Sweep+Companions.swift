import VigieRulebook

/// Which of the patterns of an anchor need not be run: those that ask for other characters or words beside it.
extension Sweep {
  /// What may stand around the anchors of a group; the rules keep it.
  @inline(__always)
  mutating func filter(of group: Int) -> AnchorFilter.Lent {
    filters[group] ?? makeFilter(of: group)
  }

  @inline(never)
  private mutating func makeFilter(of group: Int) -> AnchorFilter.Lent {
    let filter = AnchorFilter.Lent(rules.filter(ofGroup: group))
    filters[group] = filter
    return filter
  }

  /// From how many patterns at one anchor on the letters around it may be read first, and of how many bytes for each
  /// pattern: that costs half as much as running it.
  private static let manyKindsCount = 3
  private static let triplesShare = 128
  /// How much before and after an anchor is read of a long text, bytes: what nearly all patterns may look at.
  private static let triplesReach = (before: 512, after: 1_024)
  /// The longest text of which all is read, bytes.
  private static let triplesCount = 1_024

  /// Reads the letters around an anchor that many patterns have, unless they were.
  mutating func readTriples(
    _ text: Span<UInt8>,
    around anchor: Range<Int>,
    for kindCount: Int
  ) {
    guard kindCount >= Sweep.manyKindsCount else { return }
    let isShort = text.count <= Sweep.triplesCount
    let from = isShort ? 0 : max(0, anchor.lowerBound - Sweep.triplesReach.before)
    let to = isShort ? text.count : min(text.count, anchor.upperBound + Sweep.triplesReach.after)
    guard to - from <= kindCount * Sweep.triplesShare, !triples.cover(from..<to) else { return }
    triples.read(text, from..<to)
  }

  /// Whether a pattern may match in a part of a text, as far as its letters were read.
  func mayMatch(_ pattern: Int, in range: Range<Int>) -> Bool {
    !triples.cover(range) || rules.companions.allow(pattern, in: triples)
  }
}
