import ArgumentParser
import VigieOptions
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

      Calibration asks whether probabilities keep their promise: of what is said to be 0.8, four in \
      five should be so. With --folds, parts held back in turn show each on its own, and what a scale \
      and an offset fitted on the others would give. calibration=NUMBER is the greatest expected \
      calibration error allowed.

      EXAMPLES
        vigie rules eval Corpus
        vigie rules eval Corpus --features | Tools/corpus/fit_wording.py
        vigie rules eval Corpus --folds 5 --require calibration=0.05
        vigie rules eval Corpus --fit > weights.diff
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

  @Flag(
    help: "Propose better weights of evidence, as a diff of its file, instead of measuring."
  )
  var fit = false

  @Flag(help: "With --fit: write the weights proposed into that file.")
  var write = false

  @Option(help: ArgumentHelp("A threshold that must be reached.", valueName: "measure=number"))
  var require: [String] = []

  @Option(
    help: ArgumentHelp("Parts of the messages held back in turn, from 2 to 50.", valueName: "n")
  )
  var folds: Int?

  @Option(help: ArgumentHelp("Threads (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if write, !fit { throw ValidationError("--write goes with --fit.") }
    if fit, json || errors || features || !require.isEmpty {
      throw ValidationError("--fit goes with --folds, --write and --jobs alone.")
    }
    if fit, !rules.sites.isEmpty || rules.rules.count > 1 {
      throw ValidationError("--fit is for one rules directory: leave the others out.")
    }
    if let folds, !(2...50).contains(folds) {
      throw ValidationError("--folds is a number from 2 to 50.")
    }
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
      throw CommandFailure("\(error.place): \(error.reason)", mend: error.mend)
    }
    if features {
      let output = Output.standard()
      let loaded = try rules.loadWithExamples()
      let filter = try RuleOptions.filter(loaded)
      for line in UsageFeatures.lines(messages, filter) { output.write(line) }
      for line in UsageFeatures.lines(of: loaded.rules.rules, filter) { output.write(line) }
      return try output.finishCommand()
    }
    if fit { return try proposeWeights(from: messages) }
    let evaluation = Evaluation(
      of: messages,
      with: try rules.filter(isTried: false),
      threadCount: max(1, jobs ?? Crew.processorCount),
      foldCount: folds ?? 0
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
      guard !requirement.isMet(by: value) else { continue }
      isShort = true
      Terminal.complain(
        "vigie: \(requirement.measure.rawValue)\(about.map { " (\($0))" } ?? "") is "
          + "\(Terminal.decimal(value, 4)), \(requirement.words)"
      )
    }
    if isShort { throw ExitCode(CommandExit.stopped.rawValue) }
  }

  /// Says how well fitted weights do, writes them as a diff, and into the file where that is asked.
  private func proposeWeights(from messages: [LabelledMessage]) throws {
    let loaded = try rules.loadWithExamples()
    let result = EvidenceFit(
      on: messages,
      with: try RuleOptions.filter(loaded),
      foldCount: folds ?? RulesEval.usualFoldCount,
      threadCount: max(1, jobs ?? Crew.processorCount)
    )
    // The proof goes to people, the diff alone to where it can be applied from.
    Terminal.complain(result.page(for: Terminal(descriptor: 2)))
    let paths = EvidenceRevision.paths(in: try rules.sources().shipped)
    var revisions: [(path: String, revision: EvidenceRevision)] = []
    for path in paths {
      do {
        revisions.append((path, try EvidenceRevision(of: path, weights: result.proposal)))
      } catch { throw CommandFailure(report: error.describe()) }
    }
    let output = Output.standard()
    for (path, revision) in revisions {
      output.write(LineDiff.unified(name: path, old: revision.oldLines, new: revision.newLines))
    }
    try output.finishCommand()
    for (path, revision) in revisions where write && revision.oldLines != revision.newLines {
      do {
        let file = try Output(path: path)
        file.write(revision.bytes)
        try file.finish()
      } catch { throw CommandFailure("\(error.name) cannot be written: \(error.reason)") }
      Terminal.complain("vigie: \(path) is written; next: vigie rules test --record")
    }
  }

  /// The parts held back where --fit says nothing of them.
  private static let usualFoldCount = 5
}
