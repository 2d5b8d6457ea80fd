import VigieRulebook
import VigieText
import VigieUnicode

/// The pass over the alphabet of Greek, Cyrillic and Latin together, and over the letters of scripts without case.
extension Sweep {
  /// How far before a letter of a script a marking that holds it may start, bytes.
  private static let scriptLead = 128
  /// How far after such a letter the first letters of a marking may reach, which the pass looks for.
  private static let scriptReach = 64
  /// The symbols of ASCII bytes.
  private static let symbols: [UInt8] = (0..<128).map { ScalarFold.script($0) }

  /// Passes over those parts of a text where words with a letter of another script may stand.
  ///
  /// Formulas are full of single Greek letters, and one of them in a large text should cost little.
  mutating func scriptPass(_ text: Span<UInt8>) {
    let symbols = Sweep.symbols
    var index = 0
    var passed = 0
    var number = 0
    while let place = nextScriptLetter(text, from: index, &number) {
      if mayBeInPhrase(place, text, symbols.span) {
        let start = text.unitEdge(atOrBefore: max(passed, place - Sweep.scriptLead))
        index = scriptPass(text, from: start, place, symbols.span)
        passed = index
      } else {
        index = place + text.scalar(at: place).length
      }
    }
  }

  /// The first byte of the next letter of another script, as the kernel told it if it did.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - index: Where to begin.
  ///   - number: How many of those that were told stand before that, which is counted on.
  /// - Returns: The byte, or `nil` where none follows.
  private func nextScriptLetter(
    _ text: Span<UInt8>,
    from index: Int,
    _ number: inout Int
  ) -> Int? {
    guard areScriptPlacesKnown else { return Sweep.nextScriptLetter(text, from: index) }
    while number < scriptPlaces.count, scriptPlaces[number] < index { number += 1 }
    return number < scriptPlaces.count ? scriptPlaces[number] : nil
  }

  /// How far from a letter those beside it are sought, bytes.
  private static let besideReach = 64

  /// Whether a letter may be one of a phrase: with two letters beside it as phrases have them, which those of
  /// formulas hardly ever are.
  private func mayBeInPhrase(_ place: Int, _ text: Span<UInt8>, _ symbols: Span<UInt8>) -> Bool {
    let unit = text.scalar(at: place)
    let letter = ScalarFold.script(unit.value)
    var start = place
    var end = place + unit.length
    let limits = (place - Sweep.besideReach)..<(end + Sweep.besideReach)
    let before = letterBefore(&start, limits, text, symbols)
    let after = letterAfter(&end, limits, text, symbols)
    func follow(_ first: UInt8?, _ second: UInt8?, _ third: UInt8?) -> Bool {
      guard let first, let second, let third else { return true }
      return rules.prefilter.hasScriptTriple(first, second, third)
    }
    // Of three in a row the letter is the second, the first or the last; of shorter phrases the first is enough.
    return follow(before, letter, after)
      || follow(letter, after, letterAfter(&end, limits, text, symbols))
      || follow(letterBefore(&start, limits, text, symbols), before, letter)
  }

  /// The letter before a byte, which is moved there; 0 for none, `nil` where it is not within limits.
  private func letterBefore(
    _ place: inout Int,
    _ limits: Range<Int>,
    _ text: Span<UInt8>,
    _ symbols: Span<UInt8>
  ) -> UInt8? {
    while place > 0 {
      guard place > limits.lowerBound else { return nil }
      let byte = text[place - 1]
      if byte < 0x80 {
        place -= 1
        if symbols[Int(byte)] != 0 { return symbols[Int(byte)] }
        continue
      }
      let unit = text.scalar(before: place)
      place -= unit.length
      let symbol = ScalarFold.script(unit.value)
      if symbol != 0 { return symbol }
    }
    return 0
  }

  /// The same for the letter after a byte.
  private func letterAfter(
    _ place: inout Int,
    _ limits: Range<Int>,
    _ text: Span<UInt8>,
    _ symbols: Span<UInt8>
  ) -> UInt8? {
    while place < text.count {
      guard place < limits.upperBound else { return nil }
      let byte = text[place]
      if byte < 0x80 {
        place += 1
        if symbols[Int(byte)] != 0 { return symbols[Int(byte)] }
        continue
      }
      let unit = text.scalar(at: place)
      place += unit.length
      let symbol = ScalarFold.script(unit.value)
      if symbol != 0 { return symbol }
    }
    return 0
  }

  /// Passes over a text from a byte on, up to where no letter of a script is near any more.
  ///
  /// - Returns: The byte after the last.
  private mutating func scriptPass(
    _ text: Span<UInt8>,
    from start: Int,
    _ letter: Int,
    _ symbols: Span<UInt8>
  ) -> Int {
    let automaton = rules.prefilter.script
    let transitions = automaton.transitions
    var state: UInt32 = 0
    var index = start
    var end = min(text.count, letter + Sweep.scriptReach)
    while index < end {
      let byte = text[index]
      let symbol: UInt8
      if byte < 0x80 {
        symbol = symbols[Int(byte)]
        index += 1
      } else {
        let unit = text.scalar(at: index)
        index += unit.length
        let entry = ScalarFold.entry(unit.value)
        if entry.isScriptLetter || entry.isUnicase {
          end = min(text.count, index + Sweep.scriptReach)
        }
        symbol = ScalarFold.script(unit.value, entry)
      }
      if symbol == 0 { continue }
      state = transitions[Int(state) + Int(symbol)]
      if state >= automaton.firstAccepting { scriptHits(text, index, state) }
    }
    return index
  }

  private mutating func scriptHits(_ text: Span<UInt8>, _ end: Int, _ state: UInt32) {
    let automaton = rules.prefilter.script
    for output in automaton.outputRange(of: state) {
      for window in rules.prefilter.scriptWindows[Int(automaton.outputs[output])] {
        check(phrase: window.phrase, text, end, window.letterCount)
      }
    }
  }

  /// The first byte of the next letter of another script.
  private static func nextScriptLetter(_ text: Span<UInt8>, from start: Int) -> Int? {
    let bytes = unsafe text.bytes
    var index = start
    while index < text.count {
      if index &+ 8 <= text.count {
        // In bounds: eight bytes are left.
        let block = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index,
          as: UInt64.self
        )
        if !mayStartScriptLetter(block) {
          index &+= 8
          continue
        }
      }
      let end = min(text.count, index &+ 8)
      while index < end {
        if text[index] < 0xCD {
          index &+= 1
          continue
        }
        let unit = text.scalar(at: index)
        let entry = ScalarFold.entry(unit.value)
        if entry.isScriptLetter || entry.isUnicase { return index }
        index &+= unit.length
      }
    }
    return nil
  }

  /// Whether one of eight bytes is a lead byte of Greek, Cyrillic or Hebrew, 0xCD…0xD7, of Georgian and Jamo, 0xE1, of
  /// kana, Han and Hangul, 0xE3…0xED, or 0xF0 of mathematical letters and rare ideographs; of U+2DE0…U+2DFF, which are
  /// marks, not.
  @inline(__always)
  private static func mayStartScriptLetter(_ block: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high = block & (ones &* 0x80)
    if high == 0 { return false }
    let low = block & (ones &* 0x7F)
    // No sum of two values below 128 reaches into the next byte.
    let inRange = (low &+ ones &* (0x80 &- 0x4D)) & ~(low &+ ones &* (0x7F &- 0x57))
    let isWide = (low &+ ones &* (0x80 &- 0x63)) & ~(low &+ ones &* (0x7F &- 0x6D))
    func holds(_ value: UInt64) -> UInt64 {
      let difference = low ^ (ones &* value)
      return ~(difference &+ ones &* 0x7F)
    }
    return high & (inRange | isWide | holds(0x61) | holds(0x70)) != 0
  }
}
