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

  /// The runs of words with which cues start, from the first, empty one on, by columns: as a cache keeps them.
  package struct Nodes: Sendable {
    /// The key of the last word of each, after the node before.
    package private(set) var keys: [UInt64] = [0]
    /// The node before: the run without its last word.
    package private(set) var parents: [UInt32] = [0]
    /// 1 where any ending may follow this word, and 2 where a word of any ending may follow the run.
    package private(set) var flags: [UInt8] = [0]
    /// How many endings each has: what the run shows.
    package fileprivate(set) var endingCounts: [UInt16] = [0]

    /// How many there are.
    package var count: Int { keys.count }

    /// No words but the first, empty run.
    fileprivate init() {}

    /// Nodes from their columns; `nil` where these are of different lengths, or a node stands before the one it follows.
    package init?(keys: [UInt64], parents: [UInt32], flags: [UInt8], endingCounts: [UInt16]) {
      guard !keys.isEmpty, parents.count == keys.count, flags.count == keys.count,
        endingCounts.count == keys.count
      else { return nil }
      for number in keys.indices {
        guard flags[number] < 4, Int(parents[number]) < max(1, number) else { return nil }
      }
      self.keys = keys
      self.parents = parents
      self.flags = flags
      self.endingCounts = endingCounts
    }

    @inline(__always)
    func isStarred(_ number: Int) -> Bool { flags[number] & 1 != 0 }
    @inline(__always)
    func hasStars(_ number: Int) -> Bool { flags[number] & 2 != 0 }

    fileprivate mutating func add(key: UInt64, parent: Int, isStarred: Bool) {
      keys.append(key)
      parents.append(UInt32(parent))
      flags.append(isStarred ? 1 : 0)
      endingCounts.append(0)
    }

    fileprivate mutating func noteStars(after number: Int) { flags[number] |= 2 }
  }

  /// The runs of words with which cues start.
  package let nodes: Nodes
  /// A bit for each length of a starred last word.
  package let starLengths: UInt64
  /// The evidence whose words end at each node, one node after the other: there are thousands, read at every start.
  package let endings: [Ending]
  /// For each pair of letters with which a starred first word may start a bit for each count of its letters before the
  /// star, the last for all that are longer.
  package let starPairs: [UInt32]
  /// For each of these pairs the third letters of starred first words of three letters or more, as bits, by their five
  /// lowest.
  package let starThirds: [UInt32]
  /// How many pairs of letters are told apart.
  package static let pairCount = 1_024
  /// The most words of any cue.
  package let maxWordCount: Int

  /// An index of cues; those of one evidence may be in several languages.
  package convenience init(_ cues: [(evidence: Int, language: Int, pattern: WordPattern)]) {
    var starLengths: UInt64 = 0
    var starPairs = [UInt32](repeating: 0, count: CueIndex.pairCount)
    var starThirds = starPairs
    var maxWordCount = 0
    var endings: [[Ending]] = [[]]
    var nodes = Nodes()
    // Each cue adds a word or two that no other has.
    var exact = HashTable(capacity: 2 * cues.count)
    var starred = HashTable(capacity: cues.count / 4)
    endings.reserveCapacity(2 * cues.count)
    for cue in cues where !cue.pattern.hashes.isEmpty {
      var node = 0
      maxWordCount = max(maxWordCount, cue.pattern.hashes.count)
      for (offset, hash) in cue.pattern.hashes.enumerated() {
        let isStar = cue.pattern.starCount > 0 && offset == cue.pattern.hashes.count - 1
        if isStar {
          starLengths |= 1 << UInt64(min(cue.pattern.starCount, 63))
          nodes.noteStars(after: node)
          // After a single letter with a star any second one may come, or none.
          let seconds = cue.pattern.starCount == 1 ? 0...Int(UInt8.max) : 0...0
          if offset == 0 {
            let length: UInt32 = 1 << UInt32(min(cue.pattern.starCount, 31))
            for second in seconds {
              starPairs[(cue.pattern.firstPair + second) & 1_023] |= length
            }
            if cue.pattern.starCount > 2 {
              starThirds[cue.pattern.firstPair] |= 1 << UInt32(cue.pattern.thirdLetter & 31)
            }
          }
        }
        let key = CueIndex.key(node, hash)
        if let next = isStar ? starred[key] : exact[key] {
          node = Int(next)
        } else {
          endings.append([])
          nodes.add(key: key, parent: node, isStarred: isStar)
          node = endings.count - 1
          if isStar { starred.insert(key, UInt32(node)) } else { exact.insert(key, UInt32(node)) }
        }
      }
      let ending = Ending(evidence: Int32(cue.evidence), language: Int32(cue.language))
      if !endings[node].contains(ending) { endings[node].append(ending) }
    }
    for node in endings.indices { nodes.endingCounts[node] = UInt16(endings[node].count) }
    self.init(
      nodes: nodes,
      endings: endings.flatMap(\.self),
      starLengths: starLengths,
      starPairs: starPairs,
      starThirds: starThirds,
      maxWordCount: maxWordCount
    )
  }

  /// An index by its parts; the first node stands for no words at all, and there are as many endings as the nodes say.
  package init(
    nodes: Nodes,
    endings: [Ending],
    starLengths: UInt64,
    starPairs: [UInt32],
    starThirds: [UInt32],
    maxWordCount: Int
  ) {
    precondition(starPairs.count == CueIndex.pairCount && starThirds.count == starPairs.count)
    precondition(nodes.endingCounts.reduce(0) { $0 + Int($1) } == endings.count)
    self.nodes = nodes
    self.endings = endings
    self.starLengths = starLengths
    self.starPairs = starPairs
    self.starThirds = starThirds
    self.maxWordCount = maxWordCount
  }

  private let keptTables = MadeOnce<CueTables>()
  /// The same, ready to be looked up.
  private var tables: CueTables { keptTables.value { CueTables(self) } }

  /// Calls a body with every word with which a cue starts, by its hash, and what is needed of it; starred ones left out.
  func forEachStart(_ body: (_ hash: UInt64, CueTables.Run) -> Void) { tables.forEachStart(body) }

  /// Calls a body with the hashes of every two words with which a cue starts; starred ones left out.
  func forEachPair(_ body: (_ first: UInt64, _ second: UInt64) -> Void) { tables.forEachPair(body) }

  /// Adds every cue that stands in a list, in the order of its first word.
  package func find(in list: borrowing WordList, into hits: inout [Hit]) {
    tables.find(in: list, into: &hits)
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
    tables.find(in: list, at: places, lexicon, into: &hits)
  }

  /// The key of a word after a node; of a key and the node the word again.
  @inline(__always)
  static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }
}
