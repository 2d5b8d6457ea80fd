package import VigieCore
import VigieJSON
package import VigieReports
package import VigieRulebook
package import VigieScanning

/// What each rule costs on some texts.
///
/// Rules share one pass over a text; what a rule adds is the work at its candidates, which the
/// prefilter lets through. Decoded views of a text count as well.
package struct RuleBench: Sendable {
  /// What one rule costs.
  package struct Row: Sendable, Equatable {
    /// The id of the rule.
    package var rule: String
    /// Of the round in which it cost least.
    package var cost: SweepMeter.Cost
  }

  /// The rules that had a candidate, the dearest first.
  package private(set) var rows: [Row] = []
  /// The rules that are asked about.
  package let ruleCount: Int
  /// Whether others run besides.
  private let isPart: Bool
  /// The bytes of the texts.
  package let byteCount: Int
  /// The texts.
  package let textCount: Int
  /// The times everything was done.
  package let roundCount: Int
  /// The least time of scanning all texts with all rules and no meter, nanoseconds.
  package private(set) var scanTime = 0

  /// Measures rules on texts.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - texts: The texts with their roles.
  ///   - roundCount: How often all is done, the quickest counting; one or more.
  ///   - shown: The ids of the rules that are asked about, all by default; all rules run.
  package init(
    of rules: CompiledRules,
    on texts: [(text: [UInt8], role: Role)],
    roundCount: Int,
    shown: Set<String>? = nil
  ) {
    ruleCount = rules.rules.count { shown?.contains($0.id) ?? true }
    isPart = ruleCount < rules.rules.count
    byteCount = texts.reduce(0) { $0 + $1.text.count }
    textCount = texts.count
    self.roundCount = max(1, roundCount)
    let plain = Scanner(rules)
    // The first scan compiles patterns; later ones pay for the text alone.
    for text in texts { plain.scan(text.text.span, role: text.role) }
    // Of all rounds the quickest counts: whatever else the machine does only ever adds.
    scanTime = .max
    for _ in 0..<self.roundCount {
      let start = SweepMeter.now()
      for text in texts { plain.scan(text.text.span, role: text.role) }
      scanTime = min(scanTime, SweepMeter.now() - start)
    }
    let meter = SweepMeter(ruleCount: rules.rules.count)
    let metered = Scanner(rules, meter: meter)
    var costs: [SweepMeter.Cost] = []
    for _ in 0..<self.roundCount {
      meter.reset()
      for text in texts { metered.scan(text.text.span, role: text.role) }
      costs =
        costs.isEmpty ? meter.costs : zip(costs, meter.costs).map { $0.time <= $1.time ? $0 : $1 }
    }
    for (number, cost) in costs.enumerated()
    where cost.candidateCount > 0 && shown?.contains(rules.rules[number].id) ?? true {
      rows.append(Row(rule: rules.rules[number].id, cost: cost))
    }
    rows.sort { ($0.cost.time, $1.rule) > ($1.cost.time, $0.rule) }
  }

  /// The examples of rules as texts, without their brackets.
  package static func examples(of rules: [Rule]) -> [(text: [UInt8], role: Role)] {
    rules.flatMap(\.examples).compactMap { example in
      MarkedText(example.marked.value).map { ($0.text, example.role) }
    }
  }

  /// All rules asked about together.
  package var total: SweepMeter.Cost {
    rows.reduce(into: SweepMeter.Cost()) { total, row in
      total.candidateCount += row.cost.candidateCount
      total.matchCount += row.cost.matchCount
      total.phraseTime += row.cost.phraseTime
      total.patternTime += row.cost.patternTime
    }
  }

  /// The share of the scan that a cost is.
  private func share(_ cost: SweepMeter.Cost) -> Double {
    scanTime == 0 ? 0 : Double(cost.time) / Double(scanTime)
  }

  /// The table for a person, with a final line break.
  ///
  /// - Parameters:
  ///   - terminal: The width and colours.
  ///   - limit: The most rules shown.
  /// - Returns: The page.
  package func page(for terminal: Terminal, limit: Int) -> String {
    func micros(_ time: Int) -> String { Terminal.decimal(Double(time) / 1000, 1) }
    let speed = scanTime == 0 ? 0 : Double(byteCount) * 1000 / Double(scanTime)
    var lines = [
      terminal.styled("Vigie · cost of rules", .bold) + " on "
        + Terminal.count(textCount, "text") + " of \(Terminal.size(byteCount)), "
        + "best of \(Terminal.count(roundCount, "round"))",
      "The scan takes \(micros(scanTime)) µs (\(Terminal.decimal(speed, 1)) MB/s), of which "
        + "\(Terminal.decimal(100 * share(total), 1)) % is the work at candidates"
        + (isPart ? " of these rules." : "."),
      "",
    ]
    let idWidth = max(24, rows.prefix(limit).map(\.rule.count).max() ?? 0)
    let columns = ["candidates", "confirmed", "phrases µs", "PCRE2 µs", "share"]
    let head = columns.map { Terminal.fit($0, 12, toRight: true) }.joined()
    lines.append(terminal.styled(Terminal.fit("rule", idWidth) + head, .bold))
    func row(_ name: String, _ cost: SweepMeter.Cost) -> String {
      let cells = [
        Terminal.grouped(cost.candidateCount), Terminal.grouped(cost.matchCount),
        micros(cost.phraseTime), micros(cost.patternTime),
        Terminal.decimal(100 * share(cost), 2) + " %",
      ]
      return Terminal.fit(name, idWidth)
        + cells.map { Terminal.fit($0, 12, toRight: true) }.joined()
    }
    lines += rows.prefix(limit).map { row($0.rule, $0.cost) }
    if rows.count > limit {
      lines.append("… and \(Terminal.count(rows.count - limit, "rule")) more (--top)")
    }
    lines.append(row("all", total))
    lines.append(
      "\(Terminal.count(ruleCount - rows.count, "rule")) of \(Terminal.grouped(ruleCount)) had no "
        + "candidate"
    )
    return lines.joined(separator: "\n") + "\n"
  }

  /// What `vigie rules bench --json` prints.
  package var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    for (name, count) in [
      ("texts", textCount), ("bytes", byteCount), ("rounds", roundCount), ("scan_ns", scanTime),
    ] {
      json.key(name)
      json.integer(count)
    }
    json.key("rules")
    json.beginArray()
    for row in rows {
      json.beginObject()
      json.key("rule")
      json.string(row.rule)
      for (name, count) in [
        ("candidates", row.cost.candidateCount), ("confirmed", row.cost.matchCount),
        ("phrase_ns", row.cost.phraseTime), ("pattern_ns", row.cost.patternTime),
      ] {
        json.key(name)
        json.integer(count)
      }
      json.key("share")
      json.double(share(row.cost), decimals: 6)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }
}
