import Glibc
import VigieCrypto

/// What the files of some sources looked like at one moment, without reading them.
///
/// Two stamps differ where a file came, went or was written between them.
public struct RuleStamp: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var path: String
    var byteCount: Int
    /// Seconds and nanoseconds.
    var changed: [Int]
  }

  private var entries: [Entry] = []

  /// Looks at every name in the directories of some sources and their folders, and at the policy.
  public init(of sources: RuleSources) {
    let folders = RuleFileKind.allCases.compactMap(\.folder)
    for directory in [sources.shipped] + sources.sites {
      for folder in [directory] + folders.map({ directory + "/" + $0 }) {
        for name in directoryNames(folder) ?? [] where !name.hasPrefix(".") {
          add(folder + "/" + name)
        }
      }
    }
    if let policy = sources.policyFile { add(policy) }
  }

  private mutating func add(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let time = status.st_mtim
    entries.append(
      Entry(path: path, byteCount: Int(status.st_size), changed: [time.tv_sec, time.tv_nsec])
    )
  }
}
