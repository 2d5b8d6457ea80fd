/// A way to write what a scan found: one file in `Formats/`, one line in ``ReportFormats/all``.
package protocol ReportFormat: AnyObject, SendableMetatype {
  /// The name in `--report name=FILE`.
  static var name: String { get }

  /// Starts a report.
  ///
  /// - Parameters:
  ///   - output: Where it goes.
  ///   - scan: What is scanned.
  ///   - terminal: The width and colours for reports that people read.
  init(to output: Output, of scan: ScanDescription, for terminal: Terminal)

  /// Takes the next event, in the order of the archive.
  func add(_ event: ScanEvent)

  /// Ends the report with the counts of the whole scan.
  func finish(_ tally: Tally)
}

/// The report formats that Vigie writes.
package enum ReportFormats {
  /// Every format, in the order in which help lists them.
  package static let all: [any ReportFormat.Type] = [
    TextSummary.self, JSONSummary.self, JSONLines.self, CSVReport.self, SARIFReport.self,
    HTMLReport.self,
  ]

  /// The format of a name, or `nil` where there is none.
  package static func named(_ name: String) -> (any ReportFormat.Type)? {
    all.first { $0.name == name }
  }
}
