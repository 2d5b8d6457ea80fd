import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Checks whether a phrase stands at a place of the original text, and in what shape.
struct PhraseCheck {
  /// The most bytes between two letters of a phrase.
  ///
  /// *Source:* some thirty zero-width scalars, or a few indented, quoted, empty lines.
  static let maxGapCount = 96
  /// From how many letters on a phrase is unmistakable however its words are cut.
  static let longPhraseCount = 12
  /// The share of letter gaps from which a phrase counts as letter-spaced.
  static let spacedShare = 0.6

  let phrase: FoldedPhrase
  let casing: Casing

  private var letters = LetterTally()
  private var gaps = GapTally()
  private var disguise: Disguise = []

  init(_ phrase: FoldedPhrase, casing: Casing) {
    self.phrase = phrase
    self.casing = casing
  }

  /// The match whose window ends right before a byte.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - end: The byte after the scalar of the window's last letter.
  ///   - letterCount: How many letters of the phrase stand before `end`.
  ///   - phrase: What must stand there.
  ///   - rule: The number of its rule.
  ///   - casing: The letter case its rule asks for.
  ///   - splitsCamelCase: Whether a capital after a small letter starts a word.
  ///   - keepsWords: Whether nothing may part the letters of a word, unless all are.
  /// - Returns: The match with its shape, or `nil`.
  static func match(
    _ text: Span<UInt8>,
    endingAt end: Int,
    letterCount: Int,
    _ phrase: FoldedPhrase,
    of rule: Int,
    casing: Casing,
    splitsCamelCase: Bool,
    keepsWords: Bool = false
  ) -> RawMatch? {
    // Many phrases share a window, most of them end here.
    guard let last = continues(text, end, letterCount, phrase),
      let first = start(text, end, letterCount, phrase)
    else { return nil }
    // Before the walk: of the phrases that are met most are part of a longer word, or of a longer phrase.
    guard
      hasFreeEdges(
        text,
        first..<last,
        splitsCamelCase: splitsCamelCase,
        // A single ideograph is part of many words: 秘める, マル秘.
        splitsScripts: phrase.letters.count > 1
      )
    else { return nil }
    var check = PhraseCheck(phrase, casing: casing)
    guard let range = check.walk(text, from: first) else { return nil }
    guard check.hasShape, check.hasCase else { return nil }
    if keepsWords, check.isCut { return nil }
    check.settleDisguise()
    return RawMatch(
      rule: rule,
      range: range,
      source: .phrase,
      letterCase: check.letters.letterCase,
      disguise: check.disguise,
      hasSentenceGap: check.hasSentenceGap
    )
  }

  /// The byte after the last letter of a phrase whose letters after its window go on from a byte, or `nil` where others
  /// stand there: what `walk` asks as well.
  private static func continues(
    _ text: Span<UInt8>,
    _ end: Int,
    _ letterCount: Int,
    _ phrase: FoldedPhrase
  ) -> Int? {
    let all = phrase.letters
    let letters = all.span
    let takesBytes = isOfASCII(phrase)
    var index = end
    var place = letterCount
    var gap = 0
    while place < letters.count {
      guard index < text.count else { return nil }
      let byte = text[index]
      if takesBytes, byte < 0x80 {
        index &+= 1
        let symbol = ScalarFold.skeleton(ascii: byte)
        if symbol == 0 {
          gap &+= 1
          if gap > maxGapCount { return nil }
          continue
        }
        gap = 0
        if letters[place].symbol != symbol { return nil }
        place &+= 1
        continue
      }
      let unit = text.scalar(at: index)
      let symbols = fold(unit.value, phrase.view)
      index += unit.length
      if symbols.count == 0 {
        gap += unit.length
        if gap > maxGapCount { return nil }
        continue
      }
      gap = 0
      var packed = symbols.packed
      for _ in 0..<symbols.count {
        guard place < letters.count, letters[place].symbol == UInt8(truncatingIfNeeded: packed),
          isScalar(unit.value, letters[place])
        else { return nil }
        place += 1
        packed >>= 8
      }
    }
    return index
  }

  /// Whether a scalar of the right symbol is the one that a letter of a phrase wants.
  @inline(__always)
  private static func isScalar(_ scalar: UInt32, _ letter: PhraseLetter) -> Bool {
    letter.scalar == 0 || letter.scalar == scalar
  }

  /// Whether bytes of ASCII are folded by themselves (``ScalarFold/skeleton(ascii:)``) where such a phrase is sought.
  @inline(__always)
  private static func isOfASCII(_ phrase: FoldedPhrase) -> Bool {
    if case .skeleton = phrase.view { true } else { false }
  }

  /// Folds a scalar as `FoldedView.fold` does, which is a call for every letter.
  @inline(__always)
  static func fold(_ scalar: UInt32, _ view: FoldedView) -> (count: Int, packed: UInt32) {
    // Matched, not compared: comparing an enumeration of another module is a call.
    let value: UInt8
    if case .skeleton = view {
      value = ScalarFold.skeleton(scalar)
    } else {
      value = ScalarFold.script(scalar)
    }
    if value == 0 { return (0, 0) }
    if case .skeleton = view, value >= 32 {
      let expansion = ScalarFold.expansion(value)
      return (expansion.count, expansion.symbols)
    }
    return (1, UInt32(value))
  }

  /// Walks back over the letters up to the phrase's first.
  private static func start(
    _ text: Span<UInt8>,
    _ end: Int,
    _ letterCount: Int,
    _ phrase: FoldedPhrase
  ) -> Int? {
    let all = phrase.letters
    let letters = all.span
    let takesBytes = isOfASCII(phrase)
    var left = letterCount
    var index = end
    var gap = 0
    while left > 0 {
      guard index > 0 else { return nil }
      let byte = text[index &- 1]
      if takesBytes, byte < 0x80 {
        index &-= 1
        let symbol = ScalarFold.skeleton(ascii: byte)
        if symbol == 0 {
          gap &+= 1
          if gap > maxGapCount { return nil }
          continue
        }
        gap = 0
        left &-= 1
        if left < letters.count, letters[left].symbol != symbol { return nil }
        continue
      }
      let unit = text.scalar(before: index)
      let symbols = fold(unit.value, phrase.view)
      index -= unit.length
      if symbols.count == 0 {
        gap += unit.length
        if gap > maxGapCount { return nil }
        continue
      }
      gap = 0
      guard symbols.count <= left else { return nil }
      left -= symbols.count
      for offset in 0..<symbols.count
      where left + offset < letters.count
        && (letters[left + offset].symbol
          != UInt8(truncatingIfNeeded: symbols.packed >> UInt32(8 * offset))
          || !isScalar(unit.value, letters[left + offset]))
      {
        return nil
      }
    }
    return index
  }

  /// Walks over the whole phrase and takes note of its shape.
  private mutating func walk(_ text: Span<UInt8>, from start: Int) -> Range<Int>? {
    let all = phrase.letters
    let letters = all.span
    let takesBytes = PhraseCheck.isOfASCII(phrase)
    var index = start
    var place = 0
    gaps.begin()
    while place < letters.count {
      guard index < text.count else { return nil }
      let byte = text[index]
      if takesBytes, PhraseCheck.isLetter(byte) {
        guard take(byte, letters[place], isFirst: place == 0) else { return nil }
        place &+= 1
        index &+= 1
        continue
      }
      let unit = text.scalar(at: index)
      let symbols = PhraseCheck.fold(unit.value, phrase.view)
      if symbols.count == 0 {
        gaps.add(unit.value, unit.length)
        if gaps.byteCount > PhraseCheck.maxGapCount { return nil }
        if ScalarFold.kind(unit.value).contains(.mark), place > 0,
          !letters[place - 1].isAccented
        {
          disguise.insert(.diacritics)
        }
        index += unit.length
        continue
      }
      for offset in 0..<symbols.count {
        guard place < letters.count,
          letters[place].symbol
            == UInt8(truncatingIfNeeded: symbols.packed >> UInt32(8 * offset)),
          PhraseCheck.isScalar(unit.value, letters[place])
        else { return nil }
        if place > 0 { gaps.close(before: letters[place]) }
        if offset == 0 { take(unit.value, letters[place], symbols.count) }
        place += 1
      }
      index += unit.length
    }
    // Combining marks belong to the last letter.
    while index < text.count, text[index] >= 0x80 {
      let unit = text.scalar(at: index)
      guard ScalarFold.kind(unit.value).contains(.mark) else { break }
      if !(phrase.letters.last?.isAccented ?? false) { disguise.insert(.diacritics) }
      index += unit.length
    }
    return start..<index
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// Takes note of an ASCII letter, as ``take(_:_:_:)`` would; says whether it is that of the phrase.
  @inline(__always)
  private mutating func take(_ byte: UInt8, _ letter: PhraseLetter, isFirst: Bool) -> Bool {
    guard letter.symbol == ScalarFold.skeleton(ascii: byte) else { return false }
    if !isFirst { gaps.close(before: letter) }
    if letter.base > 1, letter.base != byte | 0x20 {
      disguise.insert(.homoglyph)
    } else {
      let isUpper = byte < 0x61
      letters.add(
        isUpper: isUpper,
        isLower: !isUpper,
        startsWord: letter.startsWord,
        wantsUpper: letter.isCapital
      )
    }
    return true
  }

  /// Takes note of one letter of the text.
  private mutating func take(_ scalar: UInt32, _ letter: PhraseLetter, _ symbolCount: Int) {
    let kind = ScalarFold.kind(scalar)
    if phrase.view == .script ? isForeign(scalar, letter) : kind.contains(.homoglyph) {
      disguise.insert(.homoglyph)
    }
    if kind.contains(.compatibility), symbolCount == 1 || scalar > 0x17F, letter.scalar == 0 {
      disguise.insert(.compatibilityForm)
    }
    if kind.contains(.digit), letter.scalar == 0 { disguise.insert(.leet) }
    if kind.contains(.diacritic), !letter.isAccented { disguise.insert(.diacritics) }
    // i, l and I share a symbol: one written for another is a look-alike.
    if phrase.view == .skeleton, symbolCount == 1, !kind.contains(.digit), letter.base > 1 {
      let base = ScalarFold.word(scalar)
      if base > 2, base != letter.base, !kind.contains(.homoglyph) {
        disguise.insert(.homoglyph)
        return
      }
    }
    letters.add(
      isUpper: kind.contains(.upper),
      // The small letter without a dot stands among capitals for one of them.
      isLower: kind.contains(.lower) && scalar != 0x131,
      startsWord: letter.startsWord,
      wantsUpper: letter.isCapital
    )
  }

  /// Whether a letter of no such script stands for one of the phrase, which is written in one; a digit is leet.
  private func isForeign(_ scalar: UInt32, _ letter: PhraseLetter) -> Bool {
    letter.base == ScalarFold.otherScript && letter.scalar == 0
      && !ScalarFold.isScriptLetter(scalar)
      && !ScalarFold.kind(scalar).contains(.digit)
  }

  /// Whether no letter or digit touches the match.
  ///
  /// Where no blanks part words, they end where the script does.
  private static func hasFreeEdges(
    _ text: Span<UInt8>,
    _ range: Range<Int>,
    splitsCamelCase: Bool,
    splitsScripts: Bool
  ) -> Bool {
    let first = text.scalar(at: range.lowerBound).value
    if let before = neighbour(text, before: range.lowerBound), ScalarFold.isWord(before),
      !(splitsScripts && isEdge(first, before))
    {
      guard splitsCamelCase, ScalarFold.isLowercase(before), ScalarFold.isUppercase(first) else {
        return false
      }
    }
    if let after = neighbour(text, after: range.upperBound), ScalarFold.isWord(after),
      !(splitsScripts && isEdge(neighbour(text, before: range.upperBound) ?? first, after))
    {
      // The last letter, not a combining mark on it.
      guard splitsCamelCase,
        ScalarFold.isLowercase(neighbour(text, before: range.upperBound) ?? first),
        ScalarFold.isUppercase(after)
      else { return false }
    }
    return true
  }

  /// Whether a word ends between one of its letters and one beside it: one of ideographs where none follows, and one of
  /// Latin, Greek or Cyrillic where a particle of another script does (*NATO RESTRICTEDは*).
  @inline(__always)
  private static func isEdge(_ letter: UInt32, _ beside: UInt32) -> Bool {
    // What is no ideograph, no syllable and no letter of Hebrew: nearly all that stands beside a phrase.
    if letter < 0x590, beside < 0x590 { return false }
    if ScalarFold.isIdeograph(letter) { return !ScalarFold.isIdeograph(beside) }
    let isNumber = ScalarFold.kind(letter).contains(.digit)
    return ScalarFold.isUnicase(beside) && !ScalarFold.isUnicase(letter) && !isNumber
  }

  /// The visible scalar before a byte.
  private static func neighbour(_ text: Span<UInt8>, before index: Int) -> UInt32? {
    var index = index
    while index > 0 {
      // All of ASCII is visible, or stands in its place.
      if text[index - 1] < 0x80 { return UInt32(text[index - 1]) }
      let unit = text.scalar(before: index)
      let kind = ScalarFold.kind(unit.value)
      if !kind.contains(.ignorable), !kind.contains(.mark) { return unit.value }
      index -= unit.length
    }
    return nil
  }

  /// The visible scalar from a byte on.
  private static func neighbour(_ text: Span<UInt8>, after index: Int) -> UInt32? {
    var index = index
    while index < text.count {
      if text[index] < 0x80 { return UInt32(text[index]) }
      let unit = text.scalar(at: index)
      let kind = ScalarFold.kind(unit.value)
      if !kind.contains(.ignorable), !kind.contains(.mark) { return unit.value }
      index += unit.length
    }
    return nil
  }

  @inline(__always)
  private var isSpaced: Bool {
    gaps.letterGaps > 0
      && Double(gaps.visibleLetterGaps) >= PhraseCheck.spacedShare * Double(gaps.letterGaps)
  }

  /// Whether the words are cut in a way that a marking may be, and ordinary words are not.
  @inline(__always)
  private var hasShape: Bool {
    let cuts = gaps.visibleLetterGaps
    if gaps.hasCellBorder, !isSpaced { return false }
    if cuts == 0 || isSpaced || phrase.letters.count >= PhraseCheck.longPhraseCount { return true }
    // One cut inside a short phrase is mostly two other words: "no for n", "of ficial".
    return cuts >= 2 && gaps.wordGapsWithSpace == 0 || cuts == gaps.markupGaps + gaps.hyphenBreaks
  }

  /// Whether anything but markup and the end of a line parts letters of a word.
  @inline(__always)
  private var isCut: Bool {
    !isSpaced && gaps.visibleLetterGaps > gaps.markupGaps + gaps.hyphenBreaks
  }

  /// A blank line between capitals is how a stamp is set; between other words it parts paragraphs, but for those of a
  /// long phrase: no paragraph begins with the end of one.
  @inline(__always)
  private var hasSentenceGap: Bool {
    guard !isSpaced else { return false }
    let isShort = phrase.letters.count < PhraseCheck.longPhraseCount
    return gaps.hasSentenceEnd || gaps.hasBlankLine && isShort && letters.letterCase == .lower
  }

  @inline(__always)
  private var hasCase: Bool {
    switch casing {
    case .any: true
    case .upper: letters.lower == 0
    case .title: letters.lower == 0 || letters.startsAreUpper
    case .exact: letters.isExact
    }
  }

  private mutating func settleDisguise() {
    if gaps.hasInvisible { disguise.insert(.zeroWidth) }
    if gaps.markupGaps > 0, !isSpaced { disguise.insert(.markupSplit) }
    if gaps.hasLineBreak { disguise.insert(.lineSplit) }
    if isSpaced, gaps.visibleLetterGaps > gaps.lineLetterGaps { disguise.insert(.letterSpacing) }
  }
}
