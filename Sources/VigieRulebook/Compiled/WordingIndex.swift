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
    if let mark = words.first, [Side.before, Side.after, Side.near].contains(mark), words.count > 1 {
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
    static let before = UInt8(ascii: "<")
    static let after = UInt8(ascii: ">")
    static let near = UInt8(ascii: "~")
  }

  /// What stands for the marking, and for a number.
  private static let markingHash = WordList.hash(WordList.emptyHash, UInt8(ascii: "#"))
  private static let numberHash = WordList.hash(WordList.emptyHash, UInt8(ascii: "0"))
  private static let beforeHash = WordList.hash(WordList.emptyHash, Side.before)
  private static let afterHash = WordList.hash(WordList.emptyHash, Side.after)
  private static let nearHash = WordList.hash(WordList.emptyHash, Side.near)

  // MARK: Weighing

  /// The learned words of a list, looked up once for all markings in it.
  package struct Hits: ~Copyable {
    /// What a word is by itself, on either side, around the sentence, and after the word before it; 0 for nothing.
    fileprivate struct Word {
      var plain: UInt32
      var before: UInt32
      var after: UInt32
      var near: UInt32
      var pair: UInt32
    }

    fileprivate var words: [Word] = []
    /// Scratch memory: what was seen around a marking.
    fileprivate var seen: [UInt32] = []

    package init() {}

    fileprivate mutating func see(_ entry: UInt32) {
      if entry != 0, !seen.contains(entry) { seen.append(entry) }
    }
  }

  /// Looks up all words of a list.
  package func read(_ list: borrowing WordList, into hits: inout Hits) {
    hits.words.removeAll(keepingCapacity: true)
    if isEmpty { return }
    var previous = WordList.emptyHash
    for word in list.words.indices {
      let hash = list.hash(of: word)
      let near = list.words[word].isNumber ? WordingIndex.numberHash : hash
      hits.words.append(
        Hits.Word(
          plain: entry(hash),
          before: entry(WordingIndex.key(WordingIndex.beforeHash, hash)),
          after: entry(WordingIndex.key(WordingIndex.afterHash, hash)),
          near: entry(WordingIndex.key(WordingIndex.nearHash, near)),
          pair: word == 0 ? 0 : entry(WordingIndex.key(previous, hash))
        )
      )
      previous = hash
    }
  }

  @inline(__always)
  private func entry(_ key: UInt64) -> UInt32 { places[key] ?? 0 }

  /// What the words around a marking weigh together: those of its sentence and, after a `~`, those
  /// around the sentence, numbers as one `0`.
  ///
  /// - Parameters:
  ///   - list: The words around the marking.
  ///   - place: The words of the marking.
  ///   - hits: Its learned words.
  /// - Returns: The sum of the weights, each entry once, within the limit.
  package func weight(
    _ list: borrowing WordList,
    around place: Range<Int>,
    _ hits: inout Hits
  ) -> Double {
    hits.seen.removeAll(keepingCapacity: true)
    let sentence = WordingIndex.sentence(list, around: place)
    for word in sentence.lowerBound..<place.lowerBound {
      hits.see(hits.words[word].plain)
      hits.see(hits.words[word].before)
      if word > sentence.lowerBound { hits.see(hits.words[word].pair) }
    }
    if sentence.lowerBound < place.lowerBound {
      hits.see(entry(WordingIndex.key(list.hash(of: place.lowerBound - 1), WordingIndex.markingHash)))
    }
    for word in place.upperBound..<max(place.upperBound, sentence.upperBound) {
      hits.see(hits.words[word].plain)
      hits.see(hits.words[word].after)
      hits.see(
        word > place.upperBound
          ? hits.words[word].pair
          : entry(WordingIndex.key(WordingIndex.markingHash, list.hash(of: word)))
      )
    }
    let near = WordingIndex.near(list, around: sentence)
    for word in near.before { hits.see(hits.words[word].near) }
    for word in near.after { hits.see(hits.words[word].near) }
    hits.seen.sort()
    let sum = hits.seen.reduce(0) { $0 + weights[Int($1)] }
    return min(limit, max(-limit, sum))
  }
}
