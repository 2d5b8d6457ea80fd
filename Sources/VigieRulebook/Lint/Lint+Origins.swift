import VigieCore

/// What can be told only of a set whose files are known.
extension Lint {
  /// Schemes that one family alone has, and that are a slip of the pen away from another: whose grades, policies and
  /// labels do not reach the rule any more.
  static func schemes(_ rules: [Rule], _ origins: RuleOrigins) -> [LintRemark] {
    guard !origins.gradedSchemes.isEmpty else { return [] }
    let families = Dictionary(grouping: rules, by: \.scheme).mapValues { Set($0.map(\.family)) }
    var seen: Set<String> = []
    return rules.compactMap { rule in
      let scheme = rule.scheme
      // A family called like its scheme means it.
      guard !origins.gradedSchemes.contains(scheme), scheme != rule.family,
        families[scheme]?.count == 1, seen.insert(scheme).inserted
      else { return nil }
      let others = origins.gradedSchemes.union(families.keys).union([rule.family])
      let known = others.subtracting([scheme]).filter { mayBeSlip(scheme, of: $0) }
      guard let near = nearest(to: scheme, among: known.sorted()) else { return nil }
      return LintRemark(
        .warning,
        rule: rule.id,
        RuleFault(
          at: rule.position,
          "no other family and no grade of the ladder has the scheme \(quoted(scheme)), which is near "
            + quoted(near),
          mend: "write scheme: \(near); where the scheme is meant so, give it grades in ladder.yaml"
        )
      )
    }
  }

  /// Whether one name may be another one written wrongly: codes of two letters are all near each other.
  private static func mayBeSlip(_ name: String, of other: String) -> Bool {
    name.count != other.count || name.count > 3
  }

  /// Overrides that leave a rule as it is.
  static func idleOverrides(_ origins: RuleOrigins) -> [LintRemark] {
    origins.idleOverrides.map { override in
      LintRemark(
        .warning,
        rule: nil,
        RuleFault(
          at: override.position,
          "the override of \(quoted(override.value)) changes nothing",
          mend:
            "write what is to be other (level, prior, usage, raises, lowers, enabled), or remove it"
        )
      )
    }
  }
}
