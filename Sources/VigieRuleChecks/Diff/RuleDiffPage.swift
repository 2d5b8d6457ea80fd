import VigieCore
import VigieJSON
package import VigieReports

/// Shows a difference of rules to people: changes one by one, then the counts.
package struct RuleDiffPage: Sendable {
  private let terminal: Terminal

  /// A page for a terminal.
  package init(for terminal: Terminal) { self.terminal = terminal }

  /// A change in two lines: what, and where; the marking masked.
  package func lines(of change: RuleDiff.Change) -> String {
    guard let finding = change.new ?? change.old else { return "" }
    let style: Terminal.Style =
      switch change.kind {
      case .gained: .green
      case .lost: .red
      case .moved: .yellow
      }
    var words: [String] = []
    if let old = change.old, let new = change.new {
      for aspect in change.aspects {
        switch aspect {
        case .rule: words.append("\(old.rule) → \(new.rule)")
        case .usage: words.append("\(old.usage.rawValue) → \(new.usage.rawValue)")
        case .level: words.append("\(old.level.name) → \(new.level.name)")
        case .confidence:
          words.append(
            "\(Terminal.decimal(old.confidence, 2)) → \(Terminal.decimal(new.confidence, 2))"
          )
        }
      }
    } else {
      words = [
        finding.level.name, finding.usage.rawValue, Terminal.decimal(finding.confidence, 2),
      ]
    }
    if change.oldVerdict != change.newVerdict {
      words.append("verdict \(change.oldVerdict.name) → \(change.newVerdict.name)")
    }
    let place =
      [change.channel.map(Terminal.safe), Terminal.safe(change.message)]
      .compactMap { $0 } + [finding.placeForPeople]
    return terminal.styled(Terminal.fit(change.kind.rawValue, 7), style)
      + "\(finding.rule)  " + words.joined(separator: ", ") + "  "
      + terminal.styled(finding.maskedForPeople, .cyan) + "\n       "
      + terminal.styled(place.joined(separator: " · "), .dim) + "\n"
  }

  /// The counts, with a final line break.
  package func summary(of diff: RuleDiff) -> String {
    var lines = [
      terminal.styled("Vigie · difference of rules", .bold) + " on "
        + Terminal.count(diff.messageCount, "message") + ": "
        + "\(Terminal.grouped(diff.changedMessageCount)) changed",
      "",
    ]
    let rows = diff.byRule.filter { $0.value.isChanged }.sorted { $0.key < $1.key }
    let width = max(24, rows.map(\.key.count).max() ?? 0)
    let columns = ["old", "new", "gained", "lost", "moved"]
    let head = columns.map { Terminal.fit($0, 10, toRight: true) }.joined()
    lines.append(terminal.styled(Terminal.fit("rule", width) + head, .bold))
    func row(_ name: String, _ count: RuleDiff.Count) -> String {
      Terminal.fit(name, width)
        + [count.old, count.new, count.gained, count.lost, count.moved]
        .map { Terminal.fit(Terminal.grouped($0), 10, toRight: true) }.joined()
    }
    lines += rows.map { row($0.key, $0.value) }
    lines.append(row("all rules", diff.total))
    let aspects = RuleDiff.Aspect.allCases.compactMap { aspect in
      diff.byAspect[aspect].map { "\(Terminal.grouped($0)) \(aspect.rawValue)" }
    }
    if !aspects.isEmpty { lines.append("moved by: " + aspects.joined(separator: ", ")) }
    let verdicts = diff.verdicts.sorted {
      ($0.key.old, $0.key.new) < ($1.key.old, $1.key.new)
    }
    if !verdicts.isEmpty {
      let words = verdicts.map {
        "\(Terminal.grouped($0.value)) \($0.key.old.name) → \($0.key.new.name)"
      }
      lines.append("verdicts: " + words.joined(separator: ", "))
    }
    if diff.gapCount > 0 {
      lines.append(
        "not read: \(Terminal.count(diff.gapCount, "part or message", "parts or messages"))"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Writes a difference of rules as one JSON object, change by change.
package struct RuleDiffJSON {
  private var json = JSONWriter(isPretty: true)

  /// A writer at the start of the object.
  ///
  /// - Parameters:
  ///   - old: The id of the old rule set.
  ///   - new: The id of the new one.
  package init(old: String, new: String) {
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("old")
    json.string(old)
    json.key("new")
    json.string(new)
    json.key("changes")
    json.beginArray()
  }

  /// The bytes of the next change.
  package mutating func part(_ change: RuleDiff.Change) -> [UInt8] {
    json.beginObject()
    json.key("kind")
    json.string(change.kind.rawValue)
    json.key("id")
    json.string(change.message)
    json.key("changed")
    json.strings(change.aspects.map(\.rawValue))
    json.key("verdict")
    json.strings([change.oldVerdict.name, change.newVerdict.name])
    let finding = change.new ?? change.old
    json.key("part")
    json.string(finding?.place.part.description ?? "")
    json.key("masked")
    json.string(finding?.masked ?? "")
    for (name, finding) in [("old", change.old), ("new", change.new)] {
      json.key(name)
      json.brief(finding)
    }
    json.endObject()
    return json.takePart()
  }

  /// The bytes after the last change: the counts.
  package mutating func end(_ diff: RuleDiff) -> [UInt8] {
    json.endArray()
    for (name, count) in [
      ("messages", diff.messageCount), ("changed_messages", diff.changedMessageCount),
      ("gaps", diff.gapCount),
    ] {
      json.key(name)
      json.integer(count)
    }
    json.key("total")
    json.count(diff.total)
    json.key("rules")
    json.beginObject()
    for (rule, count) in diff.byRule.sorted(by: { $0.key < $1.key }) where count.isChanged {
      json.key(rule)
      json.count(count)
    }
    json.endObject()
    json.key("verdicts")
    json.beginArray()
    for (change, count) in diff.verdicts.sorted(by: {
      ($0.key.old, $0.key.new) < ($1.key.old, $1.key.new)
    }) {
      json.beginObject()
      json.key("old")
      json.string(change.old.name)
      json.key("new")
      json.string(change.new.name)
      json.key("messages")
      json.integer(count)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return json.takePart()
  }
}

extension JSONWriter {
  fileprivate mutating func count(_ count: RuleDiff.Count) {
    beginObject()
    for (name, number) in [
      ("old", count.old), ("new", count.new), ("gained", count.gained), ("lost", count.lost),
      ("moved", count.moved),
    ] {
      key(name)
      integer(number)
    }
    endObject()
  }
}
