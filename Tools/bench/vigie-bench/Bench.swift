import Glibc
import VigieAudit
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import VigieScanning

/// The Vigie side of the benchmark, driven by `Tools/bench/run` over lines.
///
/// - `vigie-bench serve RULES RECORDS`: answers one line to each line, so that its rounds can
///   alternate with those of other programs. Says `kernel NAME` and `ready`, then `JOB` → `JOB nanoseconds bytes units hits`;
///   `latency RECORDS PASSES` → percentiles.
/// - `vigie-bench findings RULES RECORDS…`: prints every finding, to compare two builds.
/// - `vigie-bench slowest RULES RECORDS COUNT`: `nanoseconds bytes record` of the messages that take
///   longest, the best of nine times each.
/// - `vigie-bench export RULES`: prints phrases, marks and patterns for other engines.
/// - `vigie-bench hook RULES RECORDS`: the percentiles of single messages through the hook.
/// - `vigie-bench growth RULES RECORDS`: whether more rules cost more where none of them has a candidate.
/// - `vigie-bench archive RULES ARCHIVE ROUNDS`: what one thread takes to read an archive, and to judge it too.
/// - `vigie-bench soak RULES RECORDS COUNT AUDIT`: so many checks through one hook, with the memory it holds.
/// - `vigie-bench documents [FILE…]`: what a process for each document costs, and how long files take.
/// - `vigie-bench mutate FOLDER COUNT [SEED [FORMAT…]] [--keep=FOLDER]`: reads so many damaged documents of each
///   format (`FOLDER/ENDING`) of a folder of folders and says whether anything is left behind or goes on beyond its
///   deadline; ends with 1 where something does. Documents that killed their reader are kept in a folder, if asked.
/// - `vigie-bench instructions RULES RECORDS|ARCHIVE.jsonl…`: goes over each text for a profiler that counts; see
///   `Tools/bench/instructions`. Prints `kernel NAME`, then `PATH findings` for each.
/// - `vigie-bench loop RULES RECORDS JOB TIMES`: runs a job over and over, for a profiler.
@main
enum Bench {
  private static let usage =
    "usage: vigie-bench serve|findings|slowest|hook|growth|archive|soak|export|instructions|loop RULES … | documents FILE… "
    + "| mutate FOLDER COUNT [SEED [FORMAT…]] [--keep=FOLDER]"

  static func main() async {
    let arguments = CommandLine.arguments
    if arguments.count >= 2, arguments[1] == "documents" {
      do { try Documents.run(Array(arguments.dropFirst(2))) } catch { fail("\(error)") }
      return
    }
    if arguments.count >= 4, arguments[1] == "mutate", let count = Int(arguments[3]), count > 0 {
      let keep = arguments.first { $0.hasPrefix("--keep=") }.map { String($0.dropFirst(7)) }
      let more = arguments.dropFirst(4).filter { !$0.hasPrefix("--keep=") }
      guard let seed = more.first.map({ UInt64($0) }) ?? 1 else { fail(usage) }
      let names = Array(more.dropFirst())
      let isSound = Mutations.run(arguments[2], count: count, seed: seed, names: names, keep: keep)
      exit(isSound ? 0 : 1)
    }
    guard arguments.count >= 3 else {
      fail(usage)
    }
    let loaded = load(arguments[2])
    let filter = filter(of: loaded)
    switch arguments[1] {
    case "serve" where arguments.count == 4:
      var jobs = Jobs(filter, records(arguments[3]))
      serve(&jobs, filter)
    case "findings": for path in arguments.dropFirst(3) { printFindings(filter, records(path)) }
    case "export": Export.write(filter.rules)
    case "slowest" where arguments.count == 5:
      printSlowest(filter, records(arguments[3]), Int(arguments[4]) ?? 20)
    case "hook" where arguments.count == 4:
      print(await Latency.hookLine(filter, records(arguments[3]), passes: 5))
    case "growth" where arguments.count == 4: printGrowth(loaded, records(arguments[3]))
    case "archive" where arguments.count == 5:
      printArchive(filter, arguments[3], rounds: Int(arguments[4]) ?? 1)
    case "soak" where arguments.count == 6:
      let audit: AuditLog
      do { audit = try AuditLog(directory: arguments[5]) } catch { fail("\(error.reason)") }
      await Soak(filter: filter, records: records(arguments[3])).run(
        Int(arguments[4]) ?? 10_000_000,
        audit: audit
      )
    case "instructions" where arguments.count >= 4:
      printInstructions(filter, Array(arguments.dropFirst(3)))
    case "loop" where arguments.count == 6:
      var jobs = Jobs(filter, records(arguments[3]))
      for _ in 0..<(Int(arguments[5]) ?? 1) {
        guard let line = jobs.run(arguments[4]) else { fail("no job '\(arguments[4])'") }
        print(line)
      }
    default: fail(usage)
    }
  }

  private static func serve(_ jobs: inout Jobs, _ filter: Filter) {
    answer("kernel \(Instructions.kernel)")
    answer("ready")
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 3, words[0] == "latency" {
        answer(Latency(filter, records(words[1]), passes: Int(words[2]) ?? 5).line)
      } else {
        answer(jobs.run(line) ?? "error no job '\(line)'")
      }
    }
  }

  private static func printArchive(_ filter: Filter, _ path: String, rounds: Int) {
    do {
      for _ in 0..<rounds {
        var read = Archive(path)
        answer(try read.line("read"))
        var scan = Archive(path, judgedBy: filter)
        answer(try scan.line("scan"))
      }
    } catch {
      fail("\(error)")
    }
  }

  private static func printInstructions(_ filter: Filter, _ paths: [String]) {
    answer("kernel \(Instructions.kernel)")
    for path in paths {
      let texts = path.hasSuffix(".jsonl") ? nil : records(path)
      do {
        answer("\(path) \(try Instructions(filter, path: path, records: texts).run())")
      } catch {
        fail("\(path): \(error)")
      }
    }
  }

  private static func printSlowest(_ filter: Filter, _ records: Records, _ count: Int) {
    let times = Latency(filter, records, passes: 9).best
    for index in times.indices.sorted(by: { times[$0] > times[$1] }).prefix(count) {
      print(times[index], records.texts[index].count, index)
    }
  }

  /// Prints a line at once: whoever drives the rounds waits for it.
  private static func answer(_ line: String) {
    print(line)
    fflush(nil)
  }

  private static func printGrowth(_ loaded: LoadedRules, _ records: Records) {
    do {
      print(try Growth(loaded, records).page)
    } catch {
      fail(error.faults.map { "\($0)" }.joined(separator: "\n"))
    }
  }

  private static func load(_ directory: String) -> LoadedRules {
    do {
      return try RuleLoader.load(RuleSources(shipped: directory))
    } catch {
      fail(error.faults.map { "\($0)" }.joined(separator: "\n"))
    }
  }

  private static func filter(of loaded: LoadedRules) -> Filter {
    do {
      return Filter(
        rules: try CompiledRules(loaded.rules),
        policy: loaded.policy,
        tips: loaded.tips
      )
    } catch {
      fail(error.faults.map { "\($0)" }.joined(separator: "\n"))
    }
  }

  private static func records(_ path: String) -> Records {
    guard let records = Records(path: path) else { fail("no records in \(path)") }
    return records
  }

  private static func printFindings(_ filter: Filter, _ records: Records) {
    let worker = filter.makeWorker()
    for (number, text) in records.texts.enumerated() {
      for role in [Role.body, .html, .filename] {
        let place = Place(part: role == .html ? .html : .body, role: role)
        let (findings, gaps) = worker.findings(in: Segment(place: place, text: text))
        for finding in findings {
          let evidence = finding.evidence.map { "\($0.name)=\($0.weight)" }.joined(separator: ",")
          print(
            number,
            role.rawValue,
            finding.rule,
            finding.range,
            finding.usage.rawValue,
            finding.confidence,
            finding.disguise.names,
            finding.caveats,
            finding.line,
            finding.column,
            finding.masked,
            evidence
          )
        }
        for gap in gaps { print(number, role.rawValue, "gap", gap.reason.rawValue, gap.detail) }
      }
    }
  }

  private static func fail(_ words: String) -> Never {
    let bytes = Array((words + "\n").utf8)
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    exit(2)
  }
}
