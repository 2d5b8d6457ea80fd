package import VigieText

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
    package var evidence: Int
    /// The number of the language.
    package var language: Int

    /// An ending from its parts.
    package init(evidence: Int, language: Int) {
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
    /// What the run shows.
    package var endings: [Ending]

    /// A node from its parts.
    package init(key: UInt64, isStarred: Bool, hasStars: Bool, endings: [Ending]) {
      self.key = key
      self.isStarred = isStarred
      self.hasStars = hasStars
      self.endings = endings
    }
  }

  private var exact: HashTable
  private var starred: HashTable
  /// A bit for each length of a starred last word.
  package private(set) var starLengths: UInt64 = 0
  /// The evidence whose words end at each node, one node after the other.
  private var endings: [Ending] = []
  /// Where those of each node start in ``endings``, and after the last one their count.
  private var starts: [UInt32] = []
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
    var endings: [[Ending]] = [[]]
    // Each cue adds a word or two that no other has.
    exact = HashTable(capacity: 2 * cues.count)
    starred = HashTable(capacity: cues.count / 4)
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
      let ending = Ending(evidence: cue.evidence, language: cue.language)
      if !endings[node].contains(ending) { endings[node].append(ending) }
    }
    keep(endings)
  }

  private mutating func keep(_ lists: some Collection<[Ending]>) {
    starts.reserveCapacity(lists.count + 1)
    starts.append(0)
    for list in lists {
      endings += list
      starts.append(UInt32(endings.count))
    }
  }

  /// An index by its parts; the first node stands for no words at all.
  package init(
    nodes: [Node],
    starLengths: UInt64,
    starPairs: [Bool],
    maxWordCount: Int
  ) {
    precondition(starPairs.count == CueIndex.pairCount && !nodes.isEmpty)
    exact = HashTable(capacity: nodes.count)
    starred = HashTable(capacity: nodes.count / 8)
    keep(nodes.lazy.map(\.endings))
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
        endings: Array(endings[Int(starts[$0])..<Int(starts[$0 + 1])])
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
    let words = list.words.span
    let hasStars = hasStars.span
    for start in 0..<words.count {
      var node = 0
      var place = start
      while place < words.count, place - start < maxWordCount {
        if hasStars[node], !words[place].isName,
          node > 0 || starPairs[CueIndex.pair(list, words[place])]
        {
          findStarred(list, node, start..<place + 1, into: &hits)
        }
        guard let next = exact[CueIndex.key(node, words[place].hash)] else { break }
        node = Int(next)
        place += 1
        add(node, start..<place, to: &hits)
      }
    }
  }

  /// Adds the cues that end with a part of the last of some words.
  private func findStarred(
    _ list: borrowing WordList,
    _ node: Int,
    _ run: Range<Int>,
    into hits: inout [Hit]
  ) {
    let word = list.words[run.upperBound - 1].letters
    let letters = list.letters.span
    var hash = WordList.emptyHash
    for offset in 0..<min(word.count, CueIndex.maxStarCount) {
      hash = WordList.hash(hash, letters[word.lowerBound + offset])
      if starLengths >> UInt64(offset + 1) & 1 != 0,
        let end = starred[CueIndex.key(node, hash)]
      {
        add(Int(end), run, to: &hits)
      }
    }
  }

  /// The most letters before a star: there is a bit for each count.
  private static let maxStarCount = 63

  @inline(__always)
  private func add(_ node: Int, _ run: Range<Int>, to hits: inout [Hit]) {
    for place in Int(starts[node])..<Int(starts[node + 1]) {
      let ending = endings[place]
      hits.append(Hit(evidence: ending.evidence, language: ending.language, words: run))
    }
  }

  /// The number of the first two letters of a word.
  @inline(__always)
  static func pair(_ list: borrowing WordList, _ word: WordList.Word) -> Int {
    guard !word.letters.isEmpty else { return 0 }
    let first = word.letters.lowerBound
    let second = word.letters.count > 1 ? list.letters[first + 1] : 0
    return WordPattern.pair(list.letters[first], second)
  }

  private static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }
}
