import VigieCore
import VigieJSON
package import VigieReports
package import VigieRulebook

/// Lists rules for people, for programs and for documentation.
package struct RuleList: Sendable {
  let rules: [Rule]
  let ruleset: String
  private let evidence: [EvidenceKind]

  /// A list of the rules of a set.
  package init(_ set: RuleSet) {
    rules = set.rules
    ruleset = set.id
    evidence = set.evidence
  }

  /// The evidence that `raises:` and `lowers:` may name, as a table for a terminal; with a final line break.
  package func evidenceTable(for terminal: Terminal) -> String {
    let names = evidence.sorted { $0.name < $1.name }
    let width = names.map(\.name.count).max() ?? 0
    func row(_ name: String, _ marking: String, _ usage: String, _ title: String) -> String {
      Terminal.fit(name, width) + Terminal.fit(marking, 9, toRight: true)
        + Terminal.fit(usage, 8, toRight: true) + "  " + title
    }
    let lines = names.map { kind in
      row(
        kind.name,
        Terminal.decimal(kind.marking, 2),
        Terminal.decimal(kind.usage, 2),
        Terminal.safe(kind.title)
      )
    }
    let end =
      "\(Terminal.count(names.count, "piece of evidence", "pieces of evidence")), each with its weight on "
      + "whether this is the marking, and on applied (+) against mentioned (-)"
    return
      ([terminal.styled(row("evidence", "marking", "usage", "title"), .bold)] + lines + ["", end])
      .joined(separator: "\n") + "\n"
  }

  /// A table for a terminal, with a final line break.
  package func table(for terminal: Terminal) -> String {
    let idWidth = rules.map(\.id.count).max() ?? 0
    let header =
      Terminal.fit("rule", idWidth) + "  " + Terminal.fit("scheme", 10) + "  "
      + Terminal.fit("level", 12) + "  title"
    let lines = rules.map { rule in
      let room = max(12, terminal.width - idWidth - 28)
      return Terminal.fit(rule.id, idWidth) + "  " + Terminal.fit(rule.scheme, 10) + "  "
        + terminal.styled(Terminal.fit(rule.level.name, 12), rule.level.style) + "  "
        + (Terminal.columnCount(rule.title) > room ? Terminal.fit(rule.title, room) : rule.title)
    }
    let families = Set(rules.map(\.family)).count
    let end =
      Terminal.count(rules.count, "rule") + " in "
      + Terminal.count(families, "family", "families") + " · " + ruleset
    return ([terminal.styled(header, .bold)] + lines + ["", end]).joined(separator: "\n") + "\n"
  }

  /// What `vigie rules list --json` prints.
  package var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("ruleset")
    json.string(ruleset)
    json.key("rules")
    json.beginArray()
    for rule in rules {
      json.beginObject()
      json.key("id")
      json.string(rule.id)
      json.key("family")
      json.string(rule.family)
      json.key("title")
      json.string(rule.title)
      json.key("kind")
      json.string(rule.kind.rawValue)
      json.key("scheme")
      json.string(rule.scheme)
      json.key("level")
      json.string(rule.level.name)
      json.key("cites")
      json.strings(rule.cites)
      json.key("phrases")
      json.strings(rule.phrases.map(\.value))
      json.key("marks")
      json.strings(rule.marks.map(\.value))
      json.key("patterns")
      json.strings(rule.patterns.map(\.regex.value))
      json.key("caveats")
      json.strings(rule.caveats.map(\.name))
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// The rule in full for a person, with a final line break.
  package static func page(of rule: Rule, for terminal: Terminal) -> String {
    var lines = [
      terminal.styled(rule.id, .bold) + " · " + rule.title,
      "  \(rule.position.file):\(rule.position.line):\(rule.position.column)",
    ]
    func row(_ label: String, _ values: [String]) {
      guard !values.isEmpty else { return }
      let text = values.joined(separator: " · ")
      for (index, line) in Terminal.wrapped(text, width: terminal.width - 14).enumerated() {
        let head = index == 0 ? Terminal.fit(label, 10) : String(repeating: " ", count: 10)
        lines.append("  " + terminal.styled(head, .dim) + "  " + line)
      }
    }
    row("scheme", ["\(rule.scheme), level \(rule.level.name), \(rule.kind.rawValue)"])
    row("cites", rule.cites)
    row("phrases", rule.phrases.map { "“\($0.value)”" })
    row("case", rule.casing == .any ? [] : [rule.casing.rawValue])
    row("marks", rule.marks.map(\.value))
    for (index, pattern) in rule.patterns.enumerated() {
      let head = terminal.styled(Terminal.fit(index == 0 ? "patterns" : "", 10), .dim)
      lines.append("  \(head)  \(pattern.regex.value)")
    }
    row("caveats", rule.caveats.map(\.name))
    row(
      "prior",
      [
        "marking \(Terminal.decimal(rule.prior, 2))",
        "usage \(Terminal.decimal(rule.usagePrior, 2))",
      ]
    )
    let weights = rule.weights.sorted { $0.key < $1.key }
    row("weights", weights.map { "\($0.key) \(Terminal.decimal($0.value, 2))" })
    row(
      "ordinary",
      rule.ordinary.before.map { "“\($0) …”" } + rule.ordinary.after.map { "“… \($0)”" }
    )
    row("near", rule.near)
    row("validate", [rule.validator?.value].compactMap { $0 })
    let counts = [Usage.applied, .mentioned, nil].map { usage in
      "\(rule.examples.count { $0.usage == usage }) \(usage?.rawValue ?? "silent")"
    }
    row("examples", counts)
    return lines.joined(separator: "\n") + "\n"
  }
}
