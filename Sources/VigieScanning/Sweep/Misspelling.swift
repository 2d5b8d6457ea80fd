import VigieRulebook
import VigieText
import VigieUnicode

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
  ///
  /// - Parameters:
  ///   - string: The part.
  ///   - text: The text.
  ///   - place: Where it stands.
  ///   - skeleton: The letters of the text, where they were read for another place: then they are not read again.
  /// - Returns: Whether the phrase is worth a look.
  static func mayGoOn(
    _ string: borrowing Prefilter.PhraseString,
    _ text: Span<UInt8>,
    _ place: Place,
    _ skeleton: borrowing Skeleton
  ) -> Bool {
    let isAhead = string.letters.lowerBound == 0
    let left =
      isAhead
      ? string.letters.upperBound - place.letterCount
      : place.letterCount - string.letters.lowerBound
    let most = left + 5
    if let index = skeleton.index(after: place.end),
      skeleton.reaches(index, before: isAhead ? 0 : most, after: isAhead ? most : 0)
    {
      var next = isAhead ? index : index - 1
      let step = isAhead ? 1 : -1
      return goesOn(string, left) {
        // After an edge nothing is asked for.
        let symbol = skeleton.symbols[next]
        next += step
        return symbol == Skeleton.edge ? nil : symbol
      }
    }
    var walk = SymbolWalk(place.end)
    return goesOn(string, left) { walk.letter(text, isAhead) }
  }

  /// The same, with the letters one after the other; `nil` for no more.
  @inline(__always)
  private static func goesOn(
    _ string: borrowing Prefilter.PhraseString,
    _ count: Int,
    _ letter: () -> UInt8?
  ) -> Bool {
    var left = count
    while left > 0 {
      guard letter() != nil else { return false }
      left -= 1
    }
    var beyond = string.beyond
    for _ in 0..<min(3, string.beyondCount) {
      guard let symbol = letter() else { return false }
      if UInt32(symbol) != beyond & 31 {
        let after = beyond >> 5 & 31
        let next = letter().map(UInt32.init)
        return next == beyond & 31 || next == after || UInt32(symbol) == after
      }
      beyond >>= 5
    }
    return true
  }

  /// Whether the letters around a place leave those of a phrase once, beyond its part, and go on with them as they would
  /// after one wrong letter: else there is nothing in them for ``spelt(_:_:_:_:_:)``.
  @inline(__always)
  static func differs(
    _ letters: Span<PhraseLetter>,
    _ part: Range<Int>,
    _ skeleton: borrowing Skeleton,
    _ index: Int,
    _ letterCount: Int
  ) -> Bool {
    guard letterCount <= letters.count else { return false }
    let (behind, ahead) = edges(letters, skeleton, index, letterCount)
    let shift = index &- letterCount
    if behind < 0, ahead < letters.count, !part.contains(ahead) {
      return comesBack(letters, skeleton, ahead, shift, step: 1)
    }
    if ahead == letters.count, behind >= 0, !part.contains(behind) {
      return comesBack(letters, skeleton, behind, shift, step: -1)
    }
    return false
  }

  /// Whether all letters of a phrase beyond one that is wrong stand in the text: where they should, or one letter nearer
  /// or further away.
  ///
  /// - Parameters:
  ///   - letters: The letters of the phrase.
  ///   - skeleton: The letters of the text.
  ///   - wrong: The letter that does not stand there.
  ///   - shift: The index of the first letter of the phrase in the text, as it stands before the wrong one.
  ///   - step: 1 where the letters go on after it, -1 where before.
  /// - Returns: Whether the phrase may be spelt there with that letter wrong.
  private static func comesBack(
    _ letters: Span<PhraseLetter>,
    _ skeleton: borrowing Skeleton,
    _ wrong: Int,
    _ shift: Int,
    step: Int
  ) -> Bool {
    let next = wrong &+ step
    // One too many; another; one left out; two that changed places. One by one: an operator would keep the letters in a
    // closure, with which the compiler does not come to an end.
    if stand(letters, skeleton, from: wrong, shift &+ step, step) { return true }
    if stand(letters, skeleton, from: next, shift, step) { return true }
    if stand(letters, skeleton, from: next, shift &- step, step) { return true }
    guard letters[wrong].symbol == skeleton[next &+ shift] else { return false }
    return stand(letters, skeleton, from: next &+ step, shift, step)
  }

  /// Whether the letters of a phrase from one on stand in the text.
  @inline(__always)
  private static func stand(
    _ letters: Span<PhraseLetter>,
    _ skeleton: borrowing Skeleton,
    from first: Int,
    _ shift: Int,
    _ step: Int
  ) -> Bool {
    var place = first
    while place >= 0, place < letters.count {
      guard letters[place].symbol == skeleton[place &+ shift] else { return false }
      place &+= step
    }
    return true
  }

  /// The nearest letters of a phrase before and after a place that do not stand there; beyond its own where all do.
  @inline(__always)
  private static func edges(
    _ letters: Span<PhraseLetter>,
    _ skeleton: borrowing Skeleton,
    _ index: Int,
    _ letterCount: Int
  ) -> (behind: Int, ahead: Int) {
    let shift = index &- letterCount
    let all = skeleton.symbols
    let symbols = all.span
    // No letter is equal to the edges, beyond which nothing is looked at then.
    var ahead = letterCount
    while ahead < letters.count, letters[ahead].symbol == symbols[ahead &+ shift] { ahead &+= 1 }
    var behind = letterCount &- 1
    while behind >= 0, letters[behind].symbol == symbols[behind &+ shift] { behind &-= 1 }
    return (behind, ahead)
  }

  /// The phrase as it is spelt around a place, or `nil` where it is spelt right or more than one letter is wrong.
  ///
  /// Wrong is never the first or the last letter of a word: these make other words of it, a plural or a verb; nor
  /// one of a short word: "Oscar" is not "OCCAR".
  ///
  /// - Parameters:
  ///   - phrase: The phrase as it should be.
  ///   - part: Which of its letters stand there as they should; more or others do not count.
  ///   - skeleton: The letters of the text around the place: one more than the phrase has on each side.
  ///   - index: The first of them after the place.
  ///   - letterCount: How many letters of the phrase stand before it.
  /// - Returns: Its letters as they stand there, or `nil`.
  /// - Complexity: O(letters of the phrase).
  static func spelt(
    _ phrase: FoldedPhrase,
    _ part: Range<Int>,
    _ skeleton: borrowing Skeleton,
    _ index: Int,
    _ letterCount: Int
  ) -> Spelt? {
    let letters = phrase.letters.span
    // A ligature may go on beyond the phrase: then it does not end there.
    guard letterCount <= letters.count else { return nil }
    let (behind, ahead) = edges(letters, skeleton, index, letterCount)
    if behind < 0, ahead < letters.count, !part.contains(ahead) {
      guard let isSwap = isSwapAlone(letters, ahead) else { return nil }
      let side = Side(phrase.letters, letterCount, skeleton, index, isReversed: false)
      let wrong = ahead - letterCount
      guard let rest = isSwap ? side.swapped(from: wrong) : side.spelt(from: wrong) else {
        return nil
      }
      return Spelt(
        phrase: phrase.with(Array(phrase.letters[..<letterCount]) + rest),
        letterCount: letterCount
      )
    }
    if ahead == letters.count, behind >= 0, !part.contains(behind) {
      guard let isSwap = isSwapAlone(letters, behind) else { return nil }
      let side = Side(phrase.letters, letterCount, skeleton, index, isReversed: true)
      let wrong = letterCount - 1 - behind
      guard let start = isSwap ? side.swapped(from: wrong) : side.spelt(from: wrong) else {
        return nil
      }
      return Spelt(
        phrase: phrase.with(start.reversed() + phrase.letters[letterCount...]),
        letterCount: start.count
      )
    }
    return nil
  }

  /// Whether a letter's word is so short that it is known with two neighbours swapped alone; `nil` where it is too
  /// short for that.
  private static func isSwapAlone(_ letters: Span<PhraseLetter>, _ place: Int) -> Bool? {
    var start = place
    while start > 0, !letters[start].startsWord { start -= 1 }
    var end = place + 1
    while end < letters.count, !letters[end].startsWord { end += 1 }
    let count = end - start
    return count >= FoldedPhrase.misspeltWordLetterCount
      ? false : count >= FoldedPhrase.swappedWordLetterCount ? true : nil
  }

  /// The letters of a phrase and of a text, both away from the same place.
  private struct Side {
    /// All letters of the phrase.
    let letters: [PhraseLetter]
    /// How many of them stand before the place.
    let placeCount: Int
    /// Whether letters count backwards.
    let isReversed: Bool
    /// The letters of the text, and how many: one more than the phrase has, as far as nothing parts them.
    private var symbols = InlineArray<38, UInt8>(repeating: 0)
    private var symbolCount = 0

    init(
      _ letters: [PhraseLetter],
      _ placeCount: Int,
      _ skeleton: borrowing Skeleton,
      _ index: Int,
      isReversed: Bool
    ) {
      self.letters = letters
      self.placeCount = placeCount
      self.isReversed = isReversed
      // Phrases that may be misspelt have 36 letters or fewer.
      let most = min(symbols.count, count + 1)
      while symbolCount < most {
        let symbol = skeleton[isReversed ? index - 1 - symbolCount : index + symbolCount]
        if symbol == Skeleton.edge { break }
        symbols[symbolCount] = symbol
        symbolCount += 1
      }
    }

    /// How many letters of the phrase stand on this side.
    private var count: Int { isReversed ? placeCount : letters.count - placeCount }

    /// A letter of the phrase, counted from the place.
    private func letter(_ index: Int) -> PhraseLetter {
      isReversed ? letters[placeCount - 1 - index] : letters[placeCount + index]
    }

    /// The letters as the text has them, or `nil` where more is wrong than the one: of what fits, that which takes most
    /// of the text.
    func spelt(from wrong: Int) -> [PhraseLetter]? {
      // One too many: between two letters of a word, and not one more of its first or its last.
      if wrong < symbolCount, isInWord(between: wrong - 1, wrong), matches(wrong, wrong + 1),
        !isEdge(wrong - 1, symbols[wrong]), !isEdge(wrong, symbols[wrong])
      {
        var extra = letter(wrong)
        extra.stand(for: symbols[wrong])
        extra.startsWord = false
        return letters(0..<wrong) + [extra] + letters(wrong..<count)
      }
      if let swapped = swapped(from: wrong) { return swapped }
      guard !letter(wrong).startsWord, !isLast(wrong) else { return nil }
      if wrong < symbolCount, matches(wrong + 1, wrong + 1) {
        var other = letter(wrong)
        other.stand(for: symbols[wrong])
        return letters(0..<wrong) + [other] + letters((wrong + 1)..<count)
      }
      return matches(wrong + 1, wrong)
        ? letters(0..<wrong) + letters((wrong + 1)..<count) : nil
    }

    /// The letters as the text has them where two neighbours changed places there, or `nil`; the second may be the
    /// last of its word.
    func swapped(from wrong: Int) -> [PhraseLetter]? {
      guard isInWord(between: wrong, wrong + 1), wrong + 1 < symbolCount,
        !letter(isReversed ? wrong + 1 : wrong).startsWord,
        symbols[wrong] == letter(wrong + 1).symbol, symbols[wrong + 1] == letter(wrong).symbol,
        matches(wrong + 2, wrong + 2)
      else { return nil }
      return letters(0..<wrong) + [letter(wrong + 1), letter(wrong)] + letters((wrong + 2)..<count)
    }

    private func letters(_ range: Range<Int>) -> [PhraseLetter] { range.map(letter) }

    /// Whether the rest of the phrase stands in the text from a letter on.
    private func matches(_ own: Int, _ other: Int) -> Bool {
      guard own <= count, symbolCount - other >= count - own else { return false }
      for index in own..<count where letter(index).symbol != symbols[index - own + other] {
        return false
      }
      return true
    }

    /// Whether two neighbours, away from the place, are letters of one word.
    private func isInWord(between near: Int, _ far: Int) -> Bool {
      guard near >= 0, far < count else { return false }
      return !letter(isReversed ? near : far).startsWord
    }

    /// Whether a letter is the last of its word.
    private func isLast(_ index: Int) -> Bool {
      let next = isReversed ? placeCount - index : placeCount + index + 1
      return next >= letters.count || letters[next].startsWord
    }

    /// Whether a letter is the first or the last of its word, and that of a text is the same.
    private func isEdge(_ index: Int, _ symbol: UInt8) -> Bool {
      letter(index).symbol == symbol && (letter(index).startsWord || isLast(index))
    }
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
      if text[index] < 0x80 {
        let symbol = ScalarFold.skeleton(ascii: text[index])
        index += 1
        if symbol != 0 { return symbol }
        gap += 1
        continue
      }
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
      if text[index - 1] < 0x80 {
        index -= 1
        let symbol = ScalarFold.skeleton(ascii: text[index])
        if symbol != 0 { return symbol }
        gap += 1
        continue
      }
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
