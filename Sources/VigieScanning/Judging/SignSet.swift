/// Some short strings, any of which may stand in a range of a text: sought in one pass.
struct SignSet: Sendable {
  /// The strings, those that start with the same byte one after the other.
  private let signs: [[UInt8]]
  /// For each byte the strings that start with it, as a range of ``signs``.
  private let starts: [Range<Int>]
  /// A bit for each pair of bytes with which a string may start; two pairs may share one.
  private let pairs: InlineArray<16, UInt64>

  /// - Precondition: Every string has two bytes at least.
  init(_ texts: [String]) {
    let sorted = texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    precondition(sorted.allSatisfy { $0.count >= 2 })
    var starts = [Range<Int>](repeating: 0..<0, count: 256)
    var pairs = InlineArray<16, UInt64>(repeating: 0)
    for (index, sign) in sorted.enumerated() {
      let first = Int(sign[0])
      starts[first] =
        starts[first].isEmpty ? index..<(index + 1) : starts[first].lowerBound..<(index + 1)
      let pair = SignSet.pair(sign[0], sign[1])
      pairs[pair >> 6] |= 1 << UInt64(pair & 63)
    }
    self.starts = starts
    self.signs = sorted
    self.pairs = pairs
  }

  /// The number of two bytes, one of 1,024.
  @inline(__always)
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int {
    (Int(first) &* 37 &+ Int(second)) & 1_023
  }

  /// Whether any of the strings stands in a range of a text.
  func stands(in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 2 else { return false }
    var byte = text[range.lowerBound]
    for index in range.lowerBound + 1..<range.upperBound {
      let next = text[index]
      let pair = SignSet.pair(byte, next)
      if pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0,
        startsAny(text, index - 1, range.upperBound)
      {
        return true
      }
      byte = next
    }
    return false
  }

  private func startsAny(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    for sign in starts[Int(text[index])] where matches(signs[sign], text, index, end) {
      return true
    }
    return false
  }

  private func matches(_ sign: [UInt8], _ text: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    guard index + sign.count <= end else { return false }
    for offset in sign.indices where text[index + offset] != sign[offset] { return false }
    return true
  }
}
