import ArgumentParser

/// `vigie rules`: tools for those who write rules.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, checks, tries and explains rules.",
    discussion: """
      EXAMPLES
        vigie rules lint Rules && vigie rules test
        vigie rules new acme.internal-only --site site
        vigie rules explain --text 'la mention DR'
        vigie rules eval Corpus --errors
        vigie rules evade 'fr.*'
      """,
    subcommands: [
      RulesList.self, RulesNew.self, RulesTest.self, RulesLint.self, RulesExplain.self,
      RulesEval.self, RulesEvade.self, RulesBench.self, RulesDiff.self, RulesBundle.self,
      RulesSchema.self,
    ]
  )
}
