import VigieText
import VigieUnicode

/// The letters of a part of a text as phrases are sought among them, one after the other and nothing between.
///
/// Read where a phrase may be misspelt, and kept for the others that may be so there.
struct Skeleton: ~Copyable {
  /// Stands where letters end: at an edge of the text, and in a gap too wide for a phrase.
  static let edge: UInt8 = 0xFF

  /// How much is read around a place, bytes: more than nearly all phrases take.
  private static let reach = 192
  /// How much the longest phrase that may be misspelt takes with the widest gaps, bytes, and one letter more.
  private static let longReach =
    (FoldedPhrase.maxMisspellingLetterCount + 2) * (PhraseCheck.maxGapCount + 4)

  /// The letters, an ``edge`` before the first and after the last.
  private var symbols: [UInt8] = []
  /// For each byte that was read, and the one after the last, how many of ``symbols`` stand before it.
  private var counts: [Int32] = []
  /// The bytes that were read, half-open.
  private var range = 0..<0
  /// How many bytes the text has.
  private var textCount = 0
  /// The symbols of ASCII.
  private let plain = InlineArray<128, UInt8> { ScalarFold.skeleton(UInt32($0)) }

  /// Forgets the text.
  mutating func forget() { range = 0..<0 }

  /// The letter at an index of ``index(before:)``, or an edge.
  @inline(__always)
  subscript(index: Int) -> UInt8 {
    symbols.indices.contains(index) ? symbols[index] : Skeleton.edge
  }

  /// Reads the letters around a byte at which a letter ends, as many on each side as are asked for where they are there.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - end: The byte after a letter.
  ///   - before: How many letters are needed before it.
  ///   - after: How many after it.
  /// - Returns: The index of the first letter after the byte.
  mutating func index(
    _ text: Span<UInt8>,
    after end: Int,
    before: Int,
    after: Int
  ) -> Int {
    if range.isEmpty || end < range.lowerBound || end > range.upperBound {
      read(text, around: end, Skeleton.reach)
    }
    let index = Int(counts[end - range.lowerBound])
    if (range.lowerBound == 0 || index > before)
      && (range.upperBound == textCount || index + after < symbols.count)
    {
      return index
    }
    read(text, around: end, Skeleton.longReach)
    return Int(counts[end - range.lowerBound])
  }

  /// Reads what stands so near a byte.
  private mutating func read(_ text: Span<UInt8>, around end: Int, _ reach: Int) {
    textCount = text.count
    range =
      text.unitEdge(
        atOrBefore: end - reach
      )..<text.unitEdge(atOrBefore: min(text.count, end + reach))
    symbols.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    symbols.append(Skeleton.edge)
    var gap = 0
    var index = range.lowerBound
    while index < range.upperBound {
      counts.append(Int32(symbols.count))
      let byte = text[index]
      if byte < 0x80 {
        index += 1
        let symbol = plain[Int(byte)]
        if symbol == 0 {
          gap += 1
        } else {
          if gap > PhraseCheck.maxGapCount { symbols.append(Skeleton.edge) }
          gap = 0
          symbols.append(symbol)
        }
        continue
      }
      let unit = text.scalar(at: index)
      for _ in 1..<unit.length { counts.append(Int32(symbols.count)) }
      index += unit.length
      let folded = PhraseCheck.fold(unit.value, .skeleton)
      if folded.count == 0 {
        gap += unit.length
        continue
      }
      if gap > PhraseCheck.maxGapCount { symbols.append(Skeleton.edge) }
      gap = 0
      for place in 0..<folded.count {
        symbols.append(UInt8(truncatingIfNeeded: folded.packed >> UInt32(8 * place)))
      }
    }
    counts.append(Int32(symbols.count))
    symbols.append(Skeleton.edge)
  }
}
