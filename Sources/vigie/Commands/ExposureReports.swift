import ArgumentParser
import VigieExposure
import VigieFilter
import VigieOptions
import VigiePolicy
import VigieReports
import VigieRulebook

/// The files that `vigie exposure --report` writes: the whole as a page or JSON, and the findings in reach.
final class ExposureReports {
  /// Formats of the whole.
  static let ofTheWhole = ["html", "json"]
  /// Formats of the findings in messages that were in reach, each as `vigie scan` writes it.
  static let ofFindings = ReportFormats.all.map { $0.name }.filter {
    !ofTheWhole.contains($0) && $0 != TextSummary.name
  }
  static var all: [String] { ofTheWhole + ofFindings }

  private var whole: [(name: String, output: Output)] = []
  private let findings: ReportSinks
  /// Of what was in reach alone.
  private var tally = Tally(sightingLimit: 0)
  private let language: String?
  private let time: String?
  /// Whether a report takes the place of the page for the terminal.
  let isOnStandardOutput: Bool

  /// Opens the files; one that cannot be written is said at once.
  init(
    _ requests: [ReportRequest],
    of archives: [ScanDescription.Archive],
    by loaded: (filter: Filter, applied: AppliedRules)?,
    language: String?
  ) throws {
    let filter = loaded?.filter
    self.language = language
    isOnStandardOutput = requests.contains(where: \.isOnStandardOutput)
    time = rfc3339Now
    var scan = ScanDescription(
      archives: archives,
      ruleset: filter?.rules.set.id ?? "",
      policy: filter?.policy.name ?? ""
    )
    scan.applied = loaded?.applied
    scan.startTime = time
    scan.version = Vigie.configuration.version
    for rule in filter?.rules.set.rules ?? [] {
      scan.rules[rule.id] = RuleDescription(title: rule.title, sources: rule.cites)
    }
    findings = try ReportSinks(requests.filter(\.isOfFindings), of: scan)
    for request in requests where !request.isOfFindings {
      whole.append((request.name, try request.output()))
    }
  }

  /// Takes an event of a message in reach.
  func add(_ event: ScanEvent) {
    tally.add(event)
    findings.add(event)
  }

  /// Writes what is known at the end.
  func finish(_ report: ExposureReport) throws {
    try findings.finish(tally)
    for (name, output) in whole {
      if name == "json" {
        output.write(report.json)
      } else {
        ExposurePage(
          of: report,
          to: output,
          language: language,
          time: time,
          version: Vigie.configuration.version
        ).write()
      }
      try output.finishCommand()
    }
  }
}

extension ReportRequest {
  /// Whether it lists findings one by one.
  var isOfFindings: Bool { ExposureReports.ofFindings.contains(name) }
}
