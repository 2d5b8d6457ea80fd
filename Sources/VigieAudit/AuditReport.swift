import VigieCore
import VigieJSON

/// What happened in a log between two points in time, counted.
public struct AuditReport: Sendable, Equatable {
  /// A name and how often it stands in the entries.
  public struct Count: Sendable, Equatable {
    /// The name.
    public var name: String
    /// How often.
    public var count: Int

    /// A count from its parts.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The times of the first and the last entry counted; `nil` of none.
  public private(set) var times: ClosedRange<String>?
  /// Messages with an entry: those that were allowed without a word have none.
  public private(set) var reviewCount = 0
  /// By verdict, from `log` to `block`.
  public private(set) var verdicts: [Count] = []
  /// What shadow mode held back: by the verdict that would have been, the messages that passed.
  public private(set) var observed: [Count] = []
  /// By rule, the most frequent first; messages in which it found something.
  public private(set) var rules: [Count] = []
  /// By rule, of the messages that shadow mode let pass.
  public private(set) var observedRules: [Count] = []
  /// By channel, the most frequent first; messages that were stopped or would have been.
  public private(set) var channels: [Count] = []
  /// Messages that were sent against a verdict, with a justification; by that verdict.
  public private(set) var overridden: [Count] = []
  /// Uploads with an entry, by verdict.
  public private(set) var uploads: [Count] = []
  /// Messages and uploads that were not judged, by reason.
  public private(set) var failures: [Count] = []
  /// Rules replaced and refused, events lost, entries torn and purged, texts revealed.
  public private(set) var others: [Count] = []

  /// Counts the entries of a log.
  ///
  /// - Parameters:
  ///   - directory: The directory of the log.
  ///   - since: RFC 3339, UTC; entries before it are not counted.
  ///   - until: RFC 3339, UTC; entries from it on are not counted.
  /// - Throws: ``AuditFailure`` where a file cannot be read, or an entry is damaged.
  public init(
    of directory: String,
    since: String? = nil,
    until: String? = nil
  ) throws(AuditFailure) {
    let segments = try AuditSegment.all(in: directory)
    if segments.isEmpty { throw AuditSegment.noLog(in: directory) }
    var tally = Tally()
    for segment in segments {
      var damagedLine: Int?
      _ = try segment.lines { line, number in
        guard let entry = AuditEntry(line) else {
          damagedLine = number
          return false
        }
        if let since, entry.time < since { return true }
        if let until, entry.time >= until { return true }
        tally.take(entry)
        return true
      }
      if let damagedLine {
        throw AuditFailure(
          path: "\(segment.path):\(damagedLine)",
          reason: "the entry is damaged or was changed",
          mend: "see what else is (vigie audit verify)"
        )
      }
    }
    times = tally.first.flatMap { first in tally.last.map { first...max(first, $0) } }
    reviewCount = tally.reviewCount
    verdicts = AuditReport.counts(tally.verdicts, in: Verdict.allCases.map(\.name))
    observed = AuditReport.counts(tally.observed, in: Verdict.allCases.map(\.name))
    overridden = AuditReport.counts(tally.overridden, in: Verdict.allCases.map(\.name))
    uploads = AuditReport.counts(tally.uploads, in: Verdict.allCases.map(\.name))
    rules = AuditReport.ranked(tally.rules)
    observedRules = AuditReport.ranked(tally.observedRules)
    channels = AuditReport.ranked(tally.channels)
    failures = AuditReport.counts(tally.failures, in: ReviewFailure.allCases.map(\.rawValue))
    others = AuditReport.counts(
      tally.others,
      in: ["replaced", "refused", "lost", "torn", "purged", "reveal", "revealed"]
    )
  }

  /// The counts that are not 0, in the order of their names in a list.
  private static func counts(_ counts: [String: Int], in order: [String]) -> [Count] {
    order.compactMap { name in counts[name].map { Count(name: name, count: $0) } }
  }

  private static func ranked(_ counts: [String: Int]) -> [Count] {
    counts.map { Count(name: $0.key, count: $0.value) }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name
    }
  }

  private struct Tally {
    var first: String?
    var last: String?
    var reviewCount = 0
    var verdicts: [String: Int] = [:]
    var observed: [String: Int] = [:]
    var overridden: [String: Int] = [:]
    var uploads: [String: Int] = [:]
    var rules: [String: Int] = [:]
    var observedRules: [String: Int] = [:]
    var channels: [String: Int] = [:]
    var failures: [String: Int] = [:]
    var others: [String: Int] = [:]

    mutating func take(_ entry: AuditEntry) {
      if first == nil { first = entry.time }
      last = entry.time
      if entry.event == "upload" {
        uploads[entry.members["verdict"]?.string ?? "", default: 0] += 1
        if let failure = entry.members["failure"]?.string { failures[failure, default: 0] += 1 }
        return
      }
      guard entry.event == "review" else {
        others[entry.event, default: 0] += entry.event == "lost" ? entry.integer("count") ?? 0 : 1
        return
      }
      reviewCount += 1
      let verdict = entry.members["verdict"]?.string ?? ""
      let observed = entry.members["observed"]?.string
      verdicts[verdict, default: 0] += 1
      if let verdict = entry.members["overridden"]?.string { overridden[verdict, default: 0] += 1 }
      if let observed { self.observed[observed, default: 0] += 1 }
      for rule in entry.members["rules"]?.elements ?? [] {
        guard let rule = rule.string else { continue }
        rules[rule, default: 0] += 1
        if observed != nil { observedRules[rule, default: 0] += 1 }
      }
      let stops = [verdict, observed].compactMap { $0.flatMap(Verdict.init(name:)) }
      if stops.contains(where: \.isStop), let channel = entry.members["channel"]?.string {
        channels[channel, default: 0] += 1
      }
      if let failure = entry.members["failure"]?.string { failures[failure, default: 0] += 1 }
    }
  }
}
