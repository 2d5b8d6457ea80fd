import VigieText

/// All ways to get one letter of a phrase wrong, written down one by one.
enum ReferenceMisspelling {
  /// Stands for any letter but the one that should be there.
  private static let otherThan: UInt8 = 0x80
  /// Stands for any letter at all.
  private static let any: UInt8 = 0xFF

  /// Whether a letter of a spelling takes a symbol of a text.
  static func accepts(_ letter: PhraseLetter, _ symbol: UInt8) -> Bool {
    if letter.symbol == any { return true }
    return letter.symbol >= otherThan
      ? letter.symbol - otherThan != symbol : letter.symbol == symbol
  }

  /// The spellings of a phrase of 14 to 36 letters and two words or more, with one letter wrong in a word of six or more, or two
  /// swapped in one of four or more.
  static func spellings(of phrase: FoldedPhrase) -> [[PhraseLetter]] {
    guard phrase.view == .skeleton, phrase.letters.count >= 14, phrase.wordCount >= 2 else {
      return []
    }
    var spellings: [[PhraseLetter]] = []
    for word in words(phrase.letters) where word.count >= 4 {
      for place in word.dropFirst().dropLast() {
        var swapped = phrase.letters
        swapped.swapAt(place, place + 1)
        spellings.append(swapped)
      }
      if word.count < 6 { continue }
      for place in word.dropFirst() {
        // One more of the first or the last letter counts as one outside the word.
        let taboo =
          place == word.upperBound - 1 ? place : place == word.lowerBound + 1 ? place - 1 : nil
        var longer = phrase.letters
        let symbol = taboo.map { otherThan + longer[$0].symbol } ?? any
        longer.insert(wrong(longer[place], symbol), at: place)
        spellings.append(longer)
      }
      for place in word.dropFirst().dropLast() {
        var other = phrase.letters
        other[place] = wrong(other[place], otherThan + other[place].symbol)
        spellings.append(other)
        var shorter = phrase.letters
        shorter.remove(at: place)
        spellings.append(shorter)
      }
    }
    // Two of the same that change places, or one more beside its like, may be spelt as before.
    return spellings.filter { $0.map(\.symbol) != phrase.symbols }
  }

  private static func wrong(_ letter: PhraseLetter, _ symbol: UInt8) -> PhraseLetter {
    var letter = letter
    letter.symbol = symbol
    letter.base = 0
    letter.isAccented = true
    return letter
  }

  private static func words(_ letters: [PhraseLetter]) -> [Range<Int>] {
    let starts = letters.indices.filter { letters[$0].startsWord }
    return zip(starts, starts.dropFirst() + [letters.count]).map { $0..<$1 }
  }
}
