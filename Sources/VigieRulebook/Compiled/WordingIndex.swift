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

  /// The learned words of a list, each looked up once for all markings in it.
  package struct Hits: ~Copyable {
    /// What a word is by itself, on either side, around the sentence, and after the word before it: the number of its
    /// weight, 0 for none, ``unknown`` before it was looked up.
    fileprivate struct Word {
      var plain = Hits.unknown
      var before = Hits.unknown
      var after = Hits.unknown
      var near = Hits.unknown
      var pair = Hits.unknown
    }

    fileprivate static let unknown = UInt32.max

    fileprivate var words: [Word] = []
    /// Scratch memory: what was seen around a marking.
    fileprivate var seen: [UInt32] = []

    package init() {}

    /// Starts anew with the words of a list.
    package mutating func begin(_ list: borrowing WordList) {
      words.removeAll(keepingCapacity: true)
      words.append(addingCapacity: list.words.count) { span in
        for _ in list.words.indices { span.append(Word()) }
      }
    }

    fileprivate mutating func see(_ entry: UInt32) {
      if entry != 0, !seen.contains(entry) { seen.append(entry) }
    }
  }

  @inline(__always)
  private func entry(_ key: UInt64) -> UInt32 { places[key] ?? 0 }

  /// Sees one of a word's entries, looked up under a key where it is not known.
  @inline(__always)
  private func see(
    _ hits: inout Hits,
    _ word: Int,
    _ place: WritableKeyPath<Hits.Word, UInt32>,
    _ key: @autoclosure () -> UInt64
  ) {
    var entry = hits.words[word][keyPath: place]
    if entry == Hits.unknown {
      entry = self.entry(key())
      hits.words[word][keyPath: place] = entry
    }
    hits.see(entry)
  }

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
      let hash = list.hash(of: word)
      see(&hits, word, \.plain, hash)
      see(&hits, word, \.before, WordingIndex.key(WordingIndex.beforeHash, hash))
      if word > sentence.lowerBound {
        see(&hits, word, \.pair, WordingIndex.key(list.hash(of: word - 1), hash))
      }
    }
    if sentence.lowerBound < place.lowerBound {
      hits.see(entry(WordingIndex.key(list.hash(of: place.lowerBound - 1), WordingIndex.markingHash)))
    }
    for word in place.upperBound..<max(place.upperBound, sentence.upperBound) {
      let hash = list.hash(of: word)
      see(&hits, word, \.plain, hash)
      see(&hits, word, \.after, WordingIndex.key(WordingIndex.afterHash, hash))
      if word > place.upperBound {
        see(&hits, word, \.pair, WordingIndex.key(list.hash(of: word - 1), hash))
      } else {
        hits.see(entry(WordingIndex.key(WordingIndex.markingHash, hash)))
      }
    }
    let near = WordingIndex.near(list, around: sentence)
    for word in near.before { see(&hits, word, \.near, nearKey(list, word)) }
    for word in near.after { see(&hits, word, \.near, nearKey(list, word)) }
    hits.seen.sort()
    let sum = hits.seen.reduce(0) { $0 + weights[Int($1)] }
    return min(limit, max(-limit, sum))
  }

  @inline(__always)
  private func nearKey(_ list: borrowing WordList, _ word: Int) -> UInt64 {
    let hash = list.words[word].isNumber ? WordingIndex.numberHash : list.hash(of: word)
    return WordingIndex.key(WordingIndex.nearHash, hash)
  }
}
