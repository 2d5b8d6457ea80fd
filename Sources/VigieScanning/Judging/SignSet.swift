/// Some short strings of several kinds, any of which may stand in a range of a text: sought in one pass.
package struct SignSet: Sendable {
  /// One of the strings.
  private struct Sign: Sendable {
    let bytes: [UInt8]
    let kind: Kinds
  }

  /// Kinds of strings.
  package struct Kinds: OptionSet, Sendable {
    /// A bit for each kind.
    package let rawValue: UInt8

    /// Kinds by their bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What hardly stands in a line a person writes to a person.
    package static let code = Kinds(rawValue: 1)
    /// What templates and forms have where something is to be filled in.
    package static let placeholder = Kinds(rawValue: 2)
    /// What a mail program writes above a mail that it forwards.
    package static let forward = Kinds(rawValue: 4)

    /// What code and data have in common: a line of data whose value is the marking is no code for it.
    package static let notation = Kinds(rawValue: 8)

    /// Every kind.
    package static let all: Kinds = [.code, .placeholder, .forward, .notation]
  }

  /// The strings, those that start with the same byte one after the other.
  private let signs: [Sign]
  /// For each byte the strings that start with it, as a range of ``signs``.
  private let starts: [Range<Int>]
  /// For each pair of bytes, of which several may share a number, the bytes that come third in a string as bits, by
  /// their five lowest.
  private let thirds: [UInt32]

  /// A set of strings.
  ///
  /// - Precondition: Every string has two bytes at least.
  package init(_ texts: [(kind: Kinds, strings: [String])]) {
    let signs = texts.flatMap { kind, strings in
      strings.map { string in
        Sign(bytes: Array(string.utf8), kind: kind)
      }
    }
    let sorted = signs.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    precondition(sorted.allSatisfy { $0.bytes.count >= 2 })
    var starts = [Range<Int>](repeating: 0..<0, count: 256)
    var thirds = [UInt32](repeating: 0, count: SignSet.pairCount)
    for (index, sign) in sorted.enumerated() {
      let first = Int(sign.bytes[0])
      starts[first] =
        starts[first].isEmpty ? index..<(index + 1) : starts[first].lowerBound..<(index + 1)
      thirds[SignSet.pair(sign.bytes[0], sign.bytes[1])] |=
        sign.bytes.count > 2 ? 1 << UInt32(sign.bytes[2] & 31) : .max
    }
    self.starts = starts
    self.signs = sorted
    self.thirds = thirds
  }

  private static let pairCount = 1_024

  /// The number of two bytes.
  @inline(__always)
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int {
    Int(first & 31) &<< 5 | Int(second & 31)
  }

  /// Which of some kinds stand in a range of a text.
  package func kinds(of sought: Kinds, in text: Span<UInt8>, _ range: Range<Int>) -> Kinds {
    kinds(of: sought, in: text.extracting(range)) { _ in }
  }

  /// Which of some kinds stand in a text, each byte of which is shown to a body on the way, once.
  ///
  /// Once some of every kind are found the rest of the text is shown all the same.
  @inline(__always)
  func kinds(of sought: Kinds, in part: Span<UInt8>, _ body: (UInt8) -> Void) -> Kinds {
    var found: Kinds = []
    let all = thirds
    let thirds = all.span
    // The last three bytes, five bits of each.
    var last = 0
    for index in part.indices {
      let byte = unsafe part[unchecked: index]
      body(byte)
      last = last &<< 5 & 0x7FFF | Int(byte & 31)
      // There is a number for each pair.
      let seen = unsafe thirds[unchecked: last &>> 5]
      if seen &>> UInt32(last & 31) & 1 != 0 { add(part, index &- 2, sought, &found) }
    }
    // Two bytes at the end, behind which nothing comes third.
    if part.count >= 2, thirds[last & (SignSet.pairCount - 1)] != 0 {
      add(part, part.count - 2, sought, &found)
    }
    return found
  }

  // A call: it is rare, and what it needs would be in the way of the loop over all bytes.
  @inline(never)
  private func add(_ text: Span<UInt8>, _ index: Int, _ sought: Kinds, _ found: inout Kinds) {
    guard index >= 0, found != sought else { return }
    for number in starts[Int(text[index])] {
      let kind = signs[number].kind
      guard sought.contains(kind), !found.contains(kind) else { continue }
      if matches(signs[number].bytes, text, index) { found.insert(kind) }
    }
  }

  private func matches(_ sign: [UInt8], _ text: Span<UInt8>, _ index: Int) -> Bool {
    guard index + sign.count <= text.count else { return false }
    for offset in sign.indices where text[index + offset] != sign[offset] { return false }
    return true
  }
}
