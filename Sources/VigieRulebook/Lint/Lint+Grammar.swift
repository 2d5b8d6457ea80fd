import VigieCore
import VigieText

extension Lint {
  /// Words of grammar that are asked for by nobody, cannot be found, or are missing: without them the engine reads
  /// sentences wrongly, and no example need tell.
  static func grammar(_ set: RuleSet, _ origins: RuleOrigins) -> [LintRemark] {
    let known = GrammarKind.allCases.map(\.name)
    var remarks: [LintRemark] = []
    func remark(_ kind: EvidenceKind, _ cue: String?, _ reason: String, _ mend: String) {
      let first = cue ?? kind.cues.first?.phrases.first ?? ""
      let position = place(of: first, kind.name, origins)
      remarks.append(LintRemark(.error, rule: nil, RuleFault(at: position, reason, mend: mend)))
    }
    for kind in set.evidence where kind.reach == .grammar || known.contains(kind.name) {
      guard kind.reach == .grammar, let grammar = GrammarKind(name: kind.name) else {
        remark(
          kind,
          nil,
          kind.reach == .grammar
            ? "the engine asks for no grammar called '\(kind.name)'"
            : "'\(kind.name)' is grammar, which has reach: grammar",
          kind.reach == .grammar
            ? "write another reach:, or one of these names: " + known.joined(separator: ", ")
            : "write reach: grammar, or give the evidence another name"
        )
        continue
      }
      if kind.marking != 0 || kind.usage != 0 {
        remark(
          kind,
          nil,
          "'\(kind.name)' is grammar and weighs nothing",
          "write 0 for both weights"
        )
      }
      guard !grammar.takesPatterns else { continue }
      for cue in kind.cues.flatMap(\.phrases) {
        let pattern = WordPattern(cue)
        guard pattern.hashes.count > 1 || pattern.starCount > 0 else { continue }
        remark(
          kind,
          cue,
          "\(quoted(cue)) of '\(kind.name)' is not one whole word, so that nothing matches it",
          "write single words without a star"
        )
      }
    }
    for rule in set.rules {
      for name in known where rule.weights[name] != nil || rule.weights["usage:" + name] != nil {
        remarks.append(
          LintRemark(
            .error,
            rule: rule.id,
            RuleFault(
              at: rule.position,
              "'\(name)' is grammar, which is no evidence",
              mend: "leave it out of raises and lowers"
            )
          )
        )
      }
    }
    return remarks + missingGrammar(set, origins)
  }

  /// Evidence that is seen by words of grammar, of which the set has none in any language.
  private static func missingGrammar(_ set: RuleSet, _ origins: RuleOrigins) -> [LintRemark] {
    GrammarKind.allCases.compactMap { grammar in
      let name = grammar.name
      let hasWords = set.evidence.contains { kind in
        kind.name == name && kind.cues.contains { !$0.phrases.isEmpty }
      }
      guard !hasWords else { return nil }
      let needs = grammar.needs
      let structural = Set(needs.structural.map(\.name))
      let seen = set.evidence.first { kind in
        structural.contains(kind.name) || !kind.cues.isEmpty && needs.reaches.contains(kind.reach)
      }
      guard let seen else { return nil }
      return LintRemark(
        .error,
        rule: nil,
        RuleFault(
          at: place(of: seen.cues.first?.phrases.first ?? "", seen.name, origins),
          "the engine sees '\(seen.name)' by the words of '\(name)', and no language lists any",
          mend:
            "list \(name) with reach: grammar as the shipped evidence/kinds.yaml does, and its words"
        )
      )
    }
  }
}
