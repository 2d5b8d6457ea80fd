import VigieText

/// The cues of an index as they are looked up: made at first need, as most texts have no place that is judged.
final class CueTables: Sendable {
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

  typealias Hit = CueIndex.Hit

  private let exact: HashTable
  private let starred: HashTable
  private let runs: [Run]
  /// For each node the one before it.
  private let parents: [UInt32]
  private let endings: [CueIndex.Ending]
  private let starLengths: UInt64
  private let starPairs: [UInt32]
  private let starThirds: [UInt32]

  init(_ index: borrowing CueIndex) {
    let nodes = index.nodes
    var exact = HashTable(capacity: nodes.count)
    var starred = HashTable(capacity: nodes.count / 8)
    var runs: [Run] = []
    runs.reserveCapacity(nodes.count)
    var start: UInt32 = 0
    for number in 0..<nodes.count {
      let count = nodes.endingCounts[number]
      runs.append(Run(start: start, endingCount: count, hasStars: nodes.hasStars(number)))
      start += UInt32(count)
      guard number > 0 else { continue }
      let (key, parent) = (nodes.keys[number], Int(nodes.parents[number]))
      if nodes.isStarred(number) {
        starred.insert(key, UInt32(number))
      } else {
        exact.insert(key, UInt32(number))
        runs[parent].next |= CueTables.bit(of: CueIndex.key(parent, key))
      }
    }
    self.exact = exact
    self.starred = starred
    self.runs = runs
    parents = nodes.parents
    endings = index.endings
    starLengths = index.starLengths
    starPairs = index.starPairs
    starThirds = index.starThirds
  }

  /// Calls a body with every word with which a cue starts, by its hash, and its node; starred ones left out.
  func forEachStart(_ body: (_ hash: UInt64, _ node: UInt32, Run) -> Void) {
    exact.forEach { key, node in
      if parents[Int(node)] == 0 { body(key, node, runs[Int(node)]) }
    }
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  func find(in list: borrowing WordList, into hits: inout [Hit]) {
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
  func find(
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
    let (pairs, thirds) = (self.starPairs, self.starThirds)
    let starPairs = pairs.span
    let starThirds = thirds.span
    let letters = list.letters.span
    for start in 0..<words.count {
      let isName = words[start].isName
      let pair = Int(words[start].pair)
      let lengths = isName ? 0 : starPairs[pair]
      if lengths != 0,
        lengths & CueTables.shortLengths != 0
          || words[start].letters.count > 2
            && starThirds[pair] >> UInt32(letters[words[start].letters.lowerBound + 2] & 31) & 1
              != 0
      {
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

  /// The lengths of starred words that have no third letter.
  private static let shortLengths: UInt32 = 1 << 1 | 1 << 2

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
      guard run.next & CueTables.bit(of: hash) != 0,
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

  /// The bit of a word among those that may follow a run.
  @inline(__always)
  private static func bit(of hash: UInt64) -> UInt64 { 1 << (hash >> 58) }
}
