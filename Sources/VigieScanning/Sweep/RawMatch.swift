package import VigieCore

/// The case of the letters of a match.
package enum LetterCase: Sendable {
  /// Every cased letter is a capital.
  case upper
  /// Each word starts with a capital.
  case title
  /// No capital.
  case lower
  /// Anything else, or nothing cased.
  case mixed
}

/// A place where the words of a rule stand, before any evidence is weighed.
package struct RawMatch: Sendable {
  /// What of the rule matched.
  package enum Source: Sendable { case phrase, pattern, mark }

  /// The number of the rule.
  package var rule: Int
  /// Bytes of the view, half-open.
  package var range: Range<Int>
  /// What of the rule matched.
  package var source: Source
  package var letterCase: LetterCase
  package var disguise: Disguise
  /// Whether a sentence ends, or a paragraph, between its words.
  package var hasSentenceGap: Bool
  /// Whether a longer match of any rule covers it.
  package var isCovered = false
  /// The name of the column in which a value was found, bytes; empty where it was found by itself.
  package var column = 0..<0

  /// How much its judgement counts beside others in the same place (``Judgement/weight``).
  var weight: Int { disguise.contains(.misspelt) ? range.count * 2 / 3 : range.count }
}
