import VigieRulebook
import VigieText
import VigieUnicode

/// The pass over the alphabet of Greek, Cyrillic and Latin together.
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
    while let place = Sweep.nextScriptLetter(text, from: index) {
      let start = text.unitEdge(atOrBefore: max(index, place - Sweep.scriptLead))
      index = scriptPass(text, from: start, place, symbols.span)
    }
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
        if entry.isScriptLetter { end = min(text.count, index + Sweep.scriptReach) }
        symbol = ScalarFold.script(unit.value)
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
        check(window.phrase, text, end, window.letterCount)
      }
    }
  }

  /// The first byte of the next Greek or Cyrillic letter.
  private static func nextScriptLetter(_ text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < text.count {
      // Below are ASCII and Latin with its marks: no letter of these scripts.
      if text[index] < 0xCD {
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      if ScalarFold.entry(unit.value).isScriptLetter { return index }
      index += unit.length
    }
    return nil
  }
}
