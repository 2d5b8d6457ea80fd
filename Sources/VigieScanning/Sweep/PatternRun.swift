import VigiePatterns
import VigieRulebook

/// What a sweep needs of a pattern wherever one of its anchors is met, all in one place.
///
/// In a message there are few of them, each time others: nothing of them is in the nearest caches, and each place of
/// memory that is asked for costs as much as the match itself.
struct PatternRun {
  /// The code of its expression, which the rules keep; `nil` before the first run.
  var expression: Expression.Code?
  /// The byte at which its next match may start.
  var nextStart = 0
  /// How many bytes before an anchor a match may start.
  var lead: Int32 = 0
  /// How far a match may reach from its anchor, bytes.
  let reach: Int32
  /// The number of its rule.
  let rule: Int32
  /// How many digits in a run it asks for; 0 where it has anchors.
  let digits: UInt16
  /// How many digits that run may have.
  let mostDigits: UInt16
  /// Whether it is of an identifier or credential.
  let isOfValue: Bool

  init(_ pattern: CompiledPattern) {
    reach = Int32(clamping: pattern.source.reach)
    rule = Int32(clamping: pattern.rule)
    digits = UInt16(clamping: pattern.source.digits)
    mostDigits =
      pattern.source.mostDigits == 0 ? .max : UInt16(clamping: pattern.source.mostDigits)
    isOfValue = pattern.isOfValue
  }
}
