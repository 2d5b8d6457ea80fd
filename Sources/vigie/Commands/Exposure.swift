import ArgumentParser
import Glibc
import VigieArchives
import VigieBatch
import VigieCore
import VigieCrypto
import VigieExposure
import VigieFilter
import VigieOptions
import VigieReports
import VigieRulebook

/// `vigie exposure`: what an account could have read.
struct Exposure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what an account could have read in some time, and what it did read.",
    discussion: """
      The archives say who was in which room, who could enter, and how much of its past each room \
      shows; the texts are scanned for markings in the same run. Each figure is a range: at least so \
      many for sure, at most so many. An access log (what Synapse writes, or a table with the columns \
      time, account, action, room, event, media, profile, count, status, bytes, address) tells what was \
      really asked for. A claim is SUBJECT=NUMBER: at least so many were read; readable:SUBJECT=NUMBER: \
      so many could be read. Subjects: \(Claim.Subject.allCases.map(\.rawValue).joined(separator: ", ")).

      Reports: html, the same as a page for a person, and json; and of the messages in reach alone the findings, as \
      vigie scan writes them: \(ExposureReports.ofFindings.joined(separator: ", ")).

      Exit codes: 1 where marked content may have been in reach, 3 where something could not be read, \
      else 0.

      EXAMPLES
        vigie exposure rooms/ --account @agent:example.org --from 2026-06-10 --to 2026-06-12
        vigie exposure export.zip --account U023 --from 2026-06-10T08:00Z --to 2026-06-10T19:30Z --json
        vigie exposure rooms/ --account @agent:example.org --from 2026-06-10 --to 2026-06-12 \\
          --access-log homeserver.log --claim messages=643459 --claim bytes=13.5GB
        vigie exposure rooms/ --account @agent:example.org --from 2026-06-10 --to 2026-06-12 \\
          --report html=exposure.html,csv=marked.csv --language fr
      """
  )

  @Argument(help: ArgumentHelp("Files, folders or ZIPs to read.", valueName: "archive"))
  var archives: [String]

  @Option(
    help: ArgumentHelp(
      "The account, as the archives call it; several count together.",
      valueName: "id"
    )
  )
  var account: [String]

  @Option(help: ArgumentHelp("The first moment: a day, or RFC 3339.", valueName: "time"))
  var from: String

  @Option(
    help: ArgumentHelp(
      "The end: a day, which counts whole, or the moment after.",
      valueName: "time"
    )
  )
  var to: String

  @Option(
    help: ArgumentHelp(
      "The zone of --from, --to, the log and archives where they name none (default: UTC, and in archives unknown).",
      valueName: "+hh:mm"
    )
  )
  var zone: String?

  @Flag(help: "The account is a guest: it enters only where guests may.")
  var guest = false

  @Option(help: ArgumentHelp("What the server logged of requests.", valueName: "file"))
  var accessLog: [String] = []

  @Option(
    help: ArgumentHelp("Of the log only requests from this address.", valueName: "address")
  )
  var address: [String] = []

  @Option(help: ArgumentHelp("A claim to hold against the evidence.", valueName: "subject=n"))
  var claim: [String] = []

  @Flag(help: "Do not scan the texts for markings: counts alone.")
  var noScan = false

  @Option(help: ArgumentHelp("The format of the archives.", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("Threads that judge (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Write one JSON object instead of the page.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Reports to write: \(ExposureReports.all.joined(separator: ", ")).",
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

  @Flag(name: .shortAndLong, help: "No progress bar.")
  var quiet = false

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if account.isEmpty {
      throw ValidationError("--account names the account, such as @agent:example.org.")
    }
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs is a number from 1 to 1024.")
    }
    if let zone, WrittenTime.zone(zone) == nil {
      throw ValidationError("--zone '\(zone)' is not of the form +02:00 or Z.")
    }
    for (name, text) in [("from", from), ("to", to)] where WrittenTime(text) == nil {
      throw ValidationError(
        "--\(name) '\(text)' is neither a day (2026-06-12) nor a time (2026-06-12T08:00Z)."
      )
    }
    if moment(from) >= moment(to, isEnd: true) {
      throw ValidationError("--from is not before --to.")
    }
    for text in claim where Claim(text) == nil {
      throw ValidationError(
        "--claim '\(text)' is not SUBJECT=NUMBER with SUBJECT one of "
          + Claim.Subject.allCases.map(\.rawValue).joined(separator: ", ") + "."
      )
    }
    try ReportRequest.validate(
      ReportRequest.all(in: report),
      formats: ExposureReports.all,
      isStandardTaken: json
    )
    try Phrase.validate(language: language)
    if noScan, let name = ReportRequest.all(in: report).first(where: \.isOfFindings)?.name {
      throw ValidationError("--report \(name)=… lists findings, of which --no-scan finds none.")
    }
    if !address.isEmpty, accessLog.isEmpty {
      throw ValidationError("--address chooses among the lines of --access-log, which is missing.")
    }
  }

  /// Milliseconds since 1970 of a time that was checked; a day that ends counts whole.
  private func moment(_ text: String, isEnd: Bool = false) -> Int {
    guard let time = WrittenTime(text) else { return 0 }
    let start = time.clock - (time.zone ?? zone.flatMap(WrittenTime.zone) ?? 0)
    return start + (isEnd && time.isDay ? 86_400_000 : 0)
  }

  func run() throws {
    try ReadPaths(archives: archives, files: accessLog).protect(
      from: ReportRequest.all(in: report)
    )
    let question = Question(
      accounts: account,
      window: moment(from)..<moment(to, isEnd: true),
      zone: zone.flatMap(WrittenTime.zone),
      isGuest: guest
    )
    let loaded = noScan ? nil : try rules.described()
    let filter = loaded?.filter
    var described: [ScanDescription.Archive] = []
    for path in archives {
      let reader = try open(path, readsAccess: true)
      described.append(
        .init(path: path, format: reader.formatName, byteCount: reader.totalByteCount)
      )
    }
    let log = try log(for: question)
    let reports = try ExposureReports(
      ReportRequest.all(in: report),
      of: described,
      by: loaded,
      language: language
    )
    // The archives are read twice: first who could read, then what there was to read.
    let progress = ProgressBar(total: 2 * described.map(\.byteCount).reduce(0, +))
    progress.isShown = !quiet && progress.isShown
    let judge = Judge(try survey(question, progress))
    let ledger = Ledger(judge, log: log, isScanned: filter != nil, digest: Exposure.digest)
    var tally = Tally(sightingLimit: 0)
    for (number, path) in archives.enumerated() {
      var reader = try open(path, readsAccess: false)
      if let filter {
        let scan = jobs.map { BatchScan(with: filter, threadCount: $0) } ?? BatchScan(with: filter)
        scan.run(
          &reader,
          counting: &tally,
          progress: { read, _ in progress.show(read: read) },
          observe: ledger.observe,
          deliver: { event in
            if ledger.deliver(event) { reports.add(event) }
          }
        )
      } else {
        try read(&reader, path, progress, ledger.observe)
      }
      ledger.endArchive()
      described[number].contents = ArchiveContents(
        exports: reader.exports.counts.map { .init(format: $0.format, count: $0.count) },
        byteCount: reader.totalByteCount
      )
      progress.finishPart(reader.byteCountRead)
    }
    progress.clear()
    let found = ledger.report(
      on: described,
      ruleset: filter?.rules.set.id,
      applied: loaded?.applied,
      claims: claim.compactMap { Claim($0) }
    )
    let output = Output.standard()
    if json {
      output.write(found.json)
    } else if !reports.isOnStandardOutput {
      output.write(found.text(for: Terminal(descriptor: 1)))
    }
    try output.finishCommand()
    try reports.finish(found)
    if found.hasMarked { throw ExitCode(CommandExit.stopped.rawValue) }
    if ledger.hasLosses { throw ExitCode(CommandExit.unread.rawValue) }
  }

  private func survey(_ question: Question, _ progress: ProgressBar) throws -> Survey {
    var survey = Survey(question)
    for path in archives {
      var reader = try open(path, readsAccess: true)
      survey.beginArchive()
      try read(&reader, path, progress) { survey.add($0) }
      survey.endArchive()
      progress.finishPart(reader.byteCountRead)
    }
    return survey
  }

  private func read(
    _ reader: inout ArchiveReader,
    _ path: String,
    _ progress: ProgressBar,
    _ take: (ArchiveItem) -> Void
  ) throws {
    do throws(ArchiveError) {
      while let item = try reader.next() {
        take(item)
        progress.show(read: reader.byteCountRead)
      }
    } catch {
      // What was read counts; that the rest is missing is a gap like any other.
      let gap = Gap(place: .body, reason: .corrupt, detail: error.reason)
      take(.gap(gap, source: SourceLocation(byteOffset: reader.byteCountRead)))
    }
  }

  private func log(for question: Question) throws -> LogEvidence? {
    guard !accessLog.isEmpty else { return nil }
    var log = LogEvidence(question, addresses: Set(address))
    for path in accessLog {
      do throws(LogEvidence.Failure) {
        try log.read(path, zone: question.zone ?? 0)
      } catch {
        throw CommandFailure(
          "the access log \(path) cannot be read: \(error.reason)",
          mend: "name a file that Synapse wrote, or a table"
        )
      }
    }
    if log.times == nil {
      throw CommandFailure(
        "the access log holds no request",
        mend: "name lines with 'Processed request', or a table whose head names time and account"
      )
    }
    return log
  }

  private func open(_ path: String, readsAccess: Bool) throws -> ArchiveReader {
    let options = ArchiveOptions(readsAccess: readsAccess)
    do { return try ArchiveReader(path: path, format: format, options: options) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  /// What tells a file by its bytes, where the archive holds them.
  private static func digest(_ attachment: Attachment) -> String? {
    switch attachment.content {
    case .bytes(let bytes): return Digest.sha256(bytes)
    case .file(let path):
      let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      return Digest.sha256(descriptor: descriptor)
    case .nameOnly, .missing, .uploaded: return nil
    }
  }
}
