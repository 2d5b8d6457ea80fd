import VigieText

/// The cues of an index as they are looked up: made at first need, as most texts have no place that is judged.
///
/// What is asked of one run of words lies together, in one line of the cache, and so do the words that may follow it: nearly
/// all time here is spent waiting for memory.
final class CueTables: Sendable {
  /// What is needed of a run of words wherever it stands.
  struct Run: Sendable, BitwiseCopyable {
    /// Where its endings start in ``endings``; a single one itself, the evidence in the lower half, unless it is listed.
    var endings: UInt32 = 0
    /// Where the words that may follow start in ``followers``.
    var followers: UInt32 = 0
    var endingCount: UInt16 = 0
    /// The power of two that there are slots for them, or 0 where no word may follow.
    var followerBits: UInt8 = 0
    /// Whether a starred word may follow.
    var hasStars = false
    /// Whether a single ending stands in ``endings`` too.
    var isListed = false
  }

  /// A run of words.
  private struct Node: BitwiseCopyable {
    /// The hash of its last word.
    var hash: UInt64
    /// A bit for each six highest bits of the hashes of words that may follow.
    var next: UInt64 = 0
    var run = Run()
  }

  /// A word that may follow a run.
  private struct Follower: BitwiseCopyable {
    /// The lowest half of its hash.
    var tag: UInt32 = 0
    /// The node of the run with it; 0 where the slot is free.
    var node: UInt32 = 0
  }

  typealias Hit = CueIndex.Hit

  /// The runs of words by their number; the first is that of none.
  private let nodes: AlignedRows<Node>
  /// For each run the words that may follow, in the first free slot from the one that their hash says on: half of them
  /// stay free.
  private let followers: AlignedRows<Follower>
  /// The nodes of starred words, by the key of the run before and of the letters before the star.
  private let starred: HashTable
  private let endings: [CueIndex.Ending]
  private let starLengths: UInt64
  private let starPairs: [UInt32]
  private let starThirds: [UInt32]

  init(_ index: borrowing CueIndex) {
    let known = index.nodes
    var starred = HashTable(capacity: known.count / 64)
    // What stands for a run: a key of the words of it.
    var runKeys: [UInt64] = [0]
    runKeys.reserveCapacity(known.count)
    var nodes = [Node(hash: 0)]
    nodes.reserveCapacity(known.count)
    var counts = [UInt32](repeating: 0, count: known.count)
    var start = 0
    for number in 0..<known.count {
      let parent = Int(known.parents[number])
      // Of the key of a run the word again.
      let hash = number == 0 ? 0 : CueIndex.key(parent, known.keys[number])
      var run = CueTables.run(index.endings, start, Int(known.endingCounts[number]))
      run.hasStars = known.hasStars(number)
      start += Int(known.endingCounts[number])
      guard number > 0 else {
        nodes[0].run = run
        continue
      }
      nodes.append(Node(hash: hash, run: run))
      let key = CueTables.key(runKeys[parent], hash)
      runKeys.append(key)
      if known.isStarred(number) {
        starred.insert(key, UInt32(number))
      } else {
        counts[parent] += 1
        nodes[parent].next |= CueTables.bit(of: hash)
      }
    }
    var slotCount = 0
    for number in nodes.indices where counts[number] > 0 {
      nodes[number].run.followers = UInt32(slotCount)
      while 1 << nodes[number].run.followerBits < 2 * counts[number] {
        nodes[number].run.followerBits += 1
      }
      slotCount += 1 << nodes[number].run.followerBits
    }
    var followers = [Follower](repeating: Follower(), count: slotCount)
    for number in nodes.indices.dropFirst() where !known.isStarred(number) {
      let run = nodes[Int(known.parents[number])].run
      var slot = CueTables.slot(of: nodes[number].hash, run)
      while followers[Int(run.followers) + slot].node != 0 {
        slot = (slot + 1) & CueTables.mask(run)
      }
      followers[Int(run.followers) + slot] = Follower(
        tag: UInt32(truncatingIfNeeded: nodes[number].hash),
        node: UInt32(number)
      )
    }
    self.nodes = AlignedRows(nodes)
    self.followers = AlignedRows(followers)
    self.starred = starred
    endings = index.endings
    starLengths = index.starLengths
    starPairs = index.starPairs
    starThirds = index.starThirds
  }

  /// A run that shows some of a list of endings.
  private static func run(_ endings: [CueIndex.Ending], _ start: Int, _ count: Int) -> Run {
    var run = Run(endings: UInt32(start), endingCount: UInt16(count))
    guard count == 1 else { return run }
    let ending = endings[start]
    if let evidence = UInt16(exactly: ending.evidence),
      let language = UInt16(exactly: ending.language)
    {
      run.endings = UInt32(language) << 16 | UInt32(evidence)
    } else {
      run.isListed = true
    }
    return run
  }

  /// Calls a body with every word with which a cue starts, by its hash, and what is needed of it; starred ones left out.
  func forEachStart(_ body: (_ hash: UInt64, Run) -> Void) {
    forEachFollower(of: nodes[0].run) { body($0.hash, $0.run) }
  }

  /// Calls a body with the hashes of every two words with which a cue starts; starred ones left out.
  func forEachPair(_ body: (_ first: UInt64, _ second: UInt64) -> Void) {
    forEachFollower(of: nodes[0].run) { first in
      forEachFollower(of: first.run) { body(first.hash, $0.hash) }
    }
  }

  private func forEachFollower(of run: Run, _ body: (Node) -> Void) {
    guard run.followerBits > 0 else { return }
    for slot in 0...CueTables.mask(run) {
      let node = followers[Int(run.followers) + slot].node
      if node != 0 { body(nodes[Int(node)]) }
    }
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  func find(in list: borrowing WordList, into hits: inout [Hit]) {
    let words = list.words.span
    for start in words.indices {
      if !words[start].isName { findStarredStart(list, start, &hits) }
      let node = follower(of: nodes[0].run, words[start].hash)
      if node != 0 { add(list, start, nodes[node], &hits) }
    }
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
    let words = list.words.span
    let places = places.span
    for start in words.indices {
      // A cue that is written as a name is rare.
      if words[start].isName {
        let node = follower(of: nodes[0].run, words[start].hash)
        if node != 0 { add(list, start, nodes[node], &hits) }
        continue
      }
      findStarredStart(list, start, &hits)
      let place = Int(places[start])
      let run = lexicon.run(of: place)
      if run.endingCount != 0 { add(run, start..<start + 1, to: &hits) }
      guard start + 1 < words.count else { continue }
      // Nearly always the next word is none of those that follow.
      let mayGoOn = run.followerBits != 0 && lexicon.mayFollow(words[start + 1].hash, place)
      if mayGoOn || run.hasStars {
        goOn(list, start, run, words[start].hash, mayGoOn: mayGoOn, &hits)
      }
    }
  }

  /// Adds the cues that start with a node, which stands at a word, and those that go on after it.
  private func add(_ list: borrowing WordList, _ start: Int, _ node: Node, _ hits: inout [Hit]) {
    if node.run.endingCount != 0 { add(node.run, start..<start + 1, to: &hits) }
    guard start + 1 < list.words.count else { return }
    let mayGoOn = node.next & CueTables.bit(of: list.words[start + 1].hash) != 0
    goOn(list, start, node.run, node.hash, mayGoOn: mayGoOn, &hits)
  }

  /// Adds the cues that go on after their first word, behind which stands another.
  ///
  /// - Parameters:
  ///   - list: The words.
  ///   - start: The first word.
  ///   - first: What is known of it.
  ///   - hash: Its hash.
  ///   - mayGoOn: Whether the next word may be one of those that follow.
  ///   - hits: Where to add the cues.
  private func goOn(
    _ list: borrowing WordList,
    _ start: Int,
    _ first: Run,
    _ hash: UInt64,
    mayGoOn: Bool,
    _ hits: inout [Hit]
  ) {
    let words = list.words.span
    var (run, mayGoOn) = (first, mayGoOn)
    var key = CueTables.key(0, hash)
    var place = start + 1
    while true {
      if run.hasStars, !words[place].isName {
        findStarred(list, key, start..<place + 1, starLengths, &hits)
      }
      let hash = words[place].hash
      guard mayGoOn else { return }
      let number = follower(of: run, hash)
      guard number != 0 else { return }
      let node = nodes[number]
      run = node.run
      key = CueTables.key(key, hash)
      place += 1
      if run.endingCount != 0 { add(run, start..<place, to: &hits) }
      guard place < words.count else { return }
      mayGoOn = node.next & CueTables.bit(of: words[place].hash) != 0
    }
  }

  /// The node of a run and a word that follows it, or 0.
  @inline(__always)
  private func follower(of run: Run, _ hash: UInt64) -> Int {
    guard run.followerBits != 0 else { return 0 }
    var slot = CueTables.slot(of: hash, run)
    while true {
      let known = followers[Int(run.followers) &+ slot]
      if known.node == 0 { return 0 }
      if known.tag == UInt32(truncatingIfNeeded: hash), nodes[Int(known.node)].hash == hash {
        return Int(known.node)
      }
      slot = (slot &+ 1) & CueTables.mask(run)
    }
  }

  @inline(__always)
  private static func mask(_ run: Run) -> Int { 1 &<< Int(run.followerBits) &- 1 }

  /// The slot in which a word after a run is sought first.
  @inline(__always)
  private static func slot(of hash: UInt64, _ run: Run) -> Int {
    // Neither the highest bits, which choose the bit of a word, nor those of its tag alone.
    Int(truncatingIfNeeded: hash &>> 20 ^ hash &>> 36) & mask(run)
  }

  /// The lengths of starred words that have no third letter.
  private static let shortLengths: UInt32 = 1 << 1 | 1 << 2

  /// Adds the cues of one word, starred, with which a word of a list starts.
  @inline(__always)
  private func findStarredStart(_ list: borrowing WordList, _ start: Int, _ hits: inout [Hit]) {
    let words = list.words.span
    let pair = Int(words[start].pair)
    let lengths = starPairs[pair]
    guard lengths != 0 else { return }
    guard
      lengths & CueTables.shortLengths != 0
        || words[start].letters.count > 2
          && starThirds[pair] >> UInt32(list.letters[words[start].letters.lowerBound + 2] & 31) & 1
            != 0
    else { return }
    // The last bit stands for all counts from 31 on.
    let longer = lengths >> 31 == 0 ? 0 : (starLengths >> 31) << 31
    findStarred(list, 0, start..<start + 1, UInt64(lengths & 0x7FFF_FFFF) | longer, &hits)
  }

  /// Adds the cues that end with a part of the last of some words, after a run of which the key is given: as many of its
  /// letters as there is a bit for.
  private func findStarred(
    _ list: borrowing WordList,
    _ key: UInt64,
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
      if lengths & 1 != 0, let end = starred[CueTables.key(key, hash)] {
        add(nodes[Int(end)].run, run, to: &hits)
      }
      lengths >>= 1
    }
  }

  @inline(__always)
  private func add(_ run: Run, _ words: Range<Int>, to hits: inout [Hit]) {
    if run.endingCount == 1, !run.isListed {
      hits.append(
        Hit(
          evidence: Int(run.endings & 0xFFFF),
          language: Int(run.endings >> 16),
          words: words
        )
      )
      return
    }
    for place in Int(run.endings)..<Int(run.endings) + Int(run.endingCount) {
      hits.append(
        Hit(
          evidence: Int(endings[place].evidence),
          language: Int(endings[place].language),
          words: words
        )
      )
    }
  }

  /// The key of a run and the word after it; that of no words is 0.
  @inline(__always)
  private static func key(_ run: UInt64, _ hash: UInt64) -> UInt64 {
    hash ^ (run &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The bit of a word among those that may follow a run.
  @inline(__always)
  private static func bit(of hash: UInt64) -> UInt64 { 1 << (hash >> 58) }
}
