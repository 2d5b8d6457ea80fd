/// Rules ready to scan with: immutable, shared by every thread.
public final class CompiledRules: Sendable {
  /// The rules as written.
  public let set: RuleSet
  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - set: The rules as written.
  ///   - checked: Whether every pattern was compiled before (a trusted cache), so that it may wait
  ///     until it is needed.
  /// - Throws: ``RuleFaults`` with every fault.
  public init(_ set: RuleSet, checked: Bool = false) throws(RuleFaults) { self.set = set }

  /// How many letters of a phrase count once it is folded.
  public static func foldedLetterCount(_ phrase: String) -> Int { phrase.count }
}
