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

  /// The words by their hash, each in the first free place from that on; before them one that is none.
  let entries: [Entry]
  /// What stands for a number around a sentence.
  let number: Int
  private let mask: Int

  init(_ cues: CueIndex, _ wording: WordingIndex) {
    var count = 0
    cues.forEachStart { _, _, _ in count += 1 }
    // Half of the places stay free. Most learned words start a cue as well.
    var entries = Lexicon.places(for: count)
    count = 0
    func find(_ hash: UInt64) -> Int {
      Lexicon.place(of: hash, entries.span, entries.count - 2)
    }
    func place(_ hash: UInt64) -> Int {
      var place = find(hash)
      if entries[place].hash != 0 { return place }
      count += 1
      if 2 * count >= entries.count {
        let known = entries
        entries = Lexicon.places(for: 2 * count)
        for entry in known where entry.hash != 0 { entries[find(entry.hash)] = entry }
        place = find(hash)
      }
      entries[place].hash = hash
      return place
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
    mask = entries.count - 2
  }

  /// Free places for so many words, half of them to stay free, and before them one that is none: 64 at least.
  private static func places(for count: Int) -> [Entry] {
    var slotCount = 64
    while slotCount < 2 * count { slotCount *= 2 }
    return [Entry](repeating: Entry(), count: slotCount + 1)
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
