package import VigieArchives
import VigieBatch
package import VigieCore
package import VigieFilter
import VigieInspection

/// What a change of rules does to an archive: findings gained, lost and moved.
///
/// Both rule sets judge each message; nothing of a message is kept but counts.
package struct RuleDiff: Sendable {
  /// What became of a finding.
  package enum Kind: String, Sendable, CaseIterable {
    /// Only the new rules find it.
    case gained
    /// Only the old rules found it.
    case lost
    /// Both find it, and say something else of it.
    case moved
  }

  /// What is another in a finding that moved.
  package enum Aspect: String, Sendable, CaseIterable {
    case rule, usage, level, confidence
  }

  /// One finding that is not what it was.
  package struct Change: Sendable {
    package var kind: Kind
    /// The id of the message.
    package var message: String
    /// The name of the channel, or its id.
    package var channel: String?
    package var old: Finding?
    package var new: Finding?
    /// What moved; none unless the kind says so.
    package var aspects: [Aspect]
    package var oldVerdict: Verdict
    package var newVerdict: Verdict
  }

  /// Counts of one rule.
  package struct Count: Sendable, Equatable {
    /// Findings under the old rules.
    package var old = 0
    /// Findings under the new rules.
    package var new = 0
    package var gained = 0
    package var lost = 0
    package var moved = 0

    /// Counts of nothing.
    package init() {}

    /// Whether anything is another than it was.
    package var isChanged: Bool { gained + lost + moved > 0 }
  }

  /// A verdict that became another.
  package struct VerdictChange: Sendable, Hashable {
    package var old: Verdict
    package var new: Verdict

    /// A change from one verdict to another.
    package init(old: Verdict, new: Verdict) {
      self.old = old
      self.new = new
    }
  }

  /// The least difference of confidence that counts.
  package static let leastConfidenceChange = 0.01

  /// The messages judged.
  package private(set) var messageCount = 0
  /// The messages in which some finding or the verdict changed.
  package private(set) var changedMessageCount = 0
  /// The parts of the archive, and the messages, of which something could not be read.
  package private(set) var gapCount = 0
  /// By rule; one that moved to another rule counts under both.
  package private(set) var byRule: [String: Count] = [:]
  /// By what the change was.
  package private(set) var byAspect: [Aspect: Int] = [:]
  /// The verdicts of messages that changed.
  package private(set) var verdicts: [VerdictChange: Int] = [:]

  /// Counts of nothing.
  package init() {}

  /// All rules together, each finding once.
  package private(set) var total = Count()

  /// Judges an archive with two rule sets.
  ///
  /// - Parameters:
  ///   - reader: The archive, at its start.
  ///   - old: The rules as they were.
  ///   - new: The rules as they are to be.
  ///   - threadCount: How many threads share the work.
  ///   - progress: Told the bytes read after each batch.
  ///   - deliver: Takes every change in the order of the archive.
  package mutating func scan(
    _ reader: inout ArchiveReader,
    old: Filter,
    new: Filter,
    threadCount: Int,
    progress: (_ byteCountRead: Int) -> Void = { _ in },
    deliver: (Change) -> Void
  ) {
    var failure: ArchiveError?
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let before = Inspector(old)
        let after = Inspector(new)
        return { (items: [ArchiveItem]) in
          items.compactMap { item -> Compared?? in
            switch item {
            case .message(let message, _, _), .channel(let message, _, _):
              Compared(message, before.review(message), after.review(message))
            case .gap: .some(nil)
            case .access: nil
            }
          }
        }
      },
      next: {
        if failure != nil { return nil }
        let (batch, fault) = BatchScan.batch(from: &reader)
        failure = fault
        progress(reader.byteCountRead)
        return batch.isEmpty ? nil : batch
      },
      deliver: { results in
        for compared in results {
          if let compared { add(compared, deliver) } else { gapCount += 1 }
        }
      }
    )
    if failure != nil { gapCount += 1 }
  }

  private mutating func add(_ compared: Compared, _ deliver: (Change) -> Void) {
    messageCount += 1
    if compared.hasGaps { gapCount += 1 }
    for finding in compared.old {
      byRule[finding.rule, default: Count()].old += 1
      total.old += 1
    }
    for finding in compared.new {
      byRule[finding.rule, default: Count()].new += 1
      total.new += 1
    }
    if compared.oldVerdict != compared.newVerdict {
      let change = VerdictChange(old: compared.oldVerdict, new: compared.newVerdict)
      verdicts[change, default: 0] += 1
    }
    let changes = compared.changes
    if !changes.isEmpty || compared.oldVerdict != compared.newVerdict { changedMessageCount += 1 }
    for change in changes {
      count(change)
      deliver(change)
    }
  }

  private mutating func count(_ change: Change) {
    func add(to count: inout Count) {
      switch change.kind {
      case .gained: count.gained += 1
      case .lost: count.lost += 1
      case .moved: count.moved += 1
      }
    }
    add(to: &total)
    for rule in Set([change.old?.rule, change.new?.rule].compactMap { $0 }) {
      add(to: &byRule[rule, default: Count()])
    }
    for aspect in change.aspects { byAspect[aspect, default: 0] += 1 }
  }
}

/// What two rule sets say of one message.
private struct Compared: Sendable {
  var message: String
  var channel: String?
  var old: [Finding]
  var new: [Finding]
  var oldVerdict: Verdict
  var newVerdict: Verdict
  var hasGaps: Bool

  init(_ message: Message, _ old: Review, _ new: Review) {
    self.message = message.id
    channel = message.channel?.name ?? message.channel?.id
    self.old = old.findings
    self.new = new.findings
    oldVerdict = old.verdict
    newVerdict = new.verdict
    hasGaps = !old.gaps.isEmpty || !new.gaps.isEmpty
  }

  /// The changes, those of findings that both have first by their place in the new ones.
  var changes: [RuleDiff.Change] {
    var free = Array(old.indices)
    var partners: [Int?] = new.map { _ in nil }
    // The same rule at the same place first, then any rule there.
    for isSameRule in [true, false] {
      for (index, finding) in new.enumerated() where partners[index] == nil {
        let partner = free.first { number in
          let other = old[number]
          return other.place == finding.place && other.range.overlaps(finding.range)
            && (!isSameRule || other.rule == finding.rule)
        }
        partners[index] = partner
        if let partner { free.removeAll { $0 == partner } }
      }
    }
    var changes: [RuleDiff.Change] = []
    for (finding, partner) in zip(new, partners) {
      guard let partner else {
        changes.append(change(.gained, nil, finding, []))
        continue
      }
      let aspects = Compared.aspects(old[partner], finding)
      if !aspects.isEmpty { changes.append(change(.moved, old[partner], finding, aspects)) }
    }
    return changes + free.map { change(.lost, old[$0], nil, []) }
  }

  private func change(
    _ kind: RuleDiff.Kind,
    _ old: Finding?,
    _ new: Finding?,
    _ aspects: [RuleDiff.Aspect]
  ) -> RuleDiff.Change {
    RuleDiff.Change(
      kind: kind,
      message: message,
      channel: channel,
      old: old,
      new: new,
      aspects: aspects,
      oldVerdict: oldVerdict,
      newVerdict: newVerdict
    )
  }

  private static func aspects(_ old: Finding, _ new: Finding) -> [RuleDiff.Aspect] {
    var aspects: [RuleDiff.Aspect] = []
    if old.rule != new.rule { aspects.append(.rule) }
    if old.usage != new.usage { aspects.append(.usage) }
    if old.level != new.level { aspects.append(.level) }
    if abs(old.confidence - new.confidence) >= RuleDiff.leastConfidenceChange {
      aspects.append(.confidence)
    }
    return aspects
  }
}
