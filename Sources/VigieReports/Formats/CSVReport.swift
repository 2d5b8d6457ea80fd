import VigieCore

/// One line a finding and one a gap, for spreadsheets and databases.
///
/// Commas, CRLF, quotation marks where a field needs them, UTF-8 without a byte order mark; the first line names the
/// columns (``columns``). A field that a spreadsheet would take for a formula starts with an apostrophe. A line
/// with a `gap` is no finding: it says what was not read, has no `rule`, and no `message` where it belongs to none.
///
/// *Source:* RFC 4180; OWASP, "CSV Injection", for the characters that start formulas.
package final class CSVReport: ReportFormat {
  package static let name = "csv"

  /// The columns, in order.
  ///
  /// `line` and `column` start at 1; `start` and `end` are UTF-8 bytes, half-open, in the original part. `caveats` and
  /// `disguise` hold their names with spaces between. `document` is the name of the attachment, `path` the members
  /// of containers in it, each step after ` › `. `before`, `found` and `after` are empty unless `--reveal` was given.
  /// `gap` is the reason for which something was not read, `detail` what that is.
  package static let columns = [
    "time", "channel", "channel_id", "visibility", "sender", "message", "verdict", "level", "usage",
    "scheme", "rule", "title", "confidence", "masked", "caveats", "disguise", "part", "document",
    "path",
    "role", "where", "line", "column", "start", "end", "fingerprint", "before", "found", "after",
    "gap", "detail",
  ]

  private let output: Output
  private let scan: ScanDescription

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
    self.scan = scan
    write(CSVReport.columns)
  }

  package func add(_ event: ScanEvent) {
    guard case .message(let message) = event else {
      if case .gap(let gap, _) = event { write(fields(of: gap, in: nil)) }
      return
    }
    for (index, finding) in message.review.findings.enumerated() {
      let revealed = index < message.revealed.count ? message.revealed[index] : nil
      write(fields(of: finding, in: message, revealed))
    }
    for gap in message.review.gaps { write(fields(of: gap, in: message)) }
  }

  package func finish(_ tally: Tally) {}

  private func fields(
    of finding: Finding,
    in message: ScannedMessage,
    _ revealed: RevealedText?
  ) -> [String] {
    let judgement = [
      finding.level.name, finding.usage.rawValue, finding.scheme,
      finding.rule, scan.rules[finding.rule]?.title ?? "", Terminal.decimal(finding.confidence, 3),
      finding.masked, finding.caveats.joined(separator: " "),
      finding.disguise.names.joined(separator: " "),
    ]
    let place = [
      String(finding.line), String(finding.column), String(finding.range.lowerBound),
      String(finding.range.upperBound),
      finding.fingerprint ?? "",
    ]
    let words = [revealed?.before ?? "", revealed?.match ?? "", revealed?.after ?? ""]
    return context(of: message) + judgement + steps(to: finding.place, in: message) + place + words
      + ["", ""]
  }

  private func fields(of gap: Gap, in message: ScannedMessage?) -> [String] {
    func empty(_ first: String, before last: String) -> [String] {
      CSVReport.columns.drop { $0 != first }.prefix { $0 != last }.map { _ in "" }
    }
    return context(of: message) + empty("level", before: "part")
      + steps(to: gap.place, in: message)
      + empty("line", before: "gap") + [gap.reason.rawValue, gap.detail]
  }

  /// The fields that say of which message a line is, and its verdict.
  private func context(of message: ScannedMessage?) -> [String] {
    guard let message else { return ["", "", "", "", "", "", ""] }
    return [
      message.timestamp ?? "", message.channelName ?? "", message.channelID ?? "",
      message.visibility.rawValue, message.sender ?? "", message.review.id,
      message.review.verdict.name,
    ]
  }

  /// The fields that lead to a place.
  private func steps(to place: Place, in message: ScannedMessage?) -> [String] {
    var document = ""
    if case .attachment(let number) = place.part {
      document = message?.documentNames[number] ?? ""
    }
    return [
      place.part.description, document, place.path.joined(separator: " › "), place.role.rawValue,
      place.location,
    ]
  }

  private func write(_ fields: [String]) {
    output.write(fields.map(CSVReport.field).joined(separator: ",") + "\r\n")
  }

  /// A field as it is written: harmless, and in quotation marks where it must be.
  package static func field(_ text: String) -> String {
    var text = text
    // Spreadsheets pass over spaces before a formula, and read fullwidth signs as the plain ones.
    let start = text.unicodeScalars.first { $0 != " " && $0 != "\u{A0}" && $0 != "\u{3000}" }
    if let start, formulaStarts.contains(start) { text = "'" + text }
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\n")
        && byte != UInt8(ascii: "\r")
    }
    if isPlain { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫",
  ]
}
