import ArgumentParser
import VigieOptions
import VigieBatch
import VigieFilter
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules evade`: whether disguised markings are still found.
struct RulesEvade: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evade",
    abstract: "Disguises the applied examples of rules and shows which are no longer found.",
    discussion: """
      Every form of every disguise is tried alone, and one drawn pair of forms for every two \
      disguises. Survivors are shown escaped. Exit code 0, or 1 where --require is not met.

      EXAMPLES
        vigie rules evade
        vigie rules evade fr.diffusion-restreinte 'nato.*' --seed 7
        vigie rules evade --alone --require 0.95 --json > evade.json
      """
  )

  @Argument(
    help: ArgumentHelp("Rules to disguise, * for any letters; all by default.", valueName: "rule")
  )
  var names: [String] = []

  @Flag(help: "Only one disguise at a time.")
  var alone = false

  @Option(help: ArgumentHelp("What draws the pairs of forms.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The most survivors shown of one form or pair.", valueName: "n"))
  var survivors = 2

  @Option(
    help: ArgumentHelp("The least share that must be found, from 0 to 1.", valueName: "share")
  )
  var require: Double?

  @Flag(help: "Write JSON.")
  var json = false

  @Option(help: ArgumentHelp("Threads (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if let require, !(0...1).contains(require) {
      throw ValidationError("--require is a number from 0 to 1.")
    }
    if survivors < 0 { throw ValidationError("--survivors is a number from 0 on.") }
  }

  func run() throws {
    let loaded = try rules.loadWithExamples()
    let check = EvasionCheck(
      of: try RuleChoice(names).of(loaded.rules.rules, in: rules),
      with: try RuleOptions.filter(loaded),
      seed: seed,
      depth: alone ? 1 : 2,
      survivorLimit: survivors,
      threadCount: max(1, jobs ?? Crew.processorCount)
    )
    guard check.markingCount > 0 else {
      throw CommandFailure(
        "no applied example of a marking is found as it is: there is nothing to disguise",
        mend: "see: vigie rules test"
      )
    }
    let output = Output.standard()
    output.write(json ? check.json : check.page(for: Terminal(descriptor: 1)))
    try output.finishCommand()
    if let require, check.overall.all.share < require {
      Terminal.complain(
        "vigie: of disguised markings \(Terminal.decimal(check.overall.all.share, 4)) are found, "
          + "\(Terminal.decimal(require, 4)) is required"
      )
      throw ExitCode(CommandExit.stopped.rawValue)
    }
  }
}
