import VigieUnicode

/// The words around a place of a text, folded to lower-case ASCII or numbers of other letters, with the
/// breaks between them.
///
/// Kept by its thread and filled again for the next place. Words part at everything that is no
/// letter or digit, apostrophes and hyphens too: *c'est* and *ci-joint* are two words each. Where no blanks part words,
/// each letter is one: ideographs and kana.
package struct WordList: ~Copyable {
  /// What stands between a word and the one before it.
  package typealias Break = WordBreak

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
    /// Whether it is made of digits.
    package var isNumber = false
    /// The number of its first two letters (``pair(_:_:)``).
    package var pair: UInt16 = 0
  }

  /// The words in text order.
  package private(set) var words: [Word] = []
  /// The folded letters of all words, one after the other; behind them whatever stood there.
  package private(set) var letters: [UInt8] = []
  /// What stands after the last word.
  package private(set) var lastBreak: Break = .paragraph
  /// Whether a question mark ends the sentence of the last word.
  package private(set) var endsInQuestion = false
  /// The bytes that were read.
  package private(set) var range: Range<Int> = 0..<0

  package init() {}

  /// The hash of no letters.
  @inlinable package static var emptyHash: UInt64 { WordHash.empty }

  /// Where the hash of a word starts that is part of a name; `e.g` and `i.e` stay as they are,
  /// for their cues start so as well.
  private static var nameHash: UInt64 { 0x9AE1_6A3B_2F90_404F }

  /// The hash of some letters and one more.
  @inlinable @inline(__always)
  package static func hash(_ hash: UInt64, _ letter: UInt8) -> UInt64 {
    WordHash.of(hash, letter)
  }

  /// Reads the words of a range of a text.
  package mutating func read(_ text: Span<UInt8>, _ range: Range<Int>) {
    precondition(0 <= range.lowerBound && range.upperBound <= text.count)
    words.removeAll(keepingCapacity: true)
    self.range = range
    let most = range.count * WordList.lettersPerByte
    // Out of the structure as long as it is written: words are added to it meanwhile.
    var store: [UInt8] = []
    swap(&store, &letters)
    defer { swap(&store, &letters) }
    if store.count < most { store = [UInt8](repeating: 0, count: most) }
    var letters = store.mutableSpan
    var letterCount = 0
    lastBreak = .none
    endsInQuestion = false
    var lineStart = range.lowerBound
    var index = range.lowerBound
    let end = range.upperBound
    var isInAddress = false
    // In bounds all along: the range is one of the text, and there is room for what all of its bytes fold to.
    while index < end {
      var before = Break.none
      var followsQuestion = false
      var isName = false
      let plain = words.isEmpty ? 0 : WordList.plainCount(text, index, end)
      if plain > 0 {
        // What stands between most words, without asking what it may be.
        if unsafe text[unchecked: index] <= 0x20 || text[unchecked: index &+ plain &- 1] <= 0x20 {
          isInAddress = false
        }
        index &+= plain
        isName = isInAddress
      } else {
        var gap = Gap()
        if let last = words.last {
          gap.wordIsShort = last.isNumber || last.letters.count == 1
          gap.lineLength = min(index - lineStart, Gap.wrapLength)
          // The block of Greek in UTF-8: U+0370 to U+03FF.
          gap.wordIsGreek = index >= 2 && text[index - 2] | 1 == 0xCF
        }
        WordList.pass(text, &index, end, &gap, &lineStart)
        if index == end {
          lastBreak = gap.value(nextIsLower: false, nextIsDigit: false)
          endsInQuestion = gap.hasQuestion
          break
        }
        if gap.endsAddress { isInAddress = false }
        if gap.startsAddress { isInAddress = true }
        // The last part of a host or file name is no word: evil.example, index.html; nor is any part
        // of an address: https://forge.region-exemple.example/draft.
        isName = isInAddress || gap.isLoneDot && !words.isEmpty
        followsQuestion = gap.hasQuestion
        let byte = unsafe text[unchecked: index]
        let isLower =
          byte < 0x80 ? byte >= 0x61 : ScalarFold.isLowercase(text.scalar(at: index).value)
        before = gap.value(nextIsLower: isLower, nextIsDigit: WordList.isDigit(byte))
        if words.isEmpty { before = .paragraph }
      }
      let start = index
      let first = letterCount
      var hash = isName ? WordList.nameHash : WordList.emptyHash
      // The bits of all letters: digits have none of the two highest.
      var bits: UInt8 = 0
      while index < end {
        let byte = unsafe text[unchecked: index]
        if WordList.isLetter(byte) {
          let letter = byte | 0x20
          unsafe letters[unchecked: letterCount] = letter
          letterCount &+= 1
          hash = WordList.hash(hash, letter)
          bits |= letter
          index &+= 1
          continue
        }
        if byte < 0x80 { break }
        let unit = text.scalar(at: index)
        let isWhole = ScalarFold.isUnspaced(unit.value)
        if isWhole, letterCount > first { break }
        let folded = BaseLetters(unit.value)
        if folded.count == 0 {
          // Part of the word: a combining mark, or something invisible.
          let kind = ScalarFold.kind(unit.value)
          guard kind.contains(.mark) || kind.contains(.ignorable) else { break }
        }
        for position in 0..<folded.count {
          let letter = folded[position]
          letters[letterCount] = letter
          letterCount += 1
          hash = WordList.hash(hash, letter)
          bits |= letter
        }
        index += unit.length
        if isWhole { break }
      }
      words.append(
        Word(
          range: start..<index,
          hash: hash,
          letters: first..<letterCount,
          before: before,
          followsQuestion: followsQuestion,
          isName: isName,
          isNumber: bits & 0xC0 == 0,
          pair: letterCount == first
            ? 0
            : WordList.pair(letters[first], letterCount > first + 1 ? letters[first + 1] : 0)
        )
      )
    }
  }

  /// The bytes below 0x40 that say more of what stands between two words than that they part them: a line end, and what
  /// may end a sentence.
  private static var tellingBytes: UInt64 {
    1 << 0x0A | 1 << 0x21 | 1 << 0x2E | 1 << 0x3B | 1 << 0x3F
  }

  /// Whether a byte parts words and says nothing else, where there are no more than two: a blank, a comma, a bracket.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte < 0x80 && !isLetter(byte) && (byte >= 0x40 || tellingBytes &>> UInt64(byte) & 1 == 0)
  }

  /// How many such bytes stand before the next word, which is of ASCII: one or two, or 0 where anything else does.
  ///
  /// - Precondition: `index` is before `end`, which is in the text or where it ends.
  @inline(__always)
  private static func plainCount(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> Int {
    guard index &+ 1 < end, unsafe isPlain(text[unchecked: index]) else { return 0 }
    let second = unsafe text[unchecked: index &+ 1]
    if isLetter(second) { return 1 }
    guard index &+ 2 < end, isPlain(second), unsafe isLetter(text[unchecked: index &+ 2]) else {
      return 0
    }
    return 2
  }

  /// Passes over what stands between two words, up to the next one or the end of what is read.
  private static func pass(
    _ text: Span<UInt8>,
    _ index: inout Int,
    _ end: Int,
    _ gap: inout Gap,
    _ lineStart: inout Int
  ) {
    while index < end {
      let byte = text[index]
      if byte < 0x80 {
        if isLetter(byte) { return }
        if byte == 0x0A { lineStart = index + 1 }
        gap.add(UInt32(byte))
        index += 1
      } else {
        let unit = text.scalar(at: index)
        if BaseLetters(unit.value).count > 0 { return }
        gap.add(unit.value)
        index += unit.length
      }
    }
  }

  /// The most letters to which a byte folds: eight for a scalar (``ScalarFold/wordExpansion(_:)``), which has two bytes
  /// then.
  private static let lettersPerByte = 4

  /// Whether a byte is a letter or a digit of ASCII; `| 0x20` makes it the folded one.
  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }

  /// The number of two letters, one of 1,024.
  @inlinable @inline(__always)
  package static func pair(_ first: UInt8, _ second: UInt8) -> UInt16 {
    (UInt16(first) &* 31 &+ UInt16(second)) & 1_023
  }

  /// The hash of the folded letters of a word, of a part of a name too.
  @inlinable @inline(__always)
  package func hash(of word: Int) -> UInt64 {
    words[word].isName ? spell(words[word].letters) : words[word].hash
  }

  @usableFromInline
  func spell(_ range: Range<Int>) -> UInt64 {
    var hash = WordList.emptyHash
    for place in range { hash = WordList.hash(hash, letters[place]) }
    return hash
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

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
    /// Whether its last letter is Greek: there a semicolon asks.
    var wordIsGreek = false
    var lineLength = 0
    var scalarCount = 0
    var endsInDot = false
    private var endsInQuestion = false
    /// Whether `://` stands at its start, and white space anywhere.
    var startsAddress = false
    var endsAddress = false
    private var colonCount = 0
    /// How much of `[.]` or `(.)` stands at its start: so a dot is written that shall open nothing.
    private var bracketedDotCount = 0

    mutating func add(_ scalar: UInt32) {
      scalarCount += 1
      endsInDot = scalar == 0x2E
      defer { endsInQuestion = scalar == 0x3F }
      switch (scalarCount, scalar) {
      case (1, 0x3A), (2, 0x2F): colonCount += 1
      case (3, 0x2F): startsAddress = colonCount == 2
      case (1, 0x5B), (1, 0x28), (2, 0x2E), (3, 0x5D), (3, 0x29): bracketedDotCount += 1
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
      case 0x3002, 0xFF01, 0xFF61:  // after which no blank is written
        hasStop = true
        endsInColonOrComma = false
      case 0x21, 0x2026:
        pendingStop = true
        endsInColonOrComma = false
      case 0x3B where !wordIsGreek: break
      case 0x3F, 0xFF1F, 0x37E, 0x3B:
        pendingStop = true
        if scalar == 0xFF1F { hasStop = true }
        hasQuestion = true
        endsInColonOrComma = false
      case 0x3D where endsInQuestion:  // =?UTF-8?B?…?= encodes a word of a header, and asks nothing
        pendingStop = false
        hasQuestion = false
      case 0x3A, 0x2C: if lineBreaks == 0 { endsInColonOrComma = true }
      default:
        if pendingStop, scalar == 0x20 || scalar == 0x09 || scalar == 0xA0 || scalar == 0x202F {
          hasStop = true
        }
      }
    }

    /// Whether nothing but one full stop stands between the words, in brackets or not.
    var isLoneDot: Bool {
      scalarCount == 1 && endsInDot || scalarCount == 3 && bracketedDotCount == 3
    }

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

/// What stands between a word and the one before it.
package enum WordBreak: UInt8, Sendable, Comparable {
  /// White space, hyphens, commas: the sentence goes on.
  case none
  /// A line ends, the sentence goes on.
  case line
  /// A sentence ends.
  case sentence
  /// A paragraph ends.
  case paragraph

  // In full: what the standard library has of these is a call for every word.
  @inlinable @inline(__always)
  package static func < (left: WordBreak, right: WordBreak) -> Bool {
    left.rawValue < right.rawValue
  }

  @inlinable @inline(__always)
  package static func >= (left: WordBreak, right: WordBreak) -> Bool {
    left.rawValue >= right.rawValue
  }

  @inlinable @inline(__always)
  package static func == (left: WordBreak, right: WordBreak) -> Bool {
    left.rawValue == right.rawValue
  }
}

/// The hash of the folded letters of a word: FNV-1a, 64 bits.
///
/// Not of the list, and public: what a structure that is not copied holds, and what is not public, is a call from other
/// modules, for every letter.
///
/// *Source:* draft-eastlake-fnv-21 §5.
public enum WordHash {
  /// The hash of no letters.
  @inlinable @inline(__always)
  public static var empty: UInt64 { 0xCBF2_9CE4_8422_2325 }

  /// The hash of some letters and one more.
  @inlinable @inline(__always)
  public static func of(_ hash: UInt64, _ letter: UInt8) -> UInt64 {
    (hash ^ UInt64(letter)) &* 0x100_0000_01B3
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
    case ScalarFold.otherScript where scalar >= BaseLetters.firstWide:
      // Seven bits and seven: of thousands of syllables and ideographs hardly two are one.
      (count, packed) = (2, UInt64(0x8080 | (scalar >> 7 & 0x7F) << 8 | scalar & 0x7F))
    case ScalarFold.otherScript: (count, packed) = (1, UInt64(BaseLetters.other(scalar)))
    case let letter: (count, packed) = (1, UInt64(letter))
    }
  }

  /// The first of the scalars whose letters have two numbers: those of kana, Han and Hangul.
  private static let firstWide: UInt32 = 0x3005

  /// The number of a letter of another script: of Greek and Cyrillic without case and diacritics, as
  /// the script view has it, of others two letters may share one.
  private static func other(_ scalar: UInt32) -> UInt8 {
    if ScalarFold.isScriptLetter(scalar) { return 0x80 | ScalarFold.script(scalar) }
    return 0x80 | UInt8(truncatingIfNeeded: scalar ^ scalar >> 7)
  }

  subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed >> (UInt64(index) * 8)) }
}
