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
      var hash = WordList.emptyHash
      for byte in entry.words.utf8 { hash = WordList.hash(hash, byte) }
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

  /// What the words around a marking weigh together: those of its sentence and, after a `~`, those
  /// around the sentence, numbers as one `0`.
  ///
  /// - Parameters:
  ///   - list: The words around the marking.
  ///   - place: The words of the marking.
  /// - Returns: The sum of the weights, each entry once, within the limit.
  package func weight(_ list: borrowing WordList, around place: Range<Int>) -> Double {
    var seen: [UInt32] = []
    let sentence = WordingIndex.sentence(list, around: place)
    func add(_ hash: UInt64) {
      if let entry = places[hash], !seen.contains(entry) { seen.append(entry) }
    }
    // The letters of one word after some hash; the marking itself is a single sign.
    func spell(_ word: Int?, from start: UInt64) -> UInt64 {
      guard let word else { return WordList.hash(start, UInt8(ascii: "#")) }
      return list.words[word].letters.reduce(start) { WordList.hash($0, list.letters[$1]) }
    }
    var previous: Int?
    var hasPrevious = false
    func visit(_ word: Int?, side: UInt8) {
      if word != nil {
        add(spell(word, from: WordList.emptyHash))
        add(spell(word, from: WordList.hash(WordList.emptyHash, side)))
      }
      if hasPrevious {
        let start = WordList.hash(spell(previous, from: WordList.emptyHash), 0x20)
        add(spell(word, from: start))
      }
      previous = word
      hasPrevious = true
    }
    for word in sentence.lowerBound..<place.lowerBound { visit(word, side: UInt8(ascii: "<")) }
    visit(nil, side: 0)
    for word in place.upperBound..<sentence.upperBound { visit(word, side: UInt8(ascii: ">")) }
    let near = WordingIndex.near(list, around: sentence)
    let start = WordList.hash(WordList.emptyHash, UInt8(ascii: "~"))
    for side in [near.before, near.after] {
      for word in side {
        let letters = list.letters[list.words[word].letters]
        let isNumber = letters.allSatisfy { (0x30...0x39).contains($0) }
        add(isNumber ? WordList.hash(start, UInt8(ascii: "0")) : spell(word, from: start))
      }
    }
    let sum = seen.sorted().reduce(0) { $0 + weights[Int($1)] }
    return min(limit, max(-limit, sum))
  }
}
