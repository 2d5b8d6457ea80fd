/// Some short strings of several kinds, any of which may stand in a range of a text: sought in one pass.
struct SignSet: Sendable {
  /// One of the strings.
  private struct Sign: Sendable {
    let bytes: [UInt8]
    let kind: Kinds
  }

  /// Kinds of strings.
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt8

    /// What hardly stands in a line a person writes to a person.
    static let code = Kinds(rawValue: 1)
    /// What templates and forms have where something is to be filled in.
    static let placeholder = Kinds(rawValue: 2)
    /// What a mail program writes above a mail that it forwards.
    static let forward = Kinds(rawValue: 4)

    static let all: Kinds = [.code, .placeholder, .forward]
  }

  /// The strings, those that start with the same byte one after the other.
  private let signs: [Sign]
  /// For each byte the strings that start with it, as a range of ``signs``.
  private let starts: [Range<Int>]
  /// A bit for each pair of bytes with which a string may start; two pairs may share one.
  private let pairs: InlineArray<16, UInt64>

  /// - Precondition: Every string has two bytes at least.
  init(_ texts: [(kind: Kinds, strings: [String])]) {
    let signs = texts.flatMap { kind, strings in
      strings.map { Sign(bytes: Array($0.utf8), kind: kind) }
    }
    let sorted = signs.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    precondition(sorted.allSatisfy { $0.bytes.count >= 2 })
    var starts = [Range<Int>](repeating: 0..<0, count: 256)
    var pairs = InlineArray<16, UInt64>(repeating: 0)
    for (index, sign) in sorted.enumerated() {
      let first = Int(sign.bytes[0])
      starts[first] =
        starts[first].isEmpty ? index..<(index + 1) : starts[first].lowerBound..<(index + 1)
      let pair = SignSet.pair(sign.bytes[0], sign.bytes[1])
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

  /// Which of some kinds stand in a range of a text.
  func kinds(of sought: Kinds, in text: Span<UInt8>, _ range: Range<Int>) -> Kinds {
    var found: Kinds = []
    guard range.count >= 2 else { return found }
    var byte = text[range.lowerBound]
    for index in range.lowerBound + 1..<range.upperBound {
      let next = text[index]
      let pair = SignSet.pair(byte, next)
      if pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0 {
        add(text, index - 1, range.upperBound, sought, &found)
        if found == sought { break }
      }
      byte = next
    }
    return found
  }

  private func add(
    _ text: Span<UInt8>,
    _ index: Int,
    _ end: Int,
    _ sought: Kinds,
    _ found: inout Kinds
  ) {
    for number in starts[Int(text[index])] {
      let kind = signs[number].kind
      guard sought.contains(kind), !found.contains(kind) else { continue }
      if matches(signs[number].bytes, text, index, end) { found.insert(kind) }
    }
  }

  private func matches(_ sign: [UInt8], _ text: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    guard index + sign.count <= end else { return false }
    for offset in sign.indices where text[index + offset] != sign[offset] { return false }
    return true
  }
}
