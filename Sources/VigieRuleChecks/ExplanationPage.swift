package import VigieCore
package import VigieFilter
package import VigiePolicy
package import VigieReports

/// Shows a rule author why each marking in a text was found, or was not.
package struct ExplanationPage: Sendable {
  private let terminal: Terminal
  private let policy: Policy
  private let channel: Channel?

  /// A page writer.
  ///
  /// - Parameters:
  ///   - terminal: The width and colours.
  ///   - policy: What decides.
  ///   - channel: Where the text would go.
  package init(for terminal: Terminal, policy: Policy, channel: Channel?) {
    self.terminal = terminal
    self.policy = policy
    self.channel = channel
  }

  /// Lays out what the engine considered.
  ///
  /// - Parameters:
  ///   - explanations: What the engine considered.
  ///   - text: The text, UTF-8.
  ///   - others: Rules that were not asked about, of which something is in the text.
  /// - Returns: The page, with a final line break.
  package func text(
    of explanations: [Explanation],
    in text: [UInt8],
    others: [String] = []
  ) -> String {
    let blocks = explanations.map { block(of: $0, in: text) }
    if !blocks.isEmpty { return blocks.joined(separator: "\n") }
    guard !others.isEmpty else {
      return """
        Nothing in this text comes near a marking. Phrases are found in any case and disguise; short forms
        (marks:) as they are written, in brackets, on a line of their own or as a part of a file name.

        """
    }
    return "Nothing in this text comes near these rules; others do: "
      + others.joined(separator: ", ") + "\n"
  }

  private func block(of explanation: Explanation, in text: [UInt8]) -> String {
    let finding = explanation.finding
    var lines = [
      terminal.styled(finding.rule, .bold) + " · \(finding.scheme) · "
        + terminal.styled(finding.level.name, finding.level.style)
        + " · " + outcome(of: explanation),
      Excerpt.lines(of: text, span: finding.range, terminal: terminal),
    ]
    lines.append(
      "  at bytes \(finding.range.lowerBound)..<\(finding.range.upperBound), "
        + "line \(finding.line), column \(finding.column); shown to others as "
        + terminal.styled(finding.maskedForPeople, .cyan)
    )
    if !finding.disguise.isEmpty {
      lines.append("  disguise undone: " + finding.disguise.names.joined(separator: ", "))
    }
    if !finding.caveats.isEmpty {
      lines.append("  caveats: " + finding.caveats.joined(separator: ", "))
    }
    lines.append("")
    lines += table(of: explanation)
    lines.append("")
    lines.append(decision(on: explanation))
    return lines.joined(separator: "\n") + "\n"
  }

  private func outcome(of explanation: Explanation) -> String {
    switch explanation.outcome {
    case .reported: terminal.styled("reported", .green)
    case .tooWeak: terminal.styled("not reported: confidence below 0.5", .yellow)
    case .covered(let rule): terminal.styled("not reported: \(rule) covers it", .yellow)
    }
  }

  private func table(of explanation: Explanation) -> [String] {
    let finding = explanation.finding
    let nameWidth = max(12, explanation.reasons.map { Terminal.columnCount($0.name) }.max() ?? 0)
    func weight(_ value: Double) -> String {
      let text = value == 0 ? "·" : (value > 0 ? "+" : "") + Terminal.decimal(value, 2)
      return Terminal.fit(text, 9, toRight: true)
    }
    var lines = ["  " + Terminal.fit("evidence", nameWidth) + "  marking    usage"]
    for reason in explanation.reasons {
      let name = Terminal.fit(reason.name, nameWidth)
      lines.append(
        "  " + name + weight(reason.marking) + weight(reason.usage) + "  "
          + terminal.styled(Terminal.safe(reason.title), .dim) + shown(reason)
      )
    }
    lines.append(
      "  " + Terminal.fit("sum", nameWidth) + weight(explanation.markingLogit)
        + weight(explanation.usageLogit)
        + "  confidence \(Terminal.decimal(finding.confidence, 3)), \(finding.usage.rawValue)"
    )
    return lines
  }

  /// The words of a text that show a piece of evidence, on one line.
  private func shown(_ reason: Explanation.Reason) -> String {
    if reason.words.isEmpty { return "" }
    let words = reason.words.split { $0.isWhitespace }.joined(separator: " ")
    return ": “\(Terminal.safe(words))”" + (reason.line.map { ", line \($0)" } ?? "")
  }

  private func decision(on explanation: Explanation) -> String {
    guard explanation.outcome == .reported else { return "  policy: not asked" }
    let decision = policy.decide(
      findings: [explanation.finding],
      gaps: [],
      channel: channel,
      sender: nil
    )
    guard let outcome = decision.findings.first, let index = outcome.index, let name = outcome.name
    else { return "  policy '\(policy.name)': no case, \(decision.verdict.name)" }
    let verdict = terminal.styled(outcome.verdict.name, outcome.verdict.style)
    let shadow = outcome.observe ? " (shadow mode: the message passes)" : ""
    return "  policy '\(policy.name)', case \(index + 1) '\(name)' → \(verdict)\(shadow)"
  }
}
