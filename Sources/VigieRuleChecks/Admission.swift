package import VigieFilter
package import VigieRulebook

/// What keeps rules that load from being used: a pattern that can blow up, a phrase that stands everywhere, an example
/// that does not hold.
package enum Admission {
  /// Every fault of some rules.
  ///
  /// - Parameters:
  ///   - rules: The rules with their examples.
  ///   - filter: A filter over the whole set they belong to.
  ///   - threadCount: How many threads try the examples.
  /// - Returns: The faults, those of patterns and phrases alone where there are any.
  package static func faults(
    of rules: [Rule],
    with filter: Filter,
    threadCount: Int
  ) -> [RuleFault] {
    let refusals = Lint.refusals(of: rules)
    // A pattern that blows up is not to be run.
    guard refusals.isEmpty else { return refusals }
    let check = ExampleCheck(of: rules, with: filter, threadCount: threadCount)
    return check.failures.map(\.asFault)
  }
}

extension ExampleCheck.Failure {
  /// The failure as what refuses a rule set.
  fileprivate var asFault: RuleFault {
    RuleFault(
      at: position,
      "an example of \(rule) does not hold: it \(fault.words)",
      mend: (roleHint.map { $0 + "; " } ?? "mend the rule or the example; ")
        + "with the same options: vigie rules test \(rule)"
    )
  }
}
