package import VigieCore
import VigieRulebook
import VigieScanning
import VigieText

/// How the engine judged one place of a text.
package struct Explanation: Sendable {
  /// What became of a candidate.
  package enum Outcome: Sendable, Equatable {
    /// It is reported.
    case reported
    /// Its confidence is below one half.
    case tooWeak
    /// A longer or surer marking of this rule covers it.
    case covered(by: String)
  }
  /// What of a rule matched.
  package enum Source: String, Sendable {
    case phrase, pattern, mark
  }
  /// One piece of evidence with both weights.
  package struct Reason: Sendable, Equatable {
    /// The name rules call it by.
    package var name: String
    /// What it means.
    package var title: String
    /// Its weight on being the marking.
    package var marking: Double
    /// Its weight on applied against mentioned.
    package var usage: Double
    /// The words of the text that show it; empty for what shows in the layout.
    package var words = ""
    /// The line on which these words start, 1-based, where it is another one than the finding's: the names of a table.
    package var line: Int?
  }
  /// The finding as it is, or as it would be reported.
  package var finding: Finding
  /// What became of it.
  package var outcome: Outcome
  /// What of the rule matched.
  package var source: Source
  /// The logit of being the marking at all, prior included.
  package var markingLogit: Double
  /// The logit of applied against mentioned, prior included.
  package var usageLogit: Double
  /// The prior and every piece of evidence, prior first.
  package var reasons: [Reason]

  /// The folded words of the sentence before the place, as far as they count.
  package var wordsBefore: [String]
  /// The folded words of the sentence after the place, as far as they count.
  package var wordsAfter: [String]
  /// The folded words around that sentence, as far as they count.
  package var wordsNear: [String]

  init(
    _ judgement: Judgement,
    _ finding: Finding,
    _ text: Span<UInt8>,
    _ rules: CompiledRules
  ) {
    let rule = rules.rules[judgement.rule]
    self.finding = finding
    self.source =
      switch judgement.source {
      case .phrase: .phrase
      case .pattern: .pattern
      case .mark: .mark
      }
    self.markingLogit = judgement.markingLogit
    self.usageLogit = judgement.usageLogit
    if !judgement.isLikely {
      self.outcome = .tooWeak
    } else if let winner = judgement.coveredBy {
      self.outcome = .covered(by: rules.rules[winner].id)
    } else {
      self.outcome = .reported
    }
    let words = Explanation.words(text, around: finding.range)
    self.wordsBefore = words.before
    self.wordsAfter = words.after
    self.wordsNear = words.near
    let prior = Reason(
      name: "prior",
      title: "what the words say by themselves",
      marking: rule.prior,
      usage: rule.usagePrior
    )
    self.reasons =
      [prior]
      + judgement.reasons.map { reason in
        let kind = rules.evidence.kinds[reason.evidence]
        return Reason(
          name: kind.name,
          title: kind.title,
          marking: reason.marking,
          usage: reason.usage,
          words: String(decoding: reason.words.map { text[$0] }, as: UTF8.self),
          line: Explanation.line(reason.words, text, otherThan: finding.line)
        )
      }
  }

  /// The line of some words, 1-based, where it is another one than that of their finding.
  private static func line(
    _ words: Range<Int>,
    _ text: Span<UInt8>,
    otherThan own: Int
  ) -> Int? {
    if words.isEmpty { return nil }
    var counter = LineCounter()
    let line = counter.position(of: words.lowerBound, in: text).line
    return line == own ? nil : line
  }

  /// The words of the sentence around a range of a text, and around it, as evidence sees them.
  private static func words(
    _ text: Span<UInt8>,
    around range: Range<Int>
  ) -> (before: [String], after: [String], near: [String]) {
    var list = WordList()
    list.read(
      text,
      text.unitEdge(
        atOrBefore: range.lowerBound - Judge.reach
      )..<text.unitEdge(
        atOrBefore: range.upperBound + Judge.reach
      )
    )
    let first =
      list.words.firstIndex { $0.range.upperBound > range.lowerBound } ?? list.words.count
    let last = list.words.firstIndex { $0.range.lowerBound >= range.upperBound } ?? list.words.count
    let place = first..<max(first, last)
    let sentence = WordingIndex.sentence(list, around: place)
    func spell(_ words: Range<Int>) -> [String] {
      words.map { String(decoding: list.letters[list.words[$0].letters], as: UTF8.self) }
    }
    let near = WordingIndex.near(list, around: sentence)
    return (
      spell(sentence.lowerBound..<place.lowerBound), spell(place.upperBound..<sentence.upperBound),
      spell(near.before) + spell(near.after)
    )
  }
}
