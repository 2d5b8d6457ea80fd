package import VigieCore

/// The verdict on one message or file for a person: verdict, findings, gaps, what to do.
package struct VerdictPage: Sendable {
  private let terminal: Terminal
  private let languages: [String]
  private let titles: [String: String]

  /// A page writer.
  ///
  /// - Parameters:
  ///   - terminal: The width and colours.
  ///   - languages: The languages of the reader, the best first.
  ///   - titles: The titles of the rules by id.
  package init(for terminal: Terminal, languages: [String], titles: [String: String]) {
    self.terminal = terminal
    self.languages = languages
    self.titles = titles
  }

  /// Lays out a review.
  ///
  /// - Parameters:
  ///   - review: What Vigie says.
  ///   - name: What was checked, in the words of the person who asked.
  /// - Returns: The page, with a final line break.
  package func text(of review: Review, name: String) -> String {
    let verdict = terminal.styled(review.verdict.name.uppercased(), review.verdict.style)
    var lines = ["\(verdict)  \(terminal.styled(Terminal.safe(name), .bold)) · \(summary(review))"]
    if let observed = review.observed { lines.append("  in shadow mode: \(observed.name)") }
    for finding in review.findings { lines += self.lines(of: finding) }
    for gap in review.gaps {
      let place = Terminal.safe(gap.place.part.description)
      lines.append(
        "  \(terminal.styled("not inspected", .yellow))  \(place): \(gap.reason.rawValue), "
          + Terminal.safe(gap.detail)
      )
    }
    if let tip = review.tip, let text = words(of: tip) {
      for line in Terminal.wrapped("→ " + text, width: terminal.width - 2) {
        lines.append("  " + line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func summary(_ review: Review) -> String {
    guard !review.findings.isEmpty else {
      return review.gaps.isEmpty ? "no marking found" : "no marking found in what was inspected"
    }
    let applied = review.findings.count { $0.usage == .applied }
    let mentioned = review.findings.count - applied
    var parts: [String] = []
    if applied > 0 {
      parts.append("level \(terminal.styled(review.level.name, review.level.style))")
      parts.append("\(applied) applied")
    }
    if mentioned > 0 { parts.append("\(mentioned) mentioned") }
    return parts.joined(separator: ", ")
  }

  private func lines(of finding: Finding) -> [String] {
    let level = terminal.styled(Terminal.fit(finding.level.name, 12), finding.level.style)
    let title = titles[finding.rule].map { " (\(Terminal.safe($0)))" } ?? ""
    let masked = terminal.styled(finding.maskedForPeople, .cyan)
    var details = [finding.placeForPeople, "confidence \(Terminal.decimal(finding.confidence, 2))"]
    if !finding.caveats.isEmpty {
      details.append("caveats " + finding.caveats.map(Terminal.safe).joined(separator: ", "))
    }
    if !finding.disguise.isEmpty {
      details.append("disguise " + finding.disguise.names.joined(separator: ", "))
    }
    return [
      "  \(Terminal.fit(finding.usage.rawValue, 9)) \(level) \(masked)  \(finding.rule)\(title)",
      "            " + terminal.styled(details.joined(separator: " · "), .dim),
    ]
  }

  /// The tip in the reader's language, else in English, else in any.
  private func words(of tip: Tip) -> String? {
    for language in languages + ["en"] {
      if let text = tip[language] { return text }
    }
    return tip.texts.first?.text
  }
}

extension Terminal {
  /// The languages the environment asks for: `fr_FR.UTF-8` gives `fr-FR` and `fr`.
  ///
  /// *Source:* POSIX.1-2024, XBD §8.2: `LC_ALL` over `LC_MESSAGES` over `LANG`.
  package static var languages: [String] {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
    guard let value = names.compactMap(environment).first(where: { !$0.isEmpty }) else { return [] }
    let name = value.prefix { $0 != "." && $0 != "@" }
    guard name != "C", name != "POSIX" else { return [] }
    let tag = String(name.map { $0 == "_" ? "-" : $0 })
    let language = String(name.prefix { $0 != "_" })
    return tag == language ? [tag] : [tag, language]
  }

  /// A text on lines of at most so many columns, broken between words.
  package static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, columnCount(last) + columnCount(String(word)) < width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
