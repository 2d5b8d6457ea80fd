/// Some short strings, any of which may stand in a range of a text: sought in one pass.
struct SignSet: Sendable {
  /// For each byte the strings that start with it, as a range of ``signs``.
  private let starts: [Range<Int>]
  private let signs: [[UInt8]]

  init(_ texts: [String]) {
    let sorted = texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    var starts = [Range<Int>](repeating: 0..<0, count: 256)
    for (index, sign) in sorted.enumerated() {
      let first = Int(sign[0])
      starts[first] =
        starts[first].isEmpty ? index..<(index + 1) : starts[first].lowerBound..<(index + 1)
    }
    self.starts = starts
    self.signs = sorted
  }

  /// Whether any of the strings stands in a range of a text.
  func stands(in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let starts = starts.span
    for index in range {
      let candidates = starts[Int(text[index])]
      if candidates.isEmpty { continue }
      for sign in candidates where matches(signs[sign], text, index, range.upperBound) {
        return true
      }
    }
    return false
  }

  private func matches(_ sign: [UInt8], _ text: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    guard index + sign.count <= end else { return false }
    for offset in sign.indices where text[index + offset] != sign[offset] { return false }
    return true
  }
}
