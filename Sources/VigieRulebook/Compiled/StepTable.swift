import VigieUnicode

/// What a step over one byte, two bytes or a scalar does to the two windows of a pass.
///
/// A pass keeps the last symbols of the skeleton and the last codes of the bytes, five bits each, the
/// newest lowest. A step is 32 bits (``Step``): how far the skeleton's window moves, the symbols and
/// codes that come in, and what the text may need besides.
package final class StepTable: Sendable {
  /// The same table for all rules.
  static let shared = StepTable()

  /// For each byte its step; ``Step/wide`` beyond ASCII.
  let singles: [UInt32]
  /// For each pair of bytes, the first lowest, its step; ``Step/wide`` where one is beyond ASCII, unless
  /// both are one scalar of ``wide``.
  let pairs: [UInt32]
  /// For each scalar up to ``wideCount`` its step; ``Step/wide`` where symbols and signs do not
  /// say all.
  let wide: [UInt32]

  private init() {
    let singles = (0..<256).map { StepTable.single(UInt8($0)) }
    self.singles = singles
    var pairs = [UInt32](repeating: Step.wide, count: 1 << 16)
    for first in 0..<128 {
      for second in 0..<128 {
        pairs[first | second << 8] = StepTable.joined(singles[first], singles[second])
      }
    }
    let wide = (0..<StepTable.wideCount).map(StepTable.wideStep)
    for scalar in 0x80..<0x800 where wide[scalar] != Step.wide {
      let (lead, next) = (0xC0 | scalar >> 6, 0x80 | scalar & 0x3F)
      // Two bytes, two codes: no string has one of them.
      let code = UInt32(StepTable.wideCode) << (Step.codes + 5)
      pairs[lead | next << 8] = wide[scalar] | code
    }
    self.pairs = pairs
    self.wide = wide
  }

  private static func single(_ byte: UInt8) -> UInt32 {
    guard byte < 0x80 else { return Step.wide }
    return step(ScalarFold.skeleton(UInt32(byte)), code(of: byte), ByteSign(of: byte))
  }

  private static func step(_ symbol: UInt8, _ code: UInt8, _ signs: ByteSign) -> UInt32 {
    UInt32(symbol == 0 ? 0 : Step.width) | signs.rawValue << Step.signs
      | UInt32(code) << Step.codes | UInt32(symbol) << Step.symbols
  }

  private static func joined(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let signs = ((first | second) >> Step.signs) & 0x3F
    let shift = second & Step.shift
    let symbols = (first >> Step.symbols) << shift | second >> Step.symbols
    let codes = ((first >> Step.codes) & 31) << 5 | (second >> Step.codes) & 31
    return (first & Step.shift) + shift | signs << Step.signs | codes << Step.codes
      | symbols << Step.symbols
  }

  private static func wideStep(_ index: Int) -> UInt32 {
    let scalar = UInt32(index)
    let signs = ByteSign(of: scalar, besideLetter: true)
    let symbol = ScalarFold.skeleton(scalar)
    // Several letters, or a sign that hangs on the neighbours: for the long way.
    guard symbol < 32, signs == ByteSign(of: scalar, besideLetter: false),
      !signs.contains(.lookalike), !isUnseen(scalar)
    else {
      return Step.wide
    }
    return step(symbol, wideCode, signs)
  }

  /// How many scalars ``wide`` knows: those up to U+2FFF, the last of punctuation and symbols.
  static let wideCount = 0x3000

  /// The code of all scalars beyond ASCII.
  package static let wideCode: UInt8 = 24
  /// The codes of what is no letter: other, digit, slash, hyphen or low line, bracket or quote, beyond ASCII.
  static let edgeCodes: [UInt8] = [0, 8, 12, 16, 20, wideCode]
  /// The letters by code, with dots for what is no letter.
  ///
  /// By its two lowest bits alone a code is an edge or one of two rare letters, or it is neither:
  /// of the oldest code of a window only its lowest bits are looked at (``Step/row``).
  private static let lettersByCode = Array(".abcwdef.ghi.jlm.nop.rst.uvyxzkq".utf8)

  /// Whether nobody sees that a scalar stands there.
  package static func isUnseen(_ scalar: UInt32) -> Bool {
    let kind = ScalarFold.entry(scalar).kind
    return kind.contains(.ignorable) || kind.contains(.mark)
  }

  /// Whether a look-alike that stands alone, beside no letter and no digit, is a symbol and no letter in disguise:
  /// letters of other alphabets and of formulas are; numerals, circled and wide letters are not.
  package static func isSymbolAlone(_ scalar: UInt32) -> Bool {
    // Letterlike Symbols, of which U+2116 stands for two letters, and Mathematical Alphanumeric Symbols.
    if (0x2100..<0x2150).contains(scalar) { return scalar != 0x2116 }
    if (0x1D400..<0x1D800).contains(scalar) { return true }
    return ScalarFold.entry(scalar).kind.contains(.homoglyph)
  }

  /// The code of a look-alike: that of what it looks like, or `nil` where it is not seen at all.
  package static func code(ofLookalike scalar: UInt32) -> UInt8? {
    let entry = ScalarFold.entry(scalar)
    if entry.kind.contains(.ignorable) || entry.kind.contains(.mark) { return nil }
    if entry.plain != 0 { return code(of: entry.plain) }
    return entry.word != 0 && entry.word < 0x80 ? code(of: entry.word) : wideCode
  }

  /// The code of an ASCII byte: one for each letter without regard to case, and its kind for others.
  package static func code(of byte: UInt8) -> UInt8 {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A: codes[Int(byte & 31)]
    case 0x30...0x39: 8
    case UInt8(ascii: "/"): 12
    case UInt8(ascii: "-"), UInt8(ascii: "_"): 16
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""):
      20
    default: 0
    }
  }

  /// The codes of the letters, by their place in the alphabet from 1 on.
  private static let codes: [UInt8] = (0..<32).map { place in
    UInt8(lettersByCode.firstIndex(of: UInt8(0x60 + place)) ?? 0)
  }
}

/// The fields of a step.
///
/// Public only so that they are inlined into the pass, as constants of another module are not.
public enum Step {
  /// The bits of one symbol or code.
  static let width = 5
  /// The step does not say what is here; no other step has all bits.
  @inlinable public static var wide: UInt32 { .max }
  /// Bits 0…3: how many bits the skeleton's window moves, so that a shift takes them as they are.
  @inlinable public static var shift: UInt32 { 0xF }
  /// Bits 6…11: the ``ByteSign``.
  @inlinable public static var signs: UInt32 { 6 }
  /// Bits 12…21: up to two codes.
  @inlinable public static var codes: UInt32 { 12 }
  /// Bits 22…31: up to two symbols.
  @inlinable public static var symbols: UInt32 { 22 }
  /// The bits of the last symbols but one that choose a word of a ``WindowSet``: two whole symbols
  /// and three bits of the one before, so that all words stay in the nearest cache.
  @inlinable public static var row: UInt64 { 0x1FFF }
}
