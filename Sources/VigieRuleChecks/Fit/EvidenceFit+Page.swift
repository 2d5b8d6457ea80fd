package import VigieReports

extension EvidenceFit {
  /// What the fit found, for a person, with a final line break: the proof, then the changes.
  package func page(for terminal: Terminal) -> String {
    var lines = [
      terminal.styled("Vigie · fit of evidence weights", .bold)
        + ", \(foldCount) parts held back in turn"
    ]
    for result in results {
      lines += [
        "",
        terminal.styled(result.axis.rawValue, .bold) + " of "
          + Terminal.count(result.rowCount, "candidate"),
      ]
      for (name, score) in [("as they are", result.before), ("fitted", result.after)] {
        lines.append(
          "  " + Terminal.fit(name, 14) + "right \(Terminal.decimal(score.accuracy, 4)), "
            + "loss \(Terminal.decimal(score.loss, 4))"
        )
      }
      guard result.helps else {
        lines.append("  nothing better was found: no change is proposed")
        continue
      }
      for change in result.changes.sorted(by: {
        (abs($1.new - $1.old), $0.evidence) < (abs($0.new - $0.old), $1.evidence)
      }) {
        lines.append(
          "  " + Terminal.fit(change.evidence, 22)
            + Terminal.fit(Terminal.decimal(change.old, 2), 8, toRight: true) + " → "
            + Terminal.fit(Terminal.decimal(change.new, 2), 6, toRight: true)
            + "  seen \(Terminal.count(change.count, "time"))"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The weights to write, by evidence and key, as they are to stand in the file.
  package var proposal: [String: [String: String]] {
    var proposal: [String: [String: String]] = [:]
    for result in results {
      for change in result.changes {
        proposal[change.evidence, default: [:]][result.axis.rawValue] =
          Terminal.decimal(change.new, 1)
      }
    }
    return proposal
  }
}
