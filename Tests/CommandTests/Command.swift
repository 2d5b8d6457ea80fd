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
  process.environment = ["PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": directory.path + "/cache"]
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

/// The program beside the tests.
let vigieBinary: URL = {
  let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  let folder = tests.deletingLastPathComponent()
  let beside = folder.appendingPathComponent("vigie")
  if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
  return URL(fileURLWithPath: repositoryRoot + "/.build/debug/vigie")
}()
