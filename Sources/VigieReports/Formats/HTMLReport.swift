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

  private func facts(_ tally: Tally) -> [(name: Phrase, values: [Phrase])] {
    var archives = scan.archives(read: tally).prefix(12).flatMap(\.phrases)
    if scan.archives.count > 12 {
      archives.append(Phrase(plain: "… + \(scan.archives.count - 12)"))
    }
    let time = scan.startTime.map {
      $0.prefix(16).split(separator: "T").joined(separator: " ") + " UTC"
    }
    let facts = [(name: Phrase("fact.archives"), values: archives)]
    var plain: [(name: Phrase, values: [String])] = []
    if let time { plain.append((Phrase("fact.time"), [time])) }
    plain.append((Phrase("fact.policy"), [scan.policy]))
    if let file = scan.applied?.policyFile { plain[plain.count - 1].values.append(file) }
    plain += AppliedRules.facts(scan.ruleset, scan.applied)
    if let version = scan.version { plain.append((Phrase("fact.version"), ["Vigie " + version])) }
    return facts + plain.map { ($0.name, $0.values.map(Phrase.init(plain:))) }
  }
}

extension ScanDescription.Archive {
  /// What a page says of it: its path, formats and size, and by what it is known again.
  fileprivate var phrases: [Phrase] {
    func line(_ parts: [Phrase]) -> Phrase { Phrase(joined: parts, by: " · ") }
    let size = Phrase(byteCount: contents?.byteCount ?? byteCount)
    let head = line([path, contents?.inWords ?? format].map(Phrase.init(plain:)) + [size])
    guard let seal = contents?.seal else { return [head] }
    let files = seal.fileCount.map { [Phrase("files.n", count: $0)] } ?? []
    return [
      head,
      line([Phrase(plain: "SHA-256 \(seal.sha256)")] + files + [Phrase(byteCount: seal.byteCount)]),
    ]
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
        let title = scan.rules[rule].map { Terminal.safe($0.title) } ?? rule
        let words = Phrase(ruleTitle: title)
        // One text for all languages is written once.
        if Phrase.languages.allSatisfy({ words[$0] == title }) {
          json.string(title)
          continue
        }
        json.beginObject()
        for language in Phrase.languages {
          json.key(language)
          json.string(words[language])
        }
        json.endObject()
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
