import VigieCore
import VigieReports
import VigieRulebook

extension RuleList {
  /// The catalogue as a Markdown page: a section a scheme, a table a level, the highest first; with
  /// a final line break.
  package var markdown: String {
    let schemes = Dictionary(grouping: rules, by: \.scheme).sorted { $0.key < $1.key }
    var lines = [
      "# Catalogue of rules",
      "",
      "\(Terminal.count(rules.count, "rule")) of \(Terminal.count(schemes.count, "scheme")); "
        + "rule set `\(ruleset)`. Made by `vigie rules list --markdown`.",
      "",
    ]
    for (scheme, rules) in schemes {
      // GitHub's anchor of the heading below: small letters, spaces as hyphens.
      lines.append("- [\(scheme)](#scheme-\(scheme)): \(Terminal.count(rules.count, "rule"))")
    }
    for (scheme, rules) in schemes {
      lines += ["", "## Scheme \(scheme)"] + RuleList.tables(of: rules)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func tables(of rules: [Rule]) -> [String] {
    Level.allCases.reversed().flatMap { level -> [String] in
      let those = rules.filter { $0.level == level }
      guard !those.isEmpty else { return [] }
      return [
        "", "### \(level.name)", "",
        "| Rule | Title | Phrases | Marks | Patterns | Cites |",
        "|---|---|---|---|--:|---|",
      ] + those.map(row)
    }
  }

  private static func row(of rule: Rule) -> String {
    let cells = [
      "`\(rule.id)`", cell(rule.title), some(rule.phrases.map(\.value)),
      some(rule.marks.map(\.value)), String(rule.patterns.count),
      cell(rule.cites.joined(separator: "; ")),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// The most words of a kind in a cell: all of some rules would fill pages.
  private static let maxWordCount = 8

  /// The first of some words, and how many more there are.
  private static func some(_ words: [String]) -> String {
    let more = words.count - maxWordCount
    let shown = words.prefix(maxWordCount).map(cell).joined(separator: " · ")
    return more > 0 ? "\(shown) and \(Terminal.grouped(more)) more" : shown
  }

  /// Text in a cell: what would end the cell, or be read as Markdown or HTML, is escaped.
  private static func cell(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "|", "*", "_", "`", "[", "]", "<", "\\": result += "\\" + String(character)
      case "\n": result += " "
      default: result.append(character)
      }
    }
  }
}
