import VigieCore

/// When, where, by whom: the middle sections of the page.
struct HTMLCharts {
  /// The columns of the timeline, at most: half a year by days.
  static let spanCount = 184
  /// The rows of the tables.
  static let channelCount = 30
  static let rankedCount = 15

  let tally: Tally

  // MARK: When

  func timeline(_ html: inout HTMLWriter) {
    let spans = tally.timeline.spans(atMost: HTMLCharts.spanCount)
    if tally.timeline.undated.total > 0 {
      html.element("p", phrase: Phrase("time.undated", count: tally.timeline.undated.total))
    }
    guard let first = spans.first, let last = spans.last else { return }
    let most = max(1, spans.map(\.findings.total).max() ?? 1)
    html.raw("<figure>")
    html.element(
      "figcaption",
      phrase: Phrase("time.caption", ["first": first.name, "last": last.name])
    )
    html.raw("<div class=\"plot\">")
    html.element("span", ["class": "most"], text: HTMLWriter.grouped(most))
    html.open("svg", ["class": "timeline", "aria-hidden": "true", "focusable": "false"])
    let width = 100 / Double(spans.count)
    for (index, span) in spans.enumerated() where span.findings.total > 0 {
      html.raw("<g>")
      html.element(
        "title",
        phrase: Phrase(plain: "\(span.name): \(span.findings.applied) + \(span.findings.mentioned)")
      )
      var bottom = 100.0
      for (count, name) in [
        (span.findings.applied, "applied"), (span.findings.mentioned, "mentioned"),
      ] where count > 0 {
        let height = max(0.8, 100 * Double(count) / Double(most))
        bottom -= height
        html.open(
          "rect",
          [
            "class": name, "x": HTMLWriter.percent(width * (Double(index) + 0.08)),
            "y": HTMLWriter.percent(max(0, bottom)), "width": HTMLWriter.percent(width * 0.84),
            "height": HTMLWriter.percent(height),
          ]
        )
        html.close("rect")
      }
      html.raw("</g>")
    }
    html.close("svg")
    html.raw("<div class=\"axis\" aria-hidden=\"true\">")
    html.element("span", text: first.name)
    if spans.count > 2 { html.element("span", text: spans[spans.count / 2].name) }
    if spans.count > 1 { html.element("span", text: last.name) }
    html.raw("</div></div>")
    legend(&html)
    html.raw("</figure>\n")
    table(of: spans.filter { $0.findings.total > 0 }, &html)
  }

  private func legend(_ html: inout HTMLWriter) {
    html.raw("<p class=\"legend\" aria-hidden=\"true\">")
    for usage in Usage.allCases {
      html.open("svg", ["class": "key"])
      html.open("rect", ["class": usage.rawValue, "width": "100%", "height": "100%"])
      html.close("rect")
      html.close("svg")
      html.element("span", phrase: Phrase("usage.\(usage.rawValue)"))
    }
    html.raw("</p>")
  }

  private func table(of spans: [Timeline.Span], _ html: inout HTMLWriter) {
    html.raw("<details class=\"values\">")
    html.element("summary", phrase: Phrase("time.table"))
    html.raw("<table><thead><tr>")
    html.element("th", ["scope": "col"], phrase: Phrase("column.time"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("usage.applied"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("usage.mentioned"))
    html.raw("</tr></thead><tbody>")
    for span in spans {
      html.raw("<tr>")
      html.element("th", ["scope": "row"], text: span.name)
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(span.findings.applied))
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(span.findings.mentioned))
      html.raw("</tr>")
    }
    html.raw("</tbody></table></details>\n")
  }

  // MARK: Where

  func channels(_ html: inout HTMLWriter) {
    let found = tally.channels.filter { $0.findings.total > 0 }
    let most = max(1, found.flatMap { $0.levels.values.map(\.total) }.max() ?? 1)
    html.raw("<div class=\"scroll\"><table class=\"heat\">")
    html.element("caption", phrase: Phrase("channels.caption"))
    html.raw("<thead><tr>")
    html.element("th", ["scope": "col"], phrase: Phrase("column.channel"))
    html.element("th", ["scope": "col"], phrase: Phrase("column.visibility"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("column.messages"))
    for level in Level.allCases {
      html.element(
        "th",
        ["scope": "col", "class": "number"],
        phrase: Phrase("level.\(level.name)")
      )
    }
    html.raw("</tr></thead><tbody>")
    for channel in found.prefix(HTMLCharts.channelCount) {
      let label = channel.name ?? channel.id ?? "(no channel)"
      html.raw("<tr>")
      html.element("th", ["scope": "row"]) { html in
        html.element("a", ["href": "#findings", "data-find": Terminal.safe(label)], text: label)
      }
      html.element("td", phrase: Phrase("visibility.\(channel.visibility.rawValue)"))
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(channel.messageCount))
      for level in Level.allCases { cell(channel.levels[level], most: most, &html) }
      html.raw("</tr>")
    }
    html.raw("</tbody></table></div>\n")
    if found.count > HTMLCharts.channelCount {
      html.element(
        "p",
        phrase: Phrase("channels.more", count: found.count - HTMLCharts.channelCount)
      )
    }
  }

  /// A cell with the applied findings, and the mentioned ones after a plus, darker the more there are.
  private func cell(_ count: Tally.UsageCount?, most: Int, _ html: inout HTMLWriter) {
    guard let count, count.total > 0 else {
      html.raw("<td class=\"number none\">–</td>")
      return
    }
    // Steps of a fourth of the number of digits in base two: a map of counts that differ by powers.
    func bits(_ number: Int) -> Int { Int.bitWidth - number.leadingZeroBitCount }
    let step = min(4, 1 + 3 * bits(count.total) / max(1, bits(most)))
    html.element("td", ["class": "number h\(step)"]) { html in
      html.number(count.applied)
      if count.mentioned > 0 {
        html.element("small", text: "+" + HTMLWriter.grouped(count.mentioned))
      }
    }
  }

  // MARK: By whom, in what

  func sources(_ html: inout HTMLWriter) {
    html.raw("<div class=\"pair\">")
    ranking(tally.senders, "senders", &html)
    ranking(tally.documents, "documents", &html)
    html.raw("</div>\n")
  }

  private func ranking(_ ranking: Ranking, _ key: String, _ html: inout HTMLWriter) {
    html.raw("<div>")
    html.element("h3", phrase: Phrase("\(key).title"))
    let top = ranking.top(HTMLCharts.rankedCount)
    if top.isEmpty {
      html.element("p", phrase: Phrase("\(key).none"))
    } else {
      html.raw("<div class=\"scroll\"><table>")
      html.raw("<thead><tr>")
      html.element("th", ["scope": "col"], phrase: Phrase("\(key).column"))
      html.element("th", ["scope": "col"], phrase: Phrase("column.level"))
      html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("column.findings"))
      html.raw("</tr></thead><tbody>")
      for entry in top {
        html.raw("<tr>")
        html.element("th", ["scope": "row"]) { html in
          let label = Terminal.safe(entry.name)
          html.element("a", ["href": "#findings", "data-find": label], text: entry.name)
        }
        html.element("td") { $0.level(entry.level) }
        html.element("td", ["class": "number"]) { html in
          html.number(entry.findings.applied)
          if entry.findings.mentioned > 0 {
            html.element("small", text: "+" + HTMLWriter.grouped(entry.findings.mentioned))
          }
        }
        html.raw("</tr>")
      }
      html.raw("</tbody></table></div>")
      if ranking.count > top.count {
        html.element("p", phrase: Phrase("\(key).more", count: ranking.count - top.count))
      }
      if !ranking.isExact { html.element("p", phrase: Phrase("ranking.inexact")) }
    }
    html.raw("</div>")
  }
}
