import VigieBatch
import VigieCore
package import VigieFilter
import VigieInspection
import VigiePolicy
package import VigieRulebook

/// Tries the examples of rules again under automatic variants, and the silent ones past every other
/// rule.
///
/// Which variant is fair for which example follows from what the rule and the example say of
/// themselves (`ExampleVariant+Scope.swift`), never from their names: what an author means to let pass
/// stands beside the example. An example that does not hold as it is written is not varied: ``ExampleCheck`` says so.
package struct VariantCheck: Sendable {
  /// An example that fails under a variant.
  package struct Failure: Sendable, Equatable {
    /// What was done to it.
    package var variant: ExampleVariant
    /// What is wrong; the text is that of the variant.
    package var failure: ExampleCheck.Failure
    /// What of a rule finds the span where nothing is changed; `nil` where nothing is to be found.
    package var source: Explanation.Source?
    /// The rule that fires where it should not, where it is another one.
    package var other: String?
  }

  /// How many variants were tried.
  package private(set) var count = 0
  /// How many hold.
  package private(set) var passedCount = 0
  /// The faults, in the order of rules, examples and variants.
  package private(set) var failures: [Failure] = []

  /// Tries the variants of the examples of some rules.
  ///
  /// - Parameters:
  ///   - rules: The rules with their examples.
  ///   - filter: What judges; holds every other rule.
  ///   - threadCount: How many threads share the work.
  package init(of rules: [Rule], with filter: Filter, threadCount: Int) {
    let all = Dictionary(
      filter.rules.set.rules.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    // Example by example: some rules have hundreds, and results are taken in order, so that a thread
    // would wait for another one that is busy with such a rule.
    var remaining = rules.indices.flatMap { rule in
      rules[rule].examples.indices.map { (rule: rule, example: $0) }
    }[...]
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let worker = filter.makeWorker()
        return { (place: (rule: Int, example: Int)) in
          let rule = rules[place.rule]
          let example = rule.examples[place.example]
          return VariedExample(example, rule, worker, all)?.results(worker) ?? []
        }
      },
      next: { remaining.popFirst() },
      deliver: { (results: [[Failure]]) in
        count += results.count
        passedCount += results.count(where: \.isEmpty)
        failures += results.flatMap { $0 }
      }
    )
  }

  /// How many variants fail, by variant, in the order of the variants.
  package var failureCounts: [(variant: ExampleVariant, count: Int)] {
    ExampleVariant.allCases.compactMap { variant in
      let count = failures.count { $0.variant == variant }
      return count == 0 ? nil : (variant, count)
    }
  }
}

/// What found a span.
struct Finder {
  /// What of the rule matched.
  var source: Explanation.Source
  /// The rule, which need not be that of the example.
  var rule: Rule
}

/// An example that holds as it is written, and what of it may be varied.
private struct VariedExample {
  private let example: Example
  private let rule: Rule
  private let marked: MarkedText
  /// What found each span; nothing for a silent example.
  private let finders: [Finder]

  /// The example, or `nil` where it fails as it is.
  init?(_ example: Example, _ rule: Rule, _ worker: FilterWorker, _ rules: [String: Rule]) {
    guard let marked = MarkedText(example.marked.value),
      ExampleCheck.faults(of: example, rule, marked, worker).isEmpty
    else { return nil }
    self.example = example
    self.rule = rule
    self.marked = marked
    let segment = Segment(place: example.role.usualPlace, text: marked.text)
    let all = marked.spans.isEmpty ? [] : worker.explain(segment)
    self.finders = marked.spans.compactMap { span in
      let there = all.first { $0.outcome == .reported && $0.finding.range == span }
      return there.flatMap { found in
        rules[found.finding.rule].map { Finder(source: found.source, rule: $0) }
      }
    }
  }

  /// The failures under each variant that applies and that the author did not except.
  func results(_ worker: FilterWorker) -> [[VariantCheck.Failure]] {
    let isRecord = marked.isRecord
    return ExampleVariant.allCases.compactMap { variant in
      guard !example.exceptions.contains(variant.rawValue) else { return nil }
      if variant == .otherRules { return example.usage == nil ? strangers(worker) : nil }
      guard finders.count == marked.spans.count,
        variant.applies(to: rule.kind, example, marked, isRecord: isRecord),
        finders.allSatisfy({ variant.isSeenThrough(by: $0.source) }),
        let text = variant.applied(
          to: marked,
          where: { variant.applies(to: finders[$0]) }
        )
      else { return nil }
      let failures = ExampleCheck.faults(of: example, rule, text, worker)
      return failures.filter { variant.isFault($0.fault) }
        .map { failure in
          let number = text.spans.firstIndex(of: failure.span)
          return VariantCheck.Failure(
            variant: variant,
            failure: failure,
            source: number.map { finders[$0].source }
          )
        }
    }
  }

  /// What other rules find in a silent example.
  private func strangers(_ worker: FilterWorker) -> [VariantCheck.Failure] {
    let allowed = example.exceptions.filter { $0.contains(".") }.map(Glob.init)
    let segment = Segment(place: example.role.usualPlace, text: marked.text)
    let findings = worker.findings(in: segment).findings.filter { finding in
      finding.rule != rule.id && !allowed.contains { $0.describes(finding.rule) }
    }
    return findings.map { finding in
      VariantCheck.Failure(
        variant: .otherRules,
        failure: ExampleCheck.Failure(
          rule: rule.id,
          position: example.marked.position,
          text: marked.text,
          span: finding.range,
          fault: .unexpected(finding.usage)
        ),
        other: finding.rule
      )
    }
  }
}
