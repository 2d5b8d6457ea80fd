import ArgumentParser
import VigieOptions
import VigieArchives
import VigieBatch
import VigieCore
import VigieFilter
import VigieInspection
import VigiePolicy
import VigieReports
import VigieRulebook
import VigieStore

/// `vigie scan`: what archives of channels hold.
struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scans archives of channels and shows what they hold.",
    discussion: """
      Formats: \(ArchiveFormats.all.map { $0.name }.joined(separator: ", ")); told from the archive \
      itself unless --format says so. No report holds message text, unless --reveal asks for it.

      Reports: summary, json and jsonl as on standard output; html, a page for a person; csv, one line a finding; \
      sarif, for tools that gather findings. Those that people read speak --language.

      With --store, findings are kept for triage (vigie findings) and reports (vigie report). Such a scan may \
      be cut off at any moment: --resume goes on where it stopped and ends with the same findings, counts and \
      reports. Ctrl-C ends it in good order, with exit code 130. Messages that say the same as in an earlier \
      scan, in the same channel under the same rules, policy, parts and limits, are not inspected again.

      EXAMPLES
        vigie scan export.zip
        vigie scan export.zip --store scans.sqlite
        vigie scan export.zip --store scans.sqlite --resume
        vigie scan rooms/*.json --report jsonl=findings.jsonl
        vigie scan export.zip --json --jobs 4
        vigie scan export.zip --report html=report.html,csv=findings.csv --language fr
        vigie scan export.zip --report html=report.html --reveal --audit audit
        zstdcat export.tar.zst | vigie scan -
      """
  )

  @Argument(
    help: ArgumentHelp(
      "Files, folders, ZIPs or tars to scan, or - for standard input.",
      valueName: "archive"
    )
  )
  var archives: [String]

  @Option(help: ArgumentHelp("The format of the archives.", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("Threads that judge (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Write the counts as one JSON object instead of the summary.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Reports to write: \(ReportFormats.all.map { $0.name }.joined(separator: ", ")). One on standard output (-) "
        + "stands there instead of the summary.",
      valueName: "format=file"
    )
  )
  var report: [String] = []

  @Option(
    help: ArgumentHelp(
      "The language of the html report: \(Phrase.languages.joined(separator: ", ")) (default: its reader's).",
      valueName: "tag"
    )
  )
  var language: String?

  @Option(
    help: ArgumentHelp("Findings that the summary lists one by one.", valueName: "n")
  )
  var findings: Int = 40

  @Flag(name: .shortAndLong, help: "No summary and no progress bar.")
  var quiet = false

  @Option(
    help: ArgumentHelp("The key of fingerprints (or VIGIE_KEY_FILE), mode 0600.", valueName: "file")
  )
  var keyFile: String?

  @OptionGroup(title: "Excerpts")
  var excerpts: RevealOptions
  @OptionGroup(title: "Keeping")
  var keeping: ScanStoreOptions

  @OptionGroup(title: "Exit code")
  var stop: StopOptions

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs is a number from 1 to 1024.")
    }
    if findings < 0 { throw ValidationError("--findings is a number from 0 on.") }
    try Phrase.validate(language: language)
    if excerpts.reveal, keeping.store != nil {
      throw ValidationError("--reveal goes without --store: a store holds no text to show.")
    }
    try ReportRequest.validate(ReportRequest.all(in: report), isStandardTaken: json)
  }

  func run() throws {
    let isStored = keeping.store != nil
    let requests = ReportRequest.all(in: report)
    try ReadPaths(archives: archives, files: keeping.files + [keyFile].compactMap(\.self))
      .protect(from: requests)
    // What findings rest on is asked for once the rules are read and the store is open.
    if isStored { Inspector.startParts() }
    let (plain, applied) = try rules.described(keyFile: isStored ? nil : keyFile)
    // Every archive is opened once before the work starts, so that a wrong path is said at once.
    let trees = OpenedArchives()
    var opened: [RunDescription.Archive] = []
    var unread: [ArchiveError] = []
    for path in archives {
      let reader = try open(path, trees) { unread.append($0) }
      // Only a file or folder can be known again; that is asked of scans that are kept.
      let identity = ArchiveIdentity(path: path)
      if identity == nil, isStored {
        throw CommandFailure(
          "\(path): a scan that is kept needs a file or folder",
          mend: "write it to a file first, or leave --store away"
        )
      }
      if let identity, let same = opened.first(where: { $0.identity == identity.digest }), !quiet {
        Terminal.complain("vigie: \(path) is the same as \(same.path): what it holds counts twice")
      }
      opened.append(
        .init(
          path: path,
          format: reader.formatName,
          byteCount: reader.totalByteCount,
          identity: identity?.digest ?? "",
          modified: identity?.modified ?? 0
        )
      )
    }
    if let first = unread.first, unread.count == archives.count { throw Scan.failure(first) }
    for error in unread where !quiet {
      Terminal.complain("vigie: \(error.path) is not read: \(error.reason)\n  mend: \(error.mend)")
    }
    let session = try keeping.session(
      for: plain,
      applied,
      keyFile: keyFile,
      archives: opened,
      jobs: jobs
    )
    let record = try excerpts.begin(
      reports: requests.map(\.name),
      archiveCount: archives.count,
      ruleset: plain.rules.set.id
    )
    var description = ScanDescription(
      archives: opened.map { .init(path: $0.path, format: $0.format, byteCount: $0.byteCount) },
      ruleset: plain.rules.set.id,
      policy: plain.policy.name
    )
    description.applied = applied
    description.startTime = rfc3339Now
    description.version = Vigie.configuration.version
    description.language = language
    description.isRevealed = record != nil
    for rule in plain.rules.set.rules {
      description.rules[rule.id] = RuleDescription(title: rule.title, sources: rule.cites)
    }
    // Before the reports: a file may be named as standard output.
    let standard = Output.standard()
    let sinks = try ReportSinks(requests, of: description)
    let isTaken = requests.contains(where: \.isOnStandardOutput)
    if json || !quiet && !isTaken {
      let type: any ReportFormat.Type = json ? JSONSummary.self : TextSummary.self
      sinks.add(type, to: standard, of: description, for: Terminal(descriptor: 1))
    }
    var tally = Tally(sightingLimit: findings)
    let progress = ProgressBar(total: opened.map(\.byteCount).reduce(0, +))
    progress.isShown = !quiet && progress.isShown
    if let session {
      try scan(in: session, trees, counting: &tally, for: sinks, progress)
    } else {
      try scan(with: plain, trees, counting: &tally, for: sinks, record, progress)
    }
    progress.clear()
    try sinks.finish(tally)
    try record?.finish()
    if let session { try session.finish(quiet: quiet) }
    try stop.finish(verdict: tally.verdict, gapCount: tally.gapCount)
  }

  private func scan(
    with filter: Filter,
    _ trees: OpenedArchives,
    counting tally: inout Tally,
    for sinks: ReportSinks,
    _ record: RevealRecord?,
    _ progress: ProgressBar
  ) throws {
    let scan = BatchScan(
      with: filter,
      threadCount: jobs ?? Crew.processorCount,
      isRevealing: record != nil
    )
    for path in archives {
      var reader = try open(path, trees)
      scan.run(
        &reader,
        counting: &tally,
        sealing: path,
        progress: { read, _ in progress.show(read: read) },
        // No report says anything of them but their number.
        cleared: { _ in },
        deliver: { event in
          if let record { sinks.add(record.recorded(event)) } else { sinks.add(event) }
        }
      )
      progress.finishPart(reader.byteCountRead)
      complain(about: reader.ignoredFields, reader.columnNotes, in: path)
    }
  }

  private func scan(
    in session: ScanSession,
    _ trees: OpenedArchives,
    counting tally: inout Tally,
    for sinks: ReportSinks,
    _ progress: ProgressBar
  ) throws {
    let scan = session.scan
    var count = 0
    var isLive = scan.keptCount == 0
    Interruption.watch()
    for (number, path) in archives.enumerated() {
      var isDone = false
      do {
        isDone = try scan.scan(
          archive: number,
          open: { try open(path, trees) },
          sealing: path,
          counting: &tally,
          shouldStop: { Interruption.isWanted },
          progress: { read, _ in
            if !isLive, count >= scan.keptCount {
              isLive = true
              progress.restart(read: read)
            }
            progress.show(read: read)
          },
          closing: { complain(about: $0.ignoredFields, $0.columnNotes, in: path) },
          cleared: { count += $0.count },
          deliver: { event in
            count += 1
            sinks.add(event)
          }
        )
      } catch let failure as StoredScan.Failure {
        progress.clear()
        throw session.failure(failure, path: path)
      } catch is StoredScan.Stop {
        isDone = false
      }
      guard isDone else {
        progress.clear()
        session.complainOfInterruption(deliveredCount: max(count, scan.keptCount), reports: report)
        throw ExitCode(CommandExit.interrupted.rawValue)
      }
      progress.finishPart(scan.run.description.archives[number].byteCount)
    }
  }

  /// Opens an archive; one that is there and cannot be opened is a gap beside the others.
  private func open(
    _ path: String,
    _ opened: OpenedArchives,
    unread: (ArchiveError) -> Void = { _ in }
  ) throws -> ArchiveReader {
    do { return try opened.reader(path: path, format: format, limits: Limits()) } catch {
      guard error.leavesOthers else { throw Scan.failure(error) }
      unread(error)
      return ArchiveReader(unread: error)
    }
  }

  private static func failure(_ error: ArchiveError) -> CommandFailure {
    CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
  }

  /// Says what columns were taken for, and which were not read as text: they may hold some.
  private func complain(about fields: [String], _ notes: [String], in path: String) {
    guard !quiet else { return }
    for note in notes { Terminal.complain("vigie: \(path): columns: \(Terminal.safe(note))") }
    // What columns were taken for says which were not.
    guard !fields.isEmpty, notes.isEmpty else { return }
    let names = fields.map(Terminal.safe).joined(separator: ", ")
    Terminal.complain("vigie: \(path): not read as text: \(names)")
  }
}
