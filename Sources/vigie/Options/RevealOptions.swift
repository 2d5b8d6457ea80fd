import ArgumentParser
import VigieAudit
import VigieCore
import VigieOptions
import VigieReports

/// Whether reports show what was found with the words around it, and where that is written down.
struct RevealOptions: ParsableArguments {
  @Flag(help: "Show findings with the words around them in html and csv reports; needs --audit.")
  var reveal = false

  @Option(
    help: ArgumentHelp("The directory of the audit log that records --reveal.", valueName: "dir")
  )
  var audit: String?

  /// The report formats that show such words.
  static let formats = [HTMLReport.name, CSVReport.name]

  func validate() throws {
    if reveal, audit == nil {
      throw ValidationError("--reveal needs --audit DIR: who saw what is written down there.")
    }
    if !reveal, audit != nil { throw ValidationError("--audit says nothing without --reveal.") }
  }

  /// Begins to reveal, or `nil` where that is not asked for.
  ///
  /// - Parameters:
  ///   - reports: The names of the formats that are written.
  ///   - archiveCount: How many archives they are of.
  ///   - ruleset: The id of the rules.
  /// - Returns: What records each message.
  /// - Throws: `CommandFailure` where no report would show anything, or it cannot be recorded.
  func begin(reports: [String], archiveCount: Int, ruleset: String) throws -> RevealRecord? {
    guard reveal, let audit else { return nil }
    guard reports.contains(where: RevealOptions.formats.contains) else {
      throw CommandFailure(
        "--reveal shows nothing: no report of a format that has excerpts is written",
        mend: "add --report html=FILE or --report csv=FILE"
      )
    }
    let log: AuditLog
    do { log = try AuditLog(directory: audit) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    let record = RevealRecord(log: log)
    try record.begin(reports: reports, archiveCount: archiveCount, ruleset: ruleset)
    return record
  }
}

/// Writes down whose findings are shown before they are.
final class RevealRecord {
  private let log: AuditLog
  private let person = AuditedPerson.ofProcess

  init(log: AuditLog) { self.log = log }

  /// Writes down that somebody asked.
  func begin(reports: [String], archiveCount: Int, ruleset: String) throws {
    log.record(.reveal(by: person, reports: reports, archives: archiveCount, ruleset: ruleset))
    try check()
  }

  /// The event as reports may see it: without words where it could not be written down.
  func recorded(_ event: ScanEvent) -> ScanEvent {
    guard case .message(var message) = event, message.revealed.contains(where: { $0 != nil }) else {
      return event
    }
    if log.lostCount == 0 {
      var rules: [String] = []
      for finding in message.review.findings where !rules.contains(finding.rule) {
        rules.append(finding.rule)
      }
      log.record(
        .revealed(
          by: person,
          message: message.review.id,
          channel: message.channelID,
          rules: rules,
          count: message.revealed.count { $0 != nil }
        )
      )
      if log.lostCount == 0 { return event }
    }
    message.revealed = []
    return .message(message)
  }

  /// Forces what was written down to the disk.
  ///
  /// - Throws: `CommandFailure` where some of it could not be.
  func finish() throws {
    log.sync()
    try check()
  }

  private func check() throws {
    guard log.lostCount > 0 else { return }
    throw CommandFailure(
      "\(log.directory): the audit cannot be written, so nothing more was revealed",
      mend: "make room there and scan again"
    )
  }
}
