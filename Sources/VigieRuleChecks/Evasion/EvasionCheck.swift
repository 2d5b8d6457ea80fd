import VigieBatch
import VigieCore
package import VigieFilter
import VigieInspection
package import VigieRulebook

/// Tries whether the markings of applied examples are still found once somebody disguises them.
///
/// Every form is tried alone on every marking, and one pair of forms for every two groups, drawn by
/// the seed. Identifiers and credentials are left out: they are sought as they are written.
package struct EvasionCheck: Sendable {
  /// Counts over some disguised markings.
  package struct Score: Sendable, Equatable {
    /// The disguised markings.
    package var count = 0
    /// Those found: by a finding of the rule, or of its scheme and level, over half of both.
    package var found = 0
    /// Of these: found as applied.
    package var applied = 0

    /// The share that was found; 1 of nothing.
    package var share: Double { count == 0 ? 1 : Double(found) / Double(count) }
  }

  /// How a rule says the marking: what a disguise may change of it depends on that.
  package enum Source: String, Sendable, CaseIterable {
    /// A phrase finds the marking, which no disguise should hide.
    case phrase
    /// A pattern or mark finds it, whose punctuation and case may be part of it.
    case shape
  }

  /// A disguised marking that was not found.
  package struct Survivor: Sendable, Equatable {
    /// The id of the rule.
    package var rule: String
    /// Where the example was written.
    package var position: SourcePosition
    package var source: Source
    /// The names of the forms, such as `homoglyph: Greek`.
    package var forms: [String]
    /// The disguised marking alone.
    package var marking: String
  }

  /// What was done, one form or two, with what came of it.
  package struct Row: Sendable {
    /// Phrases.
    package var phrases = Score()
    /// Markings of patterns and marks.
    package var shapes = Score()

    /// Both.
    package var all: Score {
      Score(
        count: phrases.count + shapes.count,
        found: phrases.found + shapes.found,
        applied: phrases.applied + shapes.applied
      )
    }
  }

  /// What draws the pairs.
  package let seed: UInt64
  /// The markings that were disguised.
  package private(set) var markingCount = 0
  /// Markings left out because they are not found as they are.
  package private(set) var unfoundCount = 0
  /// Over everything tried.
  package private(set) var overall = Row()
  /// By group, alone.
  package private(set) var byGroup: [EvasionGroup: Row] = [:]
  /// By group and form, alone; the name is ``EvasionForm/name``.
  package private(set) var byForm: [EvasionGroup: [String: Row]] = [:]
  /// By two groups, the first in the order of ``EvasionGroup`` first.
  package private(set) var byPair: [String: Row] = [:]
  /// The survivors, the first of each form or pair, in the order of rules and examples.
  package private(set) var survivors: [Survivor] = []

  /// Tries the applied examples of some rules.
  ///
  /// - Parameters:
  ///   - rules: The rules with their examples.
  ///   - filter: What judges; may hold more rules.
  ///   - seed: What draws the pairs.
  ///   - depth: 1 for forms alone, 2 for pairs as well.
  ///   - survivorLimit: The most survivors of one form or pair that are kept.
  ///   - threadCount: How many threads share the work; the result does not depend on it.
  package init(
    of rules: [Rule],
    with filter: Filter,
    seed: UInt64,
    depth: Int,
    survivorLimit: Int,
    threadCount: Int
  ) {
    self.seed = seed
    var remaining = rules[...]
    var kept: [String: Int] = [:]
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let trial = EvasionTrial(filter, seed: seed, depth: depth)
        return { (rule: Rule) in trial.outcomes(of: rule) }
      },
      next: { remaining.popFirst() },
      deliver: { outcomes in
        markingCount += outcomes.markingCount
        unfoundCount += outcomes.unfoundCount
        for outcome in outcomes.list { add(outcome, survivorLimit, &kept) }
      }
    )
  }

  private mutating func add(
    _ outcome: EvasionTrial.Outcome,
    _ limit: Int,
    _ kept: inout [String: Int]
  ) {
    overall.count(outcome)
    let groups = outcome.forms.map(\.group)
    if groups.count == 1 {
      byGroup[groups[0], default: Row()].count(outcome)
      byForm[groups[0], default: [:]][outcome.forms[0].name, default: Row()].count(outcome)
    } else {
      byPair[groups.map(\.rawValue).joined(separator: " + "), default: Row()].count(outcome)
    }
    guard let survivor = outcome.survivor else { return }
    let key =
      groups.count == 1
      ? survivor.forms[0] : groups.map(\.rawValue).joined(separator: " + ")
    guard kept[key, default: 0] < limit else { return }
    kept[key, default: 0] += 1
    survivors.append(survivor)
  }
}

extension EvasionCheck.Row {
  fileprivate mutating func count(_ outcome: EvasionTrial.Outcome) {
    func add(to score: inout EvasionCheck.Score) {
      score.count += 1
      if outcome.usage != nil { score.found += 1 }
      if outcome.usage == .applied { score.applied += 1 }
    }
    switch outcome.source {
    case .phrase: add(to: &phrases)
    case .shape: add(to: &shapes)
    }
  }
}

/// The disguises of one rule's examples, tried on one thread.
final class EvasionTrial {
  /// One disguised marking and what came of it.
  struct Outcome: Sendable {
    var forms: [EvasionForm]
    var source: EvasionCheck.Source
    /// As what it was found, or `nil` where it was not.
    var usage: Usage?
    var survivor: EvasionCheck.Survivor?
  }

  /// What came of all disguises of a rule.
  struct Outcomes: Sendable {
    var markingCount = 0
    var unfoundCount = 0
    var list: [Outcome] = []
  }

  private let worker: FilterWorker
  private let seed: UInt64
  private let depth: Int

  init(_ filter: Filter, seed: UInt64, depth: Int) {
    worker = filter.makeWorker()
    self.seed = seed
    self.depth = depth
  }

  func outcomes(of rule: Rule) -> Outcomes {
    var outcomes = Outcomes()
    guard rule.kind == .marking else { return outcomes }
    for (number, example) in rule.examples.enumerated() where example.usage == .applied {
      guard let marked = MarkedText(example.marked.value) else { continue }
      for (place, span) in marked.spans.enumerated() {
        let marking = String(decoding: marked.text[span], as: UTF8.self)
        // In the source of a page the marking itself may hold markup; that is disguise enough.
        if example.role == .html, marking.contains(where: { $0 == "<" || $0 == "&" }) { continue }
        guard usage(marked.text, span, rule, example.role) != nil else {
          outcomes.unfoundCount += 1
          continue
        }
        outcomes.markingCount += 1
        let subject = Subject(
          rule: rule,
          example: example,
          text: marked.text,
          span: span,
          marking: marking,
          source: source(marked.text, span, example.role)
        )
        var generator = SeededGenerator(seed: seed, of: "\(rule.id) \(number) \(place)")
        for forms in variants(of: subject, &generator) {
          if let outcome = outcome(subject, forms) { outcomes.list.append(outcome) }
        }
      }
    }
    return outcomes
  }

  /// A marking of an example.
  private struct Subject {
    var rule: Rule
    var example: Example
    var text: [UInt8]
    var span: Range<Int>
    var marking: String
    var source: EvasionCheck.Source
  }

  private static let formsByGroup: [(group: EvasionGroup, forms: [EvasionForm])] =
    EvasionGroup.allCases.map { group in (group, EvasionForm.all.filter { $0.group == group }) }

  private func variants(
    of subject: Subject,
    _ generator: inout SeededGenerator
  ) -> [[EvasionForm]] {
    // Where the author asks for a case, another one is not the marking.
    let isCased = subject.rule.casing != .any || subject.source == .shape
    let groups = EvasionTrial.formsByGroup.filter { group, _ in
      switch group {
      case .letterCase: !isCased
      // Of patterns and short forms only the right spelling is known.
      case .misspelt:
        subject.source == .phrase && subject.rule.toleratesMisspelling(subject.marking)
      default: true
      }
    }
    .map { group, forms in (group: group, forms: forms.filter { !isCased || !$0.makesSmall }) }
    var variants = groups.flatMap(\.forms).map { [$0] }
    guard depth > 1 else { return variants }
    for (index, first) in groups.enumerated() {
      for second in groups[(index + 1)...] {
        // Not every two forms can be done to every marking: a few draws, then it is left out.
        for _ in 0..<4 {
          guard let one = first.forms.randomElement(using: &generator),
            let other = second.forms.randomElement(using: &generator),
            EvasionForm.goTogether(one, other)
          else { continue }
          let forms = [one, other]
          let role = subject.example.role
          guard EvasionForm.disguise(subject.marking, forms, role: role) != nil else { continue }
          variants.append(forms)
          break
        }
      }
    }
    return variants
  }

  private func outcome(_ subject: Subject, _ forms: [EvasionForm]) -> Outcome? {
    let example = subject.example
    guard let disguised = EvasionForm.disguise(subject.marking, forms, role: example.role)
    else { return nil }
    let bytes = Array(disguised.utf8)
    let span = subject.span.lowerBound..<(subject.span.lowerBound + bytes.count)
    var text = subject.text
    text.replaceSubrange(subject.span, with: bytes)
    // Beside letters and digits nobody could tell where the encoded run starts.
    if forms.contains(where: { $0.encode != nil }),
      EvasionTrial.touches(text, span.lowerBound - 1) || EvasionTrial.touches(text, span.upperBound)
    {
      return nil
    }
    let usage = usage(text, span, subject.rule, example.role)
    guard usage == nil else {
      return Outcome(forms: forms, source: subject.source, usage: usage, survivor: nil)
    }
    let survivor = EvasionCheck.Survivor(
      rule: subject.rule.id,
      position: example.marked.position,
      source: subject.source,
      forms: forms.map { "\($0.group.rawValue): \($0.name)" },
      marking: disguised
    )
    return Outcome(forms: forms, source: subject.source, usage: nil, survivor: survivor)
  }

  /// As what a span is found, or `nil` where it is not.
  private func usage(_ text: [UInt8], _ span: Range<Int>, _ rule: Rule, _ role: Role) -> Usage? {
    let findings = worker.findings(in: Segment(place: role.usualPlace, text: text)).findings
    return findings.first { finding in
      (finding.rule == rule.id || finding.scheme == rule.scheme && finding.level == rule.level)
        && Evaluation.overlap(finding.range, span) >= 0.5
    }?.usage
  }

  /// The bytes an encoded run may be made of.
  private static func touches(_ text: [UInt8], _ index: Int) -> Bool {
    guard text.indices.contains(index) else { return false }
    let byte = text[index]
    return (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
      || Array("+/=-_%\\".utf8).contains(byte)
  }

  /// What finds a span: the same words may be a phrase in capitals, and a pattern that reads what stands around them
  /// in small letters.
  private func source(_ text: [UInt8], _ span: Range<Int>, _ role: Role) -> EvasionCheck.Source {
    let found = worker.explain(Segment(place: role.usualPlace, text: text)).filter {
      $0.outcome == .reported && Evaluation.overlap($0.finding.range, span) >= 0.5
    }
    return found.contains { $0.source == .phrase } ? .phrase : .shape
  }
}
