package import VigieText

/// Patterns any of which may stand at a word; the first two letters of the word rule most of them out.
///
/// A class: a structure of this size is copied where a rule is asked for it.
package final class WordPatternSet: Sendable {
  private let patterns: [WordPattern]
  /// A bit for each pair of letters with which the first word of a pattern may start.
  ///
  /// On the heap: a list in the object itself would be copied for each question.
  private let pairs: [UInt64]
  /// The numbers of words that patterns have, each once.
  private let counts: [Int]

  /// Whether there is no pattern.
  package var isEmpty: Bool { patterns.isEmpty }

  /// A set of some patterns; one without words stands nowhere.
  package init(_ patterns: [WordPattern]) {
    self.patterns = patterns
    // Most rules name no words of most sorts.
    guard !patterns.isEmpty else {
      counts = []
      pairs = [UInt64](repeating: 0, count: CueIndex.pairCount / 64)
      return
    }
    var pairs = [UInt64](repeating: 0, count: CueIndex.pairCount / 64)
    self.counts = Set(patterns.map(\.hashes.count)).subtracting([0]).sorted()
    for pattern in patterns {
      for second in pattern.hasAnySecondLetter ? 0...Int(UInt8.max) : 0...0 {
        let pair = (pattern.firstPair + second) & (CueIndex.pairCount - 1)
        pairs[pair >> 6] |= 1 << UInt64(pair & 63)
      }
    }
    self.pairs = pairs
  }

  /// Whether any pattern may stand at a word of a list: no two letters of its start say no.
  @inline(__always)
  package func mayStand(in list: borrowing WordList, at start: Int) -> Bool {
    let pair = Int(list.words[start].pair)
    return pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0
  }

  /// At how many words of a list a pattern may stand.
  package func startCount(in list: borrowing WordList) -> Int {
    let words = list.words.span
    var count = 0
    for word in words.indices {
      let pair = Int(words[word].pair)
      count += Int(pairs[pair >> 6] >> UInt64(pair & 63) & 1)
    }
    return count
  }

  /// The number of words of the first pattern that stands at a word of a list, or `nil`.
  @inline(__always)
  package func wordCount(in list: borrowing WordList, at start: Int) -> Int? {
    mayStand(in: list, at: start) ? search(list, start, count: nil) : nil
  }

  /// Whether any pattern stands at a word.
  @inline(__always)
  package func stands(in list: borrowing WordList, at start: Int) -> Bool {
    wordCount(in: list, at: start) != nil
  }

  /// Whether any pattern ends right before a word.
  package func stands(in list: borrowing WordList, endingAt end: Int) -> Bool {
    for count in counts {
      guard count <= end else { break }
      if mayStand(in: list, at: end - count), search(list, end - count, count: count) != nil {
        return true
      }
    }
    return false
  }

  private func search(_ list: borrowing WordList, _ start: Int, count: Int?) -> Int? {
    let pair = Int(list.words[start].pair)
    let all = self.patterns
    let patterns = all.span
    for number in 0..<patterns.count
    where patterns[number].firstPair == pair || patterns[number].hasAnySecondLetter {
      let own = patterns[number].hashes.count
      if count == nil || count == own, patterns[number].matches(list, at: start) { return own }
    }
    return nil
  }
}
