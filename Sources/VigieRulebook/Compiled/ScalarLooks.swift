import VigieUnicode

/// What a pass asks of a scalar beyond ASCII that may look like another, answered by one look-up.
///
/// Texts of Greek or Cyrillic are full of letters that look like Latin ones: each is asked for with two neighbours on either
/// side, and what ``StepTable`` and ``ByteSign`` say of them is worked out anew every time.
@usableFromInline
package struct ScalarLook: Sendable {
  /// Bits 0…4: the code; 5: unseen; 6: a symbol where it stands alone; 7: it looks like another beside letters only;
  /// 8…13: its ``ByteSign`` beside a letter.
  @usableFromInline let bits: UInt16

  /// Works out what is asked of a scalar.
  @usableFromInline
  init(of scalar: UInt32) {
    let signs = ByteSign(of: scalar, besideLetter: true)
    var bits = UInt16(truncatingIfNeeded: signs.rawValue) << 8
    if signs.contains(.lookalike),
      !ByteSign(of: scalar, besideLetter: false).contains(.lookalike)
    {
      bits |= 1 << 7
    }
    if StepTable.isSymbolAlone(scalar) { bits |= 1 << 6 }
    if let code = StepTable.code(ofLookalike: scalar) {
      bits |= UInt16(code)
    } else {
      bits |= 1 << 5
    }
    self.bits = bits
  }

  /// The code of what it looks like, or `nil` where nobody sees it.
  @inlinable package var code: UInt8? { isUnseen ? nil : UInt8(truncatingIfNeeded: bits & 31) }
  /// Whether nobody sees that it stands there.
  @inlinable package var isUnseen: Bool { bits & 1 << 5 != 0 }
  /// Whether it is a symbol, and no letter in disguise, where no letter or digit is beside it.
  @inlinable package var isSymbolAlone: Bool { bits & 1 << 6 != 0 }
  /// Whether it looks like another beside letters, and is what it is where none is.
  @inlinable package var hangsOnLetters: Bool { bits & 1 << 7 != 0 }
  /// The bits of its ``ByteSign`` where a letter is beside it.
  @inlinable package var signsBesideLetter: UInt32 { UInt32(bits &>> 8) }
}

/// What is asked of all scalars.
@usableFromInline
package struct ScalarLooks: Sendable {
  /// The answers for the scalars of two bytes, which those of Greek and Cyrillic are: 4 KiB.
  private static let known = (0..<0x800).map { ScalarLook(of: $0) }

  @usableFromInline let known: [ScalarLook]

  /// The same table for all.
  package init() { known = ScalarLooks.known }

  /// What is asked of a scalar.
  @inlinable package subscript(scalar: UInt32) -> ScalarLook {
    scalar < UInt32(known.count) ? known[Int(scalar)] : ScalarLook(of: scalar)
  }
}
