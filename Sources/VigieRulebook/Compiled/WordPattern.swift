import VigieCore
package import VigieText
import VigieUnicode

/// A few words in a row, as evidence and ordinary uses name them.
package struct WordPattern: Sendable, Equatable {
  /// The hash of each word; of the last only as many letters as are written where it has a `*`.
  package var hashes: [UInt64]
  /// The letters of the last word that must stand, where any ending may follow; 0 without a `*`.
  package var starCount: Int

  /// The number of the first two letters of the first word.
  let firstPair: Int

  /// The number of two letters, one of 1,024.
  @inline(__always)
  static func pair(_ first: UInt8, _ second: UInt8) -> Int {
    (Int(first) &* 31 &+ Int(second)) & 1_023
  }

  /// Folds a phrase such as `ci-joint*`.
  package init(_ phrase: String) {
    var list = WordList()
    self.init(phrase, &list)
  }

  /// Folds a phrase in a list that is used for many: at the start there are thousands.
  init(_ phrase: String, _ list: inout WordList) {
    let utf8 = phrase.utf8
    let span = utf8.span
    let isStarred = span.count > 0 && span[span.count - 1] == UInt8(ascii: "*")
    list.read(span, 0..<(isStarred ? span.count - 1 : span.count))
    self.hashes = list.words.map(\.hash)
    let letters = list.words.first?.letters ?? 0..<0
    self.firstPair = WordPattern.pair(
      letters.isEmpty ? 0 : list.letters[letters.lowerBound],
      letters.count < 2 ? 0 : list.letters[letters.lowerBound + 1]
    )
    self.starCount = isStarred ? (list.words.last?.letters.count ?? 0) : 0
  }

  /// Whether the words stand in a list from a word on.
  package func matches(_ list: borrowing WordList, at start: Int) -> Bool {
    guard !hashes.isEmpty, start >= 0, start + hashes.count <= list.words.count else {
      return false
    }
    for offset in hashes.indices {
      let word = list.words[start + offset]
      if offset == hashes.count - 1, starCount > 0 {
        guard word.letters.count >= starCount else { return false }
        var hash = WordList.emptyHash
        for place in word.letters.prefix(starCount) {
          hash = WordList.hash(hash, list.letters[place])
        }
        if hash != hashes[offset] { return false }
      } else if word.hash != hashes[offset] {
        return false
      }
    }
    return true
  }
}

/// All cue words of the evidence, found in one pass over a word list.
package struct CueIndex: Sendable {
  /// One set of words that shows a piece of evidence.
  package struct Hit: Sendable {
    /// The index of the evidence.
    package var evidence: Int
    /// The number of the language the words are listed under.
    package var language: Int
    /// The words, half-open, in the list.
    package var words: Range<Int>
  }

  /// What a run of words shows.
  package struct Ending: Equatable, Sendable {
    /// The index of the evidence.
    package var evidence: Int32
    /// The number of the language.
    package var language: Int32

    /// An ending from its parts.
    package init(evidence: Int32, language: Int32) {
      self.evidence = evidence
      self.language = language
    }
  }

  /// A run of words with which cues start, as a cache keeps it.
  package struct Node: Sendable {
    /// The key of its last word, after the node before.
    package var key: UInt64
    /// Whether any ending may follow this word.
    package var isStarred: Bool
    /// Whether a word of any ending may follow the run.
    package var hasStars: Bool
    /// How many endings it has: what the run shows.
    package var endingCount: Int

    /// A node from its parts.
    package init(key: UInt64, isStarred: Bool, hasStars: Bool, endingCount: Int) {
      self.key = key
      self.isStarred = isStarred
      self.hasStars = hasStars
      self.endingCount = endingCount
    }
  }

  private var exact: HashTable
  private var starred: HashTable
  /// A bit for each length of a starred last word.
  package private(set) var starLengths: UInt64 = 0
  /// The evidence whose words end at each node, node after node: there are thousands of them, read at every start.
  package private(set) var endings: [Ending] = []
  /// For each node its first ending, and after the last one their count.
  private var firstEndings: [UInt32] = []
  /// For each node whether a starred word may follow.
  private var hasStars: [Bool] = [false]
  /// A bit for each pair of letters with which a starred first word may start.
  package private(set) var starPairs = [Bool](repeating: false, count: pairCount)
  /// How many pairs of letters are told apart.
  package static let pairCount = 1_024
  /// The most words of any cue.
  package private(set) var maxWordCount = 0

  /// An index of cues; those of one evidence may be in several languages.
  package init(_ cues: [(evidence: Int, language: Int, pattern: WordPattern)]) {
    // Each cue adds a word or two that no other has.
    exact = HashTable(capacity: 2 * cues.count)
    starred = HashTable(capacity: cues.count / 4)
    var endings: [[Ending]] = [[]]
    endings.reserveCapacity(2 * cues.count)
    hasStars.reserveCapacity(2 * cues.count)
    for cue in cues where !cue.pattern.hashes.isEmpty {
      var node = 0
      maxWordCount = max(maxWordCount, cue.pattern.hashes.count)
      for (offset, hash) in cue.pattern.hashes.enumerated() {
        let isStar = cue.pattern.starCount > 0 && offset == cue.pattern.hashes.count - 1
        if isStar {
          starLengths |= 1 << UInt64(min(cue.pattern.starCount, 63))
          hasStars[node] = true
          // After a single letter with a star any second one may come, or none.
          let seconds = cue.pattern.starCount == 1 ? 0...Int(UInt8.max) : 0...0
          if offset == 0 {
            for second in seconds { starPairs[(cue.pattern.firstPair + second) & 1_023] = true }
          }
        }
        let key = CueIndex.key(node, hash)
        if let next = isStar ? starred[key] : exact[key] {
          node = Int(next)
        } else {
          endings.append([])
          hasStars.append(false)
          node = endings.count - 1
          if isStar { starred.insert(key, UInt32(node)) } else { exact.insert(key, UInt32(node)) }
        }
      }
      let ending = Ending(evidence: Int32(cue.evidence), language: Int32(cue.language))
      if !endings[node].contains(ending) { endings[node].append(ending) }
    }
    self.endings = endings.flatMap(\.self)
    firstEndings = CueIndex.sums(endings.map(\.count))
  }

  /// An index by its parts; the first node stands for no words at all; there are as many endings as the nodes say.
  package init(
    nodes: [Node],
    endings: [Ending],
    starLengths: UInt64,
    starPairs: [Bool],
    maxWordCount: Int
  ) {
    precondition(starPairs.count == CueIndex.pairCount && !nodes.isEmpty)
    exact = HashTable(capacity: nodes.count)
    starred = HashTable(capacity: nodes.count / 8)
    self.endings = endings
    firstEndings = CueIndex.sums(nodes.map(\.endingCount))
    precondition(firstEndings.last.map(Int.init) == endings.count)
    hasStars = nodes.map(\.hasStars)
    self.starLengths = starLengths
    self.starPairs = starPairs
    self.maxWordCount = maxWordCount
    for (number, node) in nodes.enumerated().dropFirst() {
      if node.isStarred {
        starred.insert(node.key, UInt32(number))
      } else {
        exact.insert(node.key, UInt32(number))
      }
    }
  }

  /// All runs of words, from the first, empty one on.
  package var nodes: [Node] {
    var nodes = hasStars.indices.map {
      Node(
        key: 0,
        isStarred: false,
        hasStars: hasStars[$0],
        endingCount: Int(firstEndings[$0 + 1] - firstEndings[$0])
      )
    }
    exact.forEach { nodes[Int($1)].key = $0 }
    starred.forEach { key, number in
      nodes[Int(number)].key = key
      nodes[Int(number)].isStarred = true
    }
    return nodes
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  package func find(in list: borrowing WordList, into hits: inout [Hit]) {
    for start in 0..<list.words.count {
      var node = 0
      var place = start
      while place < list.words.count, place - start < maxWordCount {
        let word = list.words[place]
        let mayStar =
          hasStars[node] && !word.isName && (node > 0 || starPairs[CueIndex.pair(list, word)])
        if mayStar {
          var hash = WordList.emptyHash
          for (offset, letter) in word.letters.enumerated() where offset < 63 {
            hash = WordList.hash(hash, list.letters[letter])
            if starLengths >> UInt64(offset + 1) & 1 != 0,
              let end = starred[CueIndex.key(node, hash)]
            {
              add(Int(end), start..<(place + 1), &hits)
            }
          }
        }
        guard let next = exact[CueIndex.key(node, word.hash)] else { break }
        node = Int(next)
        place += 1
        add(node, start..<place, &hits)
      }
    }
  }

  /// Adds what a node shows.
  @inline(__always)
  private func add(_ node: Int, _ words: Range<Int>, _ hits: inout [Hit]) {
    for place in Int(firstEndings[node])..<Int(firstEndings[node + 1]) {
      let ending = endings[place]
      hits.append(
        Hit(evidence: Int(ending.evidence), language: Int(ending.language), words: words)
      )
    }
  }

  /// Where each of some runs starts that lie one behind the other, and where the last one ends.
  private static func sums(_ counts: [Int]) -> [UInt32] {
    var sums: [UInt32] = [0]
    sums.reserveCapacity(counts.count + 1)
    var sum: UInt32 = 0
    for count in counts {
      sum += UInt32(count)
      sums.append(sum)
    }
    return sums
  }

  /// The number of the first two letters of a word.
  @inline(__always)
  private static func pair(_ list: borrowing WordList, _ word: WordList.Word) -> Int {
    guard let first = word.letters.first else { return 0 }
    let second = word.letters.count > 1 ? list.letters[first + 1] : 0
    return WordPattern.pair(list.letters[first], second)
  }

  private static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }
}

/// A table from 64-bit hashes to numbers; the hash is the key.
struct HashTable: Sendable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private var count = 0

  /// A table that holds so many without growing.
  init(capacity: Int = 32) {
    var slotCount = 64
    while slotCount < 2 * capacity { slotCount *= 2 }
    keys = [UInt64](repeating: 0, count: slotCount)
    values = [UInt32](repeating: 0, count: slotCount)
  }

  subscript(key: UInt64) -> UInt32? {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Calls a body with every key and value, in no order.
  func forEach(_ body: (UInt64, UInt32) -> Void) {
    for slot in values.indices where values[slot] != 0 { body(keys[slot], values[slot]) }
  }

  /// Adds a value greater than 0.
  mutating func insert(_ key: UInt64, _ value: UInt32) {
    if count * 2 >= keys.count { grow() }
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = value
    count += 1
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = [UInt64](repeating: 0, count: old.0.count * 2)
    values = [UInt32](repeating: 0, count: old.0.count * 2)
    count = 0
    for slot in old.0.indices where old.1[slot] != 0 { insert(old.0[slot], old.1[slot]) }
  }
}
