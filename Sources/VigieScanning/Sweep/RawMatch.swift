import VigieCore

/// The case of the letters of a match.
enum LetterCase: Sendable {
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
struct RawMatch: Sendable {
  enum Source: Sendable { case phrase, pattern, mark }

  var rule: Int
  /// Bytes of the view, half-open.
  var range: Range<Int>
  var source: Source
  var letterCase: LetterCase
  var disguise: Disguise
  /// Whether a sentence ends, or a paragraph, between its words.
  var hasSentenceGap: Bool
  /// Whether a longer match of any rule covers it.
  var isCovered = false
}
