import Foundation
import TestSupport
import Testing

/// What a run of `vigie` gave.
struct CommandResult {
  var code: Int32
  var output: String
  var error: String

  /// The lines of the output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs the built `vigie`, with the rules of the source tree and without a cache of the user.
///
/// What names rules of its own finds no cache; all others share ``ruleCache``.
func vigie(
  _ arguments: [String],
  input: [UInt8] = [],
  environment: [String: String] = [:]
) throws -> CommandResult {
  let directory = try TemporaryDirectory()
  let inputPath = try directory.write("input", input)
  let output = try directory.write("output", "")
  let error = try directory.write("error", "")
  let process = Process()
  process.executableURL = vigieBinary
  process.arguments = arguments
  let isShipped = !arguments.contains { ["--rules", "--site", "--policy"].contains($0) }
  let cache = isShipped ? ruleCache : directory.path + "/cache"
  process.environment = ["PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": cache]
    .merging(environment) { _, new in new }
  // Files, not pipes: a full pipe would block the process.
  process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: inputPath))
  process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
  process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: error))
  try process.run()
  process.waitUntilExit()
  #expect(process.terminationReason == .exit, "vigie \(arguments) ended by a signal")
  return CommandResult(
    code: process.terminationStatus,
    output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
    error: String(decoding: try Data(contentsOf: URL(fileURLWithPath: error)), as: UTF8.self)
  )
}

/// Runs `vigie` with text on standard input.
func vigie(_ arguments: [String], input: String) throws -> CommandResult {
  try vigie(arguments, input: Array(input.utf8))
}

/// A cache of the shipped rules that all tests share: to read them anew takes a debug build ten seconds of a processor.
///
/// It lies beside the programs and is there for the next run, as no other build believes what one has written.
let ruleCache = vigieBinary.deletingLastPathComponent().path + "/vigie-test-cache"

/// The program beside the tests.
let vigieBinary: URL = {
  let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  let folder = tests.deletingLastPathComponent()
  let beside = folder.appendingPathComponent("vigie")
  if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
  return URL(fileURLWithPath: repositoryRoot + "/.build/debug/vigie")
}()
