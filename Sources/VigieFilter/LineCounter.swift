import VigieText

/// Counts lines and columns on the way through a text, once from its start to its end.
struct LineCounter {
  private var line = 1
  private var column = 1
  private var index = 0

  /// The 1-based line and column, in Unicode scalars, of a byte.
  ///
  /// Places asked for in text order cost one walk over the text together, and only what stands before them in their own
  /// lines is read scalar by scalar.
  mutating func position(of place: Int, in text: Span<UInt8>) -> (line: Int, column: Int) {
    if place < index { self = LineCounter() }
    let feeds = text.lineFeeds(in: index..<max(index, place))
    if feeds.count > 0 {
      line += feeds.count
      column = 1
      index = feeds.last + 1
    }
    while index < place {
      index += text.scalar(at: index).length
      column += 1
    }
    return (line, column)
  }
}
