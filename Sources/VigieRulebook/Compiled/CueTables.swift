import VigieText

/// The cues of an index as they are looked up: made at first need, as most texts have no place that is judged.
///
/// What is asked of one run of words lies together, in one line of the cache, and so do the words that may follow it: nearly
/// all time here is spent waiting for memory.
final class CueTables: Sendable {
  /// What is needed of a run of words wherever it stands.
  struct Run: Sendable, BitwiseCopyable {
    /// What else is known of a run, and of its word where it is one.
    struct Signs: OptionSet {
      var rawValue: UInt8
      /// A starred word may follow.
      static let stars = Signs(rawValue: 1)
      /// A single ending stands in ``endings`` too.
      static let listed = Signs(rawValue: 2)
      /// Two words in a row weigh something that start, or end, with it.
      static let opensPair = Signs(rawValue: 4)
      static let closesPair = Signs(rawValue: 8)
    }

    /// Where its endings start in ``endings``; a single one itself, the evidence in the lower half, unless it is listed.
    var endings: UInt32 = 0
    /// Where the words that may follow start in ``tags`` and ``nodes``.
    var followers: UInt32 = 0
    var endingCount: UInt16 = 0
    /// One more than the power of two that there are places for them, or 0 where no word may follow.
    var followerBits: UInt8 = 0
    var signs: Signs = []
  }

  /// A run of words.
  private struct Node: BitwiseCopyable {
    /// The hash of its last word.
    var hash: UInt64 = 0
    /// A bit for each six highest bits of the hashes of words that may follow.
    var next: UInt64 = 0
    var run = Run()
  }

  typealias Hit = CueIndex.Hit

  /// The run of no words.
  private let root: Run
  /// A bit for each ten highest bits of the hashes of words with which cues start; starred ones left out.
  private let starts: AlignedRows<UInt64>
  /// The runs of words: those that go on one run stand together, each in the first free place from the one that the hash
  /// of its last word says on, the first after the last.
  private let nodes: AlignedRows<Node>
  /// For each of these places the lowest half of that hash, odd; 0 where it is free.
  ///
  /// Most words that are sought follow nothing, and these are found out here.
  private let tags: AlignedRows<UInt32>
  /// The places of starred words, by the key of the run before and of the letters before the star.
  private let starred: HashTable
  private let endings: [CueIndex.Ending]
  private let starLengths: UInt64
  private let starPairs: [UInt32]
  private let starThirds: [UInt32]

  init(_ index: borrowing CueIndex) {
    let known = index.nodes
    var nodes: [Node] = []
    nodes.reserveCapacity(known.count)
    var counts = [Int](repeating: 0, count: known.count)
    var starts = [UInt64](repeating: 0, count: 1 << (CueTables.startBits - 6))
    var ending = 0
    for number in 0..<known.count {
      let parent = Int(known.parents[number])
      var node = Node(run: CueTables.run(index.endings, ending, Int(known.endingCounts[number])))
      ending += Int(known.endingCounts[number])
      if known.hasStars(number) { node.run.signs.insert(.stars) }
      // Of the key of a run the word again.
      if number > 0 { node.hash = CueIndex.key(parent, known.keys[number]) }
      nodes.append(node)
      guard number > 0, !known.isStarred(number) else { continue }
      counts[parent] += 1
      nodes[parent].next |= CueTables.bit(of: node.hash)
      guard parent == 0 else { continue }
      let start = Int(node.hash >> (64 - CueTables.startBits))
      starts[start >> 6] |= 1 << UInt64(start & 63)
    }
    // The first place is nobody's: to be at 0 is to be nowhere where starred words are looked up.
    var placeCount = 1
    for number in nodes.indices where counts[number] > 0 {
      nodes[number].run.followers = UInt32(placeCount)
      nodes[number].run.followerBits = CueTables.followerBits(for: counts[number])
      placeCount += CueTables.mask(nodes[number].run) + 1
    }
    // Starred words, to which none leads by its tag, stand behind all others.
    var rows = [Node](repeating: Node(), count: placeCount)
    var tags = [UInt32](repeating: 0, count: placeCount)
    var starred = HashTable(capacity: known.count / 64)
    // What stands for a run: a key of the words of it.
    var keys: [UInt64] = [0]
    keys.reserveCapacity(known.count)
    for number in nodes.indices.dropFirst() {
      let (node, parent) = (nodes[number], Int(known.parents[number]))
      keys.append(CueTables.key(keys[parent], node.hash))
      if known.isStarred(number) {
        starred.insert(keys[number], UInt32(rows.count))
        rows.append(node)
        continue
      }
      let run = nodes[parent].run
      var place = CueTables.place(of: node.hash, run)
      while tags[Int(run.followers) + place] != 0 { place = (place + 1) & CueTables.mask(run) }
      tags[Int(run.followers) + place] = CueTables.tag(of: node.hash)
      rows[Int(run.followers) + place] = node
    }
    root = nodes[0].run
    self.starts = AlignedRows(starts)
    self.nodes = AlignedRows(rows)
    self.tags = AlignedRows(tags)
    self.starred = starred
    endings = index.endings
    starLengths = index.starLengths
    starPairs = index.starPairs
    starThirds = index.starThirds
  }

  /// One more than the power of two of the places for some words that follow a run: a few fill all of theirs, of many
  /// some stay free, or whoever seeks what is none of them would go on for long.
  private static func followerBits(for count: Int) -> UInt8 {
    let most = count <= 4 ? count : count + count / 2
    var bits: UInt8 = 0
    while 1 << Int(bits) < most { bits += 1 }
    return bits + 1
  }

  /// How many bits of a hash tell whether a cue may start with its word.
  private static let startBits: UInt64 = 10

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
      run.signs.insert(.listed)
    }
    return run
  }

  /// Calls a body with every word with which a cue starts, by its hash, and what is needed of it; starred ones left out.
  func forEachStart(_ body: (_ hash: UInt64, Run) -> Void) {
    forEachFollower(of: root) { body($0.hash, $0.run) }
  }

  /// Calls a body with the hashes of every two words with which a cue starts; starred ones left out.
  func forEachPair(_ body: (_ first: UInt64, _ second: UInt64) -> Void) {
    forEachFollower(of: root) { first in
      forEachFollower(of: first.run) { body(first.hash, $0.hash) }
    }
  }

  private func forEachFollower(of run: Run, _ body: (Node) -> Void) {
    guard run.followerBits > 0 else { return }
    for place in Int(run.followers)...Int(run.followers) + CueTables.mask(run)
    where tags[place] != 0 {
      body(nodes[place])
    }
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  func find(in list: borrowing WordList, into hits: inout [Hit]) {
    let words = list.words.span
    for start in words.indices {
      if !words[start].isName { findStarredStart(list, start, &hits) }
      if let node = self.start(words[start].hash) { add(list, start, node, &hits) }
    }
  }

  /// The run of one word with which cues start.
  @inline(__always)
  private func start(_ hash: UInt64) -> Node? {
    let start = Int(truncatingIfNeeded: hash &>> (64 &- CueTables.startBits))
    guard starts[start &>> 6] &>> UInt64(start & 63) & 1 != 0 else { return nil }
    return follower(of: root, hash)
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
    // What stands where the word after each of a few words is sought: all of it is asked for before any is looked at, as
    // what is not in the cache is waited for together then.
    var followers = InlineArray<8, UInt32>(repeating: 0)
    for start in words.indices {
      if start % followers.count == 0 {
        for word in start..<min(start + followers.count, words.count) {
          followers[word - start] = firstTag(list, after: word, Int(places[word]), lexicon)
        }
      }
      // A cue that is written as a name is rare.
      if words[start].isName {
        if let node = self.start(words[start].hash) { add(list, start, node, &hits) }
        continue
      }
      findStarredStart(list, start, &hits)
      let run = lexicon.run(of: Int(places[start]))
      if run.endingCount != 0 { add(run, start..<start + 1, to: &hits) }
      let mayGoOn = followers[start % followers.count] != 0
      if mayGoOn || run.signs.contains(.stars), start + 1 < words.count {
        goOn(list, start, run, words[start].hash, mayGoOn: mayGoOn, &hits)
      }
    }
  }

  /// The tag where the word after another is sought first, or 0 where none follows that in a cue.
  @inline(__always)
  private func firstTag(
    _ list: borrowing WordList,
    after word: Int,
    _ place: Int,
    _ lexicon: Lexicon
  ) -> UInt32 {
    guard word + 1 < list.words.count else { return 0 }
    let (run, hash) = (lexicon.run(of: place), list.words[word + 1].hash)
    // Nearly always the next word is none of those that follow.
    guard run.followerBits != 0, lexicon.mayFollow(hash, place) else { return 0 }
    return tags[Int(run.followers) &+ CueTables.place(of: hash, run)]
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
      if run.signs.contains(.stars), !words[place].isName {
        findStarred(list, key, start..<place + 1, starLengths, &hits)
      }
      let hash = words[place].hash
      guard mayGoOn else { return }
      guard let node = follower(of: run, hash) else { return }
      run = node.run
      key = CueTables.key(key, hash)
      place += 1
      if run.endingCount != 0 { add(run, start..<place, to: &hits) }
      guard place < words.count else { return }
      mayGoOn = node.next & CueTables.bit(of: words[place].hash) != 0
    }
  }

  /// The run of another and a word that follows it, or `nil`.
  @inline(__always)
  private func follower(of run: Run, _ hash: UInt64) -> Node? {
    guard run.followerBits != 0 else { return nil }
    let (mask, tag) = (CueTables.mask(run), CueTables.tag(of: hash))
    var place = CueTables.place(of: hash, run)
    // Where all places are taken, each is looked at once.
    for _ in 0...mask {
      let known = tags[Int(run.followers) &+ place]
      if known == 0 { return nil }
      if known == tag {
        let node = nodes[Int(run.followers) &+ place]
        if node.hash == hash { return node }
      }
      place = (place &+ 1) & mask
    }
    return nil
  }

  @inline(__always)
  private static func mask(_ run: Run) -> Int { 1 &<< (Int(run.followerBits) &- 1) &- 1 }

  @inline(__always)
  private static func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) | 1 }

  /// The place in which a word after a run is sought first.
  @inline(__always)
  private static func place(of hash: UInt64, _ run: Run) -> Int {
    // Not the highest bits, which choose the bit of a word.
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
    if run.endingCount == 1, !run.signs.contains(.listed) {
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
