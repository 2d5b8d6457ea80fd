import VigieText

/// Counts lines and columns on the way through a text, once from its start to its end.
struct LineCounter {
  private var line = 1
  private var lineStart = 0
  private var index = 0

  /// The 1-based line and column, in Unicode scalars, of a byte.
  ///
  /// - Precondition: `place` is not before that of the last call.
  mutating func position(of place: Int, in text: Span<UInt8>) -> (line: Int, column: Int) {
    if place < index { self = LineCounter() }
    while index < place {
      if text[index] == 0x0A {
        line += 1
        lineStart = index + 1
      }
      index += 1
    }
    var column = 1
    var cursor = lineStart
    while cursor < place {
      cursor += text.scalar(at: cursor).length
      column += 1
    }
    return (line, column)
  }
}
