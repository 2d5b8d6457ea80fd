import VigieBatch
import VigieCore
package import VigieFilter
import VigieRulebook

/// Better weights of evidence, learned from labelled messages, with the proof that they are better.
///
/// Two regressions, one for each axis, over the evidence that each candidate shows. What rules say
/// for themselves (priors, weights of their own) is taken as it is, and so is what the learned words
/// weigh: they were learned from these very messages, so no part of them is held back from those.
/// Weights stay near what their author made them and keep their sign: a person must still be able
/// to say what they mean.
package struct EvidenceFit: Sendable {
  /// What a weight is about.
  package enum Axis: String, Sendable, CaseIterable {
    /// Whether the words are the marking.
    case marking
    /// Applied against mentioned.
    case usage
  }

  /// How well weights do on messages that had no part in their fit.
  package struct Score: Sendable, Equatable {
    package var count = 0
    package var right = 0
    package var lossSum = 0.0

    /// The mean loss: minus the logarithm of the probability of the truth; 0 of nothing.
    package var loss: Double { count == 0 ? 0 : lossSum / Double(count) }
    /// The share decided rightly; 1 of nothing.
    package var accuracy: Double { count == 0 ? 1 : Double(right) / Double(count) }

    fileprivate mutating func add(_ logit: Double, _ isSo: Bool) {
      count += 1
      if (logit >= 0) == isSo { right += 1 }
      lossSum += LogisticRegression.loss(logit, isSo)
    }
  }

  /// The outcome of one axis.
  package struct Result: Sendable {
    package var axis: Axis
    /// The candidates learned from.
    package var rowCount: Int
    /// Held back, with the weights as they are.
    package var before = Score()
    /// Held back, with weights fitted on the others.
    package var after = Score()
    /// The penalty that did best.
    package var penalty = 0.0
    /// The weights that would be others, by evidence: old, new, and how many candidates show it.
    package var changes: [Change] = []

    /// Whether the fit lowers the loss on messages it has not seen and decides no fewer rightly.
    package var helps: Bool { after.loss < before.loss && after.right >= before.right }
  }

  /// A weight that would be another.
  package struct Change: Sendable, Equatable {
    package var evidence: String
    package var old: Double
    package var new: Double
    package var count: Int
  }

  /// The penalties tried: how strongly a weight is held to what it is.
  private static let penalties: [Double] = [3, 10, 30, 100, 300]
  /// The candidates of which a kind must show in so many for its weight to be fitted.
  private static let leastCount = 20
  /// Weights are proposed in steps of a tenth, as people write them.
  private static let stepCount = 10.0

  /// By axis, in the order of ``Axis``.
  package let results: [Result]
  /// How many parts were held back in turn.
  package let foldCount: Int

  /// Fits weights.
  ///
  /// - Parameters:
  ///   - messages: The labelled messages; disguised ones are others over again and stay out.
  ///   - filter: What judges now.
  ///   - foldCount: How many parts are held back in turn; 2 or more.
  ///   - threadCount: How many threads share the work.
  package init(
    on messages: [LabelledMessage],
    with filter: Filter,
    foldCount: Int,
    threadCount: Int
  ) {
    self.foldCount = foldCount
    let table = EvidenceRows(filter.rules.set)
    var rows: [Axis: [EvidenceRows.Row]] = [:]
    var remaining = messages.filter { $0.disguises.isEmpty }[...]
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let worker = filter.makeWorker()
        return { (batch: ArraySlice<LabelledMessage>) in
          batch.flatMap { message in
            Candidate.all(of: message, worker).flatMap {
              table.rows(of: $0, fold: Folds.fold(of: message.id, among: foldCount))
            }
          }
        }
      },
      next: {
        guard !remaining.isEmpty else { return nil }
        defer { remaining = remaining.dropFirst(64) }
        return remaining.prefix(64)
      },
      deliver: { batch in for row in batch { rows[row.axis, default: []].append(row) } }
    )
    results = Axis.allCases.map { axis in
      EvidenceFit.fit(axis, rows[axis] ?? [], table, foldCount)
    }
  }

  private static func fit(
    _ axis: Axis,
    _ rows: [EvidenceRows.Row],
    _ table: EvidenceRows,
    _ foldCount: Int
  ) -> Result {
    var result = Result(axis: axis, rowCount: rows.count)
    let start = table.weights(axis)
    var counts = [Int](repeating: 0, count: start.count)
    for row in rows { for feature in row.row.features { counts[feature.number] += 1 } }
    /// Rounded as people write weights; of its old sign; as it was where too little speaks.
    func proposed(_ weights: [Double]) -> [Double] {
      weights.indices.map { index in
        guard counts[index] >= leastCount, start[index] != 0 else { return start[index] }
        let rounded = (weights[index] * stepCount).rounded() / stepCount
        if rounded * start[index] < 0 { return 0 }
        // A step of half a tenth is rounding, not a proposal.
        return abs(rounded - start[index]) < 0.75 / stepCount ? start[index] : rounded
      }
    }
    for row in rows { result.before.add(row.row.logit(start), row.row.isSo) }
    var best: Score?
    for penalty in penalties {
      var score = Score()
      for fold in 0..<foldCount {
        let others = rows.filter { $0.fold != fold }.map(\.row)
        let weights = proposed(LogisticRegression(others, from: start, penalty: penalty).weights)
        for row in rows where row.fold == fold {
          score.add(row.row.logit(weights), row.row.isSo)
        }
      }
      if score.loss < best?.loss ?? .infinity {
        best = score
        result.penalty = penalty
      }
    }
    result.after = best ?? Score()
    guard result.helps else { return result }
    let weights = proposed(
      LogisticRegression(rows.map(\.row), from: start, penalty: result.penalty).weights
    )
    result.changes = weights.indices.filter { weights[$0] != start[$0] }.map { index in
      Change(
        evidence: table.names[index],
        old: start[index],
        new: weights[index],
        count: counts[index]
      )
    }
    return result
  }
}

/// How candidates become rows of a regression.
struct EvidenceRows: Sendable {
  /// A row with where it belongs.
  struct Row: Sendable {
    var axis: EvidenceFit.Axis
    var fold: Int
    var row: LogisticRegression.Row
  }

  /// The kinds of evidence, as features.
  let names: [String]
  private let numbers: [String: Int]
  private let kinds: [EvidenceKind]
  /// The names of weights that a rule sets for itself, by rule.
  private let ownWeights: [String: Set<String>]

  init(_ set: RuleSet) {
    kinds = set.evidence
    names = set.evidence.map(\.name)
    numbers = Dictionary(
      zip(names, names.indices).map { ($0, $1) },
      uniquingKeysWith: { first, _ in first }
    )
    ownWeights = Dictionary(
      set.rules.map { ($0.id, Set($0.weights.keys)) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// The weights as the file has them.
  func weights(_ axis: EvidenceFit.Axis) -> [Double] {
    kinds.map { axis == .marking ? $0.marking : $0.usage }
  }

  /// A row of the marking axis, and one of the usage axis where the candidate meets a label.
  func rows(of candidate: Candidate, fold: Int) -> [Row] {
    let explanation = candidate.explanation
    let own = ownWeights[explanation.finding.rule] ?? []
    func row(_ axis: EvidenceFit.Axis, isSo: Bool) -> Row {
      var features: [(number: Int, value: Double)] = []
      var offset = axis == .marking ? explanation.markingLogit : explanation.usageLogit
      for reason in explanation.reasons {
        guard let number = numbers[reason.name] else { continue }
        let isUsage = axis == .usage
        let weight = isUsage ? kinds[number].usage : kinds[number].marking
        let contribution = isUsage ? reason.usage : reason.marking
        guard weight != 0, contribution != 0, reason.name != StructuralEvidence.wording.name,
          !own.contains(isUsage ? "usage:" + reason.name : reason.name)
        else { continue }
        // 1, or the share that counts from beside.
        features.append((number, contribution / weight))
        offset -= contribution
      }
      return Row(
        axis: axis,
        fold: fold,
        row: LogisticRegression.Row(features: features, offset: offset, isSo: isSo)
      )
    }
    let marking = row(.marking, isSo: candidate.label != nil)
    guard let label = candidate.label else { return [marking] }
    return [marking, row(.usage, isSo: label.usage == .applied)]
  }
}
