import VigieFilter
import VigieRulebook
package import VigieReports

extension VariantCheck {
  /// What fails and how to mend it, and the counts, for a person; with a final line break.
  package func page(for terminal: Terminal) -> String {
    let blocks = failures.map { $0.describe(for: terminal) + "\n\n" }
    var end = "variants: \(Terminal.grouped(passedCount)) passed, "
    end += "\(Terminal.grouped(count - passedCount)) failed"
    let counts = failureCounts.map { "\(Terminal.grouped($0.count)) \($0.variant.rawValue)" }
    if !counts.isEmpty { end += " (\(counts.joined(separator: ", ")))" }
    return blocks.joined() + end + "\n"
  }
}

extension VariantCheck.Failure {
  /// The failure for the author: where, which variant, what, the changed text, mend and allowance.
  package func describe(for terminal: Terminal) -> String {
    let position = failure.position
    let words = other.map { "\($0) fires in a silent example" } ?? failure.fault.words
    var report =
      "\(position.file):\(position.line):\(position.column): \(failure.rule): variant "
      + terminal.styled(variant.rawValue, .yellow)
      + (source.map { ", found by a \($0.rawValue) without it" } ?? "") + ": \(words)\n"
      + Excerpt.lines(of: failure.text, span: failure.span, terminal: terminal)
    if case .span(let found) = failure.fault {
      report +=
        "\n  found instead:\n"
        + Excerpt.lines(of: failure.text, span: found, terminal: terminal)
    }
    return report + "\n  mend: \(mend)\n  allow: \(allowance)"
  }

  private var mend: String {
    switch variant {
    case .upper, .lower:
      "see what speaks against it (vigie rules explain RULE --text …); raise prior:, or set case:"
    case .decomposed:
      "write the words as a phrase; in a pattern let a mark follow the letter: e\\pM?"
    case .fullwidth, .zeroWidth: "write the words as a phrase, which is found under every disguise"
    case .quoted: "let the pattern start after '> ' too: ^[\\h>]*"
    case .wrapped: "write the words as a phrase, or \\s instead of a space in the pattern"
    case .emoji: "do not tie the pattern to the start of the line or text"
    case .noBreakSpaces: "write a space or \\h in the pattern, and an anchor without a space"
    case .otherRules: "make \(other ?? "the other") silent here, or take a text without its marking"
    }
  }

  private var allowance: String {
    let name = other ?? variant.rawValue
    return "{ text: …, except: [\(name)] }, or except: [\(name)] in examples: for all of the rule"
  }
}
