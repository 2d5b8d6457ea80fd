import ArgumentParser
import Glibc
import VigieCore
import VigieDocuments
import VigieOptions
import VigieReports

/// The command line of Vigie.
@main
struct Vigie: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vigie",
    abstract: "Finds restricted-distribution and classification markings in chat messages.",
    discussion: """
      EXAMPLES
        vigie check --text 'DIFFUSION RESTREINTE: note de service'
        vigie scan export.zip
        vigie rules explain --text 'ci-joint la note, DR'

      EXIT CODES
        0  nothing was stopped
        1  something was stopped (verdict warn or above)
        2  wrong usage or configuration
        3  something could not be read, and nothing was stopped
        130  stopped by Ctrl-C; a scan with a store goes on with --resume
      """,
    version: "\(vigieVersion)",
    subcommands: [
      Check.self, Scan.self, Findings.self, ReportCommand.self, Exposure.self, Extract.self,
      Rules.self, Audit.self, Serve.self, Doctor.self,
    ]
  )

  /// Runs a command; wrong usage is exit code 2, not the parser's 64.
  static func main() {
    // What is checked and scanned belongs to others, who may write to it meanwhile.
    CutPages.survive()
    do {
      let operands = FileOperands(folding: Array(CommandLine.arguments.dropFirst()))
      if let (check, taking) = checkAlone(operands) { return try check.run(taking: taking) }
      if let extract = extractAlone(operands) { return try extract.run() }
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      Terminal.complain(failure.description)
      Glibc.exit(CommandExit.usage.rawValue)
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let text = fullMessage(for: error)
      guard exitCode(for: error).isSuccess else {
        if let slip = unknownCommand(Array(CommandLine.arguments.dropFirst())) {
          Terminal.complain(slip.description)
          Glibc.exit(CommandExit.usage.rawValue)
        }
        Terminal.complain(text)
        Glibc.exit(CommandExit.usage.rawValue)
      }
      print(text)
    }
  }

  /// What to say where a word stands in the place of a command and is none; the parser would complain of what comes
  /// after it.
  private static func unknownCommand(_ arguments: [String]) -> CommandFailure? {
    var group: any ParsableCommand.Type = Vigie.self
    var path = ["vigie"]
    for word in arguments {
      let known = group.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      if let next = known.first(where: { $0._commandName == word }) {
        group = next
        path.append(word)
        continue
      }
      let names = known.map { $0._commandName }
      let near = suggestion(for: word, among: names)
      return CommandFailure(
        "\(path.joined(separator: " ")) has no command '\(Terminal.safe(word))'",
        mend: near ?? "the commands are \(names.joined(separator: ", "))"
      )
    }
    return nil
  }

  /// The command that is started for each message, read without building all the others; `nil` for
  /// any other, and for wrong usage and `--help`, which are answered for the whole program.
  private static func checkAlone(_ operands: FileOperands) -> (Check, CacheTaking?)? {
    guard operands.arguments.first == "check" else { return nil }
    let own = Array(operands.arguments.dropFirst())
    let taking = Check.start(aheadOf: own)
    guard var check = try? Check.parse(own) else { return nil }
    check.files = operands.unfolded(check.files)
    return (check, taking)
  }

  /// The other command that takes files by the thousand, in the same way.
  private static func extractAlone(_ operands: FileOperands) -> Extract? {
    guard operands.arguments.first == "extract" else { return nil }
    guard var extract = try? Extract.parse(Array(operands.arguments.dropFirst())) else {
      return nil
    }
    extract.files = operands.unfolded(extract.files)
    return extract
  }
}
