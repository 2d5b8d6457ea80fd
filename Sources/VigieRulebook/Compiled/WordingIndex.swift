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

  /// What the words around a marking weigh together: those of its sentence and, after a `~`, those
  /// around the sentence, numbers as one `0`.
  ///
  /// - Parameters:
  ///   - list: The words around the marking.
  ///   - place: The words of the marking.
  ///   - seen: Scratch memory.
  /// - Returns: The sum of the weights, each entry once, within the limit.
  package func weight(
    _ list: borrowing WordList,
    around place: Range<Int>,
    _ seen: inout [UInt32]
  ) -> Double {
    seen.removeAll(keepingCapacity: true)
    let sentence = WordingIndex.sentence(list, around: place)
    var previous: UInt64?
    for word in sentence.lowerBound..<place.lowerBound {
      let hash = list.hash(of: word)
      see(hash, &seen)
      see(WordingIndex.key(WordingIndex.beforeHash, hash), &seen)
      if let previous { see(WordingIndex.key(previous, hash), &seen) }
      previous = hash
    }
    if let previous { see(WordingIndex.key(previous, WordingIndex.markingHash), &seen) }
    previous = WordingIndex.markingHash
    for word in place.upperBound..<max(place.upperBound, sentence.upperBound) {
      let hash = list.hash(of: word)
      see(hash, &seen)
      see(WordingIndex.key(WordingIndex.afterHash, hash), &seen)
      if let previous { see(WordingIndex.key(previous, hash), &seen) }
      previous = hash
    }
    let near = WordingIndex.near(list, around: sentence)
    for word in near.before { see(nearKey(list, word), &seen) }
    for word in near.after { see(nearKey(list, word), &seen) }
    seen.sort()
    let sum = seen.reduce(0) { $0 + weights[Int($1)] }
    return min(limit, max(-limit, sum))
  }

  @inline(__always)
  private func nearKey(_ list: borrowing WordList, _ word: Int) -> UInt64 {
    let hash = list.words[word].isNumber ? WordingIndex.numberHash : list.hash(of: word)
    return WordingIndex.key(WordingIndex.nearHash, hash)
  }

  @inline(__always)
  private func see(_ key: UInt64, _ seen: inout [UInt32]) {
    if let entry = places[key], !seen.contains(entry) { seen.append(entry) }
  }
}
