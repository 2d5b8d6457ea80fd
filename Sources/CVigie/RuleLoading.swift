import Synchronization
import VigieCrypto
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import VigieThreads

/// Loads rules and keys.
enum RuleLoading {
  /// The stack to load with, bytes.
  ///
  /// The reader of YAML descends with the nesting of a file, of which it allows a thousand levels;
  /// nobody knows how much stack the caller's thread has left.
  static let stackByteCount = 64 << 20

  /// Carries what came of it from the thread that loads.
  private final class Outcome: Sendable {
    let result = Mutex<Result<Filter, OpenFailure>>(.failure(.memory))
  }

  /// Everything needed to judge, as it lies on disk now; on a thread of its own.
  static func filter(_ options: OpenOptions) throws(OpenFailure) -> Filter {
    let outcome = Outcome()
    let thread = Thread(stackByteCount: stackByteCount) {
      let result = Result { () throws(OpenFailure) in try load(options) }
      outcome.result.withLock { $0 = result }
    }
    guard let thread else { throw .memory }
    thread.join()
    return try outcome.result.withLock { $0 }.get()
  }

  /// Everything needed to judge.
  ///
  /// Patterns that can blow up would hold up the host, and phrases of a few letters its users: those of families whose
  /// examples were not tried are looked at. Examples are not tried here; `vigie rules test` does.
  private static func load(_ options: OpenOptions) throws(OpenFailure) -> Filter {
    let trusted = try options.trustedKeys.map(verifyingKeys)
    let key = try options.keyFile.map(fingerprintKey)
    let sources = try options.sources()
    do throws(RuleFaults) {
      let snapshot = try RuleSnapshot(reading: sources)
      if let trusted { try snapshot.verify(sources, signedBy: trusted) }
      let loaded = try RuleLoader.load(snapshot)
      let untried = snapshot.untriedFamilies(in: sources)
      let refusals = Lint.refusals(
        of: loaded.rules.rules.filter { untried.contains($0.position.file) }
      )
      if !refusals.isEmpty { throw RuleFaults(refusals) }
      return Filter(
        rules: try CompiledRules(loaded.rules),
        policy: loaded.policy,
        tips: loaded.tips,
        authentication: key
      )
    } catch {
      throw .rules(error.describe())
    }
  }

  private static func verifyingKeys(in path: String) throws(OpenFailure) -> [VerifyingKey] {
    do { return try VerifyingKey.keys(in: path) } catch { throw .key(describe(error)) }
  }

  private static func fingerprintKey(in path: String) throws(OpenFailure) -> HMACKey {
    do { return try HMACKey(file: path) } catch { throw .key(describe(error)) }
  }

  private static func describe(_ failure: FileFailure) -> String {
    "\(failure.path): \(failure.reason)\n  mend: \(failure.mend)"
  }
}
