import ArgumentParser
import VigieOptions
import VigieAudit
import VigieCrypto
import VigieReports

/// `vigie audit`: proves and counts what a server's audit log says.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Proves that an audit log is whole, and says what happened.",
    discussion: """
      EXAMPLES
        vigie audit verify /var/lib/vigie/audit
        vigie audit head /var/lib/vigie/audit > head.json
        vigie audit verify /var/lib/vigie/audit --head head.json
        vigie audit report /var/lib/vigie/audit --since 2026-11-01
        vigie audit purge /var/lib/vigie/audit --older-than 365d
      """,
    subcommands: [
      AuditVerify.self, AuditHeadCommand.self, AuditReportCommand.self, AuditPurge.self,
    ]
  )
}

/// `vigie audit verify`: the proof.
struct AuditVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Checks every entry of a log; names the first that is missing, changed or out of place.",
    discussion: """
      Exit code 0: the log holds; 1: it does not; 2: it cannot be read. A log that was written anew from its \
      first entry holds too: only a head that was kept elsewhere shows that, and a cut end.

      EXAMPLES
        vigie audit verify audit
        vigie audit verify audit --head head.json
      """
  )

  @Argument(help: ArgumentHelp("The directory of the log.", valueName: "dir"))
  var directory: String

  @Option(
    help: ArgumentHelp(
      "A head that vigie audit head wrote before; the log must hold it.",
      valueName: "file"
    )
  )
  var head: String?

  @Flag(help: "Write a JSON object.")
  var json = false

  func run() throws {
    var known: AuditHead?
    if let head {
      let bytes: [UInt8]
      do { bytes = try readFile(head) } catch {
        throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
      }
      known = AuditHead(json: bytes)
      guard known != nil else {
        throw CommandFailure(
          "\(head): is no head of a log",
          mend: "write one: vigie audit head DIR"
        )
      }
    }
    let verification: AuditVerification
    do { verification = try AuditVerification(of: directory, holding: known) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    let output = Output.standard()
    output.write(json ? verification.json : verification.page)
    try output.finishCommand()
    if verification.firstBreak != nil { throw ExitCode(CommandExit.stopped.rawValue) }
  }

}

/// `vigie audit head`: what is kept elsewhere.
struct AuditHeadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Prints the last entry of a log that holds: number and hash, to be kept elsewhere.",
    discussion: """
      EXAMPLES
        vigie audit head audit > head-2026-11-26.json
      """
  )

  @Argument(help: ArgumentHelp("The directory of the log.", valueName: "dir"))
  var directory: String

  func run() throws {
    let verification: AuditVerification
    do { verification = try AuditVerification(of: directory) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    if let broken = verification.firstBreak {
      throw CommandFailure(
        "\(broken.path): \(broken.reason)",
        mend: "find out why; the head of a log that does not hold proves nothing"
      )
    }
    let output = Output.standard()
    output.write(verification.head.json + "\n")
    try output.finishCommand()
  }
}

/// `vigie audit purge`: what is old goes, and the log says so.
struct AuditPurge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Takes away the files of a log whose entries are all older than an age.",
    discussion: """
      An entry is written first that names the last one taken away, so that the log still proves itself. A log \
      that does not hold is left as it is. A server that runs keeps its log for itself: start it with \
      --audit-days instead, and it takes old files away without stopping.

      EXAMPLES
        vigie audit purge audit --older-than 365d
      """
  )

  @Argument(help: ArgumentHelp("The directory of the log.", valueName: "dir"))
  var directory: String

  @OptionGroup var age: AgeOption

  func run() throws {
    let count: Int
    let after: AuditVerification
    do {
      if let broken = try AuditVerification(of: directory).firstBreak {
        throw CommandFailure(
          "\(broken.path): \(broken.reason)",
          mend: "find out why; what is left of a log that does not hold is evidence"
        )
      }
      count = try AuditLog(directory: directory).purge(olderThan: .milliseconds(age.olderThan))
      after = try AuditVerification(of: directory)
    } catch let failure as AuditFailure {
      throw CommandFailure("\(failure.path): \(failure.reason)", mend: failure.mend)
    }
    print(
      "removed \(Terminal.count(count, "file")) · the log holds from entry \(after.firstNumber) "
        + "to \(after.head.number)"
    )
  }
}

/// `vigie audit report`: what happened, and what would have in shadow mode.
struct AuditReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Counts what a log says: verdicts, rules, channels, failures, and what shadow mode held back.",
    discussion: """
      Where a policy says observe, messages pass and the log keeps the verdict that would have been. After \
      some weeks this report shows what the policy will stop once it is enforced.

      EXAMPLES
        vigie audit report audit
        vigie audit report audit --since 2026-11-01 --until 2026-11-30 --json
      """
  )

  @Argument(help: ArgumentHelp("The directory of the log.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("Only entries from this day or time on, UTC.", valueName: "time"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Only entries up to this day, which counts whole, or before this time, UTC.",
      valueName: "time"
    )
  )
  var until: String?

  @Flag(help: "Write a JSON object.")
  var json = false

  func validate() throws {
    for time in [since, until].compactMap(\.self) where !isTime(time) {
      throw ValidationError(
        "'\(time)' is no day or time, such as 2026-11-26 or 2026-11-26T08:00:00Z."
      )
    }
    try SpanEnd.validate(since: since, until: until)
  }

  /// Whether a text is a day, or a day and a time in UTC: such texts stand in the order of their times.
  private func isTime(_ text: String) -> Bool {
    let shape = "0000-00-00T00:00:00"
    let body = text.hasSuffix("Z") ? text.dropLast() : text[...]
    guard body.count == 10 || body.count == shape.count else { return false }
    return zip(body, shape).allSatisfy { $1 == "0" ? ("0"..."9").contains($0) : $0 == $1 }
  }

  func run() throws {
    let report: AuditReport
    do {
      report = try AuditReport(of: directory, since: since, until: until.map(SpanEnd.timestamp))
    } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    let output = Output.standard()
    output.write(json ? report.json : report.page)
    try output.finishCommand()
  }

}
