package import VigieText

/// The learned words by the hash of what they are written as; what is known of single ones is in the ``Lexicon``.
///
/// A class: to ask the evidence for a structure would copy it.
package final class WordingIndex: Sendable {
  /// How many words on each side of a marking count as its sentence.
  private static let reach = 8
  /// How many words on each side of that sentence count as the text around it.
  private static let nearReach = 40

  /// A learned word, or two.
  package struct Entry: Sendable {
    /// Where it must stand.
    package enum Kind: UInt8, Sendable, CaseIterable {
      /// In the sentence of a marking.
      case own
      /// In that sentence before the marking, after it, or around the sentence.
      case before, after, near
      /// Two words in a row in that sentence.
      case pair
    }

    package var kind: Kind
    /// The hash of the word, or of the first.
    package var word: UInt64
    /// The hash of the second word; 0 of what is one word.
    package var next: UInt64
    package var weight: Double

    package init(kind: Kind, word: UInt64, next: UInt64, weight: Double) {
      self.kind = kind
      self.word = word
      self.next = next
      self.weight = weight
    }

    /// What stands after a sign for where a word must stand, two words, or one.
    init(_ words: String.UTF8View, weight: Double) {
      self.weight = weight
      next = 0
      let kind: Kind? =
        switch words.first {
        case UInt8(ascii: "<"): .before
        case UInt8(ascii: ">"): .after
        case UInt8(ascii: "~"): .near
        default: nil
        }
      if let kind, words.count > 1 {
        self.kind = kind
        word = WordingIndex.hash(words.dropFirst())
        return
      }
      let parts = words.split(separator: UInt8(ascii: " "))
      self.kind = parts.count == 2 ? .pair : .own
      word = parts.count == 2 ? WordingIndex.hash(parts[0]) : WordingIndex.hash(words)
      if parts.count == 2 { next = WordingIndex.hash(parts[1]) }
    }
  }

  /// Words with what they weigh; an entry is known by its number, from 1 on.
  package let entries: [Entry]
  /// The numbers of those of two words.
  private let pairs: HashTable
  private let weights: [Double]
  /// How many words of bits there are with one for each weight.
  private let wordCount: Int
  /// The most that all words together weigh, either way.
  package let limit: Double

  /// An index by its parts.
  package init(entries: [Entry], limit: Double) {
    self.limit = limit
    self.entries = entries
    weights = [0] + entries.map(\.weight)
    wordCount = (weights.count + 63) / 64
    var pairs = HashTable(capacity: entries.count { $0.kind == .pair })
    for (number, entry) in zip(1..., entries) where entry.kind == .pair {
      pairs.insert(WordingIndex.key(entry.word, entry.next), UInt32(number))
    }
    self.pairs = pairs
  }

  convenience init(_ wording: Wording) {
    var known: Set<[UInt64]> = []
    let entries = wording.entries.map { Entry($0.words.utf8, weight: $0.weight) }
      .filter { known.insert([UInt64($0.kind.rawValue), $0.word, $0.next]).inserted }
    self.init(entries: entries, limit: wording.limit)
  }

  /// Whether there are no words.
  package var isEmpty: Bool { entries.isEmpty }

  /// The words that count: those of the sentence of a marking, so many on each side, and its own.
  package static func sentence(
    _ list: borrowing WordList,
    around place: Range<Int>
  ) -> Range<Int> {
    var first = place.lowerBound
    while first > 0, place.lowerBound - first < reach, first < list.words.count,
      list.words[first].before < .sentence
    {
      first -= 1
    }
    var last = place.upperBound
    while last < list.words.count, last - place.upperBound < reach,
      list.words[last].before < .sentence
    {
      last += 1
    }
    return first..<last
  }

  /// The words around a sentence that count as the text around it, before and after.
  package static func near(
    _ list: borrowing WordList,
    around sentence: Range<Int>
  ) -> (before: Range<Int>, after: Range<Int>) {
    (
      max(0, sentence.lowerBound - nearReach)..<sentence.lowerBound,
      sentence.upperBound..<min(list.words.count, sentence.upperBound + nearReach)
    )
  }

  // MARK: Keys

  private static func hash(_ letters: some Sequence<UInt8>) -> UInt64 {
    letters.reduce(WordList.emptyHash) { WordList.hash($0, $1) }
  }

  /// The key of a word and the word after it.
  @inline(__always)
  private static func key(_ first: UInt64, _ second: UInt64) -> UInt64 {
    ((first ^ first >> 29) &* 0x9E37_79B9_7F4A_7C15) ^ second
  }

  /// What stands for the marking, and for a number.
  private static var markingHash: UInt64 { WordList.hash(WordList.emptyHash, UInt8(ascii: "#")) }
  static var numberHash: UInt64 { WordList.hash(WordList.emptyHash, UInt8(ascii: "0")) }

  // MARK: Weighing

  /// What was seen around a marking.
  package struct Hits: ~Copyable {
    /// A bit for each entry that was seen, and behind them a bit for each of these words that is not 0.
    fileprivate var seen: [UInt64] = []

    package init() {}
  }

  /// Sees an entry; that of no words is the first, and weighs nothing.
  @inline(__always)
  private func see(_ entry: UInt32, _ seen: inout MutableSpan<UInt64>) {
    seen[Int(entry >> 6)] |= 1 << UInt64(entry & 63)
    seen[wordCount &+ Int(entry >> 12)] |= 1 << UInt64(entry >> 6 & 63)
  }

  /// What the words around a marking weigh together: those of its sentence and, after a `~`, those
  /// around the sentence, numbers as one `0`.
  ///
  /// - Parameters:
  ///   - list: The words around the marking.
  ///   - places: Where each of them stands in the lexicon.
  ///   - lexicon: What is known of words; made of this index.
  ///   - place: The words of the marking.
  ///   - hits: Memory for what is seen.
  /// - Returns: The sum of the weights, each entry once, within the limit.
  package func weight(
    _ list: borrowing WordList,
    at places: [UInt32],
    _ lexicon: Lexicon,
    around place: Range<Int>,
    _ hits: inout Hits
  ) -> Double {
    let count = wordCount + (wordCount + 63) / 64
    if hits.seen.count != count { hits.seen = [UInt64](repeating: 0, count: count) }
    let words = list.words.span
    let sentence = WordingIndex.sentence(list, around: place)
    var seen = hits.seen.mutableSpan
    // What starts two words in a row that weigh something; 0 where nothing does.
    var last: UInt64 = 0
    for word in sentence.lowerBound..<place.lowerBound {
      let known = lexicon.entries[Int(places[word])]
      see(known.own, &seen)
      see(known.before, &seen)
      if last != 0, known.closesPair { seePair(last, known.hash, &seen) }
      last = known.opensPair ? known.hash : 0
    }
    if last != 0 { seePair(last, WordingIndex.markingHash, &seen) }
    last = WordingIndex.markingHash
    for word in place.upperBound..<max(place.upperBound, sentence.upperBound) {
      let known = lexicon.entries[Int(places[word])]
      see(known.own, &seen)
      see(known.after, &seen)
      if last != 0, known.closesPair { seePair(last, known.hash, &seen) }
      last = known.opensPair ? known.hash : 0
    }
    let near = WordingIndex.near(list, around: sentence)
    let number = lexicon.entries[lexicon.number].near
    for word in near.before {
      let entry = words[word].isNumber ? number : lexicon.entries[Int(places[word])].near
      see(entry, &seen)
    }
    for word in near.after {
      let entry = words[word].isNumber ? number : lexicon.entries[Int(places[word])].near
      see(entry, &seen)
    }
    return min(limit, max(-limit, sum(&seen)))
  }

  private func seePair(
    _ first: UInt64,
    _ second: UInt64,
    _ seen: inout MutableSpan<UInt64>
  ) {
    if let entry = pairs[WordingIndex.key(first, second)] { see(entry, &seen) }
  }

  /// What the entries weigh that were seen, in their order; they are forgotten.
  private func sum(_ seen: inout MutableSpan<UInt64>) -> Double {
    let all = weights
    let weights = all.span
    var sum = 0.0
    for group in 0..<seen.count - wordCount {
      var words = seen[wordCount &+ group]
      seen[wordCount &+ group] = 0
      while words != 0 {
        let word = group &* 64 &+ words.trailingZeroBitCount
        words &= words &- 1
        var bits = seen[word]
        seen[word] = 0
        while bits != 0 {
          sum += weights[word &* 64 &+ bits.trailingZeroBitCount]
          bits &= bits &- 1
        }
      }
    }
    return sum
  }
}
