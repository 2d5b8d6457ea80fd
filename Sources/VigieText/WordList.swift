import VigieUnicode

/// The words around a place of a text, folded to lower-case ASCII or numbers of other letters, with the
/// breaks between them.
///
/// Kept by its thread and filled again for the next place. Words part at everything that is no
/// letter or digit, apostrophes and hyphens too: *c'est* and *ci-joint* are two words each.
package struct WordList: ~Copyable {
  /// What stands between a word and the one before it.
  package enum Break: UInt8, Sendable, Comparable {
    /// White space, hyphens, commas: the sentence goes on.
    case none
    /// A line ends, the sentence goes on.
    case line
    /// A sentence ends.
    case sentence
    /// A paragraph ends.
    case paragraph

    package static func < (left: Break, right: Break) -> Bool { left.rawValue < right.rawValue }
  }

  /// One word.
  package struct Word: Sendable, Equatable {
    /// Bytes of the text, half-open.
    package var range: Range<Int>
    /// The hash of its folded letters.
    package var hash: UInt64
    /// Its folded letters in ``letters``.
    package var letters: Range<Int>
    /// What stands before it.
    package var before: Break
    /// Whether a question mark ends the sentence right before it.
    package var followsQuestion: Bool
    /// Whether it is part of a name or an address: no cue, unless the cue is written as one.
    package var isName = false
  }

  /// The words in text order.
  package private(set) var words: [Word] = []
  /// The folded letters of all words, one after the other.
  package private(set) var letters: [UInt8] = []
  /// What stands after the last word.
  package private(set) var lastBreak: Break = .paragraph
  /// Whether a question mark ends the sentence of the last word.
  package private(set) var endsInQuestion = false
  /// The bytes that were read.
  package private(set) var range: Range<Int> = 0..<0

  package init() {}

  /// The hash of no letters: FNV-1a, 64 bits.
  ///
  /// *Source:* draft-eastlake-fnv-21 §5.
  package static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Where the hash of a word starts that is part of a name; `e.g` and `i.e` stay as they are,
  /// for their cues start so as well.
  private static let nameHash: UInt64 = 0x9AE1_6A3B_2F90_404F

  /// The hash of some letters and one more.
  @inline(__always)
  package static func hash(_ hash: UInt64, _ letter: UInt8) -> UInt64 {
    (hash ^ UInt64(letter)) &* 0x100_0000_01B3
  }

  /// Reads the words of a range of a text.
  package mutating func read(_ text: Span<UInt8>, _ range: Range<Int>) {
    words.removeAll(keepingCapacity: true)
    letters.removeAll(keepingCapacity: true)
    self.range = range
    var gap = Gap()
    gap.atStart = true
    var index = range.lowerBound
    var word = Word(
      range: index..<index,
      hash: WordList.emptyHash,
      letters: 0..<0,
      before: .paragraph,
      followsQuestion: false
    )
    var isInWord = false
    var isInAddress = false
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      let folded = BaseLetters(unit.value)
      if folded.count > 0 {
        if !isInWord {
          isInWord = true
          let startsLower = ScalarFold.isLowercase(unit.value)
          word = Word(
            range: index..<index,
            hash: WordList.emptyHash,
            letters: letters.count..<letters.count,
            before: words.isEmpty
              ? .paragraph : gap.value(nextIsLower: startsLower, nextIsDigit: isDigit(unit.value)),
            followsQuestion: gap.hasQuestion
          )
          if gap.endsAddress { isInAddress = false }
          if gap.startsAddress { isInAddress = true }
          // The last part of a host or file name is no word: evil.example, index.html; nor is any part
          // of an address: https://forge.region-exemple.example/draft.
          if isInAddress || gap.isLoneDot && !words.isEmpty {
            word.isName = true
            word.hash = WordList.nameHash
          }
        }
        for position in 0..<folded.count {
          let letter = folded[position]
          letters.append(letter)
          word.hash = WordList.hash(word.hash, letter)
        }
        word.range = word.range.lowerBound..<(index + unit.length)
      } else if isInWord,
        ScalarFold.kind(unit.value).contains(.mark)
          || ScalarFold.kind(unit.value).contains(.ignorable)
      {
        // Part of the word: a combining mark, or something invisible.
        word.range = word.range.lowerBound..<(index + unit.length)
      } else {
        if isInWord {
          word.letters = word.letters.lowerBound..<letters.count
          words.append(word)
          isInWord = false
          gap = Gap()
          gap.wordIsShort = word.letters.count == 1 || isNumber(word.letters)
          gap.lineLength = lineLength(text, before: index, range.lowerBound)
        }
        gap.add(unit.value)
      }
      index += unit.length
    }
    if isInWord {
      word.letters = word.letters.lowerBound..<letters.count
      words.append(word)
      gap = Gap()
    }
    lastBreak = gap.value(nextIsLower: false, nextIsDigit: false)
    endsInQuestion = gap.hasQuestion
  }

  private func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }

  private func isNumber(_ range: Range<Int>) -> Bool {
    range.allSatisfy { (0x30...0x39).contains(letters[$0]) }
  }

  private func lineLength(_ text: Span<UInt8>, before index: Int, _ limit: Int) -> Int {
    var start = index
    while start > limit, text[start - 1] != 0x0A, index - start < Gap.wrapLength { start -= 1 }
    return index - start
  }

  /// What was seen between two words.
  private struct Gap {
    /// A line of at least this many bytes may have been wrapped in the middle of a sentence.
    static let wrapLength = 50

    var lineBreaks = 0
    var hasStop = false
    var hasQuestion = false
    var endsInColonOrComma = false
    var pendingStop = false
    var wordIsShort = false
    var lineLength = 0
    var atStart = false
    var scalarCount = 0
    var endsInDot = false
    /// Whether `://` stands at its start, and white space anywhere.
    var startsAddress = false
    var endsAddress = false
    private var colonCount = 0

    mutating func add(_ scalar: UInt32) {
      scalarCount += 1
      endsInDot = scalar == 0x2E
      switch (scalarCount, scalar) {
      case (1, 0x3A), (2, 0x2F): colonCount += 1
      case (3, 0x2F): startsAddress = colonCount == 2
      default: break
      }
      if scalar <= 0x20 || scalar == 0xA0 || scalar == 0x202F { endsAddress = true }
      switch scalar {
      case 0x0A, 0x2028, 0x2029, 0x85:
        lineBreaks += 1
        if pendingStop { hasStop = true }
      case 0x2E:  // a full stop ends a sentence only before white space, and not after "n" or "3"
        pendingStop = !wordIsShort
        endsInColonOrComma = false
      case 0x21, 0x2026, 0x3002, 0xFF01:
        pendingStop = true
        endsInColonOrComma = false
      case 0x3F, 0xFF1F:
        pendingStop = true
        hasQuestion = true
        endsInColonOrComma = false
      case 0x3A, 0x2C: if lineBreaks == 0 { endsInColonOrComma = true }
      default:
        if pendingStop, scalar == 0x20 || scalar == 0x09 || scalar == 0xA0 || scalar == 0x202F {
          hasStop = true
        }
      }
    }

    /// Whether nothing but one full stop stands between the words.
    var isLoneDot: Bool { scalarCount == 1 && endsInDot }

    func value(nextIsLower: Bool, nextIsDigit: Bool) -> Break {
      // "Nr. 88", "art. 5": a number goes on with the sentence.
      if nextIsDigit, lineBreaks == 0, !hasQuestion { return .none }
      if lineBreaks >= 2, !endsInColonOrComma { return .paragraph }
      if hasStop { return .sentence }
      if lineBreaks == 0 { return .none }
      if endsInColonOrComma { return .line }
      return lineLength >= Gap.wrapLength && nextIsLower ? .line : .sentence
    }
  }
}

/// The lower-case ASCII letters and digits of one scalar: none, one, or up to eight; of another
/// script a number from 128 on for each letter.
private struct BaseLetters {
  var count: Int
  var packed: UInt64

  init(_ scalar: UInt32) {
    switch ScalarFold.word(scalar) {
    case 0: (count, packed) = (0, 0)
    case 2: (count, packed) = ScalarFold.wordExpansion(scalar)
    case ScalarFold.otherScript: (count, packed) = (1, UInt64(BaseLetters.other(scalar)))
    case let letter: (count, packed) = (1, UInt64(letter))
    }
  }

  /// The number of a letter of another script: of Greek and Cyrillic without case and diacritics, as
  /// the script view has it, of others two letters may share one.
  private static func other(_ scalar: UInt32) -> UInt8 {
    if ScalarFold.isScriptLetter(scalar) { return 0x80 | ScalarFold.script(scalar) }
    return 0x80 | UInt8(truncatingIfNeeded: scalar ^ scalar >> 7)
  }

  subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed >> (UInt64(index) * 8)) }
}
