import Glibc

/// A logistic regression that stays near the weights it starts from.
///
/// The penalty is on the distance from those: where few messages speak, a weight stays what its
/// author made it. *Source:* Bishop, "Pattern Recognition and Machine Learning" (2006), §4.3.3:
/// iterative reweighted least squares, here with a Gaussian prior around the start.
package struct LogisticRegression: Sendable {
  /// One observation.
  package struct Row: Sendable {
    /// The features that are not 0, each once: number and value.
    package var features: [(number: Int, value: Double)]
    /// What is known of the logit and not fitted.
    package var offset: Double
    package var isSo: Bool

    /// An observation from its parts.
    package init(features: [(number: Int, value: Double)], offset: Double, isSo: Bool) {
      self.features = features
      self.offset = offset
      self.isSo = isSo
    }

    /// The logit under some weights.
    package func logit(_ weights: [Double]) -> Double {
      features.reduce(offset) { $0 + weights[$1.number] * $1.value }
    }
  }

  /// The most steps; each squares the distance to the optimum once it is near.
  private static let maxStepCount = 30
  /// The step below which nothing changes any more.
  private static let leastStep = 1e-6

  /// The weights.
  package private(set) var weights: [Double]

  /// Fits weights.
  ///
  /// - Parameters:
  ///   - rows: The observations.
  ///   - start: The weights to start from and to stay near.
  ///   - penalty: What a squared distance of 1 costs, in log-likelihood × 2; above 0.
  package init(_ rows: [Row], from start: [Double], penalty: Double) {
    weights = start
    let count = start.count
    guard count > 0 else { return }
    var best = LogisticRegression.cost(rows, weights, start, penalty)
    for _ in 0..<LogisticRegression.maxStepCount {
      var gradient = [Double](repeating: 0, count: count)
      var curvature = [Double](repeating: 0, count: count * count)
      for index in 0..<count {
        gradient[index] = penalty * (weights[index] - start[index])
        curvature[index * count + index] = penalty
      }
      for row in rows {
        let probability = 1 / (1 + exp(-row.logit(weights)))
        let miss = probability - (row.isSo ? 1 : 0)
        let spread = probability * (1 - probability)
        for (number, value) in row.features {
          gradient[number] += miss * value
          for (other, otherValue) in row.features {
            curvature[number * count + other] += spread * value * otherValue
          }
        }
      }
      guard let step = LogisticRegression.solve(curvature, gradient) else { return }
      // Newton's step may overshoot where the fit is far from its end: halve it until it helps.
      var share = 1.0
      var next = weights
      var cost = best
      repeat {
        next = zip(weights, step).map { $0 - share * $1 }
        cost = LogisticRegression.cost(rows, next, start, penalty)
        share /= 2
      } while cost > best && share > 1e-4
      guard cost <= best else { return }
      weights = next
      best = cost
      if step.allSatisfy({ abs($0) < LogisticRegression.leastStep }) { return }
    }
  }

  private static func cost(
    _ rows: [Row],
    _ weights: [Double],
    _ start: [Double],
    _ penalty: Double
  ) -> Double {
    let distance = zip(weights, start).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return rows.reduce(penalty * distance / 2) { $0 + loss($1.logit(weights), $1.isSo) }
  }

  /// What a logit costs where something is so or not: minus the logarithm of its probability.
  static func loss(_ logit: Double, _ isSo: Bool) -> Double {
    let against = isSo ? -logit : logit
    return against > 0 ? against + log1p(exp(-against)) : log1p(exp(against))
  }

  /// Solves a symmetric positive definite system; `nil` where it is none.
  ///
  /// *Source:* Golub, Van Loan, "Matrix Computations", §4.2: Cholesky factorisation.
  private static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
    let count = right.count
    var lower = matrix
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row * count + column]
        for inner in 0..<column {
          sum -= lower[row * count + inner] * lower[column * count + inner]
        }
        if row == column {
          guard sum > 0 else { return nil }
          lower[row * count + row] = sum.squareRoot()
        } else {
          lower[row * count + column] = sum / lower[column * count + column]
        }
      }
    }
    var solution = right
    for row in 0..<count {
      for inner in 0..<row { solution[row] -= lower[row * count + inner] * solution[inner] }
      solution[row] /= lower[row * count + row]
    }
    for row in (0..<count).reversed() {
      for inner in (row + 1)..<max(row + 1, count) {
        solution[row] -= lower[inner * count + row] * solution[inner]
      }
      solution[row] /= lower[row * count + row]
    }
    return solution
  }
}
