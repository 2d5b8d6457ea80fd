import VigieCore
package import VigieReports

/// The report as a self-contained page for a person: the answer first, then claims, figures, rooms, and what is not known.
package struct ExposurePage {
  /// The rooms that the table holds; a browser takes so many at once.
  package static let maxRowCount = 50_000
  /// The rooms that stand on the page as they are for readers without a script.
  static let plainRowCount = 50

  let report: ExposureReport
  let output: Output
  /// Its language; `nil` for that of its reader.
  let language: String?
  /// When it was made, RFC 3339, and by which version of Vigie.
  let time: String?
  let version: String?

  /// A page of a report, to be written to an output.
  package init(
    of report: ExposureReport,
    to output: Output,
    language: String?,
    time: String?,
    version: String?
  ) {
    self.report = report
    self.output = output
    self.language = language
    self.time = time
    self.version = version
  }

  var hasLog: Bool { report.did != nil }

  /// Writes the whole page.
  package func write() {
    let page = HTMLPage(to: output, language: language)
    let title = Phrase("exposure.title")
    page.begin(
      title: title,
      notice: Phrase("exposure.notice"),
      facts: facts.map { ($0.name, $0.values.map(Phrase.init(plain:))) }
    )
    page.section("summary", Phrase("summary.title"), summary)
    if !report.claims.isEmpty {
      page.section(
        "claims",
        Phrase("claims.title"),
        lede: Phrase(hasLog ? "claims.lede" : "claims.lede-no-log"),
        claims
      )
    }
    page.section("next", Phrase("next.title"), next)
    page.section("figures", Phrase("sums.title"), lede: Phrase("sums.lede"), sums)
    if !report.rooms.isEmpty { rooms(on: page) }
    if report.requests != nil { page.section("requests", Phrase("requests.title"), requests) }
    page.section("lacks", Phrase("lacks.title"), lede: Phrase("lacks.lede"), lacks)
    page.end(title: title)
  }

  private var facts: [(name: Phrase, values: [String])] {
    func short(_ milliseconds: Int) -> String {
      (rfc3339(milliseconds: milliseconds) ?? "").prefix(16).split(separator: "T")
        .joined(separator: " ") + " UTC"
    }
    var archives = report.archives.prefix(12).map {
      ([$0.path] + $0.inWords).joined(separator: " · ")
    }
    if report.archives.count > 12 { archives.append("… + \(report.archives.count - 12)") }
    let window = report.question.window
    var facts = [
      (name: Phrase("fact.accounts"), values: report.question.accounts),
      (Phrase("fact.from"), [short(window.lowerBound)]),
      (Phrase("fact.to"), [short(window.upperBound)]), (Phrase("fact.archives"), archives),
    ]
    facts += AppliedRules.facts(report.ruleset, report.applied)
    if let time {
      let words = time.prefix(16).split(separator: "T").joined(separator: " ") + " UTC"
      facts.append((Phrase("fact.time"), [words]))
    }
    if let version { facts.append((Phrase("fact.version"), ["Vigie " + version])) }
    return facts
  }

  // MARK: The answer

  /// So many of something, both ends where they differ.
  private func amount(_ key: String, _ figure: Figure) -> Phrase {
    figure.isExact
      ? Phrase("amount.\(key)", count: figure.certain)
      : Phrase(
        "amount.\(key).range",
        [
          "least": HTMLWriter.grouped(figure.certain), "most": HTMLWriter.grouped(figure.possible),
        ]
      )
  }

  /// The answer in sentences.
  private var answer: [Phrase] {
    let could = report.could
    var sentences = [
      Phrase(
        report.question.accounts.count == 1 ? "answer.could" : "answer.could-together",
        parts: [
          "messages": amount("message", could.messages), "rooms": amount("room", could.rooms),
        ]
      )
    ]
    if let marked = could.marked {
      sentences.append(
        marked.possible == 0
          ? Phrase(
            report.details.uninspected.possible == 0 ? "answer.clean" : "answer.clean-in-part"
          )
          : Phrase("answer.marked", parts: ["marked": amount("marked", marked)])
      )
    }
    if let did = report.did {
      sentences.append(
        Phrase(
          "answer.did",
          parts: [
            "messages": amount("message", did.messages), "rooms": amount("room", did.rooms),
          ]
        )
      )
    } else {
      sentences.append(Phrase("answer.no-log"))
    }
    return sentences
  }

  private func summary(_ html: inout HTMLWriter) {
    html.element("p", ["class": "headline"], phrase: Phrase(joined: answer, by: " "))
    html.raw("<dl class=\"figures\">")
    let figures: [(String, Figure?, Claim.Subject)] = [
      ("figure.could-messages", report.could.messages, .messages),
      ("figure.did-messages", report.did?.messages, .messages),
      ("figure.could-marked", report.could.marked, .marked),
      ("figure.could-media", report.could.media, .media),
      ("figure.could-accounts", report.could.accounts, .accounts),
    ]
    for (key, figure, subject) in figures {
      guard let figure else { continue }
      html.raw("<div>")
      html.element("dt", phrase: Phrase(key))
      html.element("dd", text: figure.words(of: subject))
      html.raw("</div>")
    }
    html.raw("</dl>\n")
  }

  private func claims(_ html: inout HTMLWriter) {
    html.raw("<div class=\"scroll\"><table class=\"claims\">")
    html.element("caption", phrase: Phrase("claims.caption"))
    let columns = ["claim", "finding", "could"] + (hasLog ? ["did"] : []) + ["because"]
    html.heads(columns.map { "column.\($0)" }, numbers: ["column.could", "column.did"])
    for judged in report.claims {
      let claim = judged.claim
      let level = [ClaimVerdict.confirmed: "l4", .possible: "l2", .contradicted: "l1"]
      html.raw("<tr>")
      html.element("th", ["scope": "row"]) { html in
        let kind = claim.kind == .read ? "claim-read" : "claim-readable"
        html.text(claim.text + " ")
        html.phrase(Phrase("\(kind).\(claim.subject.rawValue)"))
      }
      html.element("td") { html in
        html.element(
          "span",
          ["class": "verdict \(level[judged.verdict] ?? "l0")"],
          phrase: Phrase("claim-verdict.\(judged.verdict.rawValue)")
        )
      }
      html.figure(judged.could, of: claim.subject)
      if hasLog { html.figure(judged.did, of: claim.subject) }
      html.element("td", phrase: judged.reason)
      html.raw("</tr>\n")
    }
    html.raw("</tbody></table></div>\n")
  }

  private func next(_ html: inout HTMLWriter) {
    var steps: [Phrase] = []
    if !hasLog { steps.append(Phrase("step.log")) }
    if let marked = report.could.marked, marked.possible > 0 {
      steps.append(Phrase("step.marked"))
      steps.append(Phrase("next.redact"))
    }
    if report.ruleset == nil { steps.append(Phrase("step.scan")) }
    if report.could.accounts.possible > 0 {
      steps.append(Phrase("step.people", parts: ["n": amount("account", report.could.accounts)]))
    }
    let names = Set(report.lacks.map(\.name))
    if names.contains("log-out-of-reach") { steps.append(Phrase("step.out-of-reach")) }
    if names.contains("account-unseen") { steps.append(Phrase("step.account")) }
    if !report.lacks.isEmpty { steps.append(Phrase("step.lacks")) }
    steps.append(Phrase("next.keep"))
    html.raw("<ol class=\"steps-list\">")
    for step in steps { html.element("li", phrase: step) }
    html.raw("</ol>\n")
  }
}
