import ArgumentParser
import Glibc
import VigieCore
import VigieOptions
import VigieReports

/// A report that is asked for: a format and where it goes.
struct ReportRequest {
  /// The name of the format.
  var name: String
  /// The file; `-` for standard output.
  var file: String

  /// The requests in words such as `jsonl=FILE`, also several in one with commas between.
  ///
  /// A comma stands between two where small letters and `=` follow it; any other is part of a path.
  static func all(in words: [String]) -> [ReportRequest] {
    words.flatMap(parts).map { part in
      let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return ReportRequest(
        name: String(pieces[0]),
        file: pieces.count > 1 ? String(pieces[1]) : ""
      )
    }
  }

  private static func parts(of word: String) -> [String] {
    var parts: [String] = []
    for piece in word.split(separator: ",", omittingEmptySubsequences: false) {
      let name = piece.prefix { ("a"..."z").contains($0) }
      let isRequest = !name.isEmpty && piece.dropFirst(name.count).first == "="
      if let last = parts.last, !isRequest {
        parts[parts.count - 1] = "\(last),\(piece)"
      } else {
        parts.append(String(piece))
      }
    }
    return parts
  }

  /// Refuses what is no report, and more than one on standard output.
  ///
  /// - Parameters:
  ///   - requests: The reports that are asked for.
  ///   - formats: The names of those there are.
  ///   - isStandardTaken: Whether another option writes there already.
  /// - Throws: `ValidationError`.
  static func validate(
    _ requests: [ReportRequest],
    formats: [String] = ReportFormats.all.map { $0.name },
    isStandardTaken: Bool = false
  ) throws {
    for request in requests where !formats.contains(request.name) || request.file.isEmpty {
      throw ValidationError(
        "'\(request.name)' is not FORMAT=FILE with FORMAT one of "
          + formats.joined(separator: ", ") + "."
      )
    }
    let count = requests.count(where: \.isOnStandardOutput) + (isStandardTaken ? 1 : 0)
    if count > 1 {
      throw ValidationError("Standard output takes one report: name a file for the others.")
    }
  }

  /// Whether it goes to standard output.
  var isOnStandardOutput: Bool { file == "-" }

  /// Opens where the report goes.
  func output() throws -> Output {
    if isOnStandardOutput { return Output.standard() }
    do { return try Output(path: file) } catch {
      throw CommandFailure("\(error.name) cannot be written: \(error.reason)")
    }
  }
}

/// The reports of one scan, each with where it goes.
final class ReportSinks {
  private var reports: [any ReportFormat] = []
  private var outputs: [Output] = []

  /// Opens the files; one that cannot be written is said at once.
  init(_ requests: [ReportRequest], of scan: ScanDescription) throws {
    for request in requests {
      guard let type = ReportFormats.named(request.name) else { continue }
      let terminal = request.isOnStandardOutput ? Terminal(descriptor: 1) : Terminal()
      add(type, to: try request.output(), of: scan, for: terminal)
    }
  }

  /// Adds a report.
  func add(
    _ type: any ReportFormat.Type,
    to output: Output,
    of scan: ScanDescription,
    for terminal: Terminal
  ) {
    outputs.append(output)
    reports.append(type.init(to: output, of: scan, for: terminal))
  }

  /// Hands an event to every report.
  func add(_ event: ScanEvent) { for report in reports { report.add(event) } }

  /// Ends every report.
  func finish(_ tally: Tally) throws {
    for report in reports { report.finish(tally) }
    for output in outputs { try output.finishCommand() }
  }
}

extension Phrase {
  /// Refuses a language in which no page is written.
  static func validate(language: String?) throws {
    guard let language, !languages.contains(language) else { return }
    throw ValidationError("--language is one of " + languages.joined(separator: ", ") + ".")
  }
}

/// The time, RFC 3339 in UTC, to the second.
var rfc3339Now: String? {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return rfc3339(milliseconds: time.tv_sec * 1000)
}
