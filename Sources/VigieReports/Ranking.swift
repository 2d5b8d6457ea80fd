package import VigieCore

/// Findings counted by a name that comes from outside, such as a sender; its size does not grow with the archive.
///
/// As long as there are few names every count is exact. Of many the rarest are let go from time to time, so that
/// what is counted for a name is at least what ``Entry`` says, and the frequent ones stay.
package struct Ranking: Sendable {
  /// What was found under one name.
  package struct Entry: Sendable, Equatable {
    /// The name.
    package var name: String
    /// The findings.
    package var findings = Tally.UsageCount()
    /// The messages with a finding.
    package var messageCount = 0
    /// The highest applied level.
    package var level = Level.public
  }

  /// The names that are kept when the rarest are let go.
  package static let keptCount = 10_000

  private var entries: [String: Entry] = [:]
  /// Whether nothing was let go, so that every count is exact.
  package private(set) var isExact = true

  /// A ranking of nothing.
  package init() {}

  /// The names that are counted.
  package var count: Int { entries.count }

  /// Counts findings of one message.
  package mutating func add(_ findings: some Sequence<Finding>, under name: String) {
    var entry = entries[name] ?? Entry(name: name)
    entry.messageCount += 1
    for finding in findings {
      entry.findings.add(finding.usage)
      if finding.usage == .applied { entry.level = max(entry.level, finding.level) }
    }
    entries[name] = entry
    guard entries.count > 2 * Ranking.keptCount else { return }
    isExact = false
    let kept = top(Ranking.keptCount)
    entries = Dictionary(kept.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The names under which most was found, most applied findings first.
  package func top(_ count: Int) -> [Entry] {
    func rank(_ entry: Entry) -> (Int, Int, Int) {
      (entry.findings.applied, Int(entry.level.rawValue), entry.findings.mentioned)
    }
    let sorted = entries.values.sorted { left, right in
      let (a, b) = (rank(left), rank(right))
      return a == b ? left.name < right.name : a > b
    }
    return Array(sorted.prefix(count))
  }
}
