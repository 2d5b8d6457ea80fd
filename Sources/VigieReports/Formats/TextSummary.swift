import VigieCore

/// A page for the officer, without message text: what was read, what was found, where to look.
package final class TextSummary: ReportFormat {
  package static let name = "summary"

  /// How much of what was not read is named.
  static let maxUnreadCount = 20

  private let output: Output
  private let scan: ScanDescription
  private let terminal: Terminal

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
    self.scan = scan
    self.terminal = terminal
  }

  package func add(_ event: ScanEvent) {}

  package func finish(_ tally: Tally) {
    header(tally)
    coverage(tally)
    verdicts(tally)
    if tally.findings.total > 0 {
      levels(tally)
      channels(tally)
      findings(tally)
    } else {
      line("")
      line("  No marking was found in what was inspected.")
    }
    if tally.gapCount > 0 { unread(tally) }
  }

  private func line(_ text: String) { output.write(text + "\n") }

  private func heading(_ text: String) {
    line("")
    line("  " + terminal.styled(text, .bold))
  }

  /// A row of the header: a dim label and a text wrapped beside it at ` · `.
  private func row(_ label: String, _ parts: [String]) {
    for (index, text) in lines(of: parts, in: terminal.width - 14).enumerated() {
      let shown = index == 0 ? Terminal.fit(label, 10) : String(repeating: " ", count: 10)
      line("  " + terminal.styled(shown, .dim) + "  " + text)
    }
  }

  /// Parts side by side with ` · ` between them, in lines of so many columns where a part fits.
  private func lines(of parts: [String], in room: Int) -> [String] {
    var lines: [String] = []
    for part in parts where !part.isEmpty {
      if let last = lines.last, Terminal.columnCount(last) + Terminal.columnCount(part) + 3 <= room
      {
        lines[lines.count - 1] = last + " · " + part
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  /// Where something is, whole however long it is: who looks for it needs all of it.
  private func place(_ parts: [String?]) {
    // A file of a folder is its own channel and message: its name is said once.
    var told: [String] = []
    for part in parts.compactMap({ $0.map(Terminal.safe) }) where !told.contains(part) {
      told.append(part)
    }
    for text in lines(of: told, in: terminal.width - 9) {
      line("         " + terminal.styled(text, .dim))
    }
  }

  private func header(_ tally: Tally) {
    let title = "Vigie · scan of " + Terminal.count(scan.archives.count, "archive")
    line(terminal.styled(title, .bold))
    line(terminal.styled(String(repeating: "─", count: terminal.width), .dim))
    for archive in scan.archives(read: tally).prefix(8) {
      row("archive", [Terminal.safe(archive.path)] + archive.inWords)
      if let seal = archive.contents?.seal { row("", seal.inWords) }
    }
    if scan.archives.count > 8 { row("", ["and \(scan.archives.count - 8) more"]) }
    row("rules", [scan.ruleset, "policy \(Terminal.safe(scan.policy))"])
    for site in scan.applied?.sites ?? [] { row("", ["with those of the site: \(site.inWords)"]) }
    if let file = scan.applied?.policyFile { row("", ["policy from \(Terminal.safe(file))"]) }
  }

  private func coverage(_ tally: Tally) {
    func parts(_ coverage: Coverage, _ what: String, _ number: (Int) -> String) -> [String] {
      var parts = ["\(what): \(number(coverage.inspected)) inspected"]
      if coverage.partly > 0 { parts.append("\(number(coverage.partly)) in part") }
      if coverage.not > 0 {
        parts.append(terminal.styled("\(number(coverage.not)) not inspected", .yellow))
      }
      return parts
    }
    let messages = Terminal.count(tally.messages.total, "message")
    row("read", parts(tally.messages, messages, Terminal.grouped))
    let channels = tally.channelCoverage
    if channels.total > 0 {
      row("", parts(channels, Terminal.count(channels.total, "channel"), Terminal.grouped))
    }
    if tally.files.total > 0 {
      row("", parts(tally.files, Terminal.count(tally.files.total, "file"), Terminal.grouped))
    }
    row("", parts(tally.bytes, Terminal.size(tally.bytes.total), Terminal.size))
    guard tally.gapCount > 0 else { return }
    let reasons = GapReason.allCases.compactMap { reason in
      tally.gaps[reason].map { "\(Terminal.grouped($0)) \(reason.rawValue)" }
    }
    row("gaps", reasons)
  }

  private func verdicts(_ tally: Tally) {
    let parts = Verdict.allCases.reversed().compactMap { verdict -> String? in
      guard let count = tally.verdicts[verdict] else { return nil }
      return terminal.styled("\(Terminal.grouped(count)) \(verdict.name)", verdict.style)
    }
    row("verdicts", parts.isEmpty ? ["none"] : parts)
    if tally.observedCount > 0 {
      row("", ["\(Terminal.grouped(tally.observedCount)) stricter in shadow mode"])
    }
  }

  private func levels(_ tally: Tally) {
    heading(Terminal.fit("level", 16) + "   applied  mentioned")
    for level in Level.allCases.reversed() {
      guard let count = tally.levels[level] else { continue }
      let name = terminal.styled(Terminal.fit(level.name, 16), level.style)
      let applied = Terminal.fit(Terminal.grouped(count.applied), 10, toRight: true)
      let mentioned = Terminal.fit(Terminal.grouped(count.mentioned), 11, toRight: true)
      line("  \(name)\(applied)\(mentioned)")
    }
    let schemes = tally.schemes.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }
    line("")
    row("schemes", schemes.map { "\($0.key) \(Terminal.grouped($0.value.total))" })
    let disguises = tally.disguises.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !disguises.isEmpty {
      row("disguises", disguises.map { "\($0.key) \(Terminal.grouped($0.value))" })
    }
  }

  private func channels(_ tally: Tally) {
    let found = tally.channels.filter { $0.findings.total > 0 }
    let nameWidth = min(40, terminal.width - 56)
    heading(
      Terminal.fit("channel", nameWidth + 10)
        + "  stopped  applied  mentioned  level"
    )
    for channel in found.prefix(10) {
      let name = Terminal.safe(channel.name ?? channel.id ?? "(no channel)")
      line(
        "  " + Terminal.fit(name, nameWidth) + " "
          + terminal.styled(Terminal.fit(channel.visibility.rawValue, 9), .dim)
          + Terminal.fit(Terminal.grouped(channel.stoppedCount), 9, toRight: true)
          + Terminal.fit(Terminal.grouped(channel.findings.applied), 9, toRight: true)
          + Terminal.fit(Terminal.grouped(channel.findings.mentioned), 11, toRight: true)
          + "  " + terminal.styled(channel.level.name, channel.level.style)
      )
    }
    if found.count > 10 { line("  and \(Terminal.count(found.count - 10, "channel")) more") }
  }

  private func findings(_ tally: Tally) {
    let shown = tally.sightings.count
    let total = tally.findings.total
    heading(
      shown == total
        ? "findings (\(Terminal.grouped(total)))"
        : "the \(Terminal.grouped(shown)) gravest of \(Terminal.grouped(total)) findings"
    )
    let ruleWidth = min(28, max(18, tally.sightings.map { $0.finding.rule.count }.max() ?? 0))
    for sighting in tally.sightings { row(of: sighting, ruleWidth: ruleWidth) }
    if shown < total {
      line("")
      line("  All of them, with evidence: vigie scan … --report jsonl=FILE")
    }
  }

  /// What was not read, by name: someone has to look at it.
  private func unread(_ tally: Tally) {
    heading("not read, or not wholly (\(Terminal.grouped(tally.gapCount)))")
    for unread in tally.unread.prefix(TextSummary.maxUnreadCount) {
      let gap = unread.gap
      let why =
        gap.detail.isEmpty
        ? gap.reason.rawValue : "\(gap.reason.rawValue): \(Terminal.safe(gap.detail))"
      line("  " + terminal.styled(Terminal.fit(why, terminal.width - 2).trimmedRight, .yellow))
      place([unread.channel, unread.message, unread.place])
    }
    let more = tally.gapCount - min(tally.unread.count, TextSummary.maxUnreadCount)
    if more > 0 {
      line("")
      line("  and \(Terminal.grouped(more)) more; all of them: vigie scan … --report jsonl=FILE")
    }
  }

  private func row(of sighting: Tally.Sighting, ruleWidth: Int) {
    let finding = sighting.finding
    let verdict = terminal.styled(
      Terminal.fit(sighting.verdict.name, 6),
      sighting.verdict.style
    )
    let usage = finding.usage == .applied ? "applied  " : "mentioned"
    let head =
      "  \(verdict) \(terminal.styled(Terminal.fit(finding.level.name, 12), finding.level.style)) "
      + "\(usage) \(Terminal.fit(finding.rule, ruleWidth)) "
      + Terminal.decimal(finding.confidence, 2) + "  "
    let used = 2 + 6 + 1 + 12 + 1 + 9 + 1 + ruleWidth + 1 + 4 + 2
    line(
      head
        + terminal.styled(
          Terminal.fit(finding.maskedForPeople, terminal.width - used).trimmedRight,
          .cyan
        )
    )
    let disguise = finding.disguise.names.joined(separator: "+")
    place([
      sighting.channel, sighting.sender, sighting.timestamp, sighting.message,
      finding.placeForPeople, disguise,
    ])
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmedRight: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Finding {
  /// The masked text on one line, harmless to a terminal.
  package var maskedForPeople: String { Terminal.safe(masked) }

  /// Where it stands, such as `body 3:14` or `attachments/0 a.docx page 2, 1:1`.
  package var placeForPeople: String {
    let steps = [place.part.description] + place.path + [place.location]
    let words = steps.filter { !$0.isEmpty }.map(Terminal.safe).joined(separator: " ")
    let role = place.role == .filename ? " (file name)" : ""
    return "\(words)\(role) \(line):\(column)"
  }
}

extension Verdict {
  /// The colour of the verdict on a terminal.
  package var style: Terminal.Style? {
    switch self {
    case .allow: .green
    case .log: nil
    case .warn, .redact: .yellow
    case .hold, .block: .red
    }
  }
}

extension Level {
  /// The colour of the level on a terminal.
  package var style: Terminal.Style? {
    switch self {
    case .public, .internal: nil
    case .restricted: .yellow
    case .confidential, .secret, .topSecret: .red
    }
  }
}
