package import VigieText

/// What cues and learned words know of single words, by their hash: one look-up a word serves all of them.
///
/// A class: to ask the evidence for a structure would count references to what it holds.
package final class Lexicon: Sendable {
  /// What is known of a word.
  struct Entry: Sendable {
    /// The hash of its letters; 0 where there is no word.
    var hash: UInt64 = 0
    /// The node of the cues that start with it (``CueIndex``), or 0.
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

  /// The words by their hash, each in the first free place from that on; before them one that is none.
  let entries: [Entry]
  /// What stands for a number around a sentence.
  let number: Int
  private let mask: Int

  init(_ cues: CueIndex, _ wording: WordingIndex) {
    var count = 0
    cues.forEachStart { _, _ in count += 1 }
    for entry in wording.entries { count += entry.kind == .pair ? 2 : 1 }
    var slotCount = 64
    while slotCount < 2 * count { slotCount *= 2 }
    let mask = slotCount - 1
    var entries = [Entry](repeating: Entry(), count: slotCount + 1)
    func place(_ hash: UInt64) -> Int {
      let place = Lexicon.place(of: hash, entries.span, mask)
      if entries[place].hash == 0 { entries[place].hash = hash }
      return place
    }
    cues.forEachStart { hash, node in entries[place(hash)].cue = node }
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
    self.mask = mask
  }

  /// Where a word stands, or the free place in which it would.
  @inline(__always)
  private static func place(of hash: UInt64, _ entries: Span<Entry>, _ mask: Int) -> Int {
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
    while true {
      let known = entries[slot &+ 1].hash
      if known == hash || known == 0 { return slot &+ 1 }
      slot = (slot &+ 1) & mask
    }
  }

  /// Looks up the words of a list, those of names by their letters; a place without a word for what is not known.
  package func find(_ list: borrowing WordList, into places: inout [UInt32]) {
    places.removeAll(keepingCapacity: true)
    let words = list.words.span
    let all = self.entries
    let entries = all.span
    for word in words.indices {
      let hash = words[word].isName ? list.hash(of: word) : words[word].hash
      places.append(UInt32(truncatingIfNeeded: Lexicon.place(of: hash, entries, mask)))
    }
  }
}
