package import VigieReports

/// The line of a text around a span with carets below it, for rule authors and test data only.
package enum Excerpt {
  /// Shows a span of a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, not necessarily valid.
  ///   - span: The bytes to underline; empty for a place.
  ///   - terminal: The width, and whether to colour the carets.
  ///   - margin: What starts each line.
  /// - Returns: Two lines: the text in one line around the span, and the carets.
  package static func lines(
    of text: [UInt8],
    span: Range<Int>,
    terminal: Terminal,
    margin: String = "  │ "
  ) -> String {
    let span = span.clamped(to: 0..<text.count)
    let room = max(20, terminal.width - margin.count - 2)
    let before = shown(text[..<span.lowerBound])
    var inside = shown(text[span])
    var after = shown(text[span.upperBound...])
    if inside.count > room - 10 { inside = Array(inside.prefix(room - 11)) + ["…"] }
    let insideWidth = width(inside)
    let left = suffix(before, columns: max(8, (room - insideWidth) / 2))
    after = prefix(after, columns: max(2, room - insideWidth - width(left)))
    let line = left + inside + after
    let carets = String(repeating: "^", count: max(1, insideWidth))
    let indent = String(repeating: " ", count: width(left))
    return margin + line.joined() + "\n" + margin + indent + terminal.styled(carets, .cyan)
  }

  /// The scalars as they are shown: line breaks and invisible ones as symbols.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> [String] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "⏎"
      case "\r": ""
      case "\t": " "
      default: Terminal.safe(String(scalar))
      }
    }
  }

  private static func width(_ pieces: [String]) -> Int {
    pieces.reduce(0) { $0 + Terminal.columnCount($1) }
  }

  private static func suffix(_ pieces: [String], columns: Int) -> [String] {
    guard width(pieces) > columns else { return pieces }
    return ["…"] + prefix(pieces.reversed(), columns: columns - 1, mark: false).reversed()
  }

  private static func prefix(
    _ pieces: [String],
    columns: Int,
    mark: Bool = true
  ) -> [String] {
    var kept: [String] = []
    var used = 0
    for piece in pieces {
      let columnCount = Terminal.columnCount(piece)
      if used + columnCount > columns {
        if mark { kept.append("…") }
        break
      }
      kept.append(piece)
      used += columnCount
    }
    return kept
  }
}
