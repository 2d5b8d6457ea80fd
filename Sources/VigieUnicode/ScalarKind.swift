/// What folding a scalar undoes, and the case of the letter that a reader sees.
public struct ScalarKind: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt8

  /// Makes a set of its bits.
  @inlinable @inline(__always)
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Invisible: zero-width, soft hyphen, bidi controls, variation selectors, tags, fillers.
  @inlinable public static var ignorable: ScalarKind { ScalarKind(rawValue: 1 << 0) }
  /// A combining mark.
  @inlinable public static var mark: ScalarKind { ScalarKind(rawValue: 1 << 1) }
  /// A base letter with diacritics or a stroke.
  @inlinable public static var diacritic: ScalarKind { ScalarKind(rawValue: 1 << 2) }
  /// A form of other characters: fullwidth, mathematical, circled, small capital, ligature.
  @inlinable public static var compatibility: ScalarKind { ScalarKind(rawValue: 1 << 3) }
  /// A letter of another script, or a sign, that looks like ASCII.
  @inlinable public static var homoglyph: ScalarKind { ScalarKind(rawValue: 1 << 4) }
  /// An ASCII digit, `@` or `$`, which may stand for a letter.
  @inlinable public static var digit: ScalarKind { ScalarKind(rawValue: 1 << 5) }
  /// Looks like a capital letter.
  @inlinable public static var upper: ScalarKind { ScalarKind(rawValue: 1 << 6) }
  /// Looks like a small letter.
  @inlinable public static var lower: ScalarKind { ScalarKind(rawValue: 1 << 7) }
}
