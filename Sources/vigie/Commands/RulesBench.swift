import ArgumentParser
import VigieOptions
import VigieCore
import VigieCrypto
import VigieFilter
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules bench`: what each rule costs.
struct RulesBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures what each rule costs on a text: candidates, confirmations, time.",
    discussion: """
      All rules share one pass over a text. A rule that is dear has candidates in ordinary text: \
      anchors that are common words, or a pattern that goes far at each. Without --file the examples \
      of the rules are scanned, which hold more markings than any real text. RULE shows some rules of all \
      that are run.

      EXAMPLES
        vigie rules bench --file minutes.txt
        vigie rules bench 'acme.*' --site site --file minutes.txt
        vigie rules bench --file minutes.txt --rounds 50 --top 10
        vigie rules bench --json > bench.json
      """
  )

  @Argument(
    help: ArgumentHelp("Rules to show, * for any letters; all by default.", valueName: "rule")
  )
  var names: [String] = []

  @Option(help: ArgumentHelp("The text to scan.", valueName: "file"))
  var file: String?

  @Option(help: ArgumentHelp("What the text is: body, subject, filename…", valueName: "role"))
  var role: Role = .body

  @Option(help: ArgumentHelp("How often all is done; the quickest counts.", valueName: "n"))
  var rounds = 10

  @Option(help: ArgumentHelp("The most rules shown.", valueName: "n"))
  var top = 30

  @Flag(help: "Write JSON.")
  var json = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if !(1...100_000).contains(rounds) {
      throw ValidationError("--rounds is a number from 1 to 100000.")
    }
    if top < 0 { throw ValidationError("--top is a number from 0 on.") }
  }

  func run() throws {
    let loaded = try rules.loadWithExamples()
    let filter = try RuleOptions.filter(loaded)
    let chosen = try RuleChoice(names).of(loaded.rules.rules, in: rules)
    let texts: [(text: [UInt8], role: Role)]
    if let file {
      do {
        texts = [(try readFile(file), role)]
      } catch { throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend) }
    } else {
      texts = RuleBench.examples(of: chosen)
    }
    guard texts.contains(where: { !$0.text.isEmpty }) else {
      throw CommandFailure(
        file.map { "\($0) is empty" } ?? "the rules have no examples",
        mend: "name a text with --file FILE"
      )
    }
    let bench = RuleBench(
      of: filter.rules,
      on: texts,
      roundCount: rounds,
      shown: Set(chosen.map(\.id))
    )
    let output = Output.standard()
    output.write(json ? bench.json : bench.page(for: Terminal(descriptor: 1), limit: top))
    try output.finishCommand()
  }
}
