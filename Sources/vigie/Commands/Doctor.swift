import ArgumentParser
import Glibc
import VigieCore
import VigieDocuments
import VigieJSON
import VigieOptions
import VigieReports
import VigieSandbox
import VigieWire
import VigieWorkers

/// `vigie doctor`: what this machine can read, and whether the sandbox holds.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says which parts are installed, and tries to break out of the sandbox.",
    discussion: """
      Documents are read by vigie-parse-worker, which lies beside this program or where \
      VIGIE_PARSE_WORKER names it. A process of it tries what an intruder would try; each line says \
      what happened. VIGIE_SANDBOX=optional reads documents on a kernel without seccomp too.

      EXAMPLES
        vigie doctor
        vigie doctor --json

      EXIT CODES
        0  documents can be read, and the sandbox holds
        1  something got out of the sandbox
        3  no document can be read; optional parts may be missing without that
      """
  )

  @Flag(help: "Write a JSON object.")
  var json = false

  func run() throws {
    let report = DoctorReport(of: .shared)
    let output = Output.standard()
    if json {
      output.write(report.json)
    } else {
      output.write(report.page(for: Terminal(descriptor: 1)))
    }
    try output.finishCommand()
    if report.attempts.contains(where: { !$0.isHeld }) {
      throw ExitCode(CommandExit.stopped.rawValue)
    }
    if report.lack != nil { throw ExitCode(CommandExit.unread.rawValue) }
  }
}

/// What the doctor found.
struct DoctorReport {
  /// An attempt to break out.
  struct Attempt {
    var way: BreakOut
    /// Whether the sandbox held.
    var isHeld: Bool
    /// What happened, in words.
    var end: String
  }

  /// The path of the worker, where there is one.
  var program: String?
  /// What the worker says of itself, where it works.
  var readiness: WorkReply.Readiness?
  /// Why none works.
  var lack: String?
  /// What was tried; nothing where no worker works.
  var attempts: [Attempt] = []

  /// Little memory and little time: each attempt is to fail.
  private static let limits = DocumentLimits(maxMilliseconds: 500, maxMemoryByteCount: 64 << 20)

  /// Looks at workers and tries them out.
  init(of workers: ParseWorkers) {
    program = workers.program
    do throws(WorkerPool.Lack) {
      readiness = try workers.readiness()
      for way in BreakOut.allCases {
        let end = try workers.attempt(way, limits: DoctorReport.limits)
        attempts.append(Attempt(way: way, isHeld: end != .done, end: DoctorReport.words(for: end)))
      }
    } catch {
      lack = error.detail
    }
  }

  private static func words(for end: ParseWorkers.BreakOutEnd) -> String {
    switch end {
    case .refused(let code): "refused: \(SystemFailure.words(of: code))"
    case .ended(let end): end.words
    case .late: "killed when its time was over"
    case .done: "nothing stopped it"
    }
  }
}

extension DoctorReport {
  /// The report for a person.
  func page(for terminal: Terminal) -> String {
    func good(_ text: String) -> String { terminal.styled(Terminal.fit(text, 8), .green) }
    func bad(_ text: String) -> String { terminal.styled(Terminal.fit(text, 8), .red) }
    var lines = ["vigie \(Vigie.configuration.version)", "", "Reader of documents"]
    lines.append("  program   " + (program.map(Terminal.safe) ?? "not found"))
    if let lack { lines.append("  \(bad("missing"))  \(Terminal.safe(lack))") }
    if let readiness {
      let seccomp = readiness.seccomp ? "seccomp kills for forbidden system calls" : "no seccomp"
      let landlock =
        readiness.landlock > 0
        ? "Landlock \(readiness.landlock)" : "no Landlock (seccomp refuses files too)"
      let user = readiness.isNobody ? "runs as nobody" : "runs as the user of vigie"
      lines.append("  sandbox   \(seccomp) · \(landlock) · \(user)")
      lines += ["", "Parts"]
      for part in readiness.components {
        let mark = part.isPresent ? good("present") : terminal.styled("missing ", .yellow)
        let name = [part.name, part.version].compactMap(\.self).joined(separator: " ")
        lines.append("  \(mark)  \(Terminal.safe(name)): \(Terminal.safe(part.purpose))")
      }
      if readiness.components.isEmpty { lines.append("  none that could be missing") }
    }
    if !attempts.isEmpty {
      lines += ["", "Breaking out of the sandbox"]
      for attempt in attempts {
        let mark = attempt.isHeld ? good("held") : bad("BROKEN")
        lines.append("  \(mark)  \(attempt.way.what): \(attempt.end)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The report as one JSON object.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("version")
    writer.integer(ReviewLine.version)
    writer.key("vigie")
    writer.string(Vigie.configuration.version)
    writer.key("worker")
    writer.beginObject()
    writer.key("path")
    writer.string(program)
    writer.key("lack")
    writer.string(lack)
    writer.key("seccomp")
    writer.boolean(readiness?.seccomp ?? false)
    writer.key("landlock")
    writer.integer(readiness?.landlock ?? 0)
    writer.key("nobody")
    writer.boolean(readiness?.isNobody ?? false)
    writer.endObject()
    writer.key("parts")
    writer.beginArray()
    for part in readiness?.components ?? [] {
      writer.beginObject()
      writer.key("name")
      writer.string(part.name)
      writer.key("version")
      writer.string(part.version)
      writer.key("purpose")
      writer.string(part.purpose)
      writer.endObject()
    }
    writer.endArray()
    writer.key("attempts")
    writer.beginArray()
    for attempt in attempts {
      writer.beginObject()
      writer.key("name")
      writer.string(attempt.way.rawValue)
      writer.key("what")
      writer.string(attempt.way.what)
      writer.key("held")
      writer.boolean(attempt.isHeld)
      writer.key("end")
      writer.string(attempt.end)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    writer.lineBreak()
    return writer.take()
  }
}
