package import VigieText

/// What cues and learned words know of single words, by their hash: one look-up a word serves all of them.
///
/// A class: to ask the evidence for a structure would count references to what it holds.
package final class Lexicon: Sendable {
  /// What is known of a word.
  struct Entry: Sendable {
    /// The hash of its letters; 0 where there is no word.
    var hash: UInt64 = 0
    /// What is needed of the cues that start with it: their node would be one more place of memory for each word.
    var run = CueTables.Run.none
    /// The node of these cues (``CueIndex``), or 0.
    var cue: UInt32 = 0
    /// The number of what it weighs in the sentence of a marking, before it, after it, and around the sentence, or 0.
    var own: UInt32 = 0
    var before: UInt32 = 0
    var after: UInt32 = 0
    var near: UInt32 = 0
    /// Whether two words in a row weigh something that start, or end, with it.
    var opensPair = false
    var closesPair = false
  }

  /// Where a word is sought: nothing of it but a part of its hash and its number, so that nearly all that is asked for, which
  /// is mostly not known, is found out in memory that stays near.
  private struct Slot {
    /// The highest half of the hash.
    var tag: UInt32 = 0
    /// The number of the word among the entries; 0 where the slot is free.
    var entry: UInt32 = 0
  }

  /// The words; before them one that is none.
  let entries: [Entry]
  /// What stands for a number around a sentence.
  let number: Int
  /// The words by their hash, each in the first free slot from that on: half of them stay free.
  private let slots: [Slot]

  init(_ cues: CueIndex, _ wording: WordingIndex) {
    var count = 0
    cues.forEachStart { _, _, _ in count += 1 }
    // Most learned words start a cue as well.
    var slotCount = 64
    while slotCount < 2 * count { slotCount *= 2 }
    var slots = [Slot](repeating: Slot(), count: slotCount)
    var entries = [Entry()]
    entries.reserveCapacity(count + 1)
    func place(_ hash: UInt64) -> Int {
      let known = Lexicon.place(of: hash, slots.span, entries.span)
      if known > 0 { return known }
      if 2 * (entries.count + 1) >= slots.count { slots = Lexicon.doubled(slots, entries) }
      Lexicon.insert(hash, entries.count, &slots)
      entries.append(Entry(hash: hash))
      return entries.count - 1
    }
    cues.forEachStart { hash, node, run in
      let word = place(hash)
      entries[word].cue = node
      entries[word].run = run
    }
    for (number, entry) in zip(1..., wording.entries) {
      let word = place(entry.word)
      let number = UInt32(number)
      switch entry.kind {
      case .own: entries[word].own = number
      case .before: entries[word].before = number
      case .after: entries[word].after = number
      case .near: entries[word].near = number
      case .pair:
        entries[word].opensPair = true
        entries[place(entry.next)].closesPair = true
      }
    }
    number = place(WordingIndex.numberHash)
    self.entries = entries
    self.slots = slots
  }

  /// Twice as many slots for the same words.
  private static func doubled(_ slots: [Slot], _ entries: [Entry]) -> [Slot] {
    var more = [Slot](repeating: Slot(), count: 2 * slots.count)
    for place in entries.indices.dropFirst() { insert(entries[place].hash, place, &more) }
    return more
  }

  private static func insert(_ hash: UInt64, _ place: Int, _ slots: inout [Slot]) {
    let mask = slots.count - 1
    var slot = first(hash, mask)
    while slots[slot].entry != 0 { slot = (slot &+ 1) & mask }
    slots[slot] = Slot(tag: UInt32(hash >> 32), entry: UInt32(place))
  }

  /// The slot in which a word is sought first.
  @inline(__always)
  private static func first(_ hash: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
  }

  /// The place of a word among the entries, or 0.
  @inline(__always)
  private static func place(of hash: UInt64, _ slots: Span<Slot>, _ entries: Span<Entry>) -> Int {
    let mask = slots.count &- 1
    var slot = first(hash, mask)
    while true {
      // There is a slot for each number up to the mask.
      let known = unsafe slots[unchecked: slot]
      if known.entry == 0 { return 0 }
      if known.tag == UInt32(truncatingIfNeeded: hash >> 32),
        entries[Int(known.entry)].hash == hash
      {
        return Int(known.entry)
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// Looks up the words of a list, those of names by their letters: for each its place, one without a word for what is not
  /// known; behind these is whatever stood there.
  package func find(_ list: borrowing WordList, into places: inout [UInt32]) {
    let words = list.words.span
    if places.count < words.count { places = [UInt32](repeating: 0, count: 2 * words.count) }
    var found = places.mutableSpan
    let (known, all) = (self.slots, self.entries)
    let slots = known.span
    let entries = all.span
    for word in words.indices {
      let hash = words[word].isName ? list.hash(of: word) : words[word].hash
      found[word] = UInt32(truncatingIfNeeded: Lexicon.place(of: hash, slots, entries))
    }
  }
}
