import ArgumentParser
import VigieOptions
import VigieCore

/// When a command ends with exit code 1 or 3.
struct StopOptions: ParsableArguments {
  /// What gaps mean for the exit code.
  enum GapRule: String, ExpressibleByArgument, CaseIterable {
    case policy
    case error
  }

  @Option(
    help: ArgumentHelp(
      "The lowest verdict that ends in exit code 1, one of \(Verdict.names) (default: warn).",
      valueName: "verdict"
    ),
    transform: { name in
      guard let verdict = Verdict(name: name) else {
        throw ValidationError("'\(name)' is no verdict; choose one of \(Verdict.names).")
      }
      return verdict
    }
  )
  var exitOn: Verdict = .warn

  @Option(
    help: """
      What could not be read: 'error' ends in exit code 3, 'policy' only in what the policy says.
      """
  )
  var gaps: GapRule = .error

  /// Ends the command with the code that fits; returns where it is 0.
  func finish(verdict: Verdict, gapCount: Int, hadErrors: Bool = false) throws {
    if verdict >= exitOn { throw ExitCode(CommandExit.stopped.rawValue) }
    if hadErrors || gapCount > 0 && gaps == .error { throw ExitCode(CommandExit.unread.rawValue) }
  }
}
