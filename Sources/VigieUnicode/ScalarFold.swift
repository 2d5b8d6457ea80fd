/// How every Unicode scalar folds: constant tables, a few loads a look-up, no start-up cost.
///
/// Values above U+10FFFF are taken too, and are breakers without any property. Whoever asks more
/// than one question about a scalar asks `entry`.
///
/// Public only so that it is inlined into the folding loops, which the compiler does not do for
/// `package` functions: three questions about a scalar take 6 ns instead of 12.
public enum ScalarFold {
  /// Returns the skeleton symbol of a scalar.
  ///
  /// 0 is silent (white space, punctuation, marks, ignorables, controls, unassigned); 1…26 are the
  /// letters a…z after merging leet digits and look-alikes (i, l and 1 are all 12); 27 is a
  /// breaker, a letter or digit without look-alike, that never matches; 32 and above are several
  /// letters, to be asked of `expansion`.
  @inlinable @inline(__always)
  public static func skeleton(_ scalar: UInt32) -> UInt8 { entry(scalar).skeleton }

  /// Returns the two to four symbols of a skeleton value of 32 or above, the first lowest.
  ///
  /// The count is 0 for a value that is no expansion.
  @inlinable @inline(__always)
  public static func expansion(_ value: UInt8) -> (count: Int, symbols: UInt32) {
    guard value >= 32, value - 32 < expansionCount else { return (0, 0) }
    let start = unsafe UnsafeRawPointer(expansionTable.utf8Start)
    let word = unsafe start.loadUnaligned(fromByteOffset: 4 * Int(value - 32), as: UInt32.self)
    let symbols = UInt32(littleEndian: word) &- 0x3030_3030
    return (4 - symbols.leadingZeroBitCount / 8, symbols)
  }

  /// Returns the ASCII character that a reader sees, with its case, or 0.
  ///
  /// Letters with diacritics are left alone: 0, like all that has no look-alike or several.
  @inlinable @inline(__always)
  public static func plain(_ scalar: UInt32) -> UInt8 { entry(scalar).plain }

  /// Returns the two to eight ASCII characters that a reader sees, the first lowest.
  ///
  /// The count is 0 for a scalar with one look-alike or none.
  @inlinable @inline(__always)
  public static func plainExpansion(_ scalar: UInt32) -> (count: Int, bytes: UInt64) {
    text(entry(scalar).plainText)
  }

  /// Returns what folding this scalar undoes.
  @inlinable @inline(__always)
  public static func kind(_ scalar: UInt32) -> ScalarKind { entry(scalar).kind }

  /// Tells whether a scalar is a letter or a number, enclosed ones included; marks are not.
  @inlinable @inline(__always)
  public static func isWord(_ scalar: UInt32) -> Bool { entry(scalar).isWord }

  /// Tells whether a scalar has the property White_Space.
  @inlinable @inline(__always)
  public static func isWhiteSpace(_ scalar: UInt32) -> Bool { entry(scalar).isWhiteSpace }

  /// Tells whether a scalar has the property Uppercase.
  @inlinable @inline(__always)
  public static func isUppercase(_ scalar: UInt32) -> Bool { entry(scalar).isUppercase }

  /// Tells whether a scalar has the property Lowercase.
  @inlinable @inline(__always)
  public static func isLowercase(_ scalar: UInt32) -> Bool { entry(scalar).isLowercase }

  /// Returns the symbol of a scalar in the merged alphabet of Greek, Cyrillic and Latin.
  ///
  /// 0 is silent, 1…62 are letters, united where they look alike in either case, 63 is a breaker. Letters of scripts
  /// without case share the 62: who seeks one asks for the scalar as well.
  @inlinable @inline(__always)
  public static func script(_ scalar: UInt32) -> UInt8 { script(scalar, entry(scalar)) }

  /// The same of a scalar whose entry is at hand.
  @inlinable @inline(__always)
  public static func script(_ scalar: UInt32, _ entry: ScalarEntry) -> UInt8 {
    entry.isUnicase ? UInt8(truncatingIfNeeded: scalar % 62 &+ 1) : entry.script
  }

  /// Tells whether a scalar is a Greek or Cyrillic letter, so that the script view must run.
  @inlinable @inline(__always)
  public static func isScriptLetter(_ scalar: UInt32) -> Bool { entry(scalar).isScriptLetter }

  /// Tells whether a scalar is a letter of Hebrew, Hangul, Han or kana: scripts without case, in which each letter
  /// stands for itself.
  @inlinable @inline(__always)
  public static func isUnicase(_ scalar: UInt32) -> Bool { entry(scalar).isUnicase }

  /// Tells whether a scalar is of Han: the ideographs that Chinese, Japanese and Korean share, with what repeats one.
  ///
  /// *Source:* Unicode 15, the blocks of CJK ideographs, and what of them is among the symbols: 々, 〇, numerals.
  public static func isIdeograph(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3005, 0x3007, 0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xF900...0xFAFF, 0x2_0000...0x3_FFFF:
      true
    default: false
    }
  }

  /// Tells whether a scalar is a letter of a script that is written without blanks between words: Han and kana.
  @inlinable @inline(__always)
  public static func isUnspaced(_ scalar: UInt32) -> Bool {
    scalar >= 0x3005 && (scalar < 0xAC00 || scalar > 0xD7FF) && entry(scalar).isUnicase
      && !(0x3130..<0x3190).contains(scalar) && !(0xA960..<0xA980).contains(scalar)
      && !(0xFFA0..<0xFFDD).contains(scalar)
  }

  /// Returns the lower-case ASCII letter or digit under case, diacritics and compatibility forms.
  ///
  /// 0 is no word character (marks neither: skip those by `kind`), 1 a letter of another script,
  /// 2 several letters, to be asked of `wordExpansion`. Look-alikes are not merged.
  @inlinable @inline(__always)
  public static func word(_ scalar: UInt32) -> UInt8 { entry(scalar).word }

  /// What ``word(_:)`` says of a letter of another script than Latin.
  public static let otherScript: UInt8 = 1

  /// Returns the two to eight letters and digits of a scalar whose `word` is 2, the first lowest.
  @inlinable @inline(__always)
  public static func wordExpansion(_ scalar: UInt32) -> (count: Int, bytes: UInt64) {
    text(entry(scalar).wordText)
  }

  /// Returns all that is known of a scalar.
  @inlinable @inline(__always)
  public static func entry(_ scalar: UInt32) -> ScalarEntry {
    guard scalar <= 0x10FFFF else { return ScalarEntry(record: 0) }
    let row = pair(stage, Int(scalar &>> 7))
    return ScalarEntry(record: pair(rows, row &<< 7 | Int(scalar & 127)))
  }

  /// Reads the number that two digits of a table spell.
  @inlinable @inline(__always)
  static func pair(_ table: StaticString, _ place: Int) -> Int {
    let start = unsafe table.utf8Start + place &<< 1
    return unsafe (Int(start[0]) &- 48) &<< 6 | (Int(start[1]) &- 48)
  }

  /// Reads a text by its number from 1 on; 0 is no text.
  @inlinable
  static func text(_ number: Int) -> (count: Int, bytes: UInt64) {
    guard number > 0 else { return (0, 0) }
    let start = unsafe UnsafeRawPointer(texts.utf8Start) + 9 * (number - 1)
    let count = unsafe Int(start.load(as: UInt8.self)) - 48
    let word = unsafe start.loadUnaligned(fromByteOffset: 1, as: UInt64.self)
    return (count, UInt64(littleEndian: word) & UInt64.max >> UInt64(64 - 8 * count))
  }
}
