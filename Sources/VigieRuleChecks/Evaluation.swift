import VigieBatch
package import VigieCore
package import VigieFilter
import VigieInspection

/// How well the rules find what people labelled.
///
/// A label counts as found when a finding of its scheme overlaps its span by at least half of both.
package struct Evaluation: Sendable {
  /// Counts over some labels and findings.
  package struct Score: Sendable, Equatable {
    /// The labels.
    package var expected = 0
    /// The findings.
    package var reported = 0
    /// The labels that were found.
    package var found = 0
    /// Of these: found with the right usage.
    package var usageRight = 0
    /// Of these: found at exactly the labelled bytes.
    package var exact = 0
    /// Of these: found with the right level.
    package var levelRight = 0

    /// Findings that meet a label; 1 without findings.
    package var precision: Double { Score.share(found, of: reported) }
    /// Labels that were found; 1 without labels.
    package var recall: Double { Score.share(found, of: expected) }
    /// Labels found that have the right usage.
    package var usageAccuracy: Double { Score.share(usageRight, of: found) }
    /// Labels found at exactly their bytes.
    package var exactShare: Double { Score.share(exact, of: found) }
    /// Labels found that have the right level.
    package var levelAccuracy: Double { Score.share(levelRight, of: found) }

    private static func share(_ part: Int, of whole: Int) -> Double {
      whole == 0 ? 1 : Double(part) / Double(whole)
    }
  }

  /// What is wrong with a label or a finding.
  package enum Mistake: String, Sendable, CaseIterable {
    case missed
    case `false`
    case usage
    case level
    case span
  }

  /// A mistake with where and what.
  package struct Entry: Sendable {
    package var mistake: Mistake
    /// The labelled line.
    package var message: LabelledMessage
    /// The bytes it is about: the label's, or a false finding's.
    package var span: Range<Int>
    /// What the label says, or `nil` for a false finding.
    package var expected: LabelledMessage.Expectation?
    /// What was found, or `nil` for a miss.
    package var finding: Finding?
  }

  /// The labelled lines.
  package private(set) var messageCount = 0
  /// All of them.
  package private(set) var overall = Score()
  /// Applied labels of lines without disguise.
  package private(set) var plainApplied = Score()
  package private(set) var bySchemes: [String: Score] = [:]
  package private(set) var byUsage: [String: Score] = [:]
  /// By what was done to the marking, `none` for plain lines; a line counts for each of its own.
  package private(set) var byDisguise: [String: Score] = [:]
  package private(set) var byLanguage: [String: Score] = [:]
  /// Lines without a label on which something applied was found.
  package private(set) var alarmCount = 0
  /// Every mistake, in the order of the lines.
  package private(set) var mistakes: [Entry] = []
  /// What was found for which label.
  package private(set) var confusion = Confusion()
  /// Whether the probabilities keep their promise.
  package private(set) var calibration: Calibration

  /// Judges labelled messages.
  ///
  /// - Parameters:
  ///   - messages: The messages.
  ///   - filter: What judges.
  ///   - threadCount: How many threads share the work.
  ///   - foldCount: How many parts are held back in turn for the calibration; 0 for none.
  package init(
    of messages: [LabelledMessage],
    with filter: Filter,
    threadCount: Int,
    foldCount: Int = 0
  ) {
    calibration = Calibration(of: [], foldCount: 0)
    var remaining = messages[...]
    var answers: [Calibration.Answer] = []
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let worker = filter.makeWorker()
        return { (batch: ArraySlice<LabelledMessage>) in
          batch.map { message in
            let segment = Segment(place: message.role.usualPlace, text: message.text)
            let findings = worker.findings(in: segment).findings
            return (message, findings, Calibration.answers(message, worker))
          }
        }
      },
      next: {
        guard !remaining.isEmpty else { return nil }
        defer { remaining = remaining.dropFirst(64) }
        return remaining.prefix(64)
      },
      deliver: { results in
        for (message, findings, own) in results {
          add(message, findings)
          confusion.add(message, findings)
          answers += own
        }
      }
    )
    calibration = Calibration(of: answers, foldCount: foldCount)
  }

  private mutating func add(_ message: LabelledMessage, _ findings: [Finding]) {
    messageCount += 1
    var free = Array(findings.indices)
    if message.expected.isEmpty, findings.contains(where: { $0.usage == .applied }) {
      alarmCount += 1
    }
    for expected in message.expected {
      let best = free.filter { findings[$0].scheme == expected.scheme }
        .map { (index: $0, overlap: Evaluation.overlap(findings[$0].range, expected.span)) }
        .filter { $0.overlap >= 0.5 }
        .max { $0.overlap < $1.overlap }
      let finding = best.map { findings[$0.index] }
      free.removeAll { $0 == best?.index }
      count(message, expected, finding)
    }
    for index in free {
      let finding = findings[index]
      update(message, scheme: finding.scheme, usage: finding.usage) { $0.reported += 1 }
      mistakes.append(
        Entry(
          mistake: .false,
          message: message,
          span: finding.range,
          expected: nil,
          finding: finding
        )
      )
    }
  }

  /// The least share of both ranges that they have in common.
  static func overlap(_ first: Range<Int>, _ second: Range<Int>) -> Double {
    let common = first.clamped(to: second).count
    return Double(common) / Double(max(1, first.count, second.count))
  }

  private mutating func count(
    _ message: LabelledMessage,
    _ expected: LabelledMessage.Expectation,
    _ finding: Finding?
  ) {
    func add(to score: inout Score) {
      score.expected += 1
      guard let finding else { return }
      score.reported += 1
      score.found += 1
      if finding.usage == expected.usage { score.usageRight += 1 }
      if finding.range == expected.span { score.exact += 1 }
      if finding.level == expected.level { score.levelRight += 1 }
    }
    update(message, scheme: expected.scheme, usage: expected.usage, add)
    if expected.usage == .applied, message.disguises.isEmpty { add(to: &plainApplied) }
    func note(_ mistake: Mistake) {
      mistakes.append(
        Entry(
          mistake: mistake,
          message: message,
          span: expected.span,
          expected: expected,
          finding: finding
        )
      )
    }
    guard let finding else { return note(.missed) }
    if finding.usage != expected.usage { note(.usage) }
    if finding.level != expected.level { note(.level) }
    if finding.range != expected.span { note(.span) }
  }

  private mutating func update(
    _ message: LabelledMessage,
    scheme: String,
    usage: Usage,
    _ change: (inout Score) -> Void
  ) {
    change(&overall)
    change(&bySchemes[scheme, default: Score()])
    change(&byUsage[usage.rawValue, default: Score()])
    change(&byLanguage[message.language, default: Score()])
    for disguise in message.disguises.isEmpty ? ["none"] : message.disguises {
      change(&byDisguise[disguise, default: Score()])
    }
  }
}
