package import VigieText

/// The learned words by the hash of what they are written as.
package struct WordingIndex: Sendable {
  /// How many words on each side of a marking count as its sentence.
  private static let reach = 8
  /// How many words on each side of that sentence count as the text around it.
  private static let nearReach = 40

  private var places = HashTable()
  private var weights: [Double] = [0]
  /// The most that all words together weigh, either way.
  package let limit: Double

  /// Words by their hash, each with what it weighs.
  package var entries: [(hash: UInt64, weight: Double)] {
    var hashes = [UInt64](repeating: 0, count: weights.count)
    places.forEach { hashes[Int($1)] = $0 }
    return zip(hashes, weights).dropFirst().map { ($0, $1) }
  }

  /// An index by its parts.
  package init(entries: [(hash: UInt64, weight: Double)], limit: Double) {
    self.limit = limit
    places = HashTable(capacity: entries.count)
    weights.reserveCapacity(entries.count + 1)
    for entry in entries {
      places.insert(entry.hash, UInt32(weights.count))
      weights.append(entry.weight)
    }
  }

  init(_ wording: Wording) {
    limit = wording.limit
    for entry in wording.entries {
      let hash = WordingIndex.key(of: entry.words.utf8)
      guard places[hash] == nil else { continue }
      places.insert(hash, UInt32(weights.count))
      weights.append(entry.weight)
    }
  }

  /// Whether there are no words.
  package var isEmpty: Bool { weights.count == 1 }

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

  /// The key of what is written as `w`, `<w`, `>w`, `~w` or two words.
  private static func key(of words: String.UTF8View) -> UInt64 {
    if let mark = words.first, [Side.before, Side.after, Side.near].contains(mark), words.count > 1
    {
      return key(hash([mark]), hash(words.dropFirst()))
    }
    let parts = words.split(separator: UInt8(ascii: " "))
    return parts.count == 2 ? key(hash(parts[0]), hash(parts[1])) : hash(words)
  }

  private static func hash(_ letters: some Sequence<UInt8>) -> UInt64 {
    letters.reduce(WordList.emptyHash) { WordList.hash($0, $1) }
  }

  /// The key of a side, or of a word, and the word after it.
  @inline(__always)
  private static func key(_ first: UInt64, _ second: UInt64) -> UInt64 {
    ((first ^ first >> 29) &* 0x9E37_79B9_7F4A_7C15) ^ second
  }

  /// Signs for where a word stands.
  private enum Side {
    static var before: UInt8 { UInt8(ascii: "<") }
    static var after: UInt8 { UInt8(ascii: ">") }
    static var near: UInt8 { UInt8(ascii: "~") }
  }

  /// What stands for the marking, and for a number.
  private static var markingHash: UInt64 { WordList.hash(WordList.emptyHash, UInt8(ascii: "#")) }
  private static var numberHash: UInt64 { WordList.hash(WordList.emptyHash, UInt8(ascii: "0")) }
  private static var beforeHash: UInt64 { WordList.hash(WordList.emptyHash, Side.before) }
  private static var afterHash: UInt64 { WordList.hash(WordList.emptyHash, Side.after) }
  private static var nearHash: UInt64 { WordList.hash(WordList.emptyHash, Side.near) }

  // MARK: Weighing

  /// The learned words of a list that count around a sentence, looked up once for all markings in it, and what was seen
  /// around one of them.
  package struct Hits: ~Copyable {
    /// A word of the list, and the number of what it weighs around a sentence.
    fileprivate struct Near {
      var word: Int32
      var entry: UInt32
    }

    /// Those that weigh something, in the order of the list.
    fileprivate var near: [Near] = []
    /// Whether the list was looked through.
    fileprivate var isRead = false
    /// A bit for each entry that was seen.
    fileprivate var seen: [UInt64] = []
    /// A bit for each of these words that is not 0.
    fileprivate var seenWords: [UInt64] = []

    package init() {}

    /// Starts anew with the words of another list.
    package mutating func begin() { isRead = false }

    @inline(__always)
    fileprivate mutating func see(_ entry: UInt32) {
      seen[Int(entry >> 6)] |= 1 << UInt64(entry & 63)
      seenWords[Int(entry >> 12)] |= 1 << UInt64(entry >> 6 & 63)
    }
  }

  /// Sees the entry of a key; where there is none that of no words, which weighs nothing.
  @inline(__always)
  private func see(_ key: UInt64, _ hits: inout Hits) {
    if let entry = places[key] { hits.see(entry) }
  }

  /// What the words around a marking weigh together: those of its sentence and, after a `~`, those
  /// around the sentence, numbers as one `0`.
  ///
  /// - Parameters:
  ///   - list: The words around the marking.
  ///   - place: The words of the marking.
  ///   - hits: The learned words of the list.
  /// - Returns: The sum of the weights, each entry once, within the limit.
  package func weight(
    _ list: borrowing WordList,
    around place: Range<Int>,
    _ hits: inout Hits
  ) -> Double {
    if !hits.isRead { readNear(list, &hits) }
    let sentence = WordingIndex.sentence(list, around: place)
    var last: UInt64 = 0
    for word in sentence.lowerBound..<place.lowerBound {
      let hash = list.hash(of: word)
      see(hash, &hits)
      see(WordingIndex.key(WordingIndex.beforeHash, hash), &hits)
      if word > sentence.lowerBound { see(WordingIndex.key(last, hash), &hits) }
      last = hash
    }
    if sentence.lowerBound < place.lowerBound {
      see(WordingIndex.key(last, WordingIndex.markingHash), &hits)
    }
    last = WordingIndex.markingHash
    for word in place.upperBound..<max(place.upperBound, sentence.upperBound) {
      let hash = list.hash(of: word)
      see(hash, &hits)
      see(WordingIndex.key(WordingIndex.afterHash, hash), &hits)
      see(WordingIndex.key(last, hash), &hits)
      last = hash
    }
    let near = WordingIndex.near(list, around: sentence)
    for index in hits.near.indices {
      let word = Int(hits.near[index].word)
      if near.before.contains(word) || near.after.contains(word) {
        hits.see(hits.near[index].entry)
      }
    }
    return min(limit, max(-limit, sum(of: &hits)))
  }

  /// What the entries weigh that were seen, in their order; they are forgotten.
  private func sum(of hits: inout Hits) -> Double {
    var sum = 0.0
    for group in hits.seenWords.indices {
      var words = hits.seenWords[group]
      hits.seenWords[group] = 0
      while words != 0 {
        let word = group &* 64 &+ words.trailingZeroBitCount
        words &= words &- 1
        var bits = hits.seen[word]
        hits.seen[word] = 0
        while bits != 0 {
          sum += weights[word &* 64 &+ bits.trailingZeroBitCount]
          bits &= bits &- 1
        }
      }
    }
    return sum
  }

  /// Looks for the words of a list that count around a sentence.
  private func readNear(_ list: borrowing WordList, _ hits: inout Hits) {
    hits.isRead = true
    hits.near.removeAll(keepingCapacity: true)
    let wordCount = (weights.count + 63) / 64
    if hits.seen.count != wordCount {
      hits.seen = [UInt64](repeating: 0, count: wordCount)
      hits.seenWords = [UInt64](repeating: 0, count: (wordCount + 63) / 64)
    }
    for word in 0..<list.words.count {
      guard let entry = places[nearKey(list, word)] else { continue }
      hits.near.append(Hits.Near(word: Int32(word), entry: entry))
    }
  }

  @inline(__always)
  private func nearKey(_ list: borrowing WordList, _ word: Int) -> UInt64 {
    let hash = list.words[word].isNumber ? WordingIndex.numberHash : list.hash(of: word)
    return WordingIndex.key(WordingIndex.nearHash, hash)
  }
}
