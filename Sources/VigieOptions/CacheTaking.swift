import Synchronization
import VigieRuleFiles
import VigieRulebook
import VigieThreads

/// Takes the rules out of a cache while their files are read: each is a third of the time to a first verdict.
///
/// Whether they are the rules of these files is asked when both are there.
package struct CacheTaking: Sendable {
  /// What a cache holds, compiled.
  struct Taken: Sendable {
    let candidate: RuleCache.Candidate
    let compiled: Result<CompiledRules, RuleFaults>
    var loaded: LoadedRules { candidate.rules.rules }
  }

  /// Carries the result from its thread.
  private final class Box: Sendable {
    let taken = Mutex<Taken?>(nil)
  }

  /// Where the files lie that the rules are of.
  let sources: RuleSources
  private let box = Box()
  private let thread: Thread?
  private let take: @Sendable () -> Void

  /// Starts to take.
  init(_ cache: RuleCache, _ sources: RuleSources) {
    self.sources = sources
    let box = self.box
    take = {
      guard let candidate = cache.candidate(from: sources) else { return }
      let compiled = Result { () throws(RuleFaults) in try candidate.rules.compiled() }
      box.taken.withLock { $0 = Taken(candidate: candidate, compiled: compiled) }
    }
    thread = Thread(stackByteCount: CacheTaking.stackByteCount, take)
  }

  /// Starts to take the rules that arguments ask for which are not read yet, as reading them takes a tenth of the time
  /// to a verdict; `nil` where they name rules of their own, or want no cache.
  package init?(aheadOf arguments: [String]) {
    let others = ["--rules", "--site", "--policy", "--no-cache"]
    guard !arguments.contains(where: { argument in others.contains { argument.hasPrefix($0) } }),
      let cache = RuleCache.ofUser, let shipped = try? RuleOptions.shippedDirectory()
    else { return nil }
    self.init(cache, RuleSources(shipped: shipped))
  }

  /// As much as a main thread has.
  private static let stackByteCount = 8 << 20

  /// Waits for what the cache holds; `nil` for nothing.
  func finish() -> Taken? {
    // A machine with no room for a thread gets it later.
    if let thread { thread.join() } else { take() }
    return box.taken.withLock { $0 }
  }
}
