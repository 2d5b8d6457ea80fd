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
  /// The evidence whose words end at each node, one node after the other: there are thousands, read at every start.
  package private(set) var endings: [Ending] = []
  /// Where those of each node start in ``endings``, and after the last one their count.
  private var starts: [UInt32] = []
  /// For each node whether a starred word may follow.
  private var hasStars: [Bool] = [false]
  /// For each pair of letters with which a starred first word may start a bit for each count of its letters before the
  /// star, the last for all that are longer.
  package private(set) var starPairs = [UInt32](repeating: 0, count: pairCount)
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
            let length: UInt32 = 1 << UInt32(min(cue.pattern.starCount, 31))
            for second in seconds {
              starPairs[(cue.pattern.firstPair + second) & 1_023] |= length
            }
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
    starts = CueIndex.starts(endings.lazy.map(\.count))
  }

  /// Where each of some runs starts that lie one behind the other, and where the last one ends.
  private static func starts(_ counts: some Collection<Int>) -> [UInt32] {
    var starts: [UInt32] = [0]
    starts.reserveCapacity(counts.count + 1)
    var sum: UInt32 = 0
    for count in counts {
      sum += UInt32(count)
      starts.append(sum)
    }
    return starts
  }

  /// An index by its parts; the first node stands for no words at all, and there are as many endings as the nodes say.
  package init(
    nodes: [Node],
    endings: [Ending],
    starLengths: UInt64,
    starPairs: [UInt32],
    maxWordCount: Int
  ) {
    precondition(starPairs.count == CueIndex.pairCount && !nodes.isEmpty)
    exact = HashTable(capacity: nodes.count)
    starred = HashTable(capacity: nodes.count / 8)
    self.endings = endings
    starts = CueIndex.starts(nodes.lazy.map(\.endingCount))
    precondition(starts.last.map(Int.init) == endings.count)
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
        endingCount: Int(starts[$0 + 1] - starts[$0])
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
    let starPairs = starPairs.span
    for start in 0..<words.count {
      let lengths = words[start].isName ? 0 : starPairs[Int(words[start].pair)]
      if lengths != 0 {
        // The last bit stands for all counts from 31 on.
        let longer = lengths >> 31 == 0 ? 0 : (starLengths >> 31) << 31
        findStarred(list, 0, start..<start + 1, UInt64(lengths & 0x7FFF_FFFF) | longer, &hits)
      }
      // Most words start no cue.
      guard let first = exact[CueIndex.key(0, words[start].hash)] else { continue }
      goOn(list, start, Int(first), into: &hits)
    }
  }

  /// Adds the cues that start with a word, and go on with those after it.
  private func goOn(
    _ list: borrowing WordList,
    _ start: Int,
    _ first: Int,
    into hits: inout [Hit]
  ) {
    let words = list.words.span
    var node = first
    var place = start + 1
    add(node, start..<place, to: &hits)
    while place < words.count, place - start < maxWordCount {
      if hasStars[node], !words[place].isName {
        findStarred(list, node, start..<place + 1, starLengths, &hits)
      }
      guard let next = exact[CueIndex.key(node, words[place].hash)] else { break }
      node = Int(next)
      place += 1
      add(node, start..<place, to: &hits)
    }
  }

  /// Adds the cues that end with a part of the last of some words: as many of its letters as there is a bit for.
  private func findStarred(
    _ list: borrowing WordList,
    _ node: Int,
    _ run: Range<Int>,
    _ lengths: UInt64,
    _ hits: inout [Hit]
  ) {
    let word = list.words[run.upperBound - 1].letters
    let letters = list.letters.span
    var hash = WordList.emptyHash
    var lengths = lengths >> 1
    for place in word {
      if lengths == 0 { break }
      hash = WordList.hash(hash, letters[place])
      if lengths & 1 != 0, let end = starred[CueIndex.key(node, hash)] {
        add(Int(end), run, to: &hits)
      }
      lengths >>= 1
    }
  }

  @inline(__always)
  private func add(_ node: Int, _ run: Range<Int>, to hits: inout [Hit]) {
    for place in Int(starts[node])..<Int(starts[node + 1]) {
      let ending = endings[place]
      hits.append(Hit(evidence: Int(ending.evidence), language: Int(ending.language), words: run))
    }
  }

  @inline(__always)
  private static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }
}
