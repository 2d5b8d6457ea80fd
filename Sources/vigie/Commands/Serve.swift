import ArgumentParser
import Glibc
import VigieOptions

/// `vigie serve`: becomes `vigie-serve`, which lies beside this program.
///
/// A program of its own: no command waits for the libraries of a server to load.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Judges messages for servers, over HTTP and a framed socket.",
    discussion: """
      Everything after 'serve' goes to vigie-serve; vigie serve --help lists it.

      EXAMPLES
        vigie serve --socket /run/vigie/vigie.sock --audit /var/lib/vigie/audit
      """
  )

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  func run() throws {
    let path = RuleOptions.executableFolder() + "/vigie-serve"
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    unsafe execv(path, words)
    let reason = unsafe String(cString: strerror(errno)).lowercased()
    throw CommandFailure(
      "\(path) cannot be started: \(reason)",
      mend: "build it: swift build -c release --product vigie-serve"
    )
  }
}
