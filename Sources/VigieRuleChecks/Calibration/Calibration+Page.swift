import VigieJSON
import VigieReports

extension Calibration {
  /// The tables for a person.
  func lines(for terminal: Terminal) -> [String] {
    var lines: [String] = []
    for question in Question.allCases {
      guard let reliability = whole[question] else { continue }
      let title =
        switch question {
        case .marking: "calibration: is it the marking?"
        case .usage: "calibration: is it applied?"
        }
      if !lines.isEmpty { lines.append("") }
      lines.append(
        terminal.styled(title, .bold) + "  \(Terminal.grouped(reliability.count)) answers, Brier "
          + "\(Terminal.decimal(reliability.brierScore, 4)), expected calibration error "
          + Terminal.decimal(reliability.expectedError, 4)
      )
      let columns = ["answers", "predicted", "observed"]
      let head = columns.map { Terminal.fit($0, 12, toRight: true) }.joined()
      lines.append(Terminal.fit("  probability", 22) + head)
      for (number, bin) in reliability.bins.enumerated() {
        let range =
          "  \(Terminal.decimal(Double(number) / 10, 1))–\(Terminal.decimal(Double(number + 1) / 10, 1))"
        let shares = [bin.predicted, bin.observed].map {
          bin.count == 0 ? "–" : Terminal.decimal($0, 3)
        }
        lines.append(
          Terminal.fit(range, 22)
            + ([Terminal.grouped(bin.count)] + shares)
            .map { Terminal.fit($0, 12, toRight: true) }.joined()
        )
      }
      if let heldBack = heldBack[question] { lines += Calibration.lines(heldBack) }
    }
    return lines
  }

  private static func lines(_ heldBack: HeldBack) -> [String] {
    func row(_ name: String, _ reliability: Reliability) -> String {
      "  \(Terminal.fit(name, 36))Brier \(Terminal.decimal(reliability.brierScore, 4)), error "
        + Terminal.decimal(reliability.expectedError, 4)
    }
    let errors = heldBack.errors.map { Terminal.decimal($0, 3) }.joined(separator: ", ")
    let fits = heldBack.fits.map {
      "\(Terminal.decimal($0.scale, 2))x\($0.offset < 0 ? "" : "+")\(Terminal.decimal($0.offset, 2))"
    }
    return [
      row("held back, as the engine says", heldBack.asIs),
      row("held back, rescaled by the others", heldBack.rescaled),
      "  error of each fold: \(errors)",
      "  rescaled by: \(fits.joined(separator: ", "))",
    ]
  }
}

extension JSONWriter {
  /// Writes both questions.
  mutating func calibration(_ calibration: Calibration) {
    beginObject()
    for question in Calibration.Question.allCases {
      key(question.rawValue)
      beginObject()
      key("whole")
      reliability(calibration.whole[question] ?? Reliability())
      key("held_back")
      if let heldBack = calibration.heldBack[question] {
        beginObject()
        key("as_is")
        reliability(heldBack.asIs)
        key("rescaled")
        reliability(heldBack.rescaled)
        key("folds")
        beginArray()
        for (fit, error) in zip(heldBack.fits, heldBack.errors) {
          beginObject()
          key("error")
          double(error, decimals: 4)
          key("scale")
          double(fit.scale, decimals: 4)
          key("offset")
          double(fit.offset, decimals: 4)
          endObject()
        }
        endArray()
        endObject()
      } else {
        null()
      }
      endObject()
    }
    endObject()
  }

  private mutating func reliability(_ reliability: Reliability) {
    beginObject()
    key("answers")
    integer(reliability.count)
    key("brier")
    double(reliability.brierScore, decimals: 4)
    key("expected_error")
    double(reliability.expectedError, decimals: 4)
    key("bins")
    beginArray()
    for bin in reliability.bins {
      beginObject()
      key("answers")
      integer(bin.count)
      key("predicted")
      double(bin.predicted, decimals: 4)
      key("observed")
      double(bin.observed, decimals: 4)
      endObject()
    }
    endArray()
    endObject()
  }
}
