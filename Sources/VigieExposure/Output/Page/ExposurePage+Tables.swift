import VigieCore
import VigieReports

extension ExposurePage {
  // MARK: Figures

  func sums(_ html: inout HTMLWriter) {
    html.raw("<div class=\"scroll\"><table class=\"bars\">")
    html.element("caption", phrase: Phrase("sums.caption"))
    let columns = ["", "column.could"] + (hasLog ? ["column.did"] : [])
    html.heads(columns, numbers: Set(columns))
    let subjects: [(KeyPath<ExposureReport.Sums, Figure>, Claim.Subject)] = [
      (\.rooms, .rooms), (\.accounts, .accounts), (\.messages, .messages), (\.media, .media),
      (\.mediaByteCount, .bytes),
    ]
    for (path, subject) in subjects {
      row(subject, report.could[keyPath: path], report.did?[keyPath: path], &html)
    }
    if let marked = report.could.marked { row(.marked, marked, report.did?.marked, &html) }
    html.raw("</tbody></table></div>\n")
    details(&html)
    levels(&html)
    reckoning(&html)
    doubts(&html)
  }

  private func row(
    _ subject: Claim.Subject,
    _ could: Figure,
    _ did: Figure?,
    _ html: inout HTMLWriter
  ) {
    html.raw("<tr>")
    html.element("th", ["scope": "row"], phrase: Phrase("subject.\(subject.rawValue)"))
    html.figure(could, of: subject)
    if hasLog { html.figure(did, of: subject) }
    html.raw("</tr>\n")
  }

  private func details(_ html: inout HTMLWriter) {
    let details = report.details
    let rows: [(String, Figure)] = [
      ("detail.in-window", details.inWindow), ("detail.redacted", details.redacted),
      ("detail.edits", details.edits), ("detail.encrypted", details.encrypted),
      ("detail.encrypted-media", details.encryptedMedia),
      ("detail.uninspected", report.ruleset == nil ? Figure() : details.uninspected),
    ].filter { $0.1.possible > 0 }
    guard !rows.isEmpty else { return }
    html.raw("<table class=\"bars\">")
    html.element("caption", phrase: Phrase("detail.caption"))
    html.heads(["", "column.could"], numbers: ["column.could"])
    for (key, figure) in rows {
      html.raw("<tr>")
      html.element("th", ["scope": "row"], phrase: Phrase(key))
      html.figure(figure)
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
  }

  private func levels(_ html: inout HTMLWriter) {
    guard let most = report.details.levels.values.map(\.possible).max(), most > 0 else { return }
    html.raw("<table class=\"bars\">")
    html.element("caption", phrase: Phrase("marked.caption"))
    html.raw("<thead><tr>")
    html.element("th", ["scope": "col"], phrase: Phrase("column.level"))
    html.element("th", ["scope": "col", "class": "number"], phrase: Phrase("column.could"))
    html.raw("<td class=\"bar\"></td></tr></thead><tbody>")
    for level in Level.allCases.reversed() {
      guard let figure = report.details.levels[level] else { continue }
      html.raw("<tr>")
      html.element("th", ["scope": "row"]) { $0.level(level) }
      html.figure(figure)
      html.element("td", ["class": "bar"]) { html in
        html.bar([
          (Double(figure.certain) / Double(most), "applied"),
          (Double(figure.possible - figure.certain) / Double(most), "mentioned"),
        ])
      }
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
  }

  private func reckoning(_ html: inout HTMLWriter) {
    let columns = ["reckoning.total", "reckoning.readable", "reckoning.gone", "reckoning.closed"]
    html.raw("<div class=\"scroll\"><table class=\"bars\">")
    html.element("caption", phrase: Phrase("reckoning.caption"))
    html.heads([""] + columns, numbers: Set(columns))
    for reckoning in report.reckonings where reckoning.total > 0 {
      html.raw("<tr>")
      html.element("th", ["scope": "row"], phrase: Phrase("kind.\(reckoning.kind)"))
      for count in [reckoning.total, reckoning.readable, reckoning.gone, reckoning.closed] {
        html.element("td", ["class": "number"], text: HTMLWriter.grouped(count))
      }
      html.raw("</tr>")
    }
    html.raw("</tbody></table></div>\n")
  }

  private func doubts(_ html: inout HTMLWriter) {
    let doubts = Doubt.allCases.filter { report.details.doubts[$0] != nil }
    guard !doubts.isEmpty else { return }
    html.raw("<table class=\"lacks\">")
    html.element("caption", phrase: Phrase("doubts.caption"))
    html.heads(["column.messages", "column.because"], numbers: ["column.messages"])
    for doubt in doubts {
      html.raw("<tr>")
      html.element(
        "td",
        ["class": "number"],
        text: HTMLWriter.grouped(report.details.doubts[doubt] ?? 0)
      )
      html.element("td", phrase: doubt.words)
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
  }

  // MARK: Rooms

  func rooms(on page: HTMLPage) {
    let total = report.rooms.count
    let shown = min(total, ExposurePage.maxRowCount)
    page.section(
      "rooms",
      Phrase("rooms.title"),
      lede: Phrase(
        shown < total ? "rooms.cut" : "rooms.lede",
        [
          "shown": HTMLWriter.grouped(shown), "total": HTMLWriter.grouped(total),
          "closed": HTMLWriter.grouped(report.closedRoomCount),
        ]
      )
    ) { html in
      let plain = report.rooms.prefix(ExposurePage.plainRowCount)
      // The script puts its controls here.
      html.raw("<div id=\"rooms-controls\" class=\"controls\" hidden></div>\n")
      html.raw("<div id=\"rooms-table\" class=\"scroll\">\n<table class=\"grid rooms\">")
      html.element("caption", phrase: Phrase("rooms.plain", count: plain.count))
      let columns = RoomRow.columns(hasLog: hasLog).map { "column.\($0)" }
      html.heads(
        columns,
        numbers: Set(columns.filter { !["column.room", "column.way"].contains($0) })
      )
      for room in plain { RoomRow(room: room).write(to: &html) }
      html.raw("</tbody></table></div>\n")
    }
    page.data("reached") { write in
      write([UInt8(ascii: "[")])
      for (index, room) in report.rooms.prefix(ExposurePage.maxRowCount).enumerated() {
        write((index == 0 ? [] : [UInt8(ascii: ","), 0x0A]) + RoomRow(room: room).json())
      }
      write([UInt8(ascii: "]")])
    }
  }

  // MARK: The log, and what is not known

  func requests(_ html: inout HTMLWriter) {
    guard let requests = report.requests else { return }
    html.element(
      "p",
      phrase: Phrase(
        "requests.count",
        [
          "total": HTMLWriter.grouped(requests.count),
          "answered": HTMLWriter.grouped(requests.answered),
          "size": Terminal.size(requests.byteCount),
        ]
      )
    )
    if let times = requests.times {
      let first = rfc3339(milliseconds: times.lowerBound) ?? ""
      let last = rfc3339(milliseconds: times.upperBound) ?? ""
      html.element("p", phrase: Phrase("requests.time", ["first": first, "last": last]))
    }
    guard !requests.addresses.isEmpty else { return }
    html.raw("<table class=\"bars\">")
    html.element("caption", phrase: Phrase("requests.caption"))
    html.heads(["column.address", "column.requests"], numbers: ["column.requests"])
    for (address, count) in requests.addresses.prefix(50) {
      html.raw("<tr>")
      html.element("th", ["scope": "row"], text: address)
      html.element("td", ["class": "number"], text: HTMLWriter.grouped(count))
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
    if requests.addresses.count > 50 {
      html.element("p", phrase: Phrase("requests.more", count: requests.addresses.count - 50))
    }
  }

  func lacks(_ html: inout HTMLWriter) {
    guard !report.lacks.isEmpty else {
      html.element("p", phrase: Phrase("lacks.none"))
      return
    }
    html.raw("<table class=\"lacks\">")
    html.element("caption", phrase: Phrase("lacks.caption"))
    html.heads(["column.count", "column.what"], numbers: ["column.count"])
    for lack in report.lacks {
      html.raw("<tr>")
      html.element("td", ["class": "number"], text: lack.count.map(HTMLWriter.grouped) ?? "")
      html.element("td", phrase: lack.words)
      html.raw("</tr>")
    }
    html.raw("</tbody></table>\n")
  }
}
