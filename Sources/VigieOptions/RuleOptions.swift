package import ArgumentParser
import Glibc
import VigieBatch
import VigieCore
import VigieCrypto
package import VigieFilter
package import VigieReports
import VigieRuleChecks
package import VigieRuleFiles
import VigieRulebook

/// Where the rules of a command come from.
package struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("rules"),
    help: ArgumentHelp(
      "Rules to use instead of the shipped ones; given again, a directory laid over them.",
      valueName: "dir"
    )
  )
  package var rules: [String] = []

  @Option(
    name: .customLong("site"),
    help: ArgumentHelp("A directory of the site, laid over the rules.", valueName: "dir")
  )
  package var sites: [String] = []

  @Option(
    name: .customLong("policy"),
    help: ArgumentHelp("A policy file to use instead of the default one.", valueName: "file")
  )
  package var policy: String?

  @Option(
    name: .customLong("trusted-key"),
    help: ArgumentHelp(
      "Public keys (or VIGIE_TRUSTED_KEY): rules not signed with one of them are refused.",
      valueName: "file"
    )
  )
  package var trustedKey: String?

  @Flag(name: .customLong("no-cache"), help: "Read the YAML even where a cache of it is fresh.")
  package var noCache = false

  /// The shipped rules.
  package init() {}

  /// These options as another command is told them, each word with a space before it; empty for the shipped rules.
  package var words: String {
    let named = rules.map { ("--rules", $0) } + sites.map { ("--site", $0) }
    return named.map { name, path in
      let isPlain = path.utf8.allSatisfy { byte in
        ("0"..."9").contains(Unicode.Scalar(byte)) || ("a"..."z").contains(Unicode.Scalar(byte))
          || ("A"..."Z").contains(Unicode.Scalar(byte)) || "/._-".utf8.contains(byte)
      }
      return " \(name) " + (isPlain ? path : Terminal.quoted(path))
    }.joined()
  }

  /// Where the files lie.
  package func sources() throws -> RuleSources {
    RuleSources(
      shipped: try rules.first ?? RuleOptions.shippedDirectory(),
      sites: rules.dropFirst() + sites,
      policyFile: policy
    )
  }

  /// Everything the files say, examples included.
  package func loadWithExamples() throws -> LoadedRules {
    let sources = try sources()
    do { return try RuleLoader.load(snapshot(of: sources)) } catch let faults as RuleFaults {
      throw CommandFailure(report: faults.describe())
    }
  }

  /// What the files say as far as it can be understood, with their faults.
  package func survey() throws -> RuleSurvey {
    let sources = try sources()
    do { return RuleLoader.survey(try snapshot(of: sources)) } catch let faults as RuleFaults {
      throw CommandFailure(report: faults.describe())
    }
  }

  /// The bytes of the files, signed where that is asked for.
  ///
  /// - Throws: `RuleFaults` of files that cannot be read or are not signed; `CommandFailure` where
  ///   the trusted keys cannot be read.
  package func snapshot(of sources: RuleSources) throws -> RuleSnapshot {
    let snapshot = try RuleSnapshot(reading: sources)
    guard let path = trustedKey ?? Terminal.environment("VIGIE_TRUSTED_KEY"), !path.isEmpty else {
      return snapshot
    }
    let keys: [VerifyingKey]
    do { keys = try VerifyingKey.keys(in: path) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
    try snapshot.verify(sources, signedBy: keys)
    return snapshot
  }

  /// A filter; the rules come from the cache where it is fresh.
  ///
  /// - Parameters:
  ///   - keyFile: The file with the key of fingerprints.
  ///   - isTried: Whether rules whose examples do not hold are refused: for work, not where an
  ///     author wants to see what they do.
  ///   - isSigned: Whether rules that are not signed are refused where keys are trusted.
  ///   - isForGood: Whether the rules are never freed: for a command that judges once and ends, as taking
  ///     thousands of words apart first would cost as much as its verdict. Never where rules are loaded again.
  ///   - ahead: What takes rules from the cache already; not heeded where it takes others than these.
  /// - Returns: The filter, with the policy and the tips of the files.
  /// - Throws: `CommandFailure` with every fault of the files.
  package func filter(
    keyFile: String? = nil,
    isTried: Bool = true,
    isSigned: Bool = true,
    isForGood: Bool = false,
    ahead: CacheTaking? = nil
  ) throws -> Filter {
    let filter = try loadFilter(keyFile: keyFile, isTried: isTried, isSigned: isSigned, ahead)
      .filter
    if isForGood { _ = unsafe Unmanaged.passRetained(filter.rules) }
    return filter
  }

  /// A filter, and what reports say of the files it was made of.
  ///
  /// - Parameter keyFile: The file with the key of fingerprints.
  /// - Returns: Both, of the same bytes.
  /// - Throws: `CommandFailure` with every fault of the files.
  package func described(
    keyFile: String? = nil
  ) throws -> (filter: Filter, applied: AppliedRules) {
    let (filter, snapshot) = try loadFilter(keyFile: keyFile, isTried: true, isSigned: true, nil)
    let applied = AppliedRules(
      digest: "sha256:" + snapshot.digest,
      sites: snapshot.siteFiles(of: try sources()).map { .init(path: $0.path, files: $0.files) },
      policyFile: policy
    )
    return (filter, applied)
  }

  private func loadFilter(
    keyFile: String?,
    isTried: Bool,
    isSigned: Bool,
    _ ahead: CacheTaking?
  ) throws -> (filter: Filter, snapshot: RuleSnapshot) {
    let sources = try sources()
    do {
      let cache = noCache ? nil : RuleCache.ofUser
      let taking = cache.map { cache in
        ahead.flatMap { $0.sources == sources ? $0 : nil } ?? CacheTaking(cache, sources)
      }
      let read = Result {
        try isSigned ? self.snapshot(of: sources) : RuleSnapshot(reading: sources)
      }
      let taken = taking?.finish()
      let snapshot = try read.get()
      if let taken, let cache, cache.holds(taken.candidate, snapshot, sources) {
        let filter = try RuleOptions.filter(taken.loaded, taken.compiled.get(), keyFile: keyFile)
        return (filter, snapshot)
      }
      let rules = try RuleLoader.load(snapshot)
      let filter = try RuleOptions.filter(rules, keyFile: keyFile, isForCache: cache != nil)
      guard isTried else { return (filter, snapshot) }
      let untried = snapshot.untriedFamilies(in: sources)
      let faults = Admission.faults(
        of: rules.rules.rules.filter { untried.contains($0.position.file) },
        with: filter,
        threadCount: Crew.processorCount
      )
      if !faults.isEmpty { throw RuleFaults(faults) }
      cache?.keep(rules, filter.rules, of: snapshot, from: sources)
      return (filter, snapshot)
    } catch let faults as RuleFaults {
      throw CommandFailure(report: faults.describe())
    }
  }

  /// A filter over loaded rules.
  ///
  /// - Parameters:
  ///   - loaded: The rules.
  ///   - keyFile: The file with the key of fingerprints.
  ///   - isForCache: Whether a cache will keep them.
  /// - Returns: The filter, with their policy and tips.
  /// - Throws: `CommandFailure` with every fault of the rules.
  package static func filter(
    _ loaded: LoadedRules,
    keyFile: String? = nil,
    isForCache: Bool = false
  ) throws -> Filter {
    let compiled: CompiledRules
    do {
      compiled =
        try isForCache ? CompiledRules(forCache: loaded.rules) : CompiledRules(loaded.rules)
    } catch {
      throw CommandFailure(report: error.describe())
    }
    return try filter(loaded, compiled, keyFile: keyFile)
  }

  private static func filter(
    _ loaded: LoadedRules,
    _ compiled: CompiledRules,
    keyFile: String?
  ) throws -> Filter {
    Filter(
      rules: compiled,
      policy: loaded.policy,
      tips: loaded.tips,
      authentication: try key(file: keyFile)
    )
  }

  /// The key of fingerprints, or `nil` for none.
  private static func key(file: String?) throws -> HMACKey? {
    guard let path = file ?? Terminal.environment("VIGIE_KEY_FILE"), !path.isEmpty else {
      return nil
    }
    do { return try HMACKey(file: path) } catch {
      throw CommandFailure("\(error.path): \(error.reason)", mend: error.mend)
    }
  }

  /// The rules that come with Vigie: beside the binary, or in the source tree around it.
  package static func shippedDirectory() throws -> String {
    let folder = executableFolder()
    var candidates = [folder + "/../share/vigie/Rules"]
    var parent = folder
    while !parent.isEmpty {
      candidates.append(parent + "/Rules")
      parent = String(parent.prefix(upTo: parent.lastIndex(of: "/") ?? parent.startIndex))
    }
    for candidate in candidates where isDirectory(candidate + "/markings") {
      guard let resolved = unsafe realpath(candidate, nil) else { continue }
      defer { unsafe free(resolved) }
      return unsafe String(cString: resolved)
    }
    throw CommandFailure(
      "no rules lie beside the program or in a source tree around it",
      mend: "name their directory with --rules DIR"
    )
  }

  /// The folder of this program.
  package static func executableFolder() -> String {
    guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return "" }
    defer { unsafe free(resolved) }
    let path = unsafe String(cString: resolved)
    return String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
