import VigieRulebook
import VigieText

/// One wrong letter between a phrase and a text: another one, one too many, one left out, or two neighbours that
/// changed places.
///
/// A part of the phrase stands in the text as it should; from there on the letters are compared in both
/// directions. The phrase as it is spelt then goes through the same check as any other.
enum Misspelling {
  /// Where a phrase is met in a text.
  struct Place {
    /// The byte after the scalar of the last letter seen.
    var end: Int
    /// How many letters of the phrase stand before it.
    var letterCount: Int
  }

  /// A phrase as a text spells it.
  struct Spelt {
    var phrase: FoldedPhrase
    /// How many of its letters stand before the same byte.
    var letterCount: Int
  }

  /// Whether the letters beyond a part may be those of its phrase with one of them wrong.
  ///
  /// A part alone stands in many texts, and most of them end here: nothing of the phrase itself is looked at.
  static func mayGoOn(
    _ string: borrowing Prefilter.PhraseString,
    _ text: Span<UInt8>,
    _ place: Place
  ) -> Bool {
    let isAhead = string.letters.lowerBound == 0
    var left =
      isAhead
      ? string.letters.upperBound - place.letterCount
      : place.letterCount - string.letters.lowerBound
    var walk = SymbolWalk(place.end)
    while left > 0 {
      guard walk.letter(text, isAhead) != nil else { return false }
      left -= 1
    }
    var beyond = string.beyond
    for _ in 0..<min(3, string.beyondCount) {
      guard let symbol = walk.letter(text, isAhead) else { return false }
      if UInt32(symbol) != beyond & 31 {
        let after = beyond >> 5 & 31
        let next = walk.letter(text, isAhead).map(UInt32.init)
        return next == beyond & 31 || next == after || UInt32(symbol) == after
      }
      beyond >>= 5
    }
    return true
  }

  /// The phrase as it is spelt around a place, or `nil` where it is spelt right or more than one letter is wrong.
  ///
  /// Wrong is never the first or the last letter of a word: these make other words of it, a plural or a verb; nor
  /// one of a short word: "Oscar" is not "OCCAR".
  ///
  /// - Parameters:
  ///   - phrase: The phrase as it should be.
  ///   - part: Which of its letters stand there as they should; more or others do not count.
  ///   - text: The text.
  ///   - place: Where it stands.
  /// - Returns: Its letters as they stand there, or `nil`.
  /// - Complexity: O(letters of the phrase), and what stands between them.
  static func spelt(
    _ phrase: FoldedPhrase,
    _ part: Range<Int>,
    _ text: Span<UInt8>,
    _ place: Place
  ) -> Spelt? {
    // A ligature may go on beyond the phrase: then it does not end there.
    guard place.letterCount <= phrase.letters.count else { return nil }
    let letters = phrase.letters
    let longs = lettersOfLongWords(letters)
    let isAfterWord =
      place.letterCount == letters.count || letters[place.letterCount].startsWord
    let ahead = Letters(
      phrase: Array(letters[place.letterCount...]),
      isOfLongWord: Array(longs[place.letterCount...]),
      text: symbols(text, after: place.end, atMost: letters.count - place.letterCount + 1),
      isPlaceAfterWord: isAfterWord
    )
    let behind = Letters(
      phrase: letters[..<place.letterCount].reversed(),
      isOfLongWord: longs[..<place.letterCount].reversed(),
      text: symbols(text, before: place.end, atMost: place.letterCount + 1),
      isPlaceAfterWord: isAfterWord
    )
    switch (ahead.firstWrong, behind.firstWrong) {
    case (let wrong?, nil) where !part.contains(place.letterCount + wrong):
      guard let rest = ahead.spelt(from: wrong, isReversed: false) else { return nil }
      return Spelt(
        phrase: phrase.with(Array(letters[..<place.letterCount]) + rest),
        letterCount: place.letterCount
      )
    case (nil, let wrong?) where !part.contains(place.letterCount - 1 - wrong):
      guard let start = behind.spelt(from: wrong, isReversed: true) else { return nil }
      return Spelt(
        phrase: phrase.with(start.reversed() + letters[place.letterCount...]),
        letterCount: start.count
      )
    default: return nil
    }
  }

  /// For each letter whether its word is long enough to be known with one of them wrong.
  private static func lettersOfLongWords(_ letters: [PhraseLetter]) -> [Bool] {
    var isLong = [Bool](repeating: false, count: letters.count)
    var start = 0
    for end in 1...letters.count where end == letters.count || letters[end].startsWord {
      if end - start >= FoldedPhrase.misspeltWordLetterCount {
        for index in start..<end { isLong[index] = true }
      }
      start = end
    }
    return isLong
  }

  /// The letters of a phrase and of a text, both away from the same place.
  private struct Letters {
    let phrase: [PhraseLetter]
    /// For each letter whether its word is long enough.
    let isOfLongWord: [Bool]
    let text: [UInt8]
    /// Whether a word ends at the place.
    let isPlaceAfterWord: Bool

    /// The first letter of the phrase that does not stand there.
    var firstWrong: Int? {
      phrase.indices.first { !text.indices.contains($0) || text[$0] != phrase[$0].symbol }
    }

    /// The letters as the text has them, or `nil` where more is wrong than the one: of what fits, that which takes most
    /// of the text.
    func spelt(from wrong: Int, isReversed: Bool) -> [PhraseLetter]? {
      guard isOfLongWord[wrong] else { return nil }
      let right = Array(phrase[..<wrong])
      // One too many: between two letters of a word, and not one more of its first or its last.
      if isInWord(between: wrong - 1, wrong, isReversed), matches(wrong, wrong + 1),
        !isEdge(wrong - 1, isReversed, text[wrong]), !isEdge(wrong, isReversed, text[wrong])
      {
        var extra = phrase[wrong]
        extra.stand(for: text[wrong])
        extra.startsWord = false
        return right + [extra] + Array(phrase[wrong...])
      }
      // Of two that changed places the second may be the last of its word.
      if isInWord(between: wrong, wrong + 1, isReversed), wrong + 1 < text.count,
        !phrase[isReversed ? wrong + 1 : wrong].startsWord,
        text[wrong] == phrase[wrong + 1].symbol, text[wrong + 1] == phrase[wrong].symbol,
        matches(wrong + 2, wrong + 2)
      {
        return right + [phrase[wrong + 1], phrase[wrong]] + Array(phrase[(wrong + 2)...])
      }
      guard !phrase[wrong].startsWord, !isLast(wrong, isReversed) else { return nil }
      if matches(wrong + 1, wrong + 1) {
        var letter = phrase[wrong]
        letter.stand(for: text[wrong])
        return right + [letter] + Array(phrase[(wrong + 1)...])
      }
      return matches(wrong + 1, wrong) ? right + Array(phrase[(wrong + 1)...]) : nil
    }

    /// Whether the rest of the phrase stands in the text from a letter on.
    private func matches(_ own: Int, _ other: Int) -> Bool {
      guard own <= phrase.count, text.count - other >= phrase.count - own else { return false }
      return zip(phrase[own...], text[min(other, text.count)...]).allSatisfy { $0.symbol == $1 }
    }

    /// Whether two neighbours, away from the place, are letters of one word.
    private func isInWord(between near: Int, _ far: Int, _ isReversed: Bool) -> Bool {
      guard near >= 0, far < phrase.count else { return false }
      return !phrase[isReversed ? near : far].startsWord
    }

    /// Whether a letter is the last of its word; the letters at the place itself have a neighbour beyond it.
    private func isLast(_ index: Int, _ isReversed: Bool) -> Bool {
      if isReversed { return index == 0 ? isPlaceAfterWord : phrase[index - 1].startsWord }
      return index + 1 == phrase.count || phrase[index + 1].startsWord
    }

    /// Whether a letter is the first or the last of its word, and that of a text is the same.
    private func isEdge(_ index: Int, _ isReversed: Bool, _ symbol: UInt8) -> Bool {
      phrase[index].symbol == symbol
        && (phrase[index].startsWord || isLast(index, isReversed))
    }
  }

  /// The letters of a text after a byte, as far as nothing parts them.
  private static func symbols(_ text: Span<UInt8>, after end: Int, atMost count: Int) -> [UInt8] {
    var walk = SymbolWalk(end)
    var symbols: [UInt8] = []
    while symbols.count < count, let symbol = walk.next(text) { symbols.append(symbol) }
    return symbols
  }

  /// The letters of a text before a byte, the nearest first.
  private static func symbols(_ text: Span<UInt8>, before end: Int, atMost count: Int) -> [UInt8] {
    var walk = SymbolWalk(end)
    var symbols: [UInt8] = []
    while symbols.count < count, let symbol = walk.previous(text) { symbols.append(symbol) }
    return symbols
  }
}

/// A walk over the letters of a text in one direction, up to where more than a gap parts them.
private struct SymbolWalk {
  private var index: Int
  /// What is left of the letters of the last scalar, the next lowest.
  private var held: UInt32 = 0
  private var heldCount = 0

  init(_ index: Int) { self.index = index }

  /// The letter after or before.
  @inline(__always)
  mutating func letter(_ text: Span<UInt8>, _ isAhead: Bool) -> UInt8? {
    isAhead ? next(text) : previous(text)
  }

  /// The next letter.
  mutating func next(_ text: Span<UInt8>) -> UInt8? {
    var gap = 0
    while heldCount == 0 {
      guard index < text.count, gap <= PhraseCheck.maxGapCount else { return nil }
      let unit = text.scalar(at: index)
      index += unit.length
      (heldCount, held) = PhraseCheck.fold(unit.value, .skeleton)
      gap += unit.length
    }
    defer {
      held >>= 8
      heldCount -= 1
    }
    return UInt8(truncatingIfNeeded: held)
  }

  /// The letter before.
  mutating func previous(_ text: Span<UInt8>) -> UInt8? {
    var gap = 0
    while heldCount == 0 {
      guard index > 0, gap <= PhraseCheck.maxGapCount else { return nil }
      let unit = text.scalar(before: index)
      index -= unit.length
      (heldCount, held) = PhraseCheck.fold(unit.value, .skeleton)
      gap += unit.length
    }
    heldCount -= 1
    return UInt8(truncatingIfNeeded: held >> UInt32(heldCount * 8))
  }
}

extension PhraseLetter {
  /// Stands for a letter of a text that the phrase does not have.
  fileprivate mutating func stand(for symbol: UInt8) {
    self.symbol = symbol
    base = 0
    isAccented = true
  }
}

extension FoldedPhrase {
  /// The same phrase with other letters.
  fileprivate func with(_ letters: [PhraseLetter]) -> FoldedPhrase {
    var phrase = self
    phrase.letters = letters
    return phrase
  }
}
