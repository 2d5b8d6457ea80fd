import VigieCore
package import VigieText
import VigieUnicode

/// A few words in a row, as evidence and ordinary uses name them.
package struct WordPattern: Sendable, Equatable {
  /// The hash of each word; of the last only as many letters as are written where it has a `*`.
  package var hashes: [UInt64]
  /// The letters of the last word that must stand, where any ending may follow; 0 without a `*`.
  package var starCount: Int

  /// The number of the first two letters of the first word.
  let firstPair: Int
  /// Its third letter, or 0.
  let thirdLetter: UInt8

  /// Folds a phrase such as `ci-joint*`.
  package init(_ phrase: String) {
    var list = WordList()
    self.init(phrase, &list)
  }

  /// Folds a phrase in a list that is used for many: at the start there are thousands.
  init(_ phrase: String, _ list: inout WordList) {
    let utf8 = phrase.utf8
    let span = utf8.span
    let isStarred = span.count > 0 && span[span.count - 1] == UInt8(ascii: "*")
    list.read(span, 0..<(isStarred ? span.count - 1 : span.count))
    self.hashes = list.words.map(\.hash)
    self.firstPair = Int(list.words.first?.pair ?? 0)
    let first = list.words.first?.letters ?? 0..<0
    self.thirdLetter = first.count > 2 ? list.letters[first.lowerBound + 2] : 0
    self.starCount = isStarred ? (list.words.last?.letters.count ?? 0) : 0
  }

  /// Whether it is a single letter after which any other may stand.
  var hasAnySecondLetter: Bool { starCount == 1 && hashes.count == 1 }

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
