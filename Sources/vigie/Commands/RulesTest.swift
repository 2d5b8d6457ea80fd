import ArgumentParser
import Glibc
import VigieOptions
import VigieBatch
import VigieCore
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
      Exit code 1 where an example fails. An example must hold under automatic changes too; \
      except: [VARIANT] beside its text, or in examples: for all of a rule, lets one pass, and \
      except: [RULE] lets another rule fire in a silent one. Variants: \
      \(ExampleVariant.allCases.map(\.rawValue).joined(separator: ", ")).

      EXAMPLES
        vigie rules test
        vigie rules test fr.diffusion-restreinte 'tlp.*'
        vigie rules test 'acme.*' --site site --watch
        vigie rules test --no-variants    the examples as they are written, and no more
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

  @Flag(
    inversion: .prefixedNo,
    help: """
      Try every example under automatic variants too (letter case, accents, fullwidth letters, \
      invisible characters, quotation, line wrap, emoji, no-break spaces), and the silent ones past \
      every other rule.
      """
  )
  var variants = true

  @Flag(help: "Test again whenever a rule file changes; Ctrl-C ends.")
  var watch = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if record, !names.isEmpty {
      throw ValidationError("--record notes that all examples hold: leave the rules out")
    }
    if record, watch { throw ValidationError("--record is for one run: leave --watch out") }
    if record, !rules.sites.isEmpty || rules.rules.count > 1 {
      throw ValidationError("--record is for one directory as it is: leave the others out")
    }
  }

  func run() throws {
    if watch {
      RulesTest.letSignalsEnd()
      return try keepWatch()
    }
    let result = try test()
    let output = Output.standard()
    output.write(result.page)
    try output.finishCommand()
    if !result.isGood { throw ExitCode(CommandExit.stopped.rawValue) }
    if record { try keepRecord() }
  }

  /// Reads the rules and tries the examples.
  private func test() throws -> (page: String, isGood: Bool) {
    let loaded = try rules.loadWithExamples()
    let chosen = try RuleChoice(names).of(loaded.rules.rules, in: rules)
    let filter = try RuleOptions.filter(loaded)
    let threadCount = max(1, jobs ?? Crew.processorCount)
    let terminal = Terminal(descriptor: 1)
    let check = ExampleCheck(
      of: chosen,
      with: filter,
      threadCount: threadCount,
      ruleOptions: rules.words
    )
    let refusals = Lint.refusals(of: chosen)
    var page = refusals.map { fault in
      fault.describe(in: RuleFaults.textOnDisk(fault.position.file)) + "\n\n"
    }.joined()
    page += check.failures.map { $0.describe(for: terminal) + "\n\n" }.joined()
    let end =
      refusals.isEmpty
      ? "" : "refused for \(Terminal.count(refusals.count, "fault")) of the rules themselves\n"
    page += "\(check.passedCount) passed, \(check.count - check.passedCount) failed\n"
    let isGood = refusals.isEmpty && check.failures.isEmpty
    guard variants else { return (page + end, isGood) }
    let varied = VariantCheck(of: chosen, with: filter, threadCount: threadCount)
    return (page + varied.page(for: terminal) + end, isGood && varied.failures.isEmpty)
  }

  /// Tests, and again after every change of a rule file, until the process is ended.
  private func keepWatch() throws {
    let sources = try rules.sources()
    let terminal = Terminal(descriptor: 1)
    var runCount = 0
    while true {
      // Taken before the files are read: what changes meanwhile is read again.
      let stamp = RuleStamp(of: sources)
      var page: String
      do { page = try test().page } catch let failure as CommandFailure {
        page = failure.description + "\n"
      }
      runCount += 1
      let output = Output.standard()
      output.write(terminal.cleared + page)
      output.write("run \(runCount); looking on for changes of rule files, Ctrl-C ends\n")
      try output.finishCommand()
      while RuleStamp(of: sources) == stamp { usleep(RulesTest.watchInterval) }
    }
  }

  /// How often files are looked at, microseconds: soon enough for a person who just saved one.
  private static let watchInterval: UInt32 = 200_000

  /// Lets Ctrl-C and `kill` end the watch, also where whoever started it blocks signals.
  private static func letSignalsEnd() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
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

  /// The rules chosen of those in use, which come from some options, in their order; a name that chooses none is a failure.
  func of(_ rules: [Rule], in options: RuleOptions) throws -> [Rule] {
    for name in names where !rules.contains(where: { RuleChoice.matches(name, $0.id) }) {
      throw CommandFailure(
        "there is no rule '\(name)'",
        mend: RuleChoice.mend(for: name, rules, options)
      )
    }
    if names.isEmpty { return rules }
    return rules.filter { rule in names.contains { RuleChoice.matches($0, rule.id) } }
  }

  private static func mend(
    for name: String,
    _ rules: [Rule],
    _ options: RuleOptions
  ) -> String {
    if let near = suggestion(for: name, among: rules.map(\.id)) { return near }
    let family = String(name.prefix { $0 != "." && $0 != "*" })
    let list = "see: vigie rules list" + options.sites.map { " --site \($0)" }.joined()
    guard options.sites.isEmpty, !rules.contains(where: { $0.family == family }) else {
      return list
    }
    return "a rule of your site is there with --site DIR; else \(list)"
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
