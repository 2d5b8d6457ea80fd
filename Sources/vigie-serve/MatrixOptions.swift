import ArgumentParser
import VigieCrypto
import VigieMatrix
import VigieOptions
import VigieServer

/// What the server says to homeservers.
struct MatrixOptions: ParsableArguments {
  @Option(
    name: .customLong("language"),
    help: ArgumentHelp("Languages of errors for clients, the first first.", valueName: "tag")
  )
  var language: [String] = []

  @Option(
    help: ArgumentHelp(
      "Signs events as this policy server (MSC4284), the name rooms state as via.",
      valueName: "server"
    )
  )
  var policyServerName: String?

  @Option(
    help: ArgumentHelp(
      "The key it signs with, made by: vigie rules bundle --generate-key --key FILE",
      valueName: "file"
    )
  )
  var policyServerKey: String?

  @Option(
    help: ArgumentHelp("The version of rooms whose events do not show it.", valueName: "number")
  )
  var roomVersion = 11

  func validate() throws {
    guard (policyServerName == nil) == (policyServerKey == nil) else {
      throw ValidationError("--policy-server-name and --policy-server-key go together.")
    }
  }

  var languages: [String] { language.isEmpty ? ["fr", "en"] : language }

  func policyServer() throws -> PolicyServer? {
    guard let name = policyServerName, let path = policyServerKey else { return nil }
    do {
      let signing = EventSigning(try SigningKey(file: path), roomVersion: roomVersion)
      return PolicyServer(name: name, signing: signing)
    } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }
}
