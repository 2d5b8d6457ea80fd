extension PageLines {
  /// A segment with its text.
  struct Part {
    var line: PDFLine
    /// The number of the baseline.
    var number: Int
    var start: Float
    var end: Float
  }

  /// The rows from which parts side by side are columns of text rather than cells.
  static let minColumnRows = 3
  /// The letters that a part of a column has in the mean; cells of a table are shorter.
  static let minColumnLetters = 20

  /// The lines of rows: columns of text one after the other, the cells of a table row by row.
  ///
  /// Columns that are drawn one after the other come as rows of one part each already. Those that
  /// are drawn line by line over the whole page must be taken apart, or no phrase is whole that
  /// goes over two lines of a column.
  static func byColumns(_ rows: [[Part]]) -> [PDFLine] {
    var lines: [PDFLine] = []
    lines.reserveCapacity(rows.count)
    var at = 0
    while at < rows.count {
      if rows[at].count > 1, let end = endOfColumns(rows, from: at) {
        let starts = rows[at].map(\.start)
        for column in starts.indices {
          for row in rows[at..<end] {
            for part in row where self.column(of: part, starts: starts) == column {
              lines.append(part.line)
            }
          }
        }
        at = end
      } else {
        lines.append(joined(rows[at]))
        at += 1
      }
    }
    return lines
  }

  /// The row after the last one of the columns that begin at a row, or `nil` for a table.
  private static func endOfColumns(_ rows: [[Part]], from first: Int) -> Int? {
    let starts = rows[first].map(\.start)
    var letters = starts.map { _ in 0 }
    var parts = letters
    var full = 0
    var end = first
    for index in first..<rows.count {
      let columns = rows[index].compactMap { column(of: $0, starts: starts) }
      guard columns.count == rows[index].count, Set(columns).count == columns.count else { break }
      // Lines of one column behind the last full row may be plain text below the columns.
      guard columns.count > 1 || index - end < 12 else { break }
      if columns.count > 1 {
        full += 1
        end = index + 1
      }
      for (column, part) in zip(columns, rows[index]) {
        letters[column] += part.line.text.utf8.count
        parts[column] += 1
      }
    }
    guard full >= minColumnRows else { return nil }
    let isText = zip(letters, parts).allSatisfy { $0 >= $1 * minColumnLetters && $1 > 0 }
    return isText ? end : nil
  }

  /// The column at whose left edge a part begins.
  private static func column(of part: Part, starts: [Float]) -> Int? {
    starts.firstIndex { abs($0 - part.start) <= 0.6 * part.line.size }
  }

  /// A row as one line.
  private static func joined(_ row: [Part]) -> PDFLine {
    var line = row[0].line
    for part in row.dropFirst() {
      line.text += "\t" + part.line.text
      line.isHyphenated = part.line.isHyphenated
    }
    return line
  }
}
