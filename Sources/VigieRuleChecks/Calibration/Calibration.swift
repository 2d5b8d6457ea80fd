import Glibc
import VigieCore
import VigieFilter
import VigieInspection

/// Whether the two probabilities of the engine keep their promise on labelled messages: that words
/// are a marking, and that a marking is applied.
package struct Calibration: Sendable {
  /// A question that the engine answers with a probability.
  package enum Question: String, Sendable, CaseIterable {
    /// Whether the words are the marking; asked of every candidate that nothing covers.
    case marking
    /// Whether the marking is applied rather than mentioned; asked of those that meet a label.
    case usage
  }

  /// One answer of the engine and the truth.
  package struct Answer: Sendable {
    /// The id of the message.
    package var message: String
    package var question: Question
    package var logit: Double
    package var isSo: Bool
    /// Whether the message was made from another one, which holds the same sentence.
    package var isDisguised: Bool

    /// A value from its parts.
    package init(
      message: String,
      question: Question,
      logit: Double,
      isSo: Bool,
      isDisguised: Bool
    ) {
      self.message = message
      self.question = question
      self.logit = logit
      self.isSo = isSo
      self.isDisguised = isDisguised
    }
  }

  /// Answers on messages that had no part in the fit of a scale and an offset.
  package struct HeldBack: Sendable {
    /// As the engine gives them.
    package var asIs = Reliability()
    /// With the scale and offset fitted on the other folds.
    package var rescaled = Reliability()
    /// The scale and offset of each fold.
    package var fits: [(scale: Double, offset: Double)] = []
    /// The expected calibration error of each fold, as the engine gives its answers.
    package var errors: [Double] = []
  }

  /// Over all answers.
  package private(set) var whole: [Question: Reliability] = [:]
  /// By question, where folds were asked for.
  package private(set) var heldBack: [Question: HeldBack] = [:]
  /// How many folds there are; 0 for none.
  package let foldCount: Int

  /// Measures answers.
  ///
  /// - Parameters:
  ///   - answers: The answers of the engine.
  ///   - foldCount: How many parts are held back in turn; 0 for none. Disguised messages stay out
  ///     of the folds: they are others over again.
  package init(of answers: [Answer], foldCount: Int) {
    self.foldCount = foldCount
    for question in Question.allCases {
      let own = answers.filter { $0.question == question }
      var reliability = Reliability()
      for answer in own {
        reliability.add(Calibration.probability(answer.logit), isSo: answer.isSo)
      }
      whole[question] = reliability
      let plain = own.filter { !$0.isDisguised }
      if foldCount > 1 { heldBack[question] = Calibration.holdBack(plain, foldCount) }
    }
  }

  private static func holdBack(_ answers: [Answer], _ foldCount: Int) -> HeldBack {
    var result = HeldBack()
    let folds = answers.map { Folds.fold(of: $0.message, among: foldCount) }
    for fold in 0..<foldCount {
      let others = zip(answers, folds).filter { $0.1 != fold }.map(\.0)
      let own = zip(answers, folds).filter { $0.1 == fold }.map(\.0)
      // One feature, the logit, starting from what it is: scale 1, offset 0.
      let rows = others.map {
        LogisticRegression.Row(features: [(0, $0.logit), (1, 1)], offset: 0, isSo: $0.isSo)
      }
      let fit = LogisticRegression(rows, from: [1, 0], penalty: 1).weights
      result.fits.append((fit[0], fit[1]))
      var part = Reliability()
      for answer in own {
        let plain = probability(answer.logit)
        part.add(plain, isSo: answer.isSo)
        result.asIs.add(plain, isSo: answer.isSo)
        result.rescaled.add(probability(answer.logit * fit[0] + fit[1]), isSo: answer.isSo)
      }
      result.errors.append(part.expectedError)
    }
    return result
  }

  /// The larger of the two expected calibration errors, and whose it is.
  package var worst: (error: Double, question: Question) {
    Question.allCases.map { (whole[$0]?.expectedError ?? 0, $0) }
      .max { $0.0 < $1.0 } ?? (0, .marking)
  }

  static func probability(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
}

extension Calibration {
  /// What the engine answers on one labelled message.
  static func answers(_ message: LabelledMessage, _ worker: FilterWorker) -> [Answer] {
    Candidate.all(of: message, worker).flatMap { candidate -> [Answer] in
      func answer(_ question: Question, _ logit: Double, _ isSo: Bool) -> Answer {
        Answer(
          message: message.id,
          question: question,
          logit: logit,
          isSo: isSo,
          isDisguised: !message.disguises.isEmpty
        )
      }
      let explanation = candidate.explanation
      let first = answer(.marking, explanation.markingLogit, candidate.label != nil)
      guard let label = candidate.label else { return [first] }
      return [first, answer(.usage, explanation.usageLogit, label.usage == .applied)]
    }
  }
}

/// A place the engine considered, with the label it meets.
struct Candidate {
  var explanation: Explanation
  /// The label of its scheme that it overlaps by at least half of both, or `nil`.
  var label: LabelledMessage.Expectation?

  /// The candidates of a message, those covered by others and those ruled out left out.
  static func all(of message: LabelledMessage, _ worker: FilterWorker) -> [Candidate] {
    let segment = Segment(place: message.role.usualPlace, text: message.text)
    var free = message.expected
    return worker.explain(segment).compactMap { explanation in
      // Evidence that rules a candidate out has no weight that could be another.
      guard explanation.markingLogit.isFinite, explanation.usageLogit.isFinite else { return nil }
      if case .covered = explanation.outcome { return nil }
      let index = free.firstIndex { label in
        label.scheme == explanation.finding.scheme
          && Evaluation.overlap(label.span, explanation.finding.range) >= 0.5
      }
      return Candidate(explanation: explanation, label: index.map { free.remove(at: $0) })
    }
  }
}

/// Which part of the messages is held back together.
enum Folds {
  /// The fold of a message: by its id, so that it does not depend on the order of files.
  static func fold(of message: String, among count: Int) -> Int {
    var generator = SeededGenerator(seed: 0, of: message)
    return Int(generator.next() % UInt64(max(1, count)))
  }
}
