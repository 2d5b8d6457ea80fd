import VigieCore
import VigieJSON
package import VigieReports

extension Evaluation {
  /// The tables for a person, with a final line break.
  package func page(for terminal: Terminal) -> String {
    var lines = [
      terminal.styled("Vigie · evaluation", .bold) + " of "
        + Terminal.count(messageCount, "labelled message"),
      "A label is found when a finding of its scheme overlaps it by at least half of both.",
      "",
    ]
    lines += table("", [("all", overall), ("applied, no disguise", plainApplied)], terminal)
    let groups = [
      ("scheme", bySchemes), ("usage", byUsage), ("disguise", byDisguise), ("language", byLanguage),
    ]
    for (name, group) in groups {
      lines.append("")
      lines += table(name, group.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, terminal)
    }
    lines.append("")
    let kinds = Mistake.allCases.map { kind in
      "\(Terminal.grouped(mistakes.count { $0.mistake == kind })) \(kind.rawValue)"
    }
    lines.append("mistakes: " + kinds.joined(separator: ", "))
    lines.append("messages without a label in which something is applied: \(alarmCount)")
    lines += [""] + confusion.lines(for: terminal)
    lines += [""] + calibration.lines(for: terminal)
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(
    _ title: String,
    _ rows: [(String, Score)],
    _ terminal: Terminal
  ) -> [String] {
    let columns = ["labels", "found", "findings", "precision", "recall", "usage", "exact", "level"]
    let head = columns.map { Terminal.fit($0, 10, toRight: true) }.joined()
    return [terminal.styled(Terminal.fit(title, 22) + head, .bold)]
      + rows.map { name, score in
        let cells = [
          Terminal.grouped(score.expected), Terminal.grouped(score.found),
          Terminal.grouped(score.reported), Terminal.percent(score.found, of: score.reported),
          Terminal.percent(score.found, of: score.expected),
          Terminal.percent(score.usageRight, of: score.found),
          Terminal.percent(score.exact, of: score.found),
          Terminal.percent(score.levelRight, of: score.found),
        ]
        return Terminal.fit(name, 22) + cells.map { Terminal.fit($0, 10, toRight: true) }.joined()
      }
  }

  /// The list of mistakes for a person, each with its text: labelled messages are test data.
  package func mistakePage(for terminal: Terminal) -> String {
    mistakes.map { entry in
      var words: [String] = []
      if let expected = entry.expected {
        words.append("label \(expected.scheme) \(expected.level.name) \(expected.usage.rawValue)")
      }
      if let finding = entry.finding {
        words.append(
          "found \(finding.rule) \(finding.level.name) \(finding.usage.rawValue) "
            + Terminal.decimal(finding.confidence, 2)
        )
      }
      let message = entry.message
      let head = terminal.styled(entry.mistake.rawValue, entry.mistake == .span ? .dim : .yellow)
      var text =
        "\(message.file):\(message.line): \(message.id): \(head): " + words.joined(separator: ", ")
        + "\n" + Excerpt.lines(of: message.text, span: entry.span, terminal: terminal)
      if entry.mistake == .span, let found = entry.finding?.range {
        text += "\n  found:\n" + Excerpt.lines(of: message.text, span: found, terminal: terminal)
      }
      return text + "\n"
    }.joined()
  }

  /// What `vigie rules eval --json` prints.
  package var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("messages")
    json.integer(messageCount)
    json.key("alarms")
    json.integer(alarmCount)
    json.score("overall", overall)
    json.score("plain_applied", plainApplied)
    for (name, group) in [
      ("schemes", bySchemes), ("usages", byUsage), ("disguises", byDisguise),
      ("languages", byLanguage),
    ] {
      json.key(name)
      json.beginObject()
      for (key, score) in group.sorted(by: { $0.key < $1.key }) { json.score(key, score) }
      json.endObject()
    }
    json.key("confusion")
    json.confusion(confusion)
    json.key("calibration")
    json.calibration(calibration)
    json.key("mistakes")
    json.beginArray()
    for entry in mistakes { json.mistake(entry) }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }
}

extension JSONWriter {
  fileprivate mutating func score(_ name: String, _ score: Evaluation.Score) {
    key(name)
    beginObject()
    for (name, count) in [
      ("labels", score.expected), ("findings", score.reported), ("found", score.found),
    ] {
      key(name)
      integer(count)
    }
    for (name, share) in [
      ("precision", score.precision), ("recall", score.recall), ("usage", score.usageAccuracy),
      ("exact", score.exactShare), ("level", score.levelAccuracy),
    ] {
      key(name)
      double(share, decimals: 4)
    }
    endObject()
  }

  fileprivate mutating func mistake(_ entry: Evaluation.Entry) {
    beginObject()
    key("kind")
    string(entry.mistake.rawValue)
    key("file")
    string(entry.message.file)
    key("line")
    integer(entry.message.line)
    key("id")
    string(entry.message.id)
    key("range")
    beginArray()
    integer(entry.span.lowerBound)
    integer(entry.span.upperBound)
    endArray()
    key("expected")
    if let expected = entry.expected {
      beginObject()
      key("scheme")
      string(expected.scheme)
      key("level")
      string(expected.level.name)
      key("usage")
      string(expected.usage.rawValue)
      endObject()
    } else {
      null()
    }
    key("found")
    brief(entry.finding)
    endObject()
  }
}
