import VigieRulebook
import VigieText

/// Whether a short form stands for other words than the marking.
extension Judge {
  /// Whether a short form stands for words that are not the marking, here or where it stands again: *TP et DR sont
  /// deux choses; la DR (durée de retour) se calcule*.
  func isAcronymAnywhere(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ place: Range<Int>,
    within reach: Range<Int>
  ) -> Bool {
    if isOtherAcronym(match, near, text, place) { return true }
    guard match.range.count <= 5, place.count == 1 else { return false }
    let word = words.words[place.lowerBound]
    var left = Judge.acronymCount
    for index in reach
    where index != place.lowerBound && words.words[index].hash == word.hash
      && words.words[index].letters.count == word.letters.count
    {
      var other = match
      other.range = words.words[index].range
      if isOtherAcronym(other, near, text, index..<index + 1) { return true }
      left -= 1
      if left == 0 { break }
    }
    return false
  }

  /// At how many other places of a short form is looked: a flood of it must not make each of them slow.
  private static let acronymCount = 8

  /// Whether a short form in brackets stands for the words before it, or after it, that are not
  /// the marking.
  func isOtherAcronym(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ place: Range<Int>
  ) -> Bool {
    guard match.range.count <= 5, place.count == 1 else { return false }
    let letters = words.words[place.lowerBound].letters
    guard letters.count >= 2 else { return false }
    if StampPosition.isBracketed(text, match.range),
      let initials = initials(before: place.lowerBound, letters)
    {
      return !isMarked(initials, match, near)
    }
    // DR (direction régionale), DR = direction régionale, DR | direction régionale
    var start = place.upperBound
    guard start < words.words.count else { return false }
    if !isExplained(text, match.range.upperBound..<words.words[start].range.lowerBound) {
      // DR, ici, veut dire « dose réduite »
      guard let said = explanation(from: start, text) else {
        let later = isSpeltLater(match, letters, start, text)
        return later.map { !isMarked($0, match, near) } ?? false
      }
      start = said
    }
    guard let initials = initials(from: start, letters) else { return false }
    return !isMarked(initials, match, near)
  }

  /// Whether brackets later in the sentence of a short form hold nothing but words that spell it otherwise:
  /// *note de frais DR à signer (déplacement régional)*.
  private func isSpeltLater(
    _ match: RawMatch,
    _ letters: Range<Int>,
    _ start: Int,
    _ text: Span<UInt8>
  ) -> Range<Int>? {
    let end = min(words.words.count, start + Judge.explanationReach)
    var index = start + 1
    while index < end, words.words[index].before < .sentence {
      let gap = words.words[index - 1].range.upperBound..<words.words[index].range.lowerBound
      if gap.count <= 4, gap.contains(where: { text[$0] == 0x28 }),
        let initials = initials(from: index, letters)
      {
        let after = words.words[initials.upperBound - 1].range.upperBound
        return after < text.count && text[after] == 0x29 ? initials : nil
      }
      index += 1
    }
    return nil
  }

  /// The words before one, small ones left out, whose first letters are some letters.
  private func initials(before end: Int, _ letters: Range<Int>) -> Range<Int>? {
    var left = letters.upperBound
    var index = end - 1
    while index >= 0, left > letters.lowerBound, words.words[index + 1].before < .sentence {
      let word = words.words[index]
      if !isSmall(index) {
        left -= 1
        if words.letters[word.letters.lowerBound] != words.letters[left] { return nil }
      }
      index -= 1
    }
    return left == letters.lowerBound ? index + 1..<end : nil
  }

  /// The words from one on, small ones left out, whose first letters are some letters.
  private func initials(from start: Int, _ letters: Range<Int>) -> Range<Int>? {
    var next = letters.lowerBound
    var index = start
    while index < words.words.count, next < letters.upperBound {
      let word = words.words[index]
      if !isSmall(index) {
        if words.letters[word.letters.lowerBound] != words.letters[next] { return nil }
        next += 1
      }
      index += 1
    }
    return next == letters.upperBound ? start..<index : nil
  }

  /// Whether another match of the rule stands in one of some words, small ones left out.
  private func isMarked(
    _ initials: Range<Int>,
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>
  ) -> Bool {
    near.contains { other in
      other.rule == match.rule
        && initials.contains { !isSmall($0) && words.words[$0].range.overlaps(other.range) }
    }
  }

  /// How many words there may be between a short form and what says that words explain it.
  private static let explanationReach = 9

  /// The first word of what a short form is said to mean, in its own sentence: after *veut dire* and the like, or in
  /// quotation marks after *c'est*.
  private func explanation(from start: Int, _ text: Span<UInt8>) -> Int? {
    let end = min(words.words.count - 1, start + Judge.explanationReach)
    var index = start
    while index < end, words.words[index].before < .sentence,
      words.words[index + 1].before < .sentence
    {
      let word = words.words[index]
      let next = index + 1
      if evidence.grammar.has(.acronymMeans, word.hash) { return next }
      if evidence.grammar.has(.acronymIs, word.hash),
        isQuoted(text, word.range.upperBound..<words.words[next].range.lowerBound)
      {
        return next
      }
      index = next
    }
    return nil
  }

  private func isQuoted(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    var index = gap.lowerBound
    while index < gap.upperBound {
      let unit = text.scalar(at: index)
      if [0x22, 0xAB, 0x201C, 0x201E].contains(unit.value) { return true }
      index += unit.length
    }
    return false
  }

  /// Whether what stands between a short form and the next word says that the words explain it: an
  /// opening bracket, a sign of equality, the edge of a table's cell.
  func isExplained(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    guard gap.count <= 4 else { return false }
    for index in gap {
      switch text[index] {
      case 0x28, 0x3D, 0x7C, 0x0A: return true
      default: continue
      }
    }
    return false
  }

  private func isSmall(_ word: Int) -> Bool {
    words.words[word].letters.count <= 3 && evidence.grammar.has(.acronymSkip, words.hash(of: word))
  }
}
