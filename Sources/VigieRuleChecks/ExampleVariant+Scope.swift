import VigieCore
import VigieFilter
import VigieRulebook

extension ExampleVariant {
  /// Whether an example of a rule can be varied so at all.
  func applies(to kind: RuleKind, _ example: Example) -> Bool {
    switch self {
    case .otherRules: example.usage == nil
    case .quoted: example.role == .body
    case .emoji: isWritten(example)
    // Identifiers and credentials are sought as they are written, under no disguise.
    case .decomposed: kind == .marking
    case .noBreakSpaces: kind == .marking && isWritten(example)
    case .wrapped: kind == .marking && (example.role == .body || example.role == .html)
    case .upper, .lower, .fullwidth, .zeroWidth: kind == .marking
    }
  }

  /// Whether what found a span sees through the variant.
  func applies(to source: Explanation.Source, _ casing: Casing) -> Bool {
    switch self {
    case .upper: source == .phrase && casing != .exact
    case .lower: source == .phrase && casing == .any
    case .wrapped: source == .phrase
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
