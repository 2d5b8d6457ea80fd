import ArgumentParser
import Glibc
import VigieOptions
import VigieCrypto
import VigieReports
import VigieRuleChecks
import VigieRuleFiles
import VigieRulebook

/// `vigie rules bundle`: signs a rules directory.
struct RulesBundle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Signs a rules directory, so that Vigie can refuse any other.",
    discussion: """
      Writes \(RuleBundle.fileName) into the directory: the digest of every file, signed with Ed25519. \
      With --trusted-key FILE (or VIGIE_TRUSTED_KEY) every command refuses rules that are not signed \
      with a key of that file, and names each file that was changed, added or taken away. Rules that \
      Vigie would refuse are not signed.

      EXAMPLES
        vigie rules bundle --generate-key --key author.key
        vigie rules bundle Rules --key author.key
        vigie rules bundle site --over Rules --key author.key
        vigie check --trusted-key author.key.pub --text 'TLP:RED'
      """
  )

  @Argument(help: ArgumentHelp("The directory to sign.", valueName: "dir"))
  var directory: String?

  @Option(help: ArgumentHelp("The signing key, mode 0600.", valueName: "file"))
  var key: String

  @Flag(help: "Make the key first, and its public half in FILE.pub.")
  var generateKey = false

  @Option(
    help: ArgumentHelp("A rules directory that the signed one is laid over.", valueName: "dir")
  )
  var over: [String] = []

  func validate() throws {
    if directory == nil, !generateKey {
      throw ValidationError("Nothing to do: name a directory, or --generate-key.")
    }
  }

  func run() throws {
    if generateKey { try makeKey() }
    guard let directory else { return }
    let signing: SigningKey
    do { signing = try SigningKey(file: key) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    let layers = over + [directory]
    // Rules that are refused for work are not signed; whether they are signed is no question here.
    _ = try RuleOptions.parse(layers.flatMap { ["--rules", $0] }).filter(isSigned: false)
    let sources = RuleSources(shipped: layers[0], sites: Array(layers.dropFirst()))
    let bundle: [UInt8]?
    do {
      bundle = try RuleSnapshot(reading: sources).bundle(of: sources, signedWith: signing)
    } catch { throw CommandFailure(report: error.describe()) }
    guard let bundle else {
      throw CommandFailure(
        "\(directory): the name of a file has a line break",
        mend: "rename the file"
      )
    }
    let path = directory + "/" + RuleBundle.fileName
    try RulesBundle.publish(path, bundle)
    let output = Output.standard()
    output.write("\(path): signed with \(signing.verifyingKey.hex)\n")
    try output.finishCommand()
  }

  private func makeKey() throws {
    let made: SigningKey
    do { made = try SigningKey.create(file: key) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    try RulesBundle.publish(key + ".pub", Array((made.verifyingKey.hex + "\n").utf8))
    let output = Output.standard()
    output.write("\(key): new signing key; to be trusted: \(key).pub\n")
    try output.finishCommand()
  }

  /// Writes a file that everybody may read.
  private static func publish(_ path: String, _ bytes: [UInt8]) throws {
    do {
      let output = try Output(path: path)
      output.write(bytes)
      try output.finish()
    } catch { throw CommandFailure("\(error.name) cannot be written: \(error.reason)") }
    _ = unsafe chmod(path, 0o644)
  }
}
