import ArgumentParser
import VigieOptions
import VigieCore
import VigieFilter
import VigieInspection
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules explain`: what a rule says, or why it fires.
struct RulesExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows a rule in full, or why markings in a text are found or not.",
    discussion: """
      EXAMPLES
        vigie rules explain fr.diffusion-restreinte
        vigie rules explain --text 'la mention DR se place en haut'
        vigie rules explain tlp.red --text 'TLP:RED' --role subject
      """
  )

  @Argument(help: ArgumentHelp("Rules to explain, * for any letters.", valueName: "rule"))
  var names: [String] = []

  @Option(help: ArgumentHelp("A text to explain.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("What the text is: body, subject, filename…", valueName: "role"))
  var role: Role = .body

  @OptionGroup(title: "Channel")
  var channel: ChannelOptions

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if names.isEmpty && text == nil {
      throw ValidationError("Nothing to explain: give RULE…, --text TEXT, or both.")
    }
  }

  func run() throws {
    let loaded = try rules.loadWithExamples()
    let chosen = try RuleChoice(names).of(loaded.rules.rules, in: rules)
    let output = Output.standard()
    let terminal = Terminal(descriptor: 1)
    if let text {
      let worker = try RuleOptions.filter(loaded).makeWorker()
      let bytes = Array(text.utf8)
      let ids = Set(chosen.map(\.id))
      let all = worker.explain(Segment(place: role.usualPlace, text: bytes))
      let explanations = all.filter { ids.contains($0.finding.rule) }
      let others = Set(all.map(\.finding.rule)).subtracting(ids).sorted()
      let page = ExplanationPage(for: terminal, policy: loaded.policy, channel: channel.value)
      output.write(page.text(of: explanations, in: bytes, others: others))
    } else {
      let pages = chosen.map { RuleList.page(of: $0, for: terminal) }
      output.write(pages.joined(separator: "\n"))
    }
    try output.finishCommand()
  }
}
