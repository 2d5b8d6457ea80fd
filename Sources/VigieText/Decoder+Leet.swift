import VigieUnicode

/// Punctuation that stands for letters.
///
/// A sign among letters is seldom one, and costs a second look at what stands around it; what comes out is a marking or
/// nothing, so that signs that mean what they are do no harm.
extension Decoder {
  /// What the letter is for which a sign stands, and what must stand around it.
  private struct Sign {
    /// The letter, or the digit that looks like it.
    var letter: UInt8
    /// Whether two letters must stand on one side of it, as around no sum: `x+y`.
    var isCommon = false
    /// Whether it means something beside figures.
    var isMeant = false
    /// Whether it may be a word's first letter, or its last one.
    var opens = false
    var closes = false
    /// How many letters the word then has at least beside it.
    var edgeWordCount = 3
  }

  /// Whether a scalar beyond ASCII is such a sign.
  package static func isSign(_ scalar: UInt32) -> Bool { sign(scalar) != nil }

  private static func sign(_ scalar: UInt32) -> Sign? {
    switch scalar {
    case 0x21: Sign(letter: UInt8(ascii: "1"), opens: true)
    case 0x7C: Sign(letter: UInt8(ascii: "1"), opens: true, closes: true)
    case 0x2B: Sign(letter: UInt8(ascii: "7"), isCommon: true, opens: true, closes: true)
    case 0x28: Sign(letter: UInt8(ascii: "c"), isCommon: true, isMeant: true)
    case 0x20AC: Sign(letter: UInt8(ascii: "3"), opens: true, closes: true, edgeWordCount: 1)
    case 0xA1: Sign(letter: UInt8(ascii: "1"), isCommon: true, isMeant: true)
    case 0xA2, 0xA9: Sign(letter: UInt8(ascii: "c"), isCommon: true, isMeant: true)
    case 0xA3: Sign(letter: UInt8(ascii: "l"), isCommon: true, isMeant: true)
    case 0xA7: Sign(letter: UInt8(ascii: "s"), isCommon: true, isMeant: true)
    case 0xAE: Sign(letter: UInt8(ascii: "r"), isCommon: true, isMeant: true)
    default: nil
    }
  }

  /// The letter, or the digit that looks like it, for which a scalar may stand, or `nil`.
  static func signLetter(_ scalar: UInt32) -> UInt8? { sign(scalar)?.letter }

  /// The letter, or the digit that looks like it, for which the sign at a byte stands among letters, or `nil`.
  static func leetLetter(
    _ source: Span<UInt8>,
    at index: Int,
    _ contexts: SignContexts
  ) -> UInt8? {
    if endsWord(source, index) || opensNote(source, index) { return nil }
    let unit = source.scalar(at: index)
    guard let sign = sign(unit.value) else { return nil }
    // Two bars are markup of some chats, and a table's edge.
    if unit.value == 0x7C, isBar(source, index - 1) || isBar(source, index + 1) { return nil }
    let range = index..<(index + unit.length)
    // Of letters patterns are made as well.
    let isDigit = sign.letter < 0x3A
    if isDigit, !contexts.mayAllow(sign.letter, source, range) { return nil }
    guard isAmongLetters(source, range, sign) else { return nil }
    // Programs are full of brackets between letters: one is a letter beside another sign that is one.
    if unit.value == 0x28, !hasLeetLetter(source, around: index, contexts) { return nil }
    return !isDigit || contexts.allow(sign.letter, source, range) ? sign.letter : nil
  }

  /// Whether a mark of exclamation stands where most do: after a word of ASCII, which a space may part from it, and
  /// before what ends the sentence, or starts another with a word.
  @inline(__always)
  private static func endsWord(_ source: Span<UInt8>, _ index: Int) -> Bool {
    guard source[index] == 0x21, index >= 3 else { return false }
    guard index + 1 < source.count else { return true }
    let next = source[index + 1]
    guard next == 0x20 || next == 0x0A else { return false }
    let isSpaced = source[index - 1] == 0x20
    let last = isSpaced ? index - 2 : index - 1
    guard isASCIILetter(source[last]) else { return false }
    // "n !" may be one of a row of letters by themselves, and so may what follows.
    return !isSpaced
      || isASCIILetter(source[last - 1]) && index + 3 < source.count
        && isASCIILetter(source[index + 2]) && isASCIILetter(source[index + 3])
  }

  /// Whether a bracket stands where most do: after a space, before a letter.
  @inline(__always)
  private static func opensNote(_ source: Span<UInt8>, _ index: Int) -> Bool {
    source[index] == 0x28 && index > 0 && index + 1 < source.count && source[index - 1] == 0x20
      && isASCIILetter(source[index + 1])
  }

  private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// How far around a bracket another sign is sought, bytes.
  private static let bracketReach = 24

  /// Whether another sign than a bracket stands for a letter near one.
  private static func hasLeetLetter(
    _ source: Span<UInt8>,
    around index: Int,
    _ contexts: SignContexts
  ) -> Bool {
    let end = min(source.count, index + bracketReach)
    for place in max(0, index - bracketReach)..<end {
      switch source[place] {
      case 0x21, 0x2B, 0x7C, 0xC2, 0xE2:
        if leetLetter(source, at: place, contexts) != nil { return true }
      default: continue
      }
    }
    return false
  }

  private static func isBar(_ source: Span<UInt8>, _ index: Int) -> Bool {
    index >= 0 && index < source.count && source[index] == 0x7C
  }

  /// Whether letters stand on either side, or on both sides single ones with separators between.
  private static func isAmongLetters(
    _ source: Span<UInt8>,
    _ range: Range<Int>,
    _ sign: Sign
  ) -> Bool {
    let before = joint(source, before: range.lowerBound)
    let after = joint(source, after: range.upperBound)
    switch (before, after) {
    case (let before?, let after?)
    where !sign.isCommon || joint(source, before: before) != nil
      || joint(source, after: after) != nil:
      // "art§3" names an article.
      return !sign.isMeant
        || !isDigit(source.scalar(at: before).value) && !isDigit(source.scalar(before: after).value)
    case (nil, let after?) where sign.opens && isEdge(source, before: range.lowerBound):
      return !isDigit(source.scalar(before: after).value)
        && startsLetters(source, after, sign.edgeWordCount - 1)
    case (let before?, nil) where sign.closes && isEdge(source, after: range.upperBound):
      return !isDigit(source.scalar(at: before).value)
        && endsLetters(source, before, sign.edgeWordCount - 1)
    case (nil, nil), (_?, _?): break
    default: return false
    }
    let earlier = spacedCount(source, before: range.lowerBound)
    if earlier == 0, !sign.opens { return false }
    let later = spacedCount(source, after: range.upperBound)
    // Sums have fewer: `C 1 + x`.
    let least = sign.isCommon ? maxSpacedCount : maxSpacedCount - 1
    return earlier > 0 && later > 0 && earlier + later >= least
      || earlier == maxSpacedCount && sign.closes || later == maxSpacedCount && sign.opens
  }

  /// The most scalars between a sign and the letter beside it.
  private static let maxJointCount = 6

  /// Where the letter starts that stands right before a byte, but for what parts no word: another sign, markup, the
  /// invisible, a hyphen at the end of a line.
  private static func joint(_ source: Span<UInt8>, before end: Int) -> Int? {
    var index = end
    for _ in 0...maxJointCount where index > 0 {
      let unit = source.scalar(before: index)
      index -= unit.length
      if isLetter(unit.value) { return index }
      if isLineBreak(unit.value) {
        guard index > 0, isHyphen(source.scalar(before: index).value) else { return nil }
      } else if isHyphen(unit.value) {
        guard index + unit.length < source.count,
          isLineBreak(source.scalar(at: index + unit.length).value)
        else { return nil }
      } else if !joins(unit.value) {
        return nil
      }
    }
    return nil
  }

  /// Where the letter ends that stands at a byte, but for the same.
  private static func joint(_ source: Span<UInt8>, after start: Int) -> Int? {
    var index = start
    for _ in 0...maxJointCount where index < source.count {
      let unit = source.scalar(at: index)
      index += unit.length
      if isLetter(unit.value) { return index }
      if isHyphen(unit.value) {
        guard index < source.count, isLineBreak(source.scalar(at: index).value) else { return nil }
      } else if isLineBreak(unit.value) {
        guard isHyphen(source.scalar(before: index - unit.length).value) else { return nil }
      } else if !joins(unit.value) {
        return nil
      }
    }
    return nil
  }

  /// Whether a scalar is a letter or a figure, or one of the two signs that every view takes for letters: `$`, `@`.
  @inline(__always)
  private static func isLetter(_ scalar: UInt32) -> Bool {
    ScalarFold.isWord(scalar) || scalar == 0x24 || scalar == 0x40
  }

  /// Whether a scalar may stand between the letters of one word.
  private static func joins(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2A, 0x5F, 0x60, 0x7E: true  // * _ ` ~
    case 0..<0x80: sign(scalar) != nil
    default:
      isUnseen(ScalarFold.kind(scalar)) || sign(scalar) != nil
    }
  }

  private static func isDigit(_ scalar: UInt32) -> Bool {
    scalar &- 0x30 < 10
  }

  // Bit by bit: without optimisation a list of two takes memory.
  private static func isUnseen(_ kind: ScalarKind) -> Bool {
    kind.contains(.ignorable) || kind.contains(.mark)
  }

  private static func isHyphen(_ scalar: UInt32) -> Bool { scalar == 0x2D || scalar == 0x2010 }

  private static func isLineBreak(_ scalar: UInt32) -> Bool { scalar == 0x0A || scalar == 0x0D }

  /// Whether a word may start at a byte.
  private static func isEdge(_ source: Span<UInt8>, before end: Int) -> Bool {
    guard end > 0 else { return true }
    switch source[end - 1] {
    case 0x2D, 0x2F: return true  // - /
    default: return ScalarFold.isWhiteSpace(source.scalar(before: end).value)
    }
  }

  /// Whether a word may end before a byte.
  private static func isEdge(_ source: Span<UInt8>, after start: Int) -> Bool {
    guard start < source.count else { return true }
    switch source[start] {
    case 0x2C, 0x2E, 0x3A, 0x3B, 0x29, 0x2D, 0x2F: return true  // , . : ; ) - /
    default: return ScalarFold.isWhiteSpace(source.scalar(at: start).value)
    }
  }

  /// Whether letters, or signs that may be ones, follow a byte.
  private static func startsLetters(_ source: Span<UInt8>, _ start: Int, _ count: Int) -> Bool {
    var index = start
    for _ in 0..<count {
      guard index < source.count, isLetterOrSign(source.scalar(at: index).value) else {
        return false
      }
      index += source.scalar(at: index).length
    }
    return true
  }

  /// Whether letters, or signs that may be ones, stand before a byte.
  private static func endsLetters(_ source: Span<UInt8>, _ end: Int, _ count: Int) -> Bool {
    var index = end
    for _ in 0..<count {
      guard index > 0, isLetterOrSign(source.scalar(before: index).value) else { return false }
      index -= source.scalar(before: index).length
    }
    return true
  }

  private static func isLetterOrSign(_ scalar: UInt32) -> Bool {
    isLetter(scalar) || sign(scalar) != nil
  }

  private static func hasWord(_ source: Span<UInt8>, before end: Int) -> Bool {
    end > 0 && ScalarFold.isWord(source.scalar(before: end).value)
  }

  private static func hasWord(_ source: Span<UInt8>, after start: Int) -> Bool {
    start < source.count && ScalarFold.isWord(source.scalar(at: start).value)
  }

  /// The most letters by themselves that are counted.
  private static let maxSpacedCount = 4
  /// The most separators between two of them; a hyphen counts for two, or the rule below a table's head would be one.
  private static let maxSeparatorCount = 3

  /// Whether a scalar may be one of a row of letters, as itself or as punctuation.
  private static func isSpacedLetter(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x21, 0x2B, 0x7C, 0x20AC: true
    default: ScalarFold.isWord(scalar)
    }
  }

  /// How many letters by themselves stand before a byte, up to ``maxSpacedCount``.
  ///
  /// The mark of "Bonjour ! Je" stands among none: what is before it is a word.
  private static func spacedCount(_ source: Span<UInt8>, before end: Int) -> Int {
    var index = end
    var count = 0
    while count < maxSpacedCount {
      var separators = 0
      while index > 0, separators < maxSeparatorCount {
        let edge = source.scalar(before: index)
        if isSpacedLetter(edge.value) { break }
        index -= edge.length
        separators += edge.value == 0x2D ? 2 : 1
      }
      guard (1...maxSeparatorCount).contains(separators), index > 0 else { break }
      let letter = source.scalar(before: index)
      guard isSpacedLetter(letter.value) else { break }
      index -= letter.length
      if hasWord(source, before: index) { break }
      count += 1
    }
    return count
  }

  /// How many letters by themselves stand from a byte on, up to ``maxSpacedCount``.
  private static func spacedCount(_ source: Span<UInt8>, after start: Int) -> Int {
    var index = start
    var count = 0
    while count < maxSpacedCount {
      var separators = 0
      while index < source.count, separators < maxSeparatorCount {
        let edge = source.scalar(at: index)
        if isSpacedLetter(edge.value) { break }
        index += edge.length
        separators += edge.value == 0x2D ? 2 : 1
      }
      guard (1...maxSeparatorCount).contains(separators), index < source.count else { break }
      let letter = source.scalar(at: index)
      guard isSpacedLetter(letter.value) else { break }
      index += letter.length
      if hasWord(source, after: index) { break }
      count += 1
    }
    return count
  }
}
