import Synchronization
import VigieInspection

/// Why rules or keys cannot be used, in words for the one who runs the program.
enum OpenFailure: Error, Equatable {
  case rules(String)
  case key(String)
  /// There is no memory to load with.
  case memory
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
    current = Mutex(InspectorBench(try RuleLoading.filter(options), copiesFiles: true))
  }

  /// What judges now; whoever holds it is not disturbed by a reload.
  var bench: InspectorBench { current.withLock { $0 } }

  /// Loads the rules again and takes them into use, or keeps those in use.
  func reload() throws(OpenFailure) {
    try loading.withLock { _ throws(OpenFailure) in
      let next = InspectorBench(try RuleLoading.filter(options), copiesFiles: true)
      // The old one is given up outside of the lock: taking rules apart takes its time.
      _ = current.withLock { bench in
        defer { bench = next }
        return bench
      }
    }
  }
}
