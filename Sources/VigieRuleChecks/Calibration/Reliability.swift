/// How well probabilities keep their promise: of those said to be 0.8, four in five should be so.
package struct Reliability: Sendable, Equatable {
  /// Predictions of one tenth of the scale.
  package struct Bin: Sendable, Equatable {
    package var count = 0
    /// Of these, what was so.
    package var positiveCount = 0
    /// The sum of the probabilities.
    package var sum = 0.0

    /// The mean probability; 0 of nothing.
    package var predicted: Double { count == 0 ? 0 : sum / Double(count) }
    /// The share that was so; 0 of nothing.
    package var observed: Double { count == 0 ? 0 : Double(positiveCount) / Double(count) }
  }

  /// How many bins there are.
  static let binCount = 10

  /// The bins, from 0 up.
  package private(set) var bins = [Bin](repeating: Bin(), count: Reliability.binCount)
  private var squareSum = 0.0

  /// Of nothing.
  package init() {}

  /// Counts one prediction.
  package mutating func add(_ probability: Double, isSo: Bool) {
    let number = min(Reliability.binCount - 1, max(0, Int(probability * Double(bins.count))))
    bins[number].count += 1
    bins[number].sum += probability
    if isSo { bins[number].positiveCount += 1 }
    let miss = probability - (isSo ? 1 : 0)
    squareSum += miss * miss
  }

  /// The predictions.
  package var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// The mean square of what each prediction was off; 0 of nothing.
  ///
  /// *Source:* Brier, "Verification of Forecasts Expressed in Terms of Probability" (1950).
  package var brierScore: Double { count == 0 ? 0 : squareSum / Double(count) }

  /// The mean distance of promise and outcome over the bins, by their counts; 0 of nothing.
  ///
  /// *Source:* Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
  /// Binning" (2015): expected calibration error.
  package var expectedError: Double {
    guard count > 0 else { return 0 }
    let sum = bins.reduce(0.0) { $0 + abs($1.observed - $1.predicted) * Double($1.count) }
    return sum / Double(count)
  }
}
