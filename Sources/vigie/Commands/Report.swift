import ArgumentParser
import VigieOptions
import VigieCore
import VigieFilter
import VigieReports
import VigieRulebook
import VigieStore

/// `vigie report`: reports of a run that is kept.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes reports of a run that a store keeps, as vigie scan would have written them.",
    discussion: """
      Formats: \(ReportFormats.all.map { $0.name }.joined(separator: ", ")). A file named - is standard output. \
      Without a report, the runs are listed.

      EXAMPLES
        vigie report --store scans.sqlite
        vigie report --store scans.sqlite --run latest summary=- jsonl=findings.jsonl
      """
  )

  @Argument(help: ArgumentHelp("Reports to write.", valueName: "format=file"))
  var reports: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The number of a run, or latest.", valueName: "run")
  )
  var wanted = "latest"

  @Option(
    help: ArgumentHelp(
      "The language of the html report: \(Phrase.languages.joined(separator: ", ")) (default: its reader's).",
      valueName: "tag"
    )
  )
  var language: String?

  @Option(help: ArgumentHelp("Findings that the summary lists one by one.", valueName: "n"))
  var findings: Int = 40

  @OptionGroup var options: StoreOptions

  @OptionGroup(title: "Rules, for their titles")
  var rules: RuleOptions

  func validate() throws {
    if wanted != "latest", Int64(wanted) == nil {
      throw ValidationError("--run is the number of a run, or latest.")
    }
    if findings < 0 { throw ValidationError("--findings is a number from 0 on.") }
    try Phrase.validate(language: language)
    try ReportRequest.validate(ReportRequest.all(in: reports))
  }

  func run() throws {
    try ReadPaths(files: StoreOptions.files(of: options.store))
      .protect(from: ReportRequest.all(in: reports))
    let store = try options.open()
    try CommandFailure.wording {
      if reports.isEmpty { try listRuns(in: store) } else { try write(from: store) }
      try store.close()
    }
  }

  private func write(from store: ScanStore) throws {
    let stored = try Int64(wanted).map { try store.run($0) } ?? store.latestEndedRun()
    guard let stored else {
      throw CommandFailure(
        wanted == "latest" ? "no scan in the store has ended" : "there is no run \(wanted)",
        mend: "see which there are: vigie report --store \(options.store)"
      )
    }
    guard stored.ended != nil else {
      throw CommandFailure(
        "run \(stored.id) has not ended",
        mend: "go on with it: vigie scan … --store \(options.store) --resume"
      )
    }
    var description = stored.description.forReports
    description.startTime = rfc3339(milliseconds: stored.started / 1000 * 1000)
    description.version = Vigie.configuration.version
    description.language = language
    // A store has the ids of rules alone. Those of today have the same titles, whatever else was changed in them.
    for rule in try rules.filter().rules.set.rules {
      description.rules[rule.id] = RuleDescription(title: rule.title, sources: rule.cites)
    }
    let sinks = try ReportSinks(ReportRequest.all(in: reports), of: description)
    var tally = Tally(sightingLimit: findings)
    var archive = 0
    func end(upTo number: Int) {
      while archive < number {
        if let end = stored.ends[archive] {
          tally.add(
            readByteCount: end.readByteCount,
            unreadByteCount: end.unreadByteCount,
            hasGaps: end.hasGaps,
            contents: end.contents
          )
        }
        archive += 1
      }
    }
    try store.forEachEvent(of: stored) { kept in
      end(upTo: kept.archive)
      tally.add(kept.event)
      sinks.add(kept.event)
    }
    end(upTo: stored.ends.count)
    try sinks.finish(tally)
  }

  private func listRuns(in store: ScanStore) throws {
    let output = Output.standard()
    let runs = try store.runs()
    if runs.isEmpty { output.write("No run is kept.\n") }
    for stored in runs {
      let started = rfc3339(milliseconds: stored.started / 1000 * 1000) ?? ""
      let state = stored.ended == nil ? "not ended" : "ended"
      let archives = stored.description.archives.map { Terminal.safe($0.path) }
      output.write(
        "run \(stored.id) · \(started) · \(state) · \(Terminal.count(stored.eventCount, "event"))"
          + " · \(archives.prefix(3).joined(separator: ", "))"
          + (archives.count > 3 ? " and \(archives.count - 3) more" : "") + "\n"
      )
    }
    try output.finishCommand()
  }
}
