import VigieText

/// Counts lines and columns on the way through a text, once from its start to its end.
struct LineCounter {
  private var line = 1
  private var column = 1
  private var index = 0

  /// The 1-based line and column, in Unicode scalars, of a byte.
  ///
  /// Places asked for in text order cost one walk over the text together.
  mutating func position(of place: Int, in text: Span<UInt8>) -> (line: Int, column: Int) {
    if place < index { self = LineCounter() }
    while index < place {
      let unit = text.scalar(at: index)
      if unit.value == 0x0A {
        line += 1
        column = 1
      } else {
        column += 1
      }
      index += unit.length
    }
    return (line, column)
  }
}
