import VigieCore
package import VigieReports

extension ExposureReport {
  /// The report as a page for a person.
  ///
  /// - Parameter terminal: The width and colours.
  /// - Returns: The page, with a final line break.
  package func text(for terminal: Terminal) -> String {
    var page = Page(terminal: terminal)
    let names = question.accounts.map(Terminal.safe).joined(separator: ", ")
    page.line(terminal.styled("Vigie · exposure of \(names)", .bold))
    page.line(terminal.styled(String(repeating: "─", count: terminal.width), .dim))
    let from = rfc3339(milliseconds: question.window.lowerBound) ?? ""
    page.row(
      "time",
      "from \(from) until \(rfc3339(milliseconds: question.window.upperBound) ?? "")"
    )
    for archive in archives.prefix(8) {
      page.row(
        "archive",
        ([Terminal.safe(archive.path)] + archive.inWords).joined(separator: " · ")
      )
    }
    if archives.count > 8 { page.row("", "and \(archives.count - 8) more") }
    page.row("rules", ruleset ?? "none: texts were not inspected")
    for site in applied?.sites ?? [] {
      page.row("", "with those of the site: \(site.inWords)")
    }
    for section in sections { page.add(section) }
    return page.text
  }
}

/// Sections laid out in columns.
private struct Page {
  let terminal: Terminal
  var text = ""

  mutating func line(_ line: String) { text += line + "\n" }

  mutating func row(_ label: String, _ words: String) {
    line("  \(terminal.styled(Terminal.fit(label, 10), .dim))  \(words)")
  }

  mutating func add(_ section: ExposureSection) {
    line("")
    line("  " + terminal.styled(section.title, .bold))
    let widths = widths(of: section)
    if section.head.contains(where: { !$0.isEmpty }) {
      let numbers = section.rows.first?.map(\.isNumber) ?? []
      let cells = section.head.enumerated().map { index, name in
        Terminal.fit(name, widths[index], toRight: index < numbers.count && numbers[index])
      }
      line("  " + terminal.styled(cells.joined(separator: "  ").trimmedRight, .dim))
    }
    for row in section.rows { add(row, widths) }
    if let note = section.note { line("  " + terminal.styled(note, .dim)) }
  }

  /// A row; the last cell goes on over as many lines as it needs.
  private mutating func add(_ row: [ExposureSection.Cell], _ widths: [Int]) {
    var head = "  "
    for (index, cell) in row.enumerated().dropLast() {
      let text = Terminal.fit(cell.text, widths[index], toRight: cell.isNumber)
      head += terminal.styled(text, cell.emphasis.style) + "  "
    }
    guard let last = row.last, let width = widths.last else { return }
    if last.isNumber {
      let text = Terminal.fit(last.text, width, toRight: true)
      return line(head + terminal.styled(text, last.emphasis.style))
    }
    let indent = String(repeating: " ", count: 2 + widths.dropLast().map { $0 + 2 }.reduce(0, +))
    let lines = Terminal.wrapped(last.text, width: width + 1)
    for (index, text) in (lines.isEmpty ? [""] : lines).enumerated() {
      line((index == 0 ? head : indent) + terminal.styled(text, last.emphasis.style))
    }
  }

  /// The width of each column: what its cells need, the first of many cut to the room there is.
  private func widths(of section: ExposureSection) -> [Int] {
    let count = max(section.head.count, section.rows.map(\.count).max() ?? 0)
    var widths = (0..<count).map { column in
      let cells = section.rows.compactMap {
        column < $0.count ? Terminal.columnCount($0[column].text) : nil
      }
      let head = column < section.head.count ? Terminal.columnCount(section.head[column]) : 0
      return max(head, cells.max() ?? 0)
    }
    let room = terminal.width - 2 - 2 * (count - 1)
    let over = widths.reduce(0, +) - room
    guard over > 0, let last = widths.indices.last else { return widths }
    // Words at the end wrap; names at the start are cut.
    let isWords = section.rows.contains { $0.count == count && !$0[last].isNumber }
    let column = isWords ? last : 0
    widths[column] = max(isWords ? 24 : 12, widths[column] - over)
    return widths
  }
}

extension ExposureSection.Emphasis {
  /// The colour on a terminal.
  fileprivate var style: Terminal.Style? {
    switch self {
    case .none: nil
    case .good: .green
    case .caution: .yellow
    case .alarm: .red
    }
  }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmedRight: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
