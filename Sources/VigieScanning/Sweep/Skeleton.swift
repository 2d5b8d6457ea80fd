import VigieText
import VigieUnicode

/// The letters of a part of a text as phrases are sought among them, one after the other and nothing between.
///
/// Read where a phrase may be misspelt, and kept for the others that may be so there.
struct Skeleton: ~Copyable {
  /// Stands where letters end: at an edge of the text, and in a gap too wide for a phrase.
  static let edge: UInt8 = 0xFF

  /// How much is read before a place and after it, bytes: more than nearly all phrases take, and most of it after, as the
  /// next place is asked for later in the text.
  private static let reach = (before: 112, after: 304)
  /// How much the longest phrase that may be misspelt takes with the widest gaps, bytes, and one letter more.
  private static let longReach =
    (FoldedPhrase.maxMisspellingLetterCount + 2) * (PhraseCheck.maxGapCount + 4)

  /// The letters, an ``edge`` before the first and after the last; behind them whatever stood there.
  private(set) var symbols: [UInt8] = []
  /// How many they are.
  private var symbolCount = 0
  /// For each byte that was read, and the one after the last, how many of ``symbols`` stand before it.
  private var counts: [Int32] = []
  /// The bytes that were read, half-open.
  private var range = 0..<0
  /// How many bytes the text has.
  private var textCount = 0

  /// Forgets the text.
  mutating func forget() { range = 0..<0 }

  /// The letter at an index of ``index(before:)``, or an edge.
  @inline(__always)
  subscript(index: Int) -> UInt8 {
    index >= 0 && index < symbolCount ? symbols[index] : Skeleton.edge
  }

  /// The index of the first letter after a byte at which one ends, where what stands around it was read for another place.
  func index(after end: Int) -> Int? {
    guard !range.isEmpty, end >= range.lowerBound, end <= range.upperBound else { return nil }
    return Int(counts[end - range.lowerBound])
  }

  /// Whether so many letters on each side of an index were read, as far as they are there.
  func reaches(_ index: Int, before: Int, after: Int) -> Bool {
    (range.lowerBound == 0 || index > before)
      && (range.upperBound == textCount || index + after < symbolCount)
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
    if let index = index(after: end) {
      if reaches(index, before: before, after: after) { return index }
    } else {
      read(text, around: end, before: Skeleton.reach.before, after: Skeleton.reach.after)
      let index = Int(counts[end - range.lowerBound])
      if reaches(index, before: before, after: after) { return index }
    }
    read(text, around: end, before: Skeleton.longReach, after: Skeleton.longReach)
    return Int(counts[end - range.lowerBound])
  }

  /// Reads what stands so near a byte.
  private mutating func read(_ text: Span<UInt8>, around end: Int, before: Int, after: Int) {
    textCount = text.count
    let first = text.unitEdge(atOrBefore: end - before)
    range = first..<text.unitEdge(atOrBefore: min(text.count, end + after))
    // A scalar of two bytes or more folds to four letters at most, and an edge stands before it.
    let most = 3 * range.count + 2
    if symbols.count < most { symbols = [UInt8](repeating: 0, count: most) }
    if counts.count <= range.count { counts = [Int32](repeating: 0, count: range.count + 1) }
    symbolCount = fill(text.extracting(range))
  }

  /// Writes down the letters of some bytes; returns how many, edges included.
  private mutating func fill(_ text: Span<UInt8>) -> Int {
    // Out of the structure as long as they are written.
    var (letters, places): ([UInt8], [Int32]) = ([], [])
    swap(&letters, &symbols)
    swap(&places, &counts)
    defer {
      swap(&letters, &symbols)
      swap(&places, &counts)
    }
    var symbols = letters.mutableSpan
    var counts = places.mutableSpan
    symbols[0] = Skeleton.edge
    var count = 1
    var gap = 0
    var index = 0
    while index < text.count {
      // In bounds: there is a count for each byte, and room for what all of them fold to.
      unsafe counts[unchecked: index] = Int32(truncatingIfNeeded: count)
      let byte = unsafe text[unchecked: index]
      if byte < 0x80 {
        index &+= 1
        let symbol = ScalarFold.skeleton(ascii: byte)
        if symbol == 0 {
          gap &+= 1
          continue
        }
        if gap > PhraseCheck.maxGapCount {
          symbols[count] = Skeleton.edge
          count &+= 1
        }
        gap = 0
        unsafe symbols[unchecked: count] = symbol
        count &+= 1
        continue
      }
      let unit = text.scalar(at: index)
      let length = unit.length
      for place in 1..<length { counts[index + place] = Int32(truncatingIfNeeded: count) }
      var folded = PhraseCheck.fold(unit.value, .skeleton)
      index += length
      if folded.count == 0 {
        gap += length
        continue
      }
      if gap > PhraseCheck.maxGapCount {
        symbols[count] = Skeleton.edge
        count += 1
      }
      gap = 0
      for _ in 0..<folded.count {
        symbols[count] = UInt8(truncatingIfNeeded: folded.packed)
        folded.packed >>= 8
        count += 1
      }
    }
    counts[text.count] = Int32(truncatingIfNeeded: count)
    symbols[count] = Skeleton.edge
    return count + 1
  }
}
