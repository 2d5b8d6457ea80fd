import Synchronization
import VigieCore
import VigieCrypto
import VigieFilter
import VigieInspection
import VigieRuleFiles
import VigieRulebook

/// Why rules or keys cannot be used, in words for the one who runs the program.
enum OpenFailure: Error, Equatable {
  case rules(String)
  case key(String)
}

/// What `vigie_open` opened: the options, and the rules in use.
final class Vigie: Sendable {
  let options: OpenOptions
  private let current: Mutex<InspectorBench>
  /// Held while rules are loaded, so that of two reloads the later one counts.
  private let loading = Mutex(())

  /// Loads the rules.
  init(_ options: OpenOptions) throws(OpenFailure) {
    self.options = options
    current = Mutex(InspectorBench(try Vigie.load(options), copiesFiles: true))
  }

  /// What judges now; whoever holds it is not disturbed by a reload.
  var bench: InspectorBench { current.withLock { $0 } }

  /// Loads the rules again and takes them into use, or keeps those in use.
  func reload() throws(OpenFailure) {
    try loading.withLock { _ throws(OpenFailure) in
      let next = InspectorBench(try Vigie.load(options), copiesFiles: true)
      // The old one is given up outside of the lock: taking rules apart takes its time.
      _ = current.withLock { bench in
        defer { bench = next }
        return bench
      }
    }
  }

  /// Everything needed to judge, as it lies on disk now.
  ///
  /// Patterns that can blow up would hold up the host: those of families whose examples were not
  /// tried are looked at. Examples are not tried here; `vigie rules test` does.
  private static func load(_ options: OpenOptions) throws(OpenFailure) -> Filter {
    let trusted = try options.trustedKeys.map(verifyingKeys)
    let key = try options.keyFile.map(fingerprintKey)
    let sources = try options.sources()
    do throws(RuleFaults) {
      let snapshot = try RuleSnapshot(reading: sources)
      if let trusted { try snapshot.verify(sources, signedBy: trusted) }
      let loaded = try RuleLoader.load(snapshot)
      let untried = snapshot.untriedFamilies(in: sources)
      let hazards = Lint.hazards(
        of: loaded.rules.rules.filter { untried.contains($0.position.file) }
      )
      if !hazards.isEmpty { throw RuleFaults(hazards) }
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
