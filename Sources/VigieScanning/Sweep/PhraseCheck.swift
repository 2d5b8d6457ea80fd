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
  /// In a file name a change from small letter to capital parts words.
  let splitsCamelCase: Bool

  private var letters = LetterTally()
  private var gaps = GapTally()
  private var disguise: Disguise = []

  init(_ phrase: FoldedPhrase, casing: Casing, splitsCamelCase: Bool) {
    self.phrase = phrase
    self.casing = casing
    self.splitsCamelCase = splitsCamelCase
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
    guard let last = continues(text, end, letterCount, phrase) else { return nil }
    var check = PhraseCheck(phrase, casing: casing, splitsCamelCase: splitsCamelCase)
    guard let start = check.start(text, end, letterCount) else { return nil }
    // Before the walk: of the phrases that are met most are part of a longer word, or of a longer phrase.
    guard check.hasFreeEdges(text, start..<last) else { return nil }
    guard let range = check.walk(text, from: start) else { return nil }
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
    var index = end
    var place = letterCount
    var gap = 0
    while place < phrase.letters.count {
      guard index < text.count else { return nil }
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
        guard place < phrase.letters.count,
          phrase.letters[place].symbol == UInt8(truncatingIfNeeded: packed)
        else { return nil }
        place += 1
        packed >>= 8
      }
    }
    return index
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
  private func start(_ text: Span<UInt8>, _ end: Int, _ letterCount: Int) -> Int? {
    var left = letterCount
    var index = end
    var gap = 0
    while left > 0 {
      guard index > 0 else { return nil }
      let unit = text.scalar(before: index)
      let symbols = PhraseCheck.fold(unit.value, phrase.view)
      index -= unit.length
      if symbols.count == 0 {
        gap += unit.length
        if gap > PhraseCheck.maxGapCount { return nil }
        continue
      }
      gap = 0
      guard symbols.count <= left else { return nil }
      left -= symbols.count
      for offset in 0..<symbols.count
      where left + offset < phrase.letters.count
        && phrase.letters[left + offset].symbol
          != UInt8(truncatingIfNeeded: symbols.packed >> UInt32(8 * offset))
      {
        return nil
      }
    }
    return index
  }

  /// Walks over the whole phrase and takes note of its shape.
  private mutating func walk(_ text: Span<UInt8>, from start: Int) -> Range<Int>? {
    var index = start
    var place = 0
    gaps.begin()
    while place < phrase.letters.count {
      guard index < text.count else { return nil }
      if case .skeleton = phrase.view, PhraseCheck.isLetter(text[index]) {
        guard takeLetter(text[index], place) else { return nil }
        place += 1
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      let symbols = PhraseCheck.fold(unit.value, phrase.view)
      if symbols.count == 0 {
        gaps.add(unit.value, unit.length)
        if gaps.byteCount > PhraseCheck.maxGapCount { return nil }
        if ScalarFold.kind(unit.value).contains(.mark), place > 0,
          !phrase.letters[place - 1].isAccented
        {
          disguise.insert(.diacritics)
        }
        index += unit.length
        continue
      }
      for offset in 0..<symbols.count {
        guard place < phrase.letters.count,
          phrase.letters[place].symbol
            == UInt8(truncatingIfNeeded: symbols.packed >> UInt32(8 * offset))
        else { return nil }
        if place > 0 {
          gaps.close(isWordGap: phrase.letters[place].startsWord, phrase.letters[place])
        }
        if offset == 0 { take(unit.value, phrase.letters[place], symbols.count) }
        place += 1
      }
      index += unit.length
    }
    // Combining marks belong to the last letter.
    while index < text.count {
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
  private mutating func takeLetter(_ byte: UInt8, _ place: Int) -> Bool {
    let letter = phrase.letters[place]
    guard letter.symbol == ScalarFold.skeleton(UInt32(byte)) else { return false }
    if place > 0 { gaps.close(isWordGap: letter.startsWord, letter) }
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
    if kind.contains(.compatibility), symbolCount == 1 || scalar > 0x17F {
      disguise.insert(.compatibilityForm)
    }
    if kind.contains(.digit) { disguise.insert(.leet) }
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
    letter.base == ScalarFold.otherScript && !ScalarFold.isScriptLetter(scalar)
      && !ScalarFold.kind(scalar).contains(.digit)
  }

  /// Whether no letter or digit touches the match.
  private func hasFreeEdges(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let first = text.scalar(at: range.lowerBound).value
    // The last letter, not a combining mark on it.
    let last = neighbour(text, before: range.upperBound) ?? first
    if let before = neighbour(text, before: range.lowerBound), ScalarFold.isWord(before) {
      guard splitsCamelCase, ScalarFold.isLowercase(before), ScalarFold.isUppercase(first) else {
        return false
      }
    }
    if let after = neighbour(text, after: range.upperBound), ScalarFold.isWord(after) {
      guard splitsCamelCase, ScalarFold.isLowercase(last), ScalarFold.isUppercase(after) else {
        return false
      }
    }
    return true
  }

  /// The visible scalar before a byte.
  private func neighbour(_ text: Span<UInt8>, before index: Int) -> UInt32? {
    var index = index
    while index > 0 {
      let unit = text.scalar(before: index)
      let kind = ScalarFold.kind(unit.value)
      if !kind.contains(.ignorable), !kind.contains(.mark) { return unit.value }
      index -= unit.length
    }
    return nil
  }

  /// The visible scalar from a byte on.
  private func neighbour(_ text: Span<UInt8>, after index: Int) -> UInt32? {
    var index = index
    while index < text.count {
      let unit = text.scalar(at: index)
      let kind = ScalarFold.kind(unit.value)
      if !kind.contains(.ignorable), !kind.contains(.mark) { return unit.value }
      index += unit.length
    }
    return nil
  }

  private var isSpaced: Bool {
    gaps.letterGaps > 0
      && Double(gaps.visibleLetterGaps) >= PhraseCheck.spacedShare * Double(gaps.letterGaps)
  }

  /// Whether the words are cut in a way that a marking may be, and ordinary words are not.
  private var hasShape: Bool {
    let cuts = gaps.visibleLetterGaps
    if gaps.hasCellBorder, !isSpaced { return false }
    if cuts == 0 || isSpaced || phrase.letters.count >= PhraseCheck.longPhraseCount { return true }
    // One cut inside a short phrase is mostly two other words: "no for n", "of ficial".
    return cuts >= 2 && gaps.wordGapsWithSpace == 0 || cuts == gaps.markupGaps + gaps.hyphenBreaks
  }

  /// Whether anything but markup and the end of a line parts letters of a word.
  private var isCut: Bool {
    !isSpaced && gaps.visibleLetterGaps > gaps.markupGaps + gaps.hyphenBreaks
  }

  /// A blank line between capitals is how a stamp is set; between other words it parts paragraphs, but for those of a
  /// long phrase: no paragraph begins with the end of one.
  private var hasSentenceGap: Bool {
    guard !isSpaced else { return false }
    let isShort = phrase.letters.count < PhraseCheck.longPhraseCount
    return gaps.hasSentenceEnd || gaps.hasBlankLine && isShort && letters.letterCase == .lower
  }

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

/// What the letters of a match look like.
private struct LetterTally {
  var upper = 0
  var lower = 0
  var startsAreUpper = true
  var isExact = true

  mutating func add(isUpper: Bool, isLower: Bool, startsWord: Bool, wantsUpper: Bool) {
    if isUpper { upper += 1 }
    if isLower { lower += 1 }
    if startsWord, isLower { startsAreUpper = false }
    if isUpper && !wantsUpper || isLower && wantsUpper { isExact = false }
  }

  var letterCase: LetterCase {
    if lower == 0, upper > 0 { return .upper }
    if upper == 0, lower > 0 { return .lower }
    return startsAreUpper && upper > 0 ? .title : .mixed
  }
}

/// What stands between the letters of a match.
private struct GapTally {
  /// Gaps inside words: all of them, those with anything visible, and the kinds of these.
  var letterGaps = 0
  var visibleLetterGaps = 0
  var lineLetterGaps = 0
  var markupGaps = 0
  var hyphenBreaks = 0
  var wordGapsWithSpace = 0
  var hasInvisible = false
  var hasLineBreak = false
  var hasSentenceEnd = false
  var hasCellBorder = false
  var hasBlankLine = false
  var byteCount = 0

  private var visible = 0
  private var markup = 0
  private var hyphens = 0
  private var lineBreaks = 0
  private var stops = 0
  private var bars = 0
  /// The bars read last, one after the other.
  private var barRun = 0
  /// Whether bars stand otherwise than in pairs, as those do that hide a word in some chats.
  private var hasOddBars = false
  /// Whether anything else stands before the first of them.
  private var startsOtherwise = false
  private var spaces = 0
  private var lastWasStop = false

  mutating func begin() {
    byteCount = 0
    visible = 0
    markup = 0
    hyphens = 0
    lineBreaks = 0
    stops = 0
    bars = 0
    barRun = 0
    hasOddBars = false
    startsOtherwise = false
    spaces = 0
    lastWasStop = false
  }

  mutating func add(_ scalar: UInt32, _ length: Int) {
    byteCount += length
    let kind = ScalarFold.kind(scalar)
    if kind.contains(.ignorable) {
      hasInvisible = true
      return
    }
    if kind.contains(.mark) { return }
    visible += 1
    if scalar == 0x20 || scalar == 0x09 { spaces += 1 }
    if scalar != 0x7C {
      endBars()
      startsOtherwise = startsOtherwise || bars == 0
    }
    switch scalar {
    case 0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029:
      lineBreaks += 1
      if lastWasStop { stops += 1 }
    case 0x0D: visible -= 1
    case 0x7C:
      markup += 1
      bars += 1
      barRun += 1
    case 0x2A, 0x5F, 0x7E, 0x60, 0x5C: markup += 1  // * _ ~ ` \
    case 0x2D, 0x2010, 0x2011: hyphens += 1
    case 0x2E, 0x21, 0x3F, 0x3B, 0x2C, 0x2026: lastWasStop = true  // . ! ? ; , …
    default:
      if lastWasStop, scalar == 0x20 || scalar == 0xA0 || scalar == 0x202F { stops += 1 }
    }
    if scalar == 0x3E || scalar == 0x20, lineBreaks > 0 { visible -= 1 }  // "> " of a quoted line
  }

  private mutating func endBars() {
    if barRun != 0, barRun != 2 { hasOddBars = true }
    barRun = 0
  }

  /// Ends the gap before a letter.
  mutating func close(isWordGap: Bool, _ letter: PhraseLetter) {
    if byteCount == 0 {
      if !isWordGap { letterGaps += 1 }
      return
    }
    if lineBreaks > 0 { hasLineBreak = true }
    if isWordGap {
      if visible > 0 { wordGapsWithSpace += 1 }
      if stops > 0, !letter.followsPunctuation { hasSentenceEnd = true }
      // The border of a table's cell: "| NATO | Restricted |" are two words of two cells. Pairs that touch a word
      // hide it: "||NATO|| Restricted".
      if bars > 0, spaces > 0 {
        let touches = !startsOtherwise || barRun > 0
        endBars()
        if hasOddBars || !touches { hasCellBorder = true }
      }
      if lineBreaks > 1 { hasBlankLine = true }
    } else {
      letterGaps += 1
      if visible > 0 {
        visibleLetterGaps += 1
        if lineBreaks > 0 { lineLetterGaps += 1 }
        if markup == visible { markupGaps += 1 }
        if lineBreaks > 0, visible == lineBreaks + hyphens { hyphenBreaks += 1 }
      }
    }
    begin()
  }
}
