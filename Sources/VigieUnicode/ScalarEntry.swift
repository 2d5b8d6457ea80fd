/// All that is known of one scalar, looked up once; see `ScalarFold` for what each answer means.
public struct ScalarEntry: Sendable {
  /// Where the record of the scalar starts: sixteen base-64 digits, U+0030 on.
  @usableFromInline let offset: Int

  @inlinable @inline(__always)
  init(record: Int) { offset = record &<< 4 }

  /// The skeleton symbol.
  @inlinable @inline(__always)
  public var skeleton: UInt8 { UInt8(truncatingIfNeeded: number(0)) }

  /// The ASCII look-alike.
  @inlinable @inline(__always)
  public var plain: UInt8 { UInt8(truncatingIfNeeded: number(2)) }

  /// What folding undoes.
  @inlinable @inline(__always)
  public var kind: ScalarKind { ScalarKind(rawValue: UInt8(truncatingIfNeeded: number(4))) }

  /// Whether it is a letter or a number.
  @inlinable @inline(__always)
  public var isWord: Bool { digit(6) & 1 != 0 }

  /// Whether it is white space.
  @inlinable @inline(__always)
  public var isWhiteSpace: Bool { digit(6) & 2 != 0 }

  /// Whether it has the property Uppercase.
  @inlinable @inline(__always)
  public var isUppercase: Bool { digit(6) & 4 != 0 }

  /// Whether it has the property Lowercase.
  @inlinable @inline(__always)
  public var isLowercase: Bool { digit(6) & 8 != 0 }

  /// Whether it is a Greek or Cyrillic letter.
  @inlinable @inline(__always)
  public var isScriptLetter: Bool { digit(6) & 16 != 0 }

  /// Whether it is a letter of Hebrew, Hangul, Han or kana.
  @inlinable @inline(__always)
  public var isUnicase: Bool { digit(6) & 32 != 0 }

  /// The symbol of the script view, but for a letter that ``isUnicase``.
  @inlinable @inline(__always)
  var script: UInt8 { digit(7) }

  /// The base letter or digit.
  @inlinable @inline(__always)
  public var word: UInt8 { UInt8(truncatingIfNeeded: number(8)) }

  /// The number of the text that a reader sees, or 0.
  @inlinable @inline(__always)
  var plainText: Int { number(10) }

  /// The number of the text in base letters, or 0.
  @inlinable @inline(__always)
  var wordText: Int { number(12) }

  @inlinable @inline(__always)
  func digit(_ place: Int) -> UInt8 {
    unsafe ScalarFold.records.utf8Start[offset &+ place] &- 48
  }

  /// The number that two digits spell.
  @inlinable @inline(__always)
  func number(_ place: Int) -> Int { Int(digit(place)) &<< 6 | Int(digit(place &+ 1)) }
}
