import VigieCore

/// The first sections of the page: what was found in a sentence, what was read and what not, what to do.
struct HTMLOverview {
  let tally: Tally

  private var stoppedCount: Int {
    tally.verdicts.reduce(0) { $0 + ($1.key.isStop ? $1.value : 0) }
  }

  private var unreadCount: Int {
    tally.messages.partly + tally.messages.not + tally.files.partly + tally.files.not
  }

  /// The findings of all levels from one on.
  private func applied(from level: Level) -> Int {
    tally.levels.reduce(0) { $0 + ($1.key >= level ? $1.value.applied : 0) }
  }

  // MARK: Summary

  func summary(_ html: inout HTMLWriter) {
    let applied = tally.findings.applied
    let channels = tally.channels.count { $0.findings.applied > 0 }
    html.open("p", ["class": "headline"])
    if applied == 0 {
      html.phrase(Phrase(unreadCount == 0 ? "summary.clean" : "summary.clean-in-part"))
    } else {
      html.phrase(Phrase("summary.applied", count: applied))
      html.text(" ")
      html.phrase(Phrase("summary.channels", count: channels))
    }
    if unreadCount > 0 {
      html.text(" ")
      html.phrase(Phrase("summary.unread", count: unreadCount))
    }
    html.close("p")
    html.raw("<dl class=\"figures\">")
    figure("figure.messages", tally.messages.total, &html)
    figure("figure.stopped", stoppedCount, &html)
    figure("figure.applied", applied, &html)
    figure("figure.mentioned", tally.findings.mentioned, &html)
    figure("figure.not-read", unreadCount, &html)
    html.raw("</dl>\n")
    guard tally.findings.total > 0 else { return }
    levels(&html)
  }

  private func figure(_ key: String, _ number: Int, _ html: inout HTMLWriter) {
    html.raw("<div>")
    html.element("dt", phrase: Phrase(key))
    html.element("dd", text: HTMLWriter.grouped(number))
    html.raw("</div>")
  }

  private func levels(_ html: inout HTMLWriter) {
    let most = max(1, tally.levels.values.map(\.total).max() ?? 1)
    html.raw("<table class=\"bars\">")
    html.element("caption", phrase: Phrase("levels.caption"))
    html.raw("<thead><tr>")
    html.element("th", ["scope": "col"], phrase: Phrase("column.level"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("usage.applied"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("usage.mentioned"))
    html.raw("<td class=\"bar\"></td></tr></thead><tbody>")
    for level in Level.allCases.reversed() {
      guard let count = tally.levels[level] else { continue }
      html.raw("<tr>")
      html.element("th", ["scope": "row"]) { $0.level(level) }
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(count.applied))
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(count.mentioned))
      html.element("td", ["class": "bar"]) { html in
        html.bar([
          (Double(count.applied) / Double(most), "applied"),
          (Double(count.mentioned) / Double(most), "mentioned"),
        ])
      }
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
  }

  // MARK: Coverage

  func coverage(_ html: inout HTMLWriter) {
    html.raw("<div class=\"scroll\"><table class=\"bars coverage\">")
    html.element("caption", phrase: Phrase("coverage.caption"))
    html.raw("<thead><tr><td></td>")
    for column in ["total", "inspected", "partly", "not"] {
      html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("coverage.\(column)"))
    }
    html.raw("<td class=\"bar\"></td></tr></thead><tbody>")
    func grouped(_ number: Int) -> Phrase { Phrase(plain: HTMLWriter.grouped(number)) }
    let channels = tally.channelCoverage
    if channels.total > 0 { row("coverage.channels", channels, grouped, &html) }
    row("coverage.messages", tally.messages, grouped, &html)
    if tally.files.total > 0 { row("coverage.files", tally.files, grouped, &html) }
    row("coverage.bytes", tally.bytes, Phrase.init(byteCount:), &html)
    html.raw("</tbody></table></div>\n")
    html.raw("<p class=\"legend\" aria-hidden=\"true\">")
    for kind in ["inspected", "partly", "not"] {
      html.open("svg", ["class": "key"])
      html.open("rect", ["class": kind, "width": "100%", "height": "100%"])
      html.close("rect")
      html.close("svg")
      html.element("span", phrase: Phrase("coverage.\(kind)"))
    }
    html.raw("</p>\n")
    gaps(&html)
  }

  private func row(
    _ key: String,
    _ coverage: Coverage,
    _ number: (Int) -> Phrase,
    _ html: inout HTMLWriter
  ) {
    let total = Double(max(1, coverage.total))
    html.raw("<tr>")
    html.element("th", ["scope": "row"], phrase: Phrase(key))
    for count in [coverage.total, coverage.inspected, coverage.partly, coverage.not] {
      html.element("td", ["class": "number"], phrase: number(count))
    }
    html.element("td", ["class": "bar"]) { html in
      html.bar([
        (Double(coverage.inspected) / total, "inspected"),
        (Double(coverage.partly) / total, "partly"), (Double(coverage.not) / total, "not"),
      ])
    }
    html.raw("</tr>")
  }

  private func gaps(_ html: inout HTMLWriter) {
    guard tally.gapCount > 0 else {
      html.element("p", phrase: Phrase("gaps.none"))
      return
    }
    html.raw("<div class=\"scroll\"><table class=\"gaps\">")
    html.element("caption", phrase: Phrase("gaps.caption"))
    html.raw("<thead><tr>")
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("gaps.count"))
    html.element("th", ["scope": "col"], phrase: Phrase("gaps.reason"))
    html.element("th", ["scope": "col"], phrase: Phrase("gaps.next"))
    html.raw("</tr></thead><tbody>")
    let reasons = tally.gaps.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    for (reason, count) in reasons {
      html.raw("<tr>")
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(count))
      html.element("td") { html in
        html.element("b", phrase: Phrase("gap.\(reason.rawValue)"))
        details(of: reason, &html)
      }
      html.element("td", phrase: Phrase("gap-next.\(reason.rawValue)"))
      html.raw("</tr>")
    }
    html.raw("</tbody></table></div>\n")
    unread(&html)
  }

  /// What was not read, by name: someone has to look at it.
  private func unread(_ html: inout HTMLWriter) {
    html.raw("<details class=\"values\">")
    html.element("summary", phrase: Phrase("unread.title", count: tally.gapCount))
    html.raw("<div class=\"scroll\"><table class=\"unread\"><thead><tr>")
    for column in ["unread.what", "column.channel", "gaps.reason"] {
      html.element("th", ["scope": "col"], phrase: Phrase(column))
    }
    html.raw("</tr></thead><tbody>")
    for unread in tally.unread {
      html.raw("<tr>")
      html.element("td") { html in
        if !unread.place.isEmpty { html.element("b", text: unread.place) }
        if let message = unread.message { html.element("span", ["class": "id"], text: message) }
      }
      html.element("td", text: unread.channel ?? "")
      html.element("td") { html in
        html.element("b", phrase: Phrase("gap.\(unread.gap.reason.rawValue)"))
        detail(unread.gap.detail, "span", &html)
      }
      html.raw("</tr>")
    }
    html.raw("</tbody></table></div>")
    let more = tally.gapCount - tally.unread.count
    if more > 0 { html.element("p", phrase: Phrase("unread.more", count: more)) }
    html.raw("</details>\n")
  }

  /// What was not read in words, in the language of the reader where it has them.
  private func detail(
    _ detail: String,
    times count: Int? = nil,
    _ element: String,
    _ html: inout HTMLWriter
  ) {
    let words = Phrase(gapDetail: detail)
    let isPlain = Phrase.languages.allSatisfy { words[$0] == detail }
    html.element(element, isPlain ? ["lang": "en"] : [:]) { html in
      if let count { html.text("\(HTMLWriter.grouped(count)) × ") }
      html.phrase(words)
    }
  }

  /// What was not read, the most frequent first.
  private func details(of reason: GapReason, _ html: inout HTMLWriter) {
    let kinds = tally.gapKinds.filter { $0.key.reason == reason && !$0.key.detail.isEmpty }
      .sorted { ($1.value, $0.key.detail) < ($0.value, $1.key.detail) }
    guard !kinds.isEmpty else { return }
    html.raw("<ul>")
    for (kind, count) in kinds.prefix(6) {
      detail(kind.detail, times: count, "li", &html)
    }
    if kinds.count > 6 { html.element("li", phrase: Phrase("gaps.more", count: kinds.count - 6)) }
    html.raw("</ul>")
  }

  // MARK: What to do

  func next(_ html: inout HTMLWriter) {
    var steps: [Phrase] = []
    let restricted = applied(from: .restricted)
    if restricted > 0 {
      steps.append(Phrase("next.check", count: restricted))
      steps.append(Phrase("next.redact"))
      steps.append(Phrase("next.tell"))
    } else if tally.findings.total > 0 {
      steps.append(Phrase("next.low"))
    }
    if (tally.schemes["credential"]?.applied ?? 0) > 0 { steps.append(Phrase("next.credentials")) }
    if (tally.schemes["pii"]?.applied ?? 0) > 0 { steps.append(Phrase("next.personal")) }
    if unreadCount > 0 { steps.append(Phrase("next.gaps", count: unreadCount)) }
    if tally.findings.total > 0 { steps.append(Phrase("next.wrong")) }
    steps.append(Phrase("next.keep"))
    html.raw("<ol class=\"steps-list\">")
    for step in steps { html.element("li", phrase: step) }
    html.raw("</ol>\n")
  }
}

extension HTMLWriter {
  /// Writes a bar of parts of a whole, each drawn by its class; the figures stand beside it in words.
  package mutating func bar(_ parts: [(share: Double, name: String)]) {
    open("svg", ["class": "bar", "aria-hidden": "true", "focusable": "false"])
    var start = 0.0
    for part in parts where part.share > 0 {
      // What there is is seen, however little.
      let width = max(0.4, part.share * 100)
      open(
        "rect",
        [
          "class": part.name, "x": HTMLWriter.percent(min(start, 99.6)), "y": "0",
          "width": HTMLWriter.percent(width), "height": "100%",
        ]
      )
      close("rect")
      start += width
    }
    close("svg")
  }
}
