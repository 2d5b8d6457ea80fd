/// An expression as it was read, once for all that compiling works out of it.
struct ReadExpression {
  private let bytes: [UInt8]
  /// What was read; `nil` where the expression is not understood.
  let root: RegexNode?
  /// Whether it may use a group again.
  let repeatsGroup: Bool
  /// Whether it may hold a verb, which may end a match before all that is written has stood there.
  let holdsVerb: Bool

  /// Reads an expression.
  init(_ regex: String) {
    bytes = Array(regex.utf8)
    root = try? RegexParser.parse(regex).first
    repeatsGroup = AnchorLead.repeatsGroup(bytes)
    holdsVerb = ReadExpression.holds(bytes, "(", "*")
  }

  /// Whether two characters stand in a row anywhere.
  func holds(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    ReadExpression.holds(bytes, first, second)
  }

  private static func holds(
    _ bytes: [UInt8],
    _ first: Unicode.Scalar,
    _ second: Unicode.Scalar
  ) -> Bool {
    bytes.indices.dropLast().contains {
      bytes[$0] == UInt8(ascii: first) && bytes[$0 + 1] == UInt8(ascii: second)
    }
  }
}
