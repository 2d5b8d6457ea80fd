package import VigieFilter
package import VigieRulebook

/// What keeps rules that load from being used: a pattern that can blow up, an example that does not
/// hold.
package enum Admission {
  /// Every fault of some rules.
  ///
  /// - Parameters:
  ///   - rules: The rules with their examples.
  ///   - filter: A filter over the whole set they belong to.
  ///   - threadCount: How many threads try the examples.
  /// - Returns: The faults, those of patterns alone where there are any.
  package static func faults(
    of rules: [Rule],
    with filter: Filter,
    threadCount: Int
  ) -> [RuleFault] {
    let hazards = Lint.hazards(of: rules)
    // A pattern that blows up is not to be run.
    guard hazards.isEmpty else { return hazards }
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
      mend: "mend the rule or the example; with the same options: vigie rules test \(rule)"
    )
  }
}
