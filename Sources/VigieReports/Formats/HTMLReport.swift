import VigieCore
import VigieJSON

/// A self-contained page for a person: what was read and what not, what was found, where, when, and what to do.
///
/// Everything is on the page, findings included, so that it can be kept, sent and printed; it loads nothing. Rows wait in
/// a ``ReportSpool`` until the counts are known. Of very many findings the gravest are listed, and the page says so.
package final class HTMLReport: ReportFormat {
  package static let name = "html"

  /// The findings that the table holds; a browser takes so many at once.
  package static let maxRowCount = 50_000
  /// The gravest findings, which stand on the page as they are for readers without a script.
  static let plainRowCount = 50

  /// The byte of the lowest rank in a spooled row.
  private static let firstRank = UInt8(ascii: "0")

  private let output: Output
  private let scan: ScanDescription
  private let rows: ReportSpool
  /// By rank, the rows of that rank.
  private var rankCounts = [Int](repeating: 0, count: FindingRow.rankCount)
  private var gravest: [FindingRow] = []
  private var seenRules: Set<String> = []

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
    self.scan = scan
    rows = ReportSpool(for: output)
  }

  package func add(_ event: ScanEvent) {
    guard case .message(let message) = event else { return }
    for (index, finding) in message.review.findings.enumerated() {
      let row = FindingRow(finding, of: message, index: index)
      rankCounts[row.rank] += 1
      seenRules.insert(finding.rule)
      keep(row)
      // A byte for the rank, printable so that none is a line feed, then the row on one line.
      rows.write([HTMLReport.firstRank + UInt8(row.rank)] + row.json() + [0x0A])
    }
  }

  /// Keeps a row while it is among the gravest.
  private func keep(_ row: FindingRow) {
    if gravest.count >= HTMLReport.plainRowCount, let last = gravest.last, row.rank <= last.rank {
      return
    }
    let index = gravest.firstIndex { $0.rank < row.rank } ?? gravest.count
    gravest.insert(row, at: index)
    if gravest.count > HTMLReport.plainRowCount { gravest.removeLast() }
  }

  package func finish(_ tally: Tally) {
    let page = HTMLPage(to: output, language: scan.language)
    let title = Phrase("report.title")
    page.begin(
      title: title,
      notice: Phrase(scan.isRevealed ? "report.revealed" : "report.masked"),
      facts: facts(tally)
    )
    let overview = HTMLOverview(tally: tally)
    page.section("summary", Phrase("summary.title"), overview.summary)
    page.section(
      "coverage",
      Phrase("coverage.title"),
      lede: Phrase("coverage.lede"),
      overview.coverage
    )
    page.section("next", Phrase("next.title"), overview.next)
    if tally.findings.total > 0 {
      let charts = HTMLCharts(tally: tally)
      page.section("time", Phrase("time.title"), charts.timeline)
      page.section(
        "channels",
        Phrase("channels.title"),
        lede: Phrase("channels.lede"),
        charts.channels
      )
      page.section("sources", Phrase("sources.title"), charts.sources)
      findings(tally, on: page)
    }
    page.end(title: title)
  }

  private func facts(_ tally: Tally) -> [(name: Phrase, values: [String])] {
    var archives = scan.archives(read: tally).prefix(12).map {
      ([$0.path] + $0.inWords).joined(separator: " · ")
    }
    if scan.archives.count > 12 { archives.append("… + \(scan.archives.count - 12)") }
    let time = scan.startTime.map {
      $0.prefix(16).split(separator: "T").joined(separator: " ") + " UTC"
    }
    var facts = [(name: Phrase("fact.archives"), values: archives)]
    if let time { facts.append((Phrase("fact.time"), [time])) }
    facts.append((Phrase("fact.policy"), [scan.policy]))
    if let file = scan.applied?.policyFile { facts[facts.count - 1].values.append(file) }
    facts += AppliedRules.facts(scan.ruleset, scan.applied)
    if let version = scan.version { facts.append((Phrase("fact.version"), ["Vigie " + version])) }
    return facts
  }
}

extension AppliedRules {
  /// What a page says of the rules: their digest, and which of them are the site's.
  package static func facts(
    _ ruleset: String?,
    _ applied: AppliedRules?
  ) -> [(name: Phrase, values: [String])] {
    var facts = [(name: Phrase("fact.rules"), values: [applied?.digest ?? ruleset ?? "–"])]
    if let sites = applied?.sites, !sites.isEmpty {
      facts.append((Phrase("fact.sites"), sites.map(\.inWords)))
    }
    return facts
  }
}

// MARK: - The table of findings

extension HTMLReport {
  private func findings(_ tally: Tally, on page: HTMLPage) {
    let total = tally.findings.total
    let lede = total > HTMLReport.maxRowCount ? "findings.cut" : "findings.lede"
    page.section(
      "findings",
      Phrase("findings.title"),
      lede: Phrase(
        lede,
        [
          "shown": HTMLWriter.grouped(min(total, HTMLReport.maxRowCount)),
          "total": HTMLWriter.grouped(total),
        ]
      )
    ) { html in
      // The script puts its controls here.
      html.raw("<div id=\"controls\" class=\"controls\" hidden></div>\n")
      html.raw("<div id=\"table\" class=\"scroll\">\n<table class=\"grid findings\">")
      html.element("caption", phrase: Phrase("findings.plain", count: gravest.count))
      html.raw("<thead><tr>")
      for column in FindingRow.columns {
        html.element("th", ["scope": "col"], phrase: Phrase("column.\(column)"))
      }
      html.raw("</tr></thead>\n<tbody>")
      for row in gravest { row.write(to: &html, titles: scan.rules) }
      html.raw("</tbody></table></div>\n")
    }
    page.data("rules") { write in
      var json = JSONWriter()
      json.beginObject()
      for rule in seenRules.sorted() {
        json.key(rule)
        json.string(scan.rules[rule].map { Terminal.safe($0.title) } ?? rule)
      }
      json.endObject()
      write(json.take())
    }
    page.data("rows") { write in
      write([UInt8(ascii: "[")])
      writeRows(write)
      write([UInt8(ascii: "]")])
    }
  }

  /// Writes the rows in the order of the archive, the gravest of them where they are too many.
  private func writeRows(_ write: ([UInt8]) -> Void) {
    var room = HTMLReport.maxRowCount
    var rank = FindingRow.rankCount
    while rank > 0, rankCounts[rank - 1] <= room {
      rank -= 1
      room -= rankCounts[rank]
    }
    // All rows from `rank` on, and of the rank below as many as there is room for.
    var isFirst = true
    rows.readLines { line in
      guard let first = line.first else { return }
      let own = Int(first) - Int(HTMLReport.firstRank)
      if own < rank {
        guard own == rank - 1, room > 0 else { return }
        room -= 1
      }
      write((isFirst ? [] : [UInt8(ascii: ","), 0x0A]) + line.dropFirst())
      isFirst = false
    }
  }
}
