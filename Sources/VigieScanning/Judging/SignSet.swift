/// Some literals that are sought in a line all at once.
struct SignSet: Sendable {
  private let signs: [[UInt8]]
  /// For each byte the literals that start with it: a range of `signs`, which are in that order.
  private let ranges: [Range<UInt8>]

  init(_ literals: [StaticString]) {
    let signs = literals.map { literal in
      unsafe Array(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }.sorted { $0.lexicographicallyPrecedes($1) }
    var ranges = [Range<UInt8>](repeating: 0..<0, count: 256)
    for (place, sign) in signs.enumerated() {
      let known = ranges[Int(sign[0])]
      ranges[Int(sign[0])] = (known.isEmpty ? UInt8(place) : known.lowerBound)..<UInt8(place + 1)
    }
    self.signs = signs
    self.ranges = ranges
  }

  /// Whether any of them stands in a range of a text.
  func stands(in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let candidates = ranges[Int(text[index])]
      if candidates.isEmpty { continue }
      for number in candidates where stands(signs[Int(number)], text, index, range.upperBound) {
        return true
      }
    }
    return false
  }

  private func stands(_ sign: [UInt8], _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start + sign.count <= end else { return false }
    for offset in sign.indices where text[start + offset] != sign[offset] { return false }
    return true
  }
}
