import ArgumentParser
import Glibc
import VigieOptions
import VigieArchives
import VigieBatch
import VigieCore
import VigieFilter
import VigiePolicy
import VigieReports
import VigieRulebook

/// `vigie scan`: what archives of channels hold.
struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scans archives of channels and shows what they hold.",
    discussion: """
      Formats: \(ArchiveFormats.all.map { $0.name }.joined(separator: ", ")); told from the archive \
      itself unless --format says so. No report holds message text.

      EXAMPLES
        vigie scan export.zip
        vigie scan rooms/*.json --report jsonl=findings.jsonl
        vigie scan export.zip --json --jobs 4
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
      "Reports to write: \(ReportFormats.all.map { $0.name }.joined(separator: ", ")).",
      valueName: "format=file"
    )
  )
  var report: [String] = []

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

  @OptionGroup(title: "Exit code")
  var stop: StopOptions

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs is a number from 1 to 1024.")
    }
    if findings < 0 { throw ValidationError("--findings is a number from 0 on.") }
    for part in reportParts where ReportFormats.named(part.name) == nil || part.file.isEmpty {
      throw ValidationError(
        "--report '\(part.name)' is not FORMAT=FILE with FORMAT one of "
          + ReportFormats.all.map { $0.name }.joined(separator: ", ") + "."
      )
    }
  }

  /// The reports asked for, also several in one option with commas between.
  private var reportParts: [(name: String, file: String)] {
    report.flatMap { $0.split(separator: ",") }.map { part in
      let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(pieces[0]), pieces.count > 1 ? String(pieces[1]) : "")
    }
  }

  func run() throws {
    let filter = try rules.filter(keyFile: keyFile)
    var description = ScanDescription(
      archives: [],
      ruleset: filter.rules.set.id,
      policy: filter.policy.name
    )
    // Every archive is opened once before the work starts, so that a wrong path is said at once.
    let opened = OpenedArchives()
    for path in archives {
      let reader = try open(path, opened)
      description.archives.append(
        .init(path: path, format: reader.formatName, byteCount: reader.totalByteCount)
      )
    }
    let standard = Output.standard()
    var reports: [any ReportFormat] = []
    var outputs = [standard]
    if !quiet || json {
      let type: any ReportFormat.Type = json ? JSONSummary.self : TextSummary.self
      reports.append(type.init(to: standard, of: description, for: Terminal(descriptor: 1)))
    }
    for part in reportParts {
      guard let type = ReportFormats.named(part.name) else { continue }
      do {
        let output = try Output(path: part.file)
        outputs.append(output)
        reports.append(type.init(to: output, of: description, for: Terminal()))
      } catch {
        throw CommandFailure("\(error.name) cannot be written: \(error.reason)")
      }
    }
    var tally = Tally(sightingLimit: findings)
    let progress = ProgressBar(total: description.archives.map(\.byteCount).reduce(0, +))
    progress.isShown = !quiet && progress.isShown
    let scan = jobs.map { BatchScan(with: filter, threadCount: $0) } ?? BatchScan(with: filter)
    for path in archives {
      var reader = try open(path, opened)
      scan.run(
        &reader,
        counting: &tally,
        progress: { read, _ in progress.show(read: read) },
        deliver: { event in for report in reports { report.add(event) } }
      )
      progress.finishPart(reader.byteCountRead)
      complain(about: reader.ignoredFields, in: path)
    }
    progress.clear()
    for report in reports { report.finish(tally) }
    for output in outputs { try output.finishCommand() }
    try stop.finish(verdict: tally.verdict, gapCount: tally.gapCount)
  }

  private func open(_ path: String, _ opened: OpenedArchives) throws -> ArchiveReader {
    do { return try opened.reader(path: path, format: format, limits: Limits()) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  /// Says which columns were not read as text: they may hold some.
  private func complain(about fields: [String], in path: String) {
    guard !fields.isEmpty, !quiet else { return }
    let names = fields.map(Terminal.safe).joined(separator: ", ")
    Terminal.complain("vigie: \(path): not read as text: \(names)")
  }
}

/// A bar on standard error while a scan runs; nothing in a pipe.
final class ProgressBar {
  /// Whether the bar is drawn.
  var isShown: Bool
  private let total: Int
  private var finished = 0
  private var lastShare = -1
  private let terminal: Terminal

  init(total: Int) {
    self.total = total
    terminal = Terminal(descriptor: 2)
    isShown = isatty(2) == 1 && Terminal.environment("TERM") != "dumb"
  }

  /// Draws the bar where it has moved.
  func show(read byteCount: Int) {
    guard isShown, total > 0 else { return }
    let share = min(1000, (finished + byteCount) * 1000 / total)
    guard share != lastShare else { return }
    lastShare = share
    let width = min(40, terminal.width - 30)
    let full = share * width / 1000
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    let size = "\(Terminal.size(finished + byteCount)) of \(Terminal.size(total))"
    put("\r\(bar) \(share / 10) % · \(size)\u{1B}[K")
  }

  /// Counts an archive that is done.
  func finishPart(_ byteCount: Int) { finished += byteCount }

  /// Takes the bar away.
  func clear() { if isShown { put("\r\u{1B}[K") } }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}
