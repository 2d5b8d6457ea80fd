package import VigieCore

/// One match, weighed.
package struct Judgement: Sendable {
  /// A piece of evidence that was seen, by number.
  package struct Reason: Sendable, Equatable {
    package var evidence: Int
    package var marking: Double
    package var usage: Double
    /// The bytes of the words that show it, half-open, as ``Judgement/range``; empty for what shows in the layout.
    package var words = 0..<0
  }

  /// The number of the rule.
  package var rule: Int
  /// What of the rule matched.
  package var source: RawMatch.Source
  /// Bytes of the original text, half-open.
  package var range: Range<Int>
  /// The logit that this is the marking, prior included.
  package var markingLogit: Double
  /// The logit of applied against mentioned, prior included.
  package var usageLogit: Double
  /// The numbers of the rule's caveats beside it, in text order.
  package var caveats: [Int]
  /// Where the words of these caveats stand, in the original text.
  var caveatRanges: [Range<Int>]
  package var disguise: Disguise
  /// Everything that was seen, in the order of the evidence table.
  package var reasons: [Reason]
  /// The number of the rule of a judgement that took its place, or `nil`.
  package var coveredBy: Int?

  /// The place among the judgements of its text before they were sorted.
  var order = 0

  /// Whether it is more likely the marking than not.
  @inlinable package var isLikely: Bool { markingLogit >= 0 }

  /// How much it counts beside others in the same place: its bytes, and half of them where it is misspelt, as something
  /// else may be right there.
  var weight: Int { disguise.contains(.misspelt) ? range.count / 2 : range.count }

  /// Whether of two likely ones in the same place the first stands, but for their order where all else is equal.
  static func stands(_ first: Judgement, before second: Judgement) -> Bool {
    if first.weight != second.weight { return first.weight > second.weight }
    // The + of TLP:AMBER+STRICT is no letter in disguise where the words match as they stand.
    let isLeet = (first: first.disguise.contains(.leet), second: second.disguise.contains(.leet))
    if isLeet.first != isLeet.second { return isLeet.second }
    if first.markingLogit != second.markingLogit {
      return first.markingLogit > second.markingLogit
    }
    return first.order < second.order
  }

  /// Applied or mentioned.
  package var usage: Usage { usageLogit >= 0 ? .applied : .mentioned }
}
