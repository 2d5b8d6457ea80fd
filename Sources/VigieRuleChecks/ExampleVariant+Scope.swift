import VigieCore
import VigieFilter
import VigieRulebook

/// Which variant applies to which example.
///
/// What is left out is left out because the variant would ask for what no rule promises, never
/// because rules fail it.
extension ExampleVariant {
  /// Whether an example of a rule can be varied so at all.
  ///
  /// - Parameters:
  ///   - kind: What the rule recognises.
  ///   - example: The example.
  ///   - marked: Its text.
  ///   - isRecord: Whether that is a record (``MarkedText/isRecord``), asked once for all variants.
  /// - Returns: Whether it is fair to ask that the example holds under the variant.
  func applies(
    to kind: RuleKind,
    _ example: Example,
    _ marked: MarkedText,
    isRecord: Bool
  ) -> Bool {
    // Nobody quotes, adorns or disguises what a program wrote for another one to read.
    if self != .otherRules, example.usage != nil, example.role != .html, isRecord { return false }
    return switch self {
    case .otherRules: example.usage == nil
    // What is quoted line by line has signs of quotation inside.
    case .quoted: example.role == .body && !marked.spans.contains { marked.text[$0].contains(0x0A) }
    case .emoji: isWritten(example)
    // Identifiers and credentials are sought as they are written, under no disguise.
    case .decomposed: kind == .marking
    case .noBreakSpaces: kind == .marking && isWritten(example)
    case .wrapped: kind == .marking && (example.role == .body || example.role == .html)
    case .upper, .lower, .fullwidth, .zeroWidth: kind == .marking
    }
  }

  /// Whether the variant may change the text around a span that was found so.
  func isSeenThrough(by source: Explanation.Source) -> Bool {
    // A pattern reads the words around the marking letter by letter.
    self != .decomposed || source != .pattern
  }

  /// Whether the variant may change a span that was found so.
  func applies(to finder: Finder) -> Bool {
    switch self {
    case .upper: finder.source == .phrase && finder.rule.casing != .exact
    case .lower:
      // A rule that lowers small letters, or whose words by themselves are ordinary language, may need
      // the capitals: they tell the level *strogo tajno* from a strict secret.
      finder.source == .phrase && finder.rule.casing == .any && finder.rule.prior >= 0
        && finder.rule.weights["lower-case", default: 0] >= 0
    case .wrapped: finder.source == .phrase
    // A short form is sought as it is written, a space in it included.
    case .noBreakSpaces: finder.source != .mark
    default: true
    }
  }

  /// Whether a fault counts under the variant: what changes the evidence may change the usage.
  func isFault(_ fault: ExampleCheck.Fault) -> Bool {
    guard case .usage(let usage, _) = fault else { return true }
    return switch self {
    case .decomposed, .emoji, .noBreakSpaces, .otherRules: true
    // What is hidden on purpose is the more applied for it.
    case .fullwidth, .zeroWidth: usage == .applied
    case .quoted: usage == .mentioned
    case .upper, .lower, .wrapped: false
    }
  }

  /// Whether people write the text by hand, with what they like before it.
  private func isWritten(_ example: Example) -> Bool {
    [.body, .html, .subject].contains(example.role)
  }
}

extension MarkedText {
  /// Whether the text is a record of a program, told by the XML or JSON in it, or by a span that is
  /// the value of a key: `KEY=value`.
  var isRecord: Bool {
    if spans.contains(where: { $0.lowerBound > 0 && self.text[$0.lowerBound - 1] == 0x3D }) {
      return true
    }
    let text = String(decoding: text, as: UTF8.self)
    return ["</", "/>", "=\"", "\":", "\" :"].contains { text.contains($0) }
  }
}
