import ArgumentParser
import VigieOptions
import VigieReports
import VigieRuleFiles
import VigieRulebook

/// `vigie rules lint`: whether rule files load, and whether they are good rules.
struct RulesLint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Checks rule files: what is refused, and what is worth mending.",
    discussion: """
      Every fault of every file is shown at once. Exit code 2 where the rules are refused, 1 where there are errors
      (or warnings, with --strict).
      With --site only what concerns the rules of the site is shown.

      EXAMPLES
        vigie rules lint
        vigie rules lint Rules site-rules
        vigie rules lint --site site
      """
  )

  @Argument(help: ArgumentHelp("Rules directories, each laid over those before.", valueName: "dir"))
  var directories: [String] = []

  @Flag(help: "Warnings end in exit code 1 too.")
  var strict = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func run() throws {
    var options = rules
    options.rules = directories + rules.rules
    let survey = try options.survey()
    let faults = survey.allFaults
    let places = Set(faults.map(\.position))
    let count = CompiledRules.foldedLetterCount
    let unshown = Lint.unshown(survey.rules.rules)
    let all =
      ((survey.loaded.map {
        Lint.remarks(on: $0, origins: survey.origins, foldedLetterCount: count)
      } ?? Lint.remarks(on: survey.rules, origins: survey.origins, foldedLetterCount: count))
      + unshown)
      // What is no expression has no cost either, and what is misspelt is not left out.
      .filter { $0.severity == .error || !places.contains($0.fault.position) }
      .filter { !concernsUnsureRule($0, survey) }
    let remarks =
      rules.sites.isEmpty ? all : all.filter { concernsSite($0, survey.rules.rules) }
    let output = Output.standard()
    let terminal = Terminal(descriptor: 1)
    var texts: [String: String] = [:]
    for remark in remarks {
      let file = remark.fault.position.file
      if texts[file] == nil { texts[file] = RuleFaults.textOnDisk(file) }
      let severity = terminal.styled(
        remark.severity.rawValue,
        remark.severity == .error ? .red : .yellow
      )
      let rule = remark.rule.map { "\($0): " } ?? ""
      output.write("\(severity): \(rule)\(remark.fault.describe(in: texts[file]))\n\n")
    }
    let errorCount = remarks.count { $0.severity == .error }
    let warningCount = remarks.count - errorCount
    // The last line says all of it, also to who sees standard output alone.
    if !faults.isEmpty {
      try output.finishCommand()
      Terminal.complain(RuleFaults(faults).describe())
    }
    let end = Output.standard()
    let refusal = faults.isEmpty ? "" : "refused for \(Terminal.count(faults.count, "fault")); "
    end.write(
      "\(Terminal.count(survey.rules.rules.count, "rule")): \(refusal)"
        + "\(Terminal.count(errorCount, "error")), \(Terminal.count(warningCount, "warning"))\n"
    )
    if remarks.count < all.count {
      let count = Terminal.count(all.count - remarks.count, "remark")
      end.write("\(count) on shipped rules not shown: leave --site out\n")
    }
    if faults.isEmpty { try output.finishCommand() }
    try end.finishCommand()
    if !faults.isEmpty { throw ExitCode(CommandExit.usage.rawValue) }
    if errorCount > 0 || strict && warningCount > 0 {
      throw ExitCode(CommandExit.stopped.rawValue)
    }
  }

  /// Whether a remark says that a rule lacks something, which it may have under a key that is misspelt.
  private func concernsUnsureRule(_ remark: LintRemark, _ survey: RuleSurvey) -> Bool {
    guard let rule = remark.rule, survey.unsureRules.contains(rule) else { return false }
    return survey.rules.rules.contains { $0.id == rule && $0.position == remark.fault.position }
  }

  /// Whether a remark is on a file of the site, or on a rule that is written there.
  private func concernsSite(_ remark: LintRemark, _ all: [Rule]) -> Bool {
    func isOfSite(_ file: String) -> Bool {
      rules.sites.contains { site in
        file.hasPrefix(site.hasSuffix("/") ? site : site + "/")
      }
    }
    if isOfSite(remark.fault.position.file) { return true }
    return all.contains { $0.id == remark.rule && isOfSite($0.position.file) }
  }
}
