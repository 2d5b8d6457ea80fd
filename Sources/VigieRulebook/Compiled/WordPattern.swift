import VigieCore
package import VigieText
import VigieUnicode

/// A few words in a row, as evidence and ordinary uses name them.
package struct WordPattern: Sendable, Equatable {
  /// The hash of each word; of the last only as many letters as are written where it has a `*`.
  package var hashes: [UInt64]
  /// The letters of the last word that must stand, where any ending may follow; 0 without a `*`.
  package var starCount: Int

  /// Folds a phrase such as `ci-joint*`.
  package init(_ phrase: String) {
    let isStarred = phrase.hasSuffix("*")
    let bytes = Array((isStarred ? String(phrase.dropLast()) : phrase).utf8)
    var list = WordList()
    list.read(bytes.span, 0..<bytes.count)
    self.hashes = list.words.map(\.hash)
    self.starCount = isStarred ? (list.words.last?.letters.count ?? 0) : 0
  }

  /// Whether the words stand in a list from a word on.
  package func matches(_ list: borrowing WordList, at start: Int) -> Bool {
    guard !hashes.isEmpty, start >= 0, start + hashes.count <= list.words.count else {
      return false
    }
    for offset in hashes.indices {
      let word = list.words[start + offset]
      if offset == hashes.count - 1, starCount > 0 {
        guard word.letters.count >= starCount else { return false }
        var hash = WordList.emptyHash
        for place in word.letters.prefix(starCount) {
          hash = WordList.hash(hash, list.letters[place])
        }
        if hash != hashes[offset] { return false }
      } else if word.hash != hashes[offset] {
        return false
      }
    }
    return true
  }
}

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
  private struct Ending: Equatable, Sendable {
    var evidence: Int
    var language: Int
  }

  private var exact = HashTable()
  private var starred = HashTable()
  /// A bit for each length of a starred last word.
  private var starLengths: UInt64 = 0
  /// For each node the evidence whose words end there.
  private var endings: [[Ending]] = [[]]
  /// The most words of any cue.
  private var maxWordCount = 0

  init(_ cues: [(evidence: Int, language: Int, pattern: WordPattern)]) {
    for cue in cues where !cue.pattern.hashes.isEmpty {
      var node = 0
      maxWordCount = max(maxWordCount, cue.pattern.hashes.count)
      for (offset, hash) in cue.pattern.hashes.enumerated() {
        let isStar = cue.pattern.starCount > 0 && offset == cue.pattern.hashes.count - 1
        if isStar { starLengths |= 1 << UInt64(min(cue.pattern.starCount, 63)) }
        let key = CueIndex.key(node, hash)
        if let next = isStar ? starred[key] : exact[key] {
          node = Int(next)
        } else {
          endings.append([])
          node = endings.count - 1
          if isStar { starred.insert(key, UInt32(node)) } else { exact.insert(key, UInt32(node)) }
        }
      }
      let ending = Ending(evidence: cue.evidence, language: cue.language)
      if !endings[node].contains(ending) { endings[node].append(ending) }
    }
  }

  /// Adds every cue that stands in a list, in the order of its first word.
  package func find(in list: borrowing WordList, into hits: inout [Hit]) {
    for start in 0..<list.words.count {
      var node = 0
      var place = start
      while place < list.words.count, place - start < maxWordCount {
        let word = list.words[place]
        if starLengths != 0 {
          var hash = WordList.emptyHash
          for (offset, letter) in word.letters.enumerated() where offset < 63 {
            hash = WordList.hash(hash, list.letters[letter])
            if starLengths >> UInt64(offset + 1) & 1 != 0,
              let end = starred[CueIndex.key(node, hash)]
            {
              for ending in endings[Int(end)] {
                hits.append(
                  Hit(
                    evidence: ending.evidence,
                    language: ending.language,
                    words: start..<(place + 1)
                  )
                )
              }
            }
          }
        }
        guard let next = exact[CueIndex.key(node, word.hash)] else { break }
        node = Int(next)
        place += 1
        for ending in endings[node] {
          hits.append(
            Hit(evidence: ending.evidence, language: ending.language, words: start..<place)
          )
        }
      }
    }
  }

  private static func key(_ node: Int, _ hash: UInt64) -> UInt64 {
    hash ^ (UInt64(node) &* 0x9E37_79B9_7F4A_7C15)
  }
}

/// A table from 64-bit hashes to numbers; the hash is the key.
struct HashTable: Sendable {
  private var keys: [UInt64] = [UInt64](repeating: 0, count: 64)
  private var values: [UInt32] = [UInt32](repeating: 0, count: 64)
  private var count = 0

  subscript(key: UInt64) -> UInt32? {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds a value greater than 0.
  mutating func insert(_ key: UInt64, _ value: UInt32) {
    if count * 2 >= keys.count { grow() }
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = value
    count += 1
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = [UInt64](repeating: 0, count: old.0.count * 2)
    values = [UInt32](repeating: 0, count: old.0.count * 2)
    count = 0
    for slot in old.0.indices where old.1[slot] != 0 { insert(old.0[slot], old.1[slot]) }
  }
}
