import VigieCore
import VigiePatterns
import VigieText

/// Wordings of a rule that none of its examples shows, so that nothing says whether they find what they should.
extension Lint {
  /// Remarks on each phrase, short form and pattern that no applied or mentioned example holds.
  ///
  /// A rule without such examples has no remark here: that it lacks them is one by itself.
  public static func unshown(_ rules: [Rule]) -> [LintRemark] {
    let matcher = ExpressionMatcher()
    return rules.flatMap { rule in
      let shown = rule.examples.filter { $0.usage != nil }.map { ShownText($0.marked.value) }
      return shown.isEmpty ? [] : unshown(rule, shown, matcher)
    }
  }

  private static func unshown(
    _ rule: Rule,
    _ shown: [ShownText],
    _ matcher: ExpressionMatcher
  ) -> [LintRemark] {
    let phrases = rule.phrases.filter { phrase in
      let sought = FoldedPhrase(phrase.value).symbols
      return !shown.contains { $0.folded.contains { $0.holds(sought) } }
    }
    let marks = rule.marks.filter { mark in
      let sought = Array(mark.value.utf8)
      return !shown.contains { $0.spans.contains { Array($0.utf8).holds(sought) } }
    }
    let patterns = rule.patterns.filter { pattern in
      // What is no expression is refused elsewhere.
      guard let expression = try? Expression(pattern.regex.value) else { return false }
      return !shown.contains { $0.isMatched(by: expression, matcher) }
    }
    return phrases.map { remark(rule, $0.position, "the phrase '\($0.value)'") }
      + marks.map { remark(rule, $0.position, "the short form '\($0.value)'") }
      + patterns.map { remark(rule, $0.regex.position, "the pattern") }
  }

  private static func remark(
    _ rule: Rule,
    _ position: SourcePosition,
    _ what: String
  ) -> LintRemark {
    LintRemark(
      .warning,
      rule: rule.id,
      RuleFault(
        at: position,
        "\(what) stands in no applied or mentioned example",
        mend: "add a text in which people write it, or take it out"
      )
    )
  }
}

/// An example with what its marks enclose.
private struct ShownText {
  /// The text without its marks, UTF-8.
  private let text: [UInt8]
  /// What the marks enclose.
  let spans: [String]
  /// The same, each folded as phrases are.
  let folded: [[UInt8]]

  init(_ marked: String) {
    var text = ""
    var spans: [String] = []
    var span: String?
    for character in marked {
      switch character {
      case "⟦": span = ""
      case "⟧":
        if let span { spans.append(span) }
        span = nil
      default:
        text.append(character)
        span?.append(character)
      }
    }
    self.text = Array(text.utf8)
    self.spans = spans
    folded = spans.map { FoldedPhrase($0).symbols }
  }

  /// Whether an expression matches anywhere in the text; one over its limits may.
  func isMatched(by expression: Expression, _ matcher: ExpressionMatcher) -> Bool {
    do throws(MatchFailure) {
      let match = try matcher.firstMatch(
        of: expression,
        in: text.span,
        starting: 0...text.count,
        startsLine: true,
        endsLine: true
      )
      return match != nil
    } catch {
      return true
    }
  }
}

extension [UInt8] {
  /// Whether other bytes stand somewhere in these, one after another.
  fileprivate func holds(_ other: [UInt8]) -> Bool {
    guard !other.isEmpty, other.count <= count else { return other.isEmpty }
    return (0...count - other.count).contains { self[$0..<$0 + other.count].elementsEqual(other) }
  }
}
