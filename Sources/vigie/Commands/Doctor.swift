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
      Documents are read by vigie-parse-worker, and the words drawn in pictures by vigie-ocr-worker; \
      both lie beside this program or where VIGIE_PARSE_WORKER and VIGIE_OCR_WORKER name them. A \
      process of each tries what an intruder would try; each line says what happened. \
      VIGIE_SANDBOX=optional reads documents on a kernel without seccomp too. VIGIE_OCR_LANGUAGES \
      names the languages of pictures, such as fra+eng+deu.

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
    if report.workers.contains(where: { $0.attempts.contains { !$0.isHeld } }) {
      throw ExitCode(CommandExit.stopped.rawValue)
    }
    let lacks = report.workers.contains { $0.reader == .documents && $0.lack != nil }
    if lacks { throw ExitCode(CommandExit.unread.rawValue) }
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

  /// A kind of worker.
  struct Worker {
    var reader: ParseWorkers.Reader
    /// The path of the program, where there is one.
    var program: String?
    /// What it says of itself, where it works.
    var readiness: WorkReply.Readiness?
    /// Why none works.
    var lack: String?
    /// What was tried; nothing where none works.
    var attempts: [Attempt] = []
  }

  /// The kinds of workers, in the order in which a document meets them.
  var workers: [Worker]

  /// The parts that formats need.
  var parts: [DocumentComponent] { workers.flatMap { $0.readiness?.components ?? [] } }

  /// Little memory and little time: each attempt is to fail.
  private static let limits = DocumentLimits(maxMilliseconds: 500, maxMemoryByteCount: 64 << 20)

  /// Looks at workers and tries them out.
  init(of workers: ParseWorkers) {
    self.workers = ParseWorkers.Reader.allCases.map { reader in
      var found = Worker(reader: reader, program: workers.program(of: reader))
      do throws(WorkerPool.Lack) {
        found.readiness = try workers.readiness(of: reader)
        for way in BreakOut.allCases {
          let end = try workers.attempt(way, by: reader, limits: DoctorReport.limits)
          let words = DoctorReport.words(for: end)
          found.attempts.append(Attempt(way: way, isHeld: end != .done, end: words))
        }
      } catch {
        found.lack = error.detail
      }
      return found
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
    var lines = ["vigie \(Vigie.configuration.version)"]
    for worker in workers {
      lines += ["", worker.reader == .documents ? "Reader of documents" : "Reader of pictures"]
      lines.append("  program   " + (worker.program.map(Terminal.safe) ?? "not found"))
      if let lack = worker.lack { lines.append("  \(bad("missing"))  \(Terminal.safe(lack))") }
      if let readiness = worker.readiness { lines.append("  sandbox   \(fences(readiness))") }
    }
    if !parts.isEmpty { lines += ["", "Parts"] }
    for part in parts {
      let mark = part.isPresent ? good("present") : terminal.styled("missing ", .yellow)
      let name = [part.name, part.version].compactMap(\.self).joined(separator: " ")
      lines.append("  \(mark)  \(Terminal.safe(name)): \(Terminal.safe(part.purpose))")
    }
    for worker in workers where !worker.attempts.isEmpty {
      lines += ["", "Breaking out of the sandbox of the reader of \(worker.reader.rawValue)"]
      for attempt in worker.attempts {
        let mark = attempt.isHeld ? good("held") : bad("BROKEN")
        lines.append("  \(mark)  \(attempt.way.what): \(attempt.end)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fences(_ readiness: WorkReply.Readiness) -> String {
    let seccomp = readiness.seccomp ? "seccomp kills for forbidden system calls" : "no seccomp"
    let landlock =
      readiness.landlock > 0
      ? "Landlock \(readiness.landlock)" : "no Landlock (seccomp refuses files too)"
    let user = readiness.isNobody ? "runs as nobody" : "runs as the user of vigie"
    return "\(seccomp) · \(landlock) · \(user)"
  }

  /// The report as one JSON object.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("version")
    writer.integer(ReviewLine.version)
    writer.key("vigie")
    writer.string(Vigie.configuration.version)
    for worker in workers { worker.write(to: &writer) }
    writer.key("parts")
    writer.beginArray()
    for part in parts {
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
    for worker in workers {
      for attempt in worker.attempts {
        writer.beginObject()
        writer.key("reader")
        writer.string(worker.reader.rawValue)
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
    }
    writer.endArray()
    writer.endObject()
    writer.lineBreak()
    return writer.take()
  }
}

extension DoctorReport.Worker {
  /// Writes the member of the report that tells of it.
  fileprivate func write(to writer: inout JSONWriter) {
    writer.key(reader == .documents ? "worker" : "ocr_worker")
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
  }
}
