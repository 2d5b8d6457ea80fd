import VigieUnicode

/// The small alphabets to which a text is folded before phrases are sought in it.
package enum FoldedView: UInt8, Sendable, CaseIterable {
  /// Latin letters, with everything that looks like them merged in.
  case skeleton
  /// Greek, Cyrillic and Latin letters, those that look alike merged, and letters of scripts without case.
  case script

  /// How many symbols a fold can give, silence included; the automaton's columns.
  package var columnCount: Int { self == .skeleton ? 32 : 64 }
}

/// The symbols of one scalar: none, one, or a few for ligatures and the like.
package struct FoldedSymbols: Equatable {
  /// How many symbols: 0…4.
  package var count: Int
  /// The symbols, first in the lowest byte.
  package var packed: UInt32

  /// The first symbol; 0 where there is none.
  package var first: UInt8 { UInt8(truncatingIfNeeded: packed) }

  /// The symbol at a place.
  @inline(__always)
  package subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: packed >> (UInt32(index) * 8))
  }
}

extension FoldedView {
  /// Folds a scalar.
  package func fold(_ scalar: UInt32) -> FoldedSymbols {
    let value = self == .skeleton ? ScalarFold.skeleton(scalar) : ScalarFold.script(scalar)
    if value == 0 { return FoldedSymbols(count: 0, packed: 0) }
    if self == .skeleton, value >= 32 {
      let expansion = ScalarFold.expansion(value)
      return FoldedSymbols(count: expansion.count, packed: expansion.symbols)
    }
    return FoldedSymbols(count: 1, packed: UInt32(value))
  }
}

/// One letter of a phrase after folding.
package struct PhraseLetter: Sendable, Equatable {
  /// The symbol in the view of the phrase.
  package var symbol: UInt8
  /// The lower-case ASCII letter as written, or 0.
  package var base: UInt8
  /// Whether a word of the phrase starts here.
  package var startsWord: Bool
  /// Whether the phrase itself has a diacritic here.
  package var isAccented: Bool
  /// Whether the phrase itself has a capital here.
  package var isCapital: Bool
  /// Whether the phrase itself has punctuation before this letter.
  package var followsPunctuation: Bool
  /// The scalar that must stand here, of a letter of a script without case and of a digit beside such; 0 where all will
  /// do that share the symbol.
  package var scalar: UInt32
}

/// A phrase of a rule, folded by the same function as texts are.
package struct FoldedPhrase: Sendable, Equatable {
  /// The view in which it is sought.
  package var view: FoldedView
  /// Its letters; never empty but for a phrase without any letter.
  package var letters: [PhraseLetter]
  /// How many words it has.
  package var wordCount: Int

  /// The symbols alone.
  package var symbols: [UInt8] { letters.map(\.symbol) }

  /// From how many letters on a phrase is told by them with one of them wrong.
  ///
  /// *Source:* the shortest that stood misspelt in texts nobody of us wrote have 16; below 14, ordinary words
  /// are one letter away.
  package static let misspellingLetterCount = 14

  /// Up to how many letters: longer ones are sentences, which hold shorter markings.
  package static let maxMisspellingLetterCount = 36

  /// From how many letters on a word of such a phrase is known with one of them wrong: "Oscar" is not "OCCAR".
  package static let misspeltWordLetterCount = 6

  /// From how many letters on one is known with two neighbours that changed places: no other word is meant by "olny".
  package static let swappedWordLetterCount = 4

  /// Whether it can be told with one letter wrong, too many or left out, or two that changed places: long ones of
  /// several words.
  package var toleratesMisspelling: Bool {
    view == .skeleton && wordCount > 1
      && (FoldedPhrase.misspellingLetterCount...FoldedPhrase.maxMisspellingLetterCount)
        .contains(letters.count)
  }

  /// Folds a phrase; the view follows from its letters.
  package init(_ phrase: String) {
    let scalars = phrase.unicodeScalars
    let isUnicase = scalars.contains { ScalarFold.isUnicase($0.value) }
    let view: FoldedView =
      isUnicase || scalars.contains { ScalarFold.isScriptLetter($0.value) } ? .script : .skeleton
    var letters: [PhraseLetter] = []
    var startsWord = true
    var followsPunctuation = false
    var wordCount = 0
    for scalar in scalars {
      let kind = ScalarFold.kind(scalar.value)
      if kind.contains(.mark), !letters.isEmpty {
        letters[letters.count - 1].isAccented = true
        continue
      }
      let symbols = view.fold(scalar.value)
      if symbols.count == 0 {
        if kind.contains(.ignorable) { continue }
        startsWord = true
        if !ScalarFold.isWhiteSpace(scalar.value), !letters.isEmpty { followsPunctuation = true }
        continue
      }
      for index in 0..<symbols.count {
        if startsWord { wordCount += 1 }
        letters.append(
          PhraseLetter(
            symbol: symbols[index],
            base: symbols.count == 1 ? ScalarFold.word(scalar.value) : 0,
            startsWord: startsWord,
            isAccented: kind.contains(.diacritic),
            isCapital: ScalarFold.isUppercase(scalar.value),
            followsPunctuation: followsPunctuation,
            scalar: isUnicase && FoldedPhrase.standsForItself(scalar) ? scalar.value : 0
          )
        )
        startsWord = false
        followsPunctuation = false
      }
    }
    self.view = view
    self.letters = letters
    self.wordCount = wordCount
  }

  /// Whether nothing else will do for a letter: one of a script without case, or a number.
  private static func standsForItself(_ scalar: Unicode.Scalar) -> Bool {
    ScalarFold.isUnicase(scalar.value) || scalar.properties.numericType != nil
  }

  /// How many Latin letters the phrase is worth: one that stands in texts of its own script alone tells more, and so
  /// does one of thousands.
  ///
  /// An ideograph or a kana is worth a word of six, a syllable of Hangul three, a letter of Greek, Cyrillic or Hebrew one
  /// and a half.
  package var weight: Int {
    letters.reduce(0) { sum, letter in
      if ScalarFold.isUnspaced(letter.scalar) { return sum + 12 }
      if (0xAC00...0xD7A3).contains(letter.scalar) { return sum + 6 }
      return sum + (letter.base == ScalarFold.otherScript ? 3 : 2)
    } / 2
  }
}
