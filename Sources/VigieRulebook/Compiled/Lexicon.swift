package import VigieText

/// What cues and learned words know of single words, by their hash: one look-up a word serves all of them.
///
/// A class: to ask the evidence for a structure would count references to what it holds.
package final class Lexicon: Sendable {
  /// What is known of a word, in one line of the cache: a text looks for all of its words here.
  struct Entry: Sendable, BitwiseCopyable {
    /// The hash of its letters; 0 where there is no word.
    var hash: UInt64 = 0
    /// A bit for each eight highest bits of the hashes of words that may follow it in a cue.
    private var next = InlineArray<4, UInt64>(repeating: 0)
    /// The cues that start with it: their node would be one more place of memory for each word.
    var run = CueTables.Run()
    /// The numbers of what it weighs, in 24 bits each: the fourth in the highest bits of the others.
    private var weights = InlineArray<3, UInt32>(repeating: 0)

    init(hash: UInt64 = 0) { self.hash = hash }

    /// Whether two words in a row weigh something that start, or end, with it.
    var opensPair: Bool { run.signs.contains(.opensPair) }
    var closesPair: Bool { run.signs.contains(.closesPair) }

    /// The most numbers that are told apart.
    static let maxWeightCount = 1 << 24

    /// The number of what it weighs in the sentence of a marking, before it, after it, and around the sentence, or 0.
    var own: UInt32 { weights[0] & 0xFF_FFFF }
    var before: UInt32 { weights[1] & 0xFF_FFFF }
    var after: UInt32 { weights[2] & 0xFF_FFFF }
    var near: UInt32 {
      weights[0] &>> 24 | (weights[1] &>> 24) &<< 8 | (weights[2] &>> 24) &<< 16
    }

    /// Notes what it weighs at a place.
    mutating func note(_ number: UInt32, _ kind: WordingIndex.Entry.Kind) {
      switch kind {
      case .own: weights[0] = weights[0] & ~0xFF_FFFF | number
      case .before: weights[1] = weights[1] & ~0xFF_FFFF | number
      case .after: weights[2] = weights[2] & ~0xFF_FFFF | number
      case .near:
        for part in 0..<3 {
          weights[part] = weights[part] & 0xFF_FFFF | (number >> UInt32(8 * part)) << 24
        }
      case .pair: run.signs.insert(.opensPair)
      }
    }

    mutating func noteNext(_ hash: UInt64) {
      next[Int(hash >> 62)] |= 1 << (hash >> 56 & 63)
    }

    @inline(__always)
    func mayPrecede(_ hash: UInt64) -> Bool {
      next[Int(truncatingIfNeeded: hash &>> 62)] &>> (hash &>> 56) & 1 != 0
    }
  }

  /// The words; before them one that is none.
  let entries: AlignedRows<Entry>
  /// What stands for a number around a sentence.
  let number: Int
  /// Where a word is sought: its number among the entries in the lowest bits, and in the others the highest of its hash, so
  /// that nearly all that is not known is found out in memory that stays near; 0 where the slot is free.
  ///
  /// Each word is in the first free slot from that on which its hash says: half of them stay free.
  private let slots: AlignedRows<UInt32>
  /// How many bits the number of an entry has.
  private let numberBits: UInt32

  init(_ cues: CueIndex, _ wording: WordingIndex) {
    precondition(wording.entries.count < Entry.maxWeightCount)
    assert(MemoryLayout<Entry>.stride == 64)
    // Most learned words start a cue as well.
    var numbers = HashTable(capacity: wording.entries.count)
    var entries = [Entry()]
    entries.reserveCapacity(wording.entries.count)
    func place(_ hash: UInt64) -> Int {
      if let known = numbers[hash] { return Int(known) }
      numbers.insert(hash, UInt32(entries.count))
      entries.append(Entry(hash: hash))
      return entries.count - 1
    }
    cues.forEachStart { hash, run in entries[place(hash)].run = run }
    cues.forEachPair { first, second in entries[place(first)].noteNext(second) }
    for (number, entry) in zip(1..., wording.entries) {
      entries[place(entry.word)].note(UInt32(number), entry.kind)
      if entry.kind == .pair { entries[place(entry.next)].run.signs.insert(.closesPair) }
    }
    number = place(WordingIndex.numberHash)
    var slotCount = 64
    while slotCount < 2 * entries.count { slotCount *= 2 }
    var slots = [UInt32](repeating: 0, count: slotCount)
    // There are fewer entries than slots.
    let numberBits = UInt32(slotCount.trailingZeroBitCount)
    for number in entries.indices.dropFirst() {
      var slot = Lexicon.slot(of: entries[number].hash, slotCount)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = Lexicon.tag(of: entries[number].hash, numberBits) | UInt32(number)
    }
    self.numberBits = numberBits
    self.entries = AlignedRows(entries)
    self.slots = AlignedRows(slots)
  }

  /// The slot in which a word is sought first.
  @inline(__always)
  private static func slot(of hash: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash &>> 32)) & (count &- 1)
  }

  @inline(__always)
  private static func tag(of hash: UInt64, _ numberBits: UInt32) -> UInt32 {
    (UInt32(truncatingIfNeeded: hash &>> 32) &>> numberBits) &<< numberBits
  }

  /// What is needed of the cues that start with the word of an entry.
  @inline(__always)
  func run(of place: Int) -> CueTables.Run { entries[place].run }

  /// Whether a word may follow that of an entry in a cue.
  @inline(__always)
  func mayFollow(_ hash: UInt64, _ place: Int) -> Bool { entries[place].mayPrecede(hash) }

  /// Looks up the words of a list, those of names by their letters: for each its place, one without a word for what is not
  /// known; behind these is whatever stood there.
  package func find(_ list: borrowing WordList, into places: inout [UInt32]) {
    let words = list.words.span
    if places.count < words.count { places = [UInt32](repeating: 0, count: 2 * words.count) }
    var found = places.mutableSpan
    // All slots before any entry: none of them waits for what another one holds.
    for word in words.indices {
      let hash = words[word].isName ? list.hash(of: word) : words[word].hash
      found[word] = slots[Lexicon.slot(of: hash, slots.count)]
    }
    for word in words.indices where found[word] != 0 {
      let hash = words[word].isName ? list.hash(of: word) : words[word].hash
      found[word] = UInt32(truncatingIfNeeded: place(of: hash, first: found[word]))
    }
  }

  /// The place of a word among the entries, or 0, from what its first slot holds.
  @inline(__always)
  private func place(of hash: UInt64, first: UInt32) -> Int {
    var known = first
    var slot = Lexicon.slot(of: hash, slots.count)
    let tag = Lexicon.tag(of: hash, numberBits)
    while known != 0 {
      let number = known & (1 &<< numberBits &- 1)
      if known == tag | number, entries[Int(number)].hash == hash { return Int(number) }
      slot = (slot &+ 1) & (slots.count &- 1)
      known = slots[slot]
    }
    return 0
  }
}
