/// A regular expression as far as it matters for how much it can backtrack.
indirect enum RegexNode: Sendable {
  /// Consumes nothing: anchors, look-around, back references.
  case empty
  /// One scalar of a set.
  case set(ScalarSet)
  case sequence([RegexNode])
  case choice([RegexNode])
  /// `max` is `nil` without an upper bound; what is possessive never gives back.
  case repeated(RegexNode, min: Int, max: Int?, isPossessive: Bool)
}

/// Why an expression cannot be analysed.
struct RegexUnreadable: Error, Equatable {
  /// What was met, in words.
  var reason: String
}
