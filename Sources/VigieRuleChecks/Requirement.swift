import VigieReports

/// A threshold an evaluation must reach, such as `applied-recall=0.99`.
package struct Requirement: Sendable, Equatable {
  /// What is measured.
  package enum Measure: String, Sendable, CaseIterable {
    /// Findings that meet a label.
    case precision
    /// Labels found.
    case recall
    /// Applied labels found on lines without disguise.
    case appliedRecall = "applied-recall"
    /// Labels found under the disguise that does worst.
    case disguiseRecall = "disguise-recall"
    /// Labels found with the right usage.
    case usage
    /// Labels found at exactly their bytes.
    case exact
    /// Labels found with the right level.
    case level
    /// The larger expected calibration error of the two probabilities: the one measure that may not
    /// be above its number.
    case calibration
  }

  /// From how many labels on a disguise counts: of fewer, a single one would decide.
  static let leastLabelCount = 20

  /// What is measured.
  package var measure: Measure
  /// The least value, 0…1; for errors the greatest.
  package var bound: Double

  /// Reads `measure=number`, or returns `nil` where it is not that.
  package init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let measure = Measure(rawValue: String(parts[0])),
      let bound = Double(parts[1]), (0...1).contains(bound)
    else { return nil }
    self.measure = measure
    self.bound = bound
  }

  /// Whether a value meets it.
  package func isMet(by value: Double) -> Bool {
    measure == .calibration ? value <= bound : value >= bound
  }

  /// What is asked, in words, for people.
  package var words: String {
    let number = Terminal.decimal(bound, 4)
    return measure == .calibration ? "at most \(number) is allowed" : "\(number) is required"
  }

  /// The value an evaluation reaches, with what it is about where it is one of several.
  package func value(in evaluation: Evaluation) -> (value: Double, about: String?) {
    switch measure {
    case .precision: return (evaluation.overall.precision, nil)
    case .recall: return (evaluation.overall.recall, nil)
    case .appliedRecall: return (evaluation.plainApplied.recall, nil)
    case .usage: return (evaluation.overall.usageAccuracy, nil)
    case .exact: return (evaluation.overall.exactShare, nil)
    case .level: return (evaluation.overall.levelAccuracy, nil)
    case .calibration:
      let worst = evaluation.calibration.worst
      return (worst.error, worst.question.rawValue)
    case .disguiseRecall:
      let worst = evaluation.byDisguise
        .filter { $0.key != "none" && $0.value.expected >= Requirement.leastLabelCount }
        .min { ($0.value.recall, $0.key) < ($1.value.recall, $1.key) }
      return (worst?.value.recall ?? 1, worst?.key)
    }
  }
}
