import VigieCore
import VigieText

extension Lint {
  /// Phrases and marks that a rule shares with one before it, of the same scheme and level.
  ///
  /// Both rules find the same words and say the same of them: one of the two is never seen.
  static func shadows(_ rules: [Rule]) -> [LintRemark] {
    var owners: [Words: Rule] = [:]
    return rules.flatMap { rule -> [LintRemark] in
      var shared: [LintRemark] = []
      var ownCount = 0
      var others: [String] = []
      let forms =
        rule.phrases.map { (Words($0.value, of: rule, isMark: false), $0, "phrase") }
        + rule.marks.map { (Words($0.value, of: rule, isMark: true), $0, "mark") }
      for (words, form, kind) in forms {
        guard let other = owners[words], other.id != rule.id else {
          owners[words] = rule
          ownCount += 1
          continue
        }
        if !others.contains(other.id) { others.append(other.id) }
        shared.append(
          LintRemark(
            .warning,
            rule: rule.id,
            RuleFault(
              at: form.position,
              "the \(kind) \(quoted(form.value)) is one of \(other.id) too, of the same scheme and level",
              mend: "keep it in one of the two rules"
            )
          )
        )
      }
      guard ownCount == 0, rule.patterns.isEmpty, !shared.isEmpty else { return shared }
      return [
        LintRemark(
          .warning,
          rule: rule.id,
          RuleFault(
            at: rule.position,
            "the rule is never seen: all it looks for is in \(others.joined(separator: ", "))",
            mend: "remove the rule, or give it words or a level of its own"
          )
        )
      ]
    }
  }

  /// What a rule looks for, as the engine tells it apart from others.
  private struct Words: Hashable {
    var scheme: String
    var level: Level
    var isMark: Bool
    /// The folded symbols of a phrase; of a mark, which is sought as it is written, its bytes.
    var symbols: [UInt8]
    var isScript: Bool

    init(_ text: String, of rule: Rule, isMark: Bool) {
      let folded = FoldedPhrase(text)
      scheme = rule.scheme
      level = rule.level
      self.isMark = isMark
      symbols = isMark ? Array(text.utf8) : folded.symbols
      isScript = folded.view == .script
    }
  }
}
