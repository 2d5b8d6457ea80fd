import VigieCore
package import VigieFilter
import VigieInspection
import VigieJSON
package import VigieRulebook

/// What the engine sees of each labelled marking: the input of `Tools/corpus/fit_wording.py`.
package enum UsageFeatures {
  /// One JSON line for each label that a candidate of its scheme meets.
  ///
  /// Shape: `{"id","usage","logit","evidence":[names],"before":[words],"after":[words],
  /// "near":[words]}`; `logit` is that of applied against mentioned without the learned words. The words are text of the
  /// labelled messages, which hold nothing real.
  package static func lines(_ messages: [LabelledMessage], _ filter: Filter) -> [[UInt8]] {
    let worker = filter.makeWorker()
    return messages.flatMap { message in
      let candidates = worker.explain(
        Segment(place: message.role.usualPlace, text: message.text)
      )
      return message.expected.compactMap { expected in
        line(message.id, expected.span, expected.scheme, expected.usage, candidates)
      }
    }
  }

  /// The same for the examples of rules; their ids are `example:RULE:N`.
  package static func lines(of rules: [Rule], _ filter: Filter) -> [[UInt8]] {
    let worker = filter.makeWorker()
    return rules.flatMap { rule in
      rule.examples.enumerated().flatMap { number, example -> [[UInt8]] in
        guard let usage = example.usage, let marked = MarkedText(example.marked.value) else {
          return []
        }
        let candidates = worker.explain(
          Segment(place: example.role.usualPlace, text: marked.text)
        )
        return marked.spans.compactMap { span in
          line("example:\(rule.id):\(number)", span, rule.scheme, usage, candidates)
        }
      }
    }
  }

  /// The line of the candidate that meets a label, or `nil` where none does.
  private static func line(
    _ id: String,
    _ span: Range<Int>,
    _ scheme: String,
    _ usage: Usage,
    _ candidates: [Explanation]
  ) -> [UInt8]? {
    let met = candidates.first { candidate in
      if case .covered = candidate.outcome { return false }
      let common = candidate.finding.range.clamped(to: span).count
      return candidate.finding.scheme == scheme && common * 2 >= span.count
        && common * 2 >= candidate.finding.range.count
    }
    return met.map { line(id, usage, $0) }
  }

  private static func line(
    _ id: String,
    _ usage: Usage,
    _ candidate: Explanation
  ) -> [UInt8] {
    let learned = candidate.reasons.first { $0.name == "wording" }?.usage ?? 0
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("id")
    writer.string(id)
    writer.key("usage")
    writer.string(usage.rawValue)
    writer.key("logit")
    writer.double(candidate.usageLogit - learned, decimals: 3)
    writer.key("evidence")
    writer.strings(candidate.reasons.dropFirst().map(\.name))
    writer.key("before")
    writer.strings(candidate.wordsBefore)
    writer.key("after")
    writer.strings(candidate.wordsAfter)
    writer.key("near")
    writer.strings(candidate.wordsNear)
    writer.endObject()
    writer.lineBreak()
    return writer.take()
  }
}
