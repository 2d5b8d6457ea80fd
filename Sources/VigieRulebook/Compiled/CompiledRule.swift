package import VigieCore
package import VigieText

/// A phrase of a rule, ready to be checked at a place of a text.
package struct CompiledPhrase: Sendable {
  package var rule: Int
  package var folded: FoldedPhrase
}

/// A pattern of a rule.
package struct CompiledPattern: Sendable {
  package var rule: Int
  /// The expression, and where it was written.
  package var source: Pattern
}

/// A short form of a rule.
package struct CompiledMark: Sendable {
  package var rule: Int
  package var literal: [UInt8]
}

/// A caveat of a rule.
package struct CompiledCaveat: Sendable {
  package var name: String
  package var words: [WordPattern]
}

/// A rule with everything that is looked up while scanning, by number.
package struct CompiledRule: Sendable {
  package var id: String
  package var scheme: String
  package var kind: RuleKind
  package var level: Level
  package var casing: Casing
  package var prior: Double
  package var usagePrior: Double
  /// The weight of each piece of evidence on being the marking.
  package var markingWeights: [Double]
  /// The weight of each piece of evidence on applied against mentioned.
  package var usageWeights: [Double]
  package var caveats: [CompiledCaveat]
  package var ordinaryBefore: [WordPattern]
  package var ordinaryAfter: [WordPattern]
  package var near: [WordPattern]
  package var validator: Validator?
  /// The most that evidence from words can add to being the marking.
  package var maxCueWeight: Double

  init(_ rule: Rule, _ evidence: EvidenceTable) throws(RuleFault) {
    self.id = rule.id
    self.scheme = rule.scheme
    self.kind = rule.kind
    self.level = rule.level
    self.casing = rule.casing
    self.prior = rule.prior
    self.usagePrior = rule.usagePrior
    let marking = evidence.kinds.map { rule.weights[$0.name] ?? $0.marking }
    self.markingWeights = marking
    self.usageWeights = evidence.kinds.map { rule.weights["usage:" + $0.name] ?? $0.usage }
    self.caveats = rule.caveats.map {
      CompiledCaveat(name: $0.name, words: $0.phrases.map(WordPattern.init))
    }
    self.ordinaryBefore = rule.ordinary.before.map(WordPattern.init)
    self.ordinaryAfter = rule.ordinary.after.map(WordPattern.init)
    self.near = rule.near.map(WordPattern.init)
    self.validator = try rule.validator.map { name throws(RuleFault) in
      guard let validator = Validator(rawValue: name.value) else {
        throw RuleFault(
          at: name.position,
          "'\(name.value)' is not a checksum Vigie knows",
          mend: "choose one of " + Validator.allCases.map(\.rawValue).joined(separator: ", ")
        )
      }
      return validator
    }
    self.maxCueWeight = evidence.kinds.indices.reduce(0) { sum, index in
      evidence.kinds[index].cues.isEmpty ? sum : sum + max(0, marking[index])
    }
  }
}
