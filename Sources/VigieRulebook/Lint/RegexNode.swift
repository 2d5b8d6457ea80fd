/// A regular expression as far as it matters for how much it can backtrack.
indirect enum RegexNode: Sendable {
  /// Consumes nothing: look-around that is negated, back references.
  case empty
  /// Consumes nothing, and must stand there: look-around that is not negated.
  case look(RegexNode, isBehind: Bool)
  /// Consumes nothing: where a line, or the text, starts or ends.
  case lineEdge(isStart: Bool)
  /// One scalar of a set.
  case set(ScalarSet)
  case sequence([RegexNode])
  case choice([RegexNode])
  /// `max` is `nil` without an upper bound; what is possessive never gives back.
  case repeated(RegexNode, min: Int, max: Int?, isPossessive: Bool)
}

extension RegexNode {
  /// Whether it is no more than a condition on what stands around.
  var consumesNothing: Bool {
    switch self {
    case .empty, .look, .lineEdge: true
    default: false
    }
  }
}

/// Why an expression cannot be analysed.
struct RegexUnreadable: Error, Equatable {
  /// What was met, in words.
  var reason: String
}
