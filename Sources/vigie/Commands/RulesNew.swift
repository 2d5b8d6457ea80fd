import ArgumentParser
import Glibc
import VigieOptions
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules new`: a rule to start from.
struct RulesNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes a new rule with examples to complete.",
    discussion: """
      With --site the rule is added to markings/FAMILY.yaml of that directory, which is made where it \
      is missing; without, it is printed. The rule passes as it stands: its words are its title, or come \
      from its id. What a rule finds already is not written a second time. The examples are in the language of \
      the title, as far as it can be told, or of --language \
      (\(DraftLanguage.allCases.map(\.rawValue).joined(separator: ", "))).

      EXAMPLES
        vigie rules new acme.internal-only --site site
        vigie rules new acme.board --site site --level secret --title 'Réservé au conseil'
        vigie rules new internal-only --family acme > acme.yaml
      """
  )

  @Argument(help: ArgumentHelp("The id of the rule, FAMILY.NAME.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("Who defines the marking (default: the family's).", valueName: "name"))
  var scheme: String?

  @Option(
    help: ArgumentHelp("A level, or a grade of the scheme (see ladder.yaml).", valueName: "level")
  )
  var level = "restricted"

  @Option(
    help: ArgumentHelp(
      "The marking as people write it (default: the words of the id).",
      valueName: "text"
    )
  )
  var title: String?

  @Option(
    help: ArgumentHelp(
      "The language of the examples to start from (default: that of the title).",
      valueName: "tag"
    ),
    transform: RulesNew.language
  )
  var language: DraftLanguage?

  @Option(
    help: ArgumentHelp("The family (default: the id up to its first dot).", valueName: "name")
  )
  var family: String?

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func run() throws {
    let placement: DraftPlacement
    let draft: RuleDraft
    do {
      draft = try RuleDraft(
        id: id,
        family: family,
        scheme: scheme,
        level: level,
        title: title,
        language: language
      )
      placement = try DraftPlacement(of: draft, in: try rules.sources())
    } catch let fault as RuleFault {
      throw CommandFailure(report: fault.describe(in: nil))
    } catch let faults as RuleFaults {
      throw CommandFailure(report: faults.describe())
    }
    try refuseKnownWords(of: draft, placement.loaded)
    let output = Output.standard()
    guard let site = rules.sites.last else {
      output.write(placement.addition)
      try output.finishCommand()
      Terminal.complain(
        placement.file == placement.addition
          ? "next: vigie rules new \(draft.id) --site DIR puts it in a directory of your own"
          : "next: put it at the end of \(placement.path)"
      )
      return
    }
    // Where these fail, opening the file says why.
    unsafe mkdir(site, 0o777)
    unsafe mkdir(site + "/markings", 0o777)
    let isNew = unsafe access(placement.path, F_OK) != 0
    let file = try RulesNew.open(placement.path)
    file.write(placement.file)
    try file.finishCommand()
    // Rules are no secret: the server that uses them may run as another user.
    if isNew { _ = unsafe chmod(placement.path, 0o644) }
    let options = rules.sites.map { "--site \($0)" }.joined(separator: " ")
    output.write(
      """
      added \(draft.id) to \(placement.path)
      next: replace its examples with texts people really write, while this looks on:
        vigie rules test \(draft.id) \(options) --watch
      then: vigie rules lint \(options)

      """
    )
    try output.finishCommand()
  }

  private static func language(_ tag: String) throws -> DraftLanguage {
    if let language = DraftLanguage(rawValue: tag) { return language }
    let known = DraftLanguage.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("There are no examples in '\(tag)'; name one of \(known).")
  }

  /// Refuses a rule whose words another one finds already: none of its examples would be its own.
  private func refuseKnownWords(of draft: RuleDraft, _ loaded: LoadedRules) throws {
    let own = loaded.rules.rules.filter { $0.id == draft.id }
    let check = ExampleCheck(of: own, with: try RuleOptions.filter(loaded), threadCount: 1)
    let others = check.failures.compactMap { failure in
      if case .missed(_, let other?) = failure.fault { other } else { nil }
    }
    guard let other = others.first else { return }
    throw CommandFailure(
      "the words of \(draft.id) are found by \(other) already, and would go on to be",
      mend:
        "change that rule in overrides.yaml of your site (level, prior, raises, lowers), or switch it off "
        + "there (enabled: false) and run this again; or name other words (--title)"
    )
  }

  private static func open(_ path: String) throws -> Output {
    do { return try Output(path: path) } catch {
      throw CommandFailure("\(error.name): \(error.reason)", mend: "name another directory")
    }
  }
}
