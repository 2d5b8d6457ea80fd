import VigieCore
import VigiePolicy
public import VigieRulebook

extension Lint {
  /// Returns what is to say about everything that was loaded: rules, and tips that lack a language.
  ///
  /// - Parameters:
  ///   - loaded: What the YAML said; rules from a cache have no examples to judge.
  ///   - origins: What the files tell beyond the rules.
  ///   - foldedLetterCount: How many letters of a phrase count once it is folded.
  /// - Returns: The remarks on rules in their order, then those on tips.
  public static func remarks(
    on loaded: LoadedRules,
    origins: RuleOrigins = RuleOrigins(),
    foldedLetterCount: (String) -> Int
  ) -> [LintRemark] {
    let tips = loaded.tips.tips.sorted { $0.key < $1.key }
    let languages = Set(tips.flatMap { $0.value.texts.map(\.language) }).sorted()
    let missing = languages.flatMap { language in
      tips.filter { $0.value[language] == nil }.map { tip in
        LintRemark(
          .warning,
          rule: nil,
          RuleFault(
            at: SourcePosition(file: "tips/\(language).yaml", line: 0, column: 0),
            "the tip '\(tip.key)' is missing in '\(language)'",
            mend: "translate it"
          )
        )
      }
    }
    return remarks(on: loaded.rules, origins: origins, foldedLetterCount: foldedLetterCount)
      + missing
  }
}
