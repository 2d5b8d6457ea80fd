package import VigieText

/// All cue words of the evidence, found in one pass over a word list.
///
/// A class: to ask the evidence for a structure of this size would copy it.
package final class CueIndex: Sendable {
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
    /// The node before: the run without its last word.
    package var parent: Int
    /// Whether any ending may follow this word.
    package var isStarred: Bool
    /// Whether a word of any ending may follow the run.
    package var hasStars: Bool
    /// How many endings it has: what the run shows.
    package var endingCount: Int

    /// A node from its parts.
    package init(key: UInt64, parent: Int, isStarred: Bool, hasStars: Bool, endingCount: Int) {
      self.key = key
      self.parent = parent
      self.isStarred = isStarred
      self.hasStars = hasStars
      self.endingCount = endingCount
    }
  }

  /// What is needed of a run of words wherever it stands, all in one place.
  struct Run: Sendable {
    /// Where its endings start in ``endings``.
    var start: UInt32
    var endingCount: UInt16
    /// Whether a starred word may follow.
    var hasStars: Bool
    /// A bit for each six highest bits of the hashes of words that may follow.
    var next: UInt64 = 0

    /// No words.
    static let none = Run(start: 0, endingCount: 0, hasStars: false)
  }

  private let exact: HashTable
  private let starred: HashTable
  /// A bit for each length of a starred last word.
  package let starLengths: UInt64
  /// The evidence whose words end at each node, one node after the other: there are thousands, read at every start.
  package let endings: [Ending]
  private let runs: [Run]
  /// For each node the one before it.
  private let parents: [UInt32]
  /// For each pair of letters with which a starred first word may start a bit for each count of its letters before the
  /// star, the last for all that are longer.
  package let starPairs: [UInt32]
  /// How many pairs of letters are told apart.
  package static let pairCount = 1_024
  /// The most words of any cue.
  package let maxWordCount: Int

  /// An index of cues; those of one evidence may be in several languages.
  package convenience init(_ cues: [(evidence: Int, language: Int, pattern: WordPattern)]) {
    var starLengths: UInt64 = 0
    var starPairs = [UInt32](repeating: 0, count: CueIndex.pairCount)
    var maxWordCount = 0
    var endings: [[Ending]] = [[]]
    var nodes = [Node(key: 0, parent: 0, isStarred: false, hasStars: false, endingCount: 0)]
    // Each cue adds a word or two that no other has.
    var exact = HashTable(capacity: 2 * cues.count)
    var starred = HashTable(capacity: cues.count / 4)
    endings.reserveCapacity(2 * cues.count)
    nodes.reserveCapacity(2 * cues.count)
    for cue in cues where !cue.pattern.hashes.isEmpty {
      var node = 0
      maxWordCount = max(maxWordCount, cue.pattern.hashes.count)
      for (offset, hash) in cue.pattern.hashes.enumerated() {
        let isStar = cue.pattern.starCount > 0 && offset == cue.pattern.hashes.count - 1
        if isStar {
          starLengths |= 1 << UInt64(min(cue.pattern.starCount, 63))
          nodes[node].hasStars = true
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
          nodes.append(
            Node(key: key, parent: node, isStarred: isStar, hasStars: false, endingCount: 0)
          )
          node = endings.count - 1
          if isStar { starred.insert(key, UInt32(node)) } else { exact.insert(key, UInt32(node)) }
        }
      }
      let ending = Ending(evidence: Int32(cue.evidence), language: Int32(cue.language))
      if !endings[node].contains(ending) { endings[node].append(ending) }
    }
    for node in nodes.indices { nodes[node].endingCount = endings[node].count }
    self.init(
      nodes: nodes,
      exact,
      starred,
      endings: endings.flatMap(\.self),
      starLengths: starLengths,
      starPairs: starPairs,
      maxWordCount: maxWordCount
    )
  }

  /// An index by its parts; the first node stands for no words at all, and there are as many endings as the nodes say.
  ///
  /// - Precondition: Every node stands after the one before it.
  package convenience init(
    nodes: [Node],
    endings: [Ending],
    starLengths: UInt64,
    starPairs: [UInt32],
    maxWordCount: Int
  ) {
    var exact = HashTable(capacity: nodes.count)
    var starred = HashTable(capacity: nodes.count / 8)
    for (number, node) in nodes.enumerated().dropFirst() {
      if node.isStarred {
        starred.insert(node.key, UInt32(number))
      } else {
        exact.insert(node.key, UInt32(number))
      }
    }
    self.init(
      nodes: nodes,
      exact,
      starred,
      endings: endings,
      starLengths: starLengths,
      starPairs: starPairs,
      maxWordCount: maxWordCount
    )
  }

  private init(
    nodes: [Node],
    _ exact: HashTable,
    _ starred: HashTable,
    endings: [Ending],
    starLengths: UInt64,
    starPairs: [UInt32],
    maxWordCount: Int
  ) {
    precondition(starPairs.count == CueIndex.pairCount && !nodes.isEmpty)
    var runs: [Run] = []
    runs.reserveCapacity(nodes.count)
    var start: UInt32 = 0
    for (number, node) in nodes.enumerated() {
      runs.append(
        Run(start: start, endingCount: UInt16(node.endingCount), hasStars: node.hasStars)
      )
      start += UInt32(node.endingCount)
      guard number > 0, !node.isStarred else { continue }
      precondition(node.parent < number)
      runs[node.parent].next |= CueIndex.bit(of: CueIndex.key(node.parent, node.key))
    }
    precondition(Int(start) == endings.count)
    self.exact = exact
    self.starred = starred
    self.endings = endings
    self.runs = runs
    self.parents = nodes.map { UInt32($0.parent) }
    self.starLengths = starLengths
    self.starPairs = starPairs
    self.maxWordCount = maxWordCount
  }

  /// All runs of words, from the first, empty one on.
  package var nodes: [Node] {
    var nodes = runs.indices.map {
      Node(
        key: 0,
        parent: Int(parents[$0]),
        isStarred: false,
        hasStars: runs[$0].hasStars,
        endingCount: Int(runs[$0].endingCount)
      )
    }
    exact.forEach { nodes[Int($1)].key = $0 }
    starred.forEach { key, number in
      nodes[Int(number)].key = key
      nodes[Int(number)].isStarred = true
    }
    return nodes
  }

  /// Calls a body with every word with which a cue starts, by its hash, and its node; starred ones left out.
  func forEachStart(_ body: (_ hash: UInt64, _ node: UInt32, Run) -> Void) {
    exact.forEach { key, node in
      if parents[Int(node)] == 0 { body(key, node, runs[Int(node)]) }
    }
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  package func find(in list: borrowing WordList, into hits: inout [Hit]) {
    find(in: list, into: &hits) { _, hash in start(hash) }
  }

  /// The node of a word with which cues start, and what is needed of it; node 0 of any other.
  private func start(_ hash: UInt64) -> (node: Int, run: Run) {
    guard let node = exact[CueIndex.key(0, hash)] else { return (0, .none) }
    return (Int(node), runs[Int(node)])
  }

  /// The same where the words were looked up before.
  ///
  /// - Parameters:
  ///   - list: The words.
  ///   - places: Where each of them stands in the lexicon.
  ///   - lexicon: What is known of words; made of this index.
  ///   - hits: Where to add the cues.
  package func find(
    in list: borrowing WordList,
    at places: [UInt32],
    _ lexicon: Lexicon,
    into hits: inout [Hit]
  ) {
    let all = lexicon.entries
    let entries = all.span
    find(in: list, into: &hits) { word, _ in
      let place = Int(places[word])
      return (Int(entries[place].cue), entries[place].run)
    }
  }

  /// Adds every cue that stands in a list; `start` gives the node of a word that is no part of a name by its number
  /// and its hash, or 0, and what is needed of it.
  @inline(__always)
  private func find(
    in list: borrowing WordList,
    into hits: inout [Hit],
    start startNode: (Int, UInt64) -> (node: Int, run: Run)
  ) {
    let words = list.words.span
    let pairs = self.starPairs
    let starPairs = pairs.span
    for start in 0..<words.count {
      let isName = words[start].isName
      let lengths = isName ? 0 : starPairs[Int(words[start].pair)]
      if lengths != 0 {
        // The last bit stands for all counts from 31 on.
        let longer = lengths >> 31 == 0 ? 0 : (starLengths >> 31) << 31
        findStarred(list, 0, start..<start + 1, UInt64(lengths & 0x7FFF_FFFF) | longer, &hits)
      }
      // A cue that is written as a name is rare.
      let first =
        isName ? self.start(words[start].hash) : startNode(start, words[start].hash)
      if first.node != 0 { goOn(list, start, first.node, first.run, into: &hits) }
    }
  }

  /// Adds the cues that start with a word, and go on with those after it.
  @inline(__always)
  private func goOn(
    _ list: borrowing WordList,
    _ start: Int,
    _ first: Int,
    _ firstRun: Run,
    into hits: inout [Hit]
  ) {
    let words = list.words.span
    let all = self.runs
    let runs = all.span
    var node = first
    var run = firstRun
    var place = start + 1
    while true {
      if run.endingCount != 0 { add(run, start..<place, to: &hits) }
      if place == words.count { break }
      if run.hasStars, !words[place].isName {
        findStarred(list, node, start..<place + 1, starLengths, &hits)
      }
      let hash = words[place].hash
      // Nearly always the next word is none of those that follow.
      guard run.next & CueIndex.bit(of: hash) != 0,
        let next = exact[CueIndex.key(node, hash)]
      else { break }
      node = Int(next)
      run = runs[node]
      place += 1
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
    let words = list.words.span
    let word = words[run.upperBound - 1].letters
    let letters = list.letters.span
    var hash = WordHash.empty
    var lengths = lengths >> 1
    var place = word.lowerBound
    while lengths != 0, place < word.upperBound {
      hash = WordHash.of(hash, letters[place])
      place += 1
      if lengths & 1 != 0, let end = starred[CueIndex.key(node, hash)] {
        add(runs[Int(end)], run, to: &hits)
      }
      lengths >>= 1
    }
  }

  @inline(__always)
  private func add(_ run: Run, _ words: Range<Int>, to hits: inout [Hit]) {
    let all = self.endings
    let endings = all.span
    for place in Int(run.start)..<Int(run.start) + Int(run.endingCount) {
      hits.append(
        Hit(
          evidence: Int(endings[place].evidence),
          language: Int(endings[place].language),
          words: words
        )
      )
    }
  }

  /// The key of a word after a node; of a key and the node the word again.
  @inline(__always)
  private static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The bit of a word among those that may follow a run.
  @inline(__always)
  private static func bit(of hash: UInt64) -> UInt64 { 1 << (hash >> 58) }
}
