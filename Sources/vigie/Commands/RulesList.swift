import ArgumentParser
import VigieOptions
import VigieReports
import VigieFilter
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules list`: every rule in use.
struct RulesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the rules in use, or the evidence they weigh.",
    discussion: """
      EXAMPLES
        vigie rules list
        vigie rules list 'fr.*' nato.restricted
        vigie rules list --markdown > rules.md
        vigie rules list --evidence     what raises: and lowers: may name
      """
  )

  @Argument(
    help: ArgumentHelp("Rules by id, * for any letters; all without one.", valueName: "rule")
  )
  var names: [String] = []

  @Flag(help: "Write JSON.")
  var json = false

  @Flag(help: "Write a Markdown page: the rules by scheme and level, each with its source.")
  var markdown = false

  @Flag(help: "List the evidence instead: names, weights by default and what each means.")
  var evidence = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if json && markdown { throw ValidationError("Choose one of --json and --markdown.") }
    if evidence, json || markdown || !names.isEmpty {
      throw ValidationError(
        "--evidence is a table of its own: leave rules, --json and --markdown out."
      )
    }
  }

  func run() throws {
    // A set of which a pattern does not compile is no set: it is not listed either.
    var set = try RuleOptions.filter(rules.loadWithExamples()).rules.set
    set.rules = try RuleChoice(names).of(set.rules, in: rules)
    let list = RuleList(set)
    let output = Output.standard()
    if evidence {
      output.write(list.evidenceTable(for: Terminal(descriptor: 1)))
    } else if json {
      output.write(list.json)
    } else if markdown {
      output.write(list.markdown)
    } else {
      output.write(list.table(for: Terminal(descriptor: 1)))
    }
    try output.finishCommand()
  }
}
