import ArgumentParser
import VigieCore
import VigieOptions
import VigiePolicy
import VigieReports
import VigieStore

/// `vigie findings message`: whether one message was inspected.
struct FindingsMessage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "message",
    abstract:
      "Says whether a message was inspected: in which scans, how far, why not, what was found.",
    discussion: """
      The id is that of the archive, such as $event:example.org or 1748937600.000100; edits of the message are shown \
      with it. Ids that are unique in a channel only may be narrowed by --channel.

      Exit codes: 0 where the latest scan that holds the message inspected all of it, 3 where it did not, or where no \
      scan holds it. With --json an object, whose schema is vigie rules schema findings-message.

      EXAMPLES
        vigie findings message '$m50:example.org' --store scans.sqlite
        vigie findings message 1748937600.000100 --channel 'veille*' --run latest --store scans.sqlite --json
      """
  )

  @Argument(help: ArgumentHelp("The id of the message.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("Only channels of this id or name (*).", valueName: "channel"))
  var channel: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Only this run, or latest; without it all that are kept.", valueName: "run")
  )
  var wanted: String?

  @Flag(help: "Write a JSON object.")
  var json = false

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if let wanted, wanted != "latest", Int64(wanted) == nil {
      throw ValidationError("--run is the number of a run, or latest.")
    }
  }

  func run() throws {
    let store = try options.open()
    let output = Output.standard()
    let answer: MessageAnswer = try CommandFailure.wording {
      let answer = try self.answer(from: store)
      try store.close()
      return answer
    }
    if json {
      output.write(answer.json)
    } else {
      answer.write(to: output, for: Terminal(descriptor: 1))
    }
    try output.finishCommand()
    if answer.reading != .inspected { throw ExitCode(CommandExit.unread.rawValue) }
  }

  private func answer(from store: ScanStore) throws -> MessageAnswer {
    let globs = channel.map(Glob.init)
    var runs: [MessageAnswer.InRun] = []
    for run in try wantedRuns(in: store) {
      var kept = try store.messages(of: id, in: run)
      if !globs.isEmpty {
        kept.messages.removeAll { _, message in
          let names = [message.channelID, message.channelName].compactMap(\.self)
          return !globs.contains { names.contains(where: $0.describes) }
        }
      }
      runs.append(MessageAnswer.InRun(run: run, kept: kept))
    }
    let fingerprints = runs.flatMap { $0.kept.messages }
      .flatMap { $0.message.review.findings }.compactMap(\.fingerprint)
    return MessageAnswer(id: id, runs: runs, states: try store.states(of: Set(fingerprints)))
  }

  /// The runs asked for, the latest first.
  private func wantedRuns(in store: ScanStore) throws -> [StoredRun] {
    let runs = try store.runs().reversed()
    guard let wanted else { return Array(runs) }
    let found = wanted == "latest" ? runs.first : runs.first { "\($0.id)" == wanted }
    guard let found else {
      throw CommandFailure(
        wanted == "latest" ? "the store keeps no run" : "there is no run \(wanted)",
        mend: "see which there are: vigie report --store \(options.store)"
      )
    }
    return [found]
  }
}
