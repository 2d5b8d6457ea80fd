public import ArgumentParser
import NIOCore
import VigieCore
public import VigieHook
import VigieServer

extension FailMode: ExpressibleByArgument {}

/// What the server may spend, and what it says when that is not enough.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("From a request to its answer, at most.", valueName: "ms"))
  var deadline = 250

  @Option(help: ArgumentHelp("For messages that take more than a moment.", valueName: "count"))
  var threads = 2

  @Option(help: ArgumentHelp("How many such messages may wait.", valueName: "count"))
  var waiting = 256

  @Option(help: ArgumentHelp("From an upload to its answer, at most.", valueName: "ms"))
  var uploadDeadline = 10_000

  @Option(help: ArgumentHelp("For uploads.", valueName: "count"))
  var uploadThreads = 1

  @Option(help: ArgumentHelp("How long a sender may override a verdict.", valueName: "s"))
  var overrideLifetime = 600

  @Option(help: "What happens to a message that is not judged in time.")
  var fail = FailMode.closed

  @Option(
    name: .customLong("fail-from"),
    help: ArgumentHelp(
      "Another answer for channels made for a level and above, such as restricted=hold.",
      valueName: "level=mode"
    ),
    transform: { text in
      let words = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2, let level = Level(name: words[0]),
        let mode = FailMode(rawValue: words[1])
      else {
        let levels = Level.allCases.map(\.name).joined(separator: ", ")
        throw ValidationError(
          "'\(text)' is no LEVEL=MODE; levels are \(levels); modes open, closed, hold."
        )
      }
      return FailPolicy.Step(from: level, mode)
    }
  )
  var failFrom: [FailPolicy.Step] = []

  @Option(help: ArgumentHelp("The longest body of a check.", valueName: "bytes"))
  var maxBody = 1 << 24

  @Option(help: ArgumentHelp("The longest file that is sent.", valueName: "bytes"))
  var maxFile = 1 << 30

  @Option(help: ArgumentHelp("Connections at once, on each socket.", valueName: "count"))
  var connections = 1024

  @Option(
    help: ArgumentHelp("A silent connection of HTTP is closed after so long.", valueName: "s")
  )
  var idle = 60

  func validate() throws {
    let least: [(String, Int, Int)] = [
      ("--deadline", deadline, 1), ("--threads", threads, 1), ("--waiting", waiting, 0),
      ("--max-body", maxBody, 1), ("--max-file", maxFile, 1), ("--connections", connections, 1),
      ("--idle", idle, 1), ("--upload-deadline", uploadDeadline, 1),
      ("--upload-threads", uploadThreads, 1),
      ("--override-lifetime", overrideLifetime, 1),
    ]
    for (name, value, bound) in least where value < bound {
      throw ValidationError("\(name) must be at least \(bound).")
    }
    guard threads <= 256, uploadThreads <= 256 else {
      throw ValidationError("There may be 256 threads of each kind at most.")
    }
  }

  var hookOptions: HookOptions {
    var policy = FailPolicy(fail)
    policy.steps = failFrom
    return HookOptions(
      deadline: .milliseconds(deadline),
      threadCount: threads,
      maxWaitingCount: waiting,
      failPolicy: policy,
      uploadDeadline: .milliseconds(uploadDeadline),
      uploadThreadCount: uploadThreads,
      overrideLifetime: .seconds(overrideLifetime)
    )
  }

  var serverOptions: ServerOptions {
    var options = ServerOptions()
    options.maxCheckByteCount = maxBody
    options.maxLineByteCount = maxBody
    options.maxFileByteCount = maxFile
    options.maxConnectionCount = connections
    options.idleTimeout = .seconds(Int64(idle))
    return options
  }
}
