import VigieBatch
package import VigieCore
package import VigieFilter
import VigieInspection
package import VigieReports
package import VigieRulebook

/// Tries every example of rules: exact spans, usage and scheme; silence where it is asked for.
package struct ExampleCheck: Sendable {
  /// Why an example fails.
  package enum Fault: Sendable, Equatable {
    /// Nothing of the rule was found there.
    case missed(Usage, coveredBy: String?)
    /// Something was found at other bytes.
    case span(found: Range<Int>)
    /// The usage is the other one.
    case usage(Usage, found: Usage)
    /// Something was found where there should be silence, or beyond the spans.
    case unexpected(Usage)
    /// The scheme is not that of the rule.
    case scheme(String)
    /// The brackets of the example do not match.
    case brackets
  }

  /// An example that fails.
  package struct Failure: Sendable, Equatable {
    /// The id of the rule.
    package var rule: String
    /// Where the example was written.
    package var position: SourcePosition
    /// Its text without brackets.
    package var text: [UInt8]
    /// The bytes it is about.
    package var span: Range<Int>
    /// What is wrong.
    package var fault: Fault
    /// What the text is in the example.
    package var role = Role.body
    /// What else it would have to be, for the example to hold: those an author would think of first.
    package var otherRoles: [Role] = []
    /// What a command must be told to read the same rules, such as ` --site DIR`.
    package var ruleOptions = ""
  }

  /// The examples that were tried.
  package private(set) var count = 0
  /// The examples that hold.
  package private(set) var passedCount = 0
  /// The faults, in the order of rules and examples; an example may have several.
  package private(set) var failures: [Failure] = []

  /// Tries the examples of some rules.
  ///
  /// - Parameters:
  ///   - rules: The rules with their examples.
  ///   - filter: What judges; may hold more rules.
  ///   - threadCount: How many threads share the work.
  ///   - ruleOptions: What a command must be told to read the same rules, with a space before each word.
  package init(
    of rules: [Rule],
    with filter: Filter,
    threadCount: Int,
    ruleOptions: String = ""
  ) {
    var remaining = rules[...]
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let worker = filter.makeWorker()
        return { (rule: Rule) in rule.examples.map { ExampleCheck.faults(of: $0, rule, worker) } }
      },
      next: { remaining.popFirst() },
      deliver: { results in
        count += results.count
        passedCount += results.count(where: \.isEmpty)
        failures += results.flatMap { $0 }
      }
    )
    for index in failures.indices { failures[index].ruleOptions = ruleOptions }
  }

  private static func faults(
    of example: Example,
    _ rule: Rule,
    _ worker: FilterWorker
  ) -> [Failure] {
    guard let marked = MarkedText(example.marked.value) else {
      return [
        Failure(
          rule: rule.id,
          position: example.marked.position,
          text: Array(example.marked.value.utf8),
          span: 0..<0,
          fault: .brackets
        )
      ]
    }
    var failures = faults(of: example, rule, marked, worker)
    for index in failures.indices { failures[index].role = example.role }
    guard failures.contains(where: \.isMissed) else { return failures }
    let roles = ([.filename, .subject, .header] + Role.allCases).reduce(into: [Role]()) {
      if !$0.contains($1), $1 != example.role { $0.append($1) }
    }
    let others = roles.filter { role in
      var other = example
      other.role = role
      return faults(of: other, rule, marked, worker).isEmpty
    }
    for index in failures.indices where failures[index].isMissed {
      failures[index].otherRoles = others
    }
    return failures
  }

  /// The faults of an example under a text of its own or a variant of that.
  static func faults(
    of example: Example,
    _ rule: Rule,
    _ marked: MarkedText,
    _ worker: FilterWorker
  ) -> [Failure] {
    let text = marked.text
    func failure(_ text: [UInt8], _ span: Range<Int>, _ fault: Fault) -> Failure {
      Failure(
        rule: rule.id,
        position: example.marked.position,
        text: text,
        span: span,
        fault: fault
      )
    }
    let all = worker.findings(in: Segment(place: example.role.usualPlace, text: text)).findings
    // What another rule of this scheme says at this level says the same to everybody.
    var own = all.filter {
      $0.rule == rule.id || $0.scheme == rule.scheme && $0.level == rule.level
    }
    let isShared = marked.spans.count > 1 && !own.isEmpty
    var failures: [Failure] = []
    if let usage = example.usage {
      for span in marked.spans {
        // An example with several spans may hold markings of other rules beside its own.
        if isShared, all.contains(where: { $0.range == span && $0.usage == usage }) {
          own.removeAll { $0.range == span }
          continue
        }
        guard let index = own.firstIndex(where: { $0.range.overlaps(span) }) else {
          let cover = all.first { $0.range.overlaps(span) }?.rule
          failures.append(failure(text, span, .missed(usage, coveredBy: cover)))
          continue
        }
        let finding = own.remove(at: index)
        if finding.range != span {
          failures.append(failure(text, span, .span(found: finding.range)))
        }
        if finding.usage != usage {
          failures.append(failure(text, span, .usage(usage, found: finding.usage)))
        }
        if finding.scheme != rule.scheme {
          failures.append(failure(text, span, .scheme(finding.scheme)))
        }
      }
    }
    let rest = own.filter { $0.rule == rule.id }
    return failures + rest.map { failure(text, $0.range, .unexpected($0.usage)) }
  }
}

extension ExampleCheck.Failure {
  /// The failure for the author: where, what, the text and carets.
  package func describe(for terminal: Terminal) -> String {
    let head = "\(position.file):\(position.line):\(position.column): \(rule): \(fault.words)"
    var report = head + "\n" + Excerpt.lines(of: text, span: span, terminal: terminal)
    if case .span(let found) = fault {
      report += "\n  found instead:\n" + Excerpt.lines(of: text, span: found, terminal: terminal)
    }
    return report + "\n  mend: " + mend
  }

  fileprivate var isMissed: Bool {
    if case .missed = fault { true } else { false }
  }

  /// What the text would have to be, for the author; `nil` where the role is not to blame.
  var roleHint: String? {
    guard let first = otherRoles.first else { return nil }
    return
      "it would be found with role: \(first.rawValue), written { text: …, role: \(first.rawValue) }"
  }

  /// What the author can do about it.
  private var mend: String {
    switch fault {
    case .missed(_, let cover?):
      "\(cover) is found instead: write other words, or change that rule in overrides.yaml; "
        + "see: \(explain)"
    case .missed: roleHint ?? "see what was weighed: \(explain)"
    case .span: "put ⟦…⟧ around what was found, or change the words of the rule; see: \(explain)"
    case .usage(_, let found):
      "move the text to \(found.rawValue):, or see what tells the two apart: \(explain)"
    case .unexpected:
      "see why: \(explain); what makes it ordinary language goes to ordinary: or lowers:, and what is "
        + "rightly found in ⟦…⟧"
    case .scheme: "see what finds it: \(explain)"
    case .brackets: "put ⟦ before and ⟧ after each span, never one inside the other"
    }
  }

  /// The command that shows what was weighed; a text that is long or has several lines is left out.
  private var explain: String {
    let words = String(decoding: text, as: UTF8.self)
    let isShort = words.count <= 80 && !words.unicodeScalars.contains { $0.value < 0x20 }
    return "vigie rules explain --text \(isShort ? Terminal.quoted(words) : "…")"
      + (role == .body ? "" : " --role \(role.rawValue)") + ruleOptions
  }
}

extension ExampleCheck.Fault {
  /// The fault in words.
  var words: String {
    switch self {
    case .missed(let usage, let cover):
      "should be \(usage.rawValue), was not found" + (cover.map { " (\($0) was)" } ?? "")
    case .span: "was found at other bytes"
    case .usage(let usage, let found): "should be \(usage.rawValue), is \(found.rawValue)"
    case .unexpected(let usage): "should be silent here, is \(usage.rawValue)"
    case .scheme(let scheme): "was found under the scheme \(scheme)"
    case .brackets: "⟦ and ⟧ do not match"
    }
  }
}
