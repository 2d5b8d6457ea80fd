import VigieCore
import VigieJSON
package import VigieReports
import VigieRulebook

extension EvasionCheck {
  /// The tables and the survivors for a person, with a final line break.
  package func page(for terminal: Terminal) -> String {
    var lines = [
      terminal.styled("Vigie · evasion", .bold) + " of "
        + Terminal.count(markingCount, "applied marking") + ", seed \(seed)",
      "Phrases are found under every disguise; case and punctuation may be part of patterns and marks.",
    ]
    if unfoundCount > 0 {
      lines.append(
        "Left out, not found as they are: \(Terminal.grouped(unfoundCount)); see: vigie rules test"
      )
    }
    lines += [""] + table("", [("all", overall)], terminal)
    // What gets through is what the author has to do with: it comes first, and what is whole in one line.
    if !survivors.isEmpty {
      lines += ["", terminal.styled("survivors", .bold) + ", the first of each"]
      for survivor in survivors {
        lines.append(
          "\(survivor.position.file):\(survivor.position.line):\(survivor.position.column): "
            + "\(survivor.rule) (\(survivor.source.rawValue)): "
            + survivor.forms.joined(separator: " + ")
        )
        lines.append("  │ " + EvasionCheck.escaped(survivor.marking))
      }
    }
    let groups = EvasionGroup.allCases.compactMap { group in byGroup[group].map { (group, $0) } }
    let alone = groups.map { ($0.0.rawValue, $0.1) }
    lines += section("alone", "disguise", alone, terminal)
    let weak = groups.flatMap { group, _ in
      (byForm[group] ?? [:]).filter { !$0.value.isWhole }
        .sorted { ($0.value.all.share, $0.key) < ($1.value.all.share, $1.key) }
        .map { ("\(group.rawValue): \($0.key)", $0.value) }
    }
    if !weak.isEmpty { lines += [""] + table("forms that hide some", weak, terminal) }
    let pairs = byPair.sorted { ($0.value.all.share, $0.key) < ($1.value.all.share, $1.key) }
    lines += section("two at once", "pair", pairs.map { ($0.key, $0.value) }, terminal)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The rows that lack something as a table, and how many lack nothing.
  private func section(
    _ title: String,
    _ thing: String,
    _ rows: [(String, Row)],
    _ terminal: Terminal
  ) -> [String] {
    guard !rows.isEmpty else { return [] }
    let lacking = rows.filter { !$0.1.isWhole }
    let wholeCount = rows.count - lacking.count
    let whole =
      "\(lacking.isEmpty ? "\(title): " : "")all are found under "
      + (lacking.isEmpty ? "each of " : "")
      + Terminal.count(wholeCount, lacking.isEmpty ? thing : "other \(thing)")
    return [""] + (lacking.isEmpty ? [] : table(title, lacking, terminal))
      + (wholeCount > 0 ? [whole] : [])
  }

  private func table(
    _ title: String,
    _ rows: [(String, Row)],
    _ terminal: Terminal
  ) -> [String] {
    let columns = ["phrases", "found", "applied", "shapes", "found", "applied"]
    let head = columns.map { Terminal.fit($0, 10, toRight: true) }.joined()
    let nameWidth = max(36, rows.map { Terminal.columnCount($0.0) + 1 }.max() ?? 0)
    return [terminal.styled(Terminal.fit(title, nameWidth) + head, .bold)]
      + rows.map { name, row in
        let cells = [row.phrases, row.shapes].flatMap { score in
          [
            Terminal.grouped(score.count), Terminal.percent(score.found, of: score.count),
            Terminal.percent(score.applied, of: score.found),
          ]
        }
        return Terminal.fit(name, nameWidth)
          + cells.map { Terminal.fit($0, 10, toRight: true) }.joined()
      }
  }

  /// A disguised marking as ASCII and plain Latin letters, all else as `\u{…}`, so that a terminal
  /// shows what is there.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x5C: result += "\\\\"
      case 0x20...0x7E: result.unicodeScalars.append(scalar)
      default:
        let isPlain =
          scalar.properties.isAlphabetic && (0xC0...0xFF).contains(scalar.value)
        if isPlain {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
    return result
  }

  /// What `vigie rules evade --json` prints.
  package var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("seed")
    json.string(String(seed))
    json.key("markings")
    json.integer(markingCount)
    json.key("unfound")
    json.integer(unfoundCount)
    json.key("overall")
    json.row(overall)
    json.key("disguises")
    json.beginObject()
    for group in EvasionGroup.allCases {
      guard let row = byGroup[group] else { continue }
      json.key(group.rawValue)
      json.row(row)
    }
    json.endObject()
    json.key("forms")
    json.beginObject()
    for group in EvasionGroup.allCases {
      for (name, row) in (byForm[group] ?? [:]).sorted(by: { $0.key < $1.key }) {
        json.key("\(group.rawValue): \(name)")
        json.row(row)
      }
    }
    json.endObject()
    json.key("pairs")
    json.beginObject()
    for (name, row) in byPair.sorted(by: { $0.key < $1.key }) {
      json.key(name)
      json.row(row)
    }
    json.endObject()
    json.key("survivors")
    json.beginArray()
    for survivor in survivors {
      json.beginObject()
      json.key("rule")
      json.string(survivor.rule)
      json.key("file")
      json.string(survivor.position.file)
      json.key("line")
      json.integer(survivor.position.line)
      json.key("source")
      json.string(survivor.source.rawValue)
      json.key("forms")
      json.strings(survivor.forms)
      json.key("escaped")
      json.string(EvasionCheck.escaped(survivor.marking))
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }
}

extension EvasionCheck.Row {
  /// Whether every disguised marking was found.
  fileprivate var isWhole: Bool { all.found == all.count }
}

extension JSONWriter {
  fileprivate mutating func row(_ row: EvasionCheck.Row) {
    beginObject()
    for (name, score) in [("phrases", row.phrases), ("shapes", row.shapes)] {
      key(name)
      beginObject()
      for (name, count) in [
        ("tried", score.count), ("found", score.found), ("applied", score.applied),
      ] {
        key(name)
        integer(count)
      }
      endObject()
    }
    key("share")
    double(row.all.share, decimals: 4)
    endObject()
  }
}
