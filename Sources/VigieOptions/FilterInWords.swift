package import VigieFilter
import VigiePolicy
import VigieRulebook

extension Filter {
  /// By what it judges, on one line for a log: how many rules, their id, the policy, and how much of it only watches.
  package var inWords: String {
    let watching = policy.cases.count(where: \.observe)
    let shadow =
      watching == 0
      ? "" : ", \(watching) of its \(policy.cases.count) cases in shadow mode: they stop nothing"
    return "\(rules.set.rules.count) rules (\(ruleset)), policy '\(policy.name)'\(shadow)"
  }
}
