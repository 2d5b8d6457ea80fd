import ArgumentParser
import Glibc
import VigieOptions
import VigieArchives
import VigieBatch
import VigieCore
import VigieFilter
import VigieReports
import VigieRuleChecks
import VigieRulebook

/// `vigie rules diff`: what a change of rules does to an archive.
struct RulesDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Shows which findings of an archive a change of rules gains, loses and moves.",
    discussion: """
      Both directories judge every message. A directory that does not hold all of policies/default.yaml, \
      evidence and ladder.yaml is one of a site: it is laid over the shipped rules, or over --rules. \
      --site is laid over both. A finding moves when its rule, usage or level is another, \
      or its confidence by 0.01 or more. Markings are masked. Exit code 3 where something of the \
      archive could not be read.

      EXAMPLES
        git worktree add ../before main
        vigie rules diff ../before/Rules Rules export.zip
        vigie rules diff ../before/Rules Rules export.zip --json > diff.json
        vigie rules diff site-of-yesterday site export.zip
      """
  )

  @Argument(help: ArgumentHelp("The rules or site directory as it was.", valueName: "old"))
  var old: String

  @Argument(help: ArgumentHelp("The rules or site directory as it is to be.", valueName: "new"))
  var new: String

  @Argument(help: ArgumentHelp("A file, folder or ZIP to judge.", valueName: "archive"))
  var archive: String

  @Option(help: ArgumentHelp("The format of the archive.", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("The most changes listed one by one.", valueName: "n"))
  var changes = 40

  @Flag(help: "Write JSON with every change.")
  var json = false

  @Option(help: ArgumentHelp("Threads (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if !rules.rules.isEmpty, !RulesDiff.isSite(old), !RulesDiff.isSite(new) {
      throw ValidationError(
        "--rules is what a site's directory is laid over, and neither OLD nor NEW is one."
      )
    }
    if changes < 0 { throw ValidationError("--changes is a number from 0 on.") }
  }

  func run() throws {
    for directory in [old, new] where unsafe access(directory, F_OK) != 0 {
      throw CommandFailure(
        "\(Terminal.safe(directory)): no such directory",
        mend:
          "name two directories of rules, or of a site, that exist: vigie rules diff OLD NEW ARCHIVE"
      )
    }
    let before = try filter(old)
    let after = try filter(new)
    var reader: ArchiveReader
    do { reader = try ArchiveReader(path: archive, format: format, limits: Limits()) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    let output = Output.standard()
    let page = RuleDiffPage(for: Terminal(descriptor: 1))
    var writer = RuleDiffJSON(old: before.rules.set.id, new: after.rules.set.id)
    let progress = ProgressBar(total: reader.totalByteCount)
    var diff = RuleDiff()
    var count = 0
    diff.scan(
      &reader,
      old: before,
      new: after,
      threadCount: max(1, jobs ?? Crew.processorCount),
      progress: { progress.show(read: $0) },
      deliver: { change in
        count += 1
        if json {
          output.write(writer.part(change))
        } else if count <= changes {
          output.write(page.lines(of: change))
        }
      }
    )
    progress.clear()
    if json {
      output.write(writer.end(diff))
    } else {
      if count > changes {
        output.write(
          "… and \(Terminal.count(count - changes, "change")) more (--changes, --json)\n"
        )
      }
      output.write((count > 0 ? "\n" : "") + page.summary(of: diff))
      let sites = [old, new].filter(RulesDiff.isSite)
      if !sites.isEmpty {
        let base = try rules.rules.first ?? RuleOptions.shippedDirectory()
        output.write("\(sites.joined(separator: " and ")) laid over \(base)\n")
      }
    }
    try output.finishCommand()
    if diff.gapCount > 0 { throw ExitCode(CommandExit.unread.rawValue) }
  }

  /// A filter over one of the two directories.
  private func filter(_ directory: String) throws -> Filter {
    var options = rules
    if RulesDiff.isSite(directory) {
      options.sites = [directory] + rules.sites
    } else {
      options.rules = [directory]
    }
    return try options.filter(isTried: false)
  }

  /// Whether a directory is there, and holds no whole set of rules.
  private static func isSite(_ directory: String) -> Bool {
    func has(_ name: String) -> Bool { unsafe access(directory + "/" + name, F_OK) == 0 }
    return unsafe access(directory, F_OK) == 0
      && !(has("policies/default.yaml") && has("ladder.yaml")
        && (has("evidence.yaml") || has("evidence/kinds.yaml")))
  }
}
