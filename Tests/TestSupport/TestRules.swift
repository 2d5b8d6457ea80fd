package import VigieCore
package import VigieRuleFiles
package import VigieRulebook

/// Rules made for tests.
package enum TestRules {
  /// Where a test rule was written.
  package static let position = SourcePosition(file: "markings/xx.yaml", line: 7, column: 9)

  /// A value with a position.
  package static func at<Value>(_ value: Value) -> Located<Value> { Located(value, at: position) }

  /// A rule that is sure of itself.
  package static func rule(
    _ id: String,
    _ phrases: [String] = [],
    marks: [String] = [],
    patterns: [Pattern] = [],
    casing: Casing = .any,
    kind: RuleKind = .marking,
    scheme: String = "xx",
    level: Level = .restricted
  ) -> Rule {
    Rule(
      id: id,
      position: position,
      family: "xx",
      title: id,
      kind: kind,
      scheme: scheme,
      level: level,
      prior: 4,
      usagePrior: 2,
      casing: casing,
      phrases: phrases.map(at),
      marks: marks.map(at),
      patterns: patterns
    )
  }

  /// A pattern from its expression.
  package static func pattern(
    _ regex: String,
    anchors: [String] = [],
    reach: Int = 128
  ) -> Pattern { Pattern(regex: at(regex), anchors: anchors, reach: reach) }

  /// Rules ready to scan with.
  package static func compiled(
    _ rules: [Rule],
    evidence: [EvidenceKind] = []
  ) throws(RuleFaults) -> CompiledRules {
    try CompiledRules(RuleSet(rules: rules, evidence: evidence, id: "test"))
  }
}

/// The rules directory of the source tree.
package enum ShippedRules {
  /// Its path.
  package static let path = repositoryRoot + "/Rules"

  private static let loaded: Result<LoadedRules, RuleFaults> = Result { () throws(RuleFaults) in
    try RuleLoader.load(RuleSources(shipped: path))
  }
  private static let compiledRules: Result<CompiledRules, RuleFaults> =
    Result { () throws(RuleFaults) in try CompiledRules(loaded.get().rules) }

  /// Everything in it, loaded once.
  package static func load() throws(RuleFaults) -> LoadedRules { try loaded.get() }

  /// The rules and the evidence in it.
  package static func ruleSet() throws(RuleFaults) -> RuleSet { try loaded.get().rules }

  /// The rules ready to scan with, compiled once.
  package static func compiled() throws(RuleFaults) -> CompiledRules { try compiledRules.get() }
}
