import ArgumentParser
import VigieBatch
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules test`: every example is a test.
struct RulesTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Tries every example of the rules: exact spans, usage, scheme, silence.",
    discussion: """
      Exit code 1 where an example fails.

      EXAMPLES
        vigie rules test
        vigie rules test fr.diffusion-restreinte 'tlp.*'
        vigie rules test --record     and note in Rules/tried.txt that all hold
      """
  )

  @Argument(
    help: ArgumentHelp("Rules to test, * for any letters; all by default.", valueName: "rule")
  )
  var names: [String] = []

  @Option(help: ArgumentHelp("Threads (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @Flag(
    help: """
      Note in tried.txt of the rules directory that all examples hold, so that no command tries them \
      again before it uses the rules.
      """
  )
  var record = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if record, !names.isEmpty {
      throw ValidationError("--record notes that all examples hold: leave the rules out")
    }
    if record, !rules.sites.isEmpty || rules.rules.count > 1 {
      throw ValidationError("--record is for one directory as it is: leave the others out")
    }
  }

  func run() throws {
    let loaded = try rules.loadWithExamples()
    let chosen = try RuleChoice(names).of(loaded.rules.rules)
    let check = ExampleCheck(
      of: chosen,
      with: try RuleOptions.filter(loaded),
      threadCount: max(1, jobs ?? Crew.processorCount)
    )
    let output = Output.standard()
    let terminal = Terminal(descriptor: 1)
    for failure in check.failures { output.write(failure.describe(for: terminal) + "\n\n") }
    output.write("\(check.passedCount) passed, \(check.count - check.passedCount) failed\n")
    try output.finishCommand()
    if check.passedCount < check.count { throw ExitCode(CommandExit.stopped.rawValue) }
    if record { try keepRecord() }
  }

  private func keepRecord() throws {
    let sources = try rules.sources()
    let record: [UInt8]
    do { record = try rules.snapshot(of: sources).triedRecord() } catch let faults as RuleFaults {
      throw CommandFailure(report: faults.describe())
    }
    let output = try Output(path: sources.shipped + "/" + TriedFamilies.fileName)
    output.write(record)
    try output.finishCommand()
  }
}

/// Some rules by id, with `*` for any letters.
struct RuleChoice {
  private let names: [String]

  /// A choice; no names choose every rule.
  init(_ names: [String]) { self.names = names }

  /// The rules chosen, in their order; a name that chooses none is a failure.
  func of(_ rules: [Rule]) throws -> [Rule] {
    for name in names where !rules.contains(where: { RuleChoice.matches(name, $0.id) }) {
      throw CommandFailure("there is no rule '\(name)'", mend: "see: vigie rules list")
    }
    if names.isEmpty { return rules }
    return rules.filter { rule in names.contains { RuleChoice.matches($0, rule.id) } }
  }

  private static func matches(_ pattern: String, _ id: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else {
      return pattern == id
    }
    guard id.hasPrefix(first), id.hasSuffix(last), id.count >= first.count + last.count else {
      return false
    }
    var rest = id.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      var found = false
      while !rest.isEmpty, !found {
        if rest.hasPrefix(piece) {
          rest = rest.dropFirst(piece.count)
          found = true
        } else {
          rest = rest.dropFirst()
        }
      }
      guard found else { return false }
    }
    return true
  }
}
