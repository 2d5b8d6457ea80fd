import ArgumentParser
import VigieOptions
import VigieBatch
import VigieCrypto
import VigieFilter
import VigieInspection
import VigiePolicy
import VigieReports
import VigieStore

/// Whether and how a scan is kept.
struct ScanStoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep findings in this file, and a key of fingerprints in FILE.key unless --key-file names one.",
      valueName: "file"
    )
  )
  var store: String?

  @Flag(help: "Go on with the scan in the store that was cut off; without one, begin a new one.")
  var resume = false

  @Flag(help: "Inspect every message, whatever earlier scans in the store found.")
  var rescan = false

  func validate() throws {
    if store == nil, resume || rescan {
      throw ValidationError("--resume and --rescan are about a store: name it with --store FILE.")
    }
  }

  /// The files that hold what is kept.
  var files: [String] { store.map(StoreOptions.files(of:)) ?? [] }

  /// Begins the scan that is to be kept, or goes on with it.
  ///
  /// - Parameters:
  ///   - filter: The filter, whose keys give way to those of the store.
  ///   - applied: The files it was made of.
  ///   - keyFile: The file of the first key.
  ///   - archives: What is scanned.
  ///   - jobs: The threads that judge; `nil` for one a processor.
  /// - Returns: The scan, or `nil` where none is to be kept.
  /// - Throws: `CommandFailure` where the store, a key or the run does not allow it.
  func session(
    for filter: Filter,
    _ applied: AppliedRules,
    keyFile: String?,
    archives: [RunDescription.Archive],
    jobs: Int?
  ) throws -> ScanSession? {
    guard let store else { return nil }
    return try CommandFailure.wording {
      let lock = try ScanLock(ofStore: store)
      let kept = try ScanStore(path: store)
      let keys = try kept.keys(file: keyFile ?? VigieStoreKeys.environmentFile)
      let keyed = Filter(
        rules: filter.rules,
        policy: filter.policy,
        tips: filter.tips,
        authentication: keys,
        limits: filter.limits
      )
      let basis = InspectionBasis(of: keyed)
      if let lack = basis.lack {
        Terminal.complain(
          "vigie: documents are not read, and the next scan will inspect every message again: \(lack)"
        )
      }
      var description = RunDescription(
        archives: archives,
        ruleset: filter.ruleset,
        policy: filter.policy.name,
        basis: basis.digest,
        isLasting: basis.lack == nil
      )
      description.applied = applied
      let scan = try StoredScan(
        run(of: description, in: kept),
        with: keyed,
        in: kept,
        keys: keys,
        isRescan: rescan,
        threadCount: jobs ?? Crew.processorCount
      )
      return ScanSession(scan, in: kept, lock)
    }
  }

  private func run(of description: RunDescription, in store: ScanStore) throws -> StoredRun {
    let cutOff = try store.latestUnendedRun()
    guard resume else {
      if let cutOff {
        Terminal.complain(
          "vigie: run \(cutOff.id) was cut off and is left as it is; a new run is begun "
            + "(--resume goes on with the last run that was cut off)"
        )
      }
      return try store.begin(description)
    }
    guard let cutOff else {
      Terminal.complain("vigie: no run in the store was cut off; a new run is begun")
      return try store.begin(description)
    }
    // The same files are the same rules, wherever they lie.
    var wanted = description
    wanted.applied = cutOff.description.applied
    if cutOff.description == wanted { return cutOff }
    throw CommandFailure(
      "run \(cutOff.id) cannot go on: \(ScanStoreOptions.difference(cutOff.description, description))",
      mend:
        "leave --resume away: a new run is begun, and what did not change is not inspected again"
    )
  }

  /// What keeps a run from going on, in words.
  private static func difference(_ old: RunDescription, _ new: RunDescription) -> String {
    if old.archives.map(\.path) != new.archives.map(\.path) {
      return "it scans other archives, or in another order"
    }
    for (before, now) in zip(old.archives, new.archives) {
      if before.format != now.format { return "\(now.path) is read as another format" }
      if before != now { return "\(now.path) was changed since" }
    }
    if old.ruleset != new.ruleset { return "rules or policy are others" }
    if old.policy != new.policy { return "the policy is another" }
    return "the limits, the parts that read documents, or the key of fingerprints are others"
  }
}
