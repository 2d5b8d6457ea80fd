import ArgumentParser
import VigieBatch
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules eval`: how well the rules find what people labelled.
struct RulesEval: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measures the rules against labelled messages.",
    discussion: """
      A label is found when a finding of its scheme overlaps it by at least half of both. Measures \
      of --require: \(Requirement.Measure.allCases.map(\.rawValue).joined(separator: ", ")). \
      Exit code 1 where a requirement is not met.

      EXAMPLES
        vigie rules eval Corpus
        vigie rules eval Corpus --features | Tools/corpus/fit_wording.py
        vigie rules eval Corpus --errors --require applied-recall=0.99 --require usage=0.95
      """
  )

  @Argument(
    help: ArgumentHelp(
      "A .jsonl file, or a directory of them (or of messages/).",
      valueName: "corpus"
    )
  )
  var corpus: String

  @Flag(help: "List every mistake with its text.")
  var errors = false

  @Flag(help: "Write JSON.")
  var json = false

  @Flag(
    help: "Write what the engine sees of each label, a JSON line each, to learn words from instead."
  )
  var features = false

  @Option(help: ArgumentHelp("A threshold that must be reached.", valueName: "measure=number"))
  var require: [String] = []

  @Option(help: ArgumentHelp("Threads (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    for text in require where Requirement(text) == nil {
      throw ValidationError(
        "--require '\(text)' is not MEASURE=NUMBER with a number from 0 to 1 and MEASURE one of "
          + Requirement.Measure.allCases.map(\.rawValue).joined(separator: ", ") + "."
      )
    }
  }

  func run() throws {
    let messages: [LabelledMessage]
    do { messages = try LabelledMessage.read(corpus) } catch {
      throw CommandFailure("\(error.place): \(error.reason)")
    }
    if features {
      let output = Output.standard()
      let loaded = try rules.loadWithExamples()
      let filter = try RuleOptions.filter(loaded)
      for line in UsageFeatures.lines(messages, filter) { output.write(line) }
      for line in UsageFeatures.lines(of: loaded.rules.rules, filter) { output.write(line) }
      return try output.finishCommand()
    }
    let evaluation = Evaluation(
      of: messages,
      with: try rules.filter(isTried: false),
      threadCount: max(1, jobs ?? Crew.processorCount)
    )
    let output = Output.standard()
    let terminal = Terminal(descriptor: 1)
    if json {
      output.write(evaluation.json)
    } else {
      if errors { output.write(evaluation.mistakePage(for: terminal) + "\n") }
      output.write(evaluation.page(for: terminal))
    }
    try output.finishCommand()
    var isShort = false
    for requirement in require.compactMap(Requirement.init) {
      let (value, about) = requirement.value(in: evaluation)
      guard value < requirement.least else { continue }
      isShort = true
      Vigie.complain(
        "vigie: \(requirement.measure.rawValue)\(about.map { " (\($0))" } ?? "") is "
          + "\(Terminal.decimal(value, 4)), \(Terminal.decimal(requirement.least, 4)) is required"
      )
    }
    if isShort { throw ExitCode(CommandExit.stopped.rawValue) }
  }
}
