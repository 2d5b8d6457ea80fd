import Testing
import VigieUnicode

/// Properties that hold for every scalar, checked against the standard library's own tables.
@Suite("Every scalar")
struct PropertyTests {
  /// The scalars that both the tables (Unicode 15.0) and the standard library know.
  ///
  /// U+0295 is left out: Unicode 15.1 made it a letter without case.
  private static let known = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).filter {
    guard $0.value != 0x295, let age = $0.properties.age else { return false }
    return age.major <= 15 && (age.major < 15 || age.minor == 0)
  }

  @Test("folds to a symbol or to a valid expansion")
  func symbolsAreValid() {
    var bad = 0
    var expansions = Set<UInt8>()
    for scalar in UInt32(0)...0x110100 {
      let skeleton = ScalarFold.skeleton(scalar)
      if skeleton >= 32 {
        expansions.insert(skeleton)
        let letters = symbols(skeleton)
        if !(2...4 ~= letters.count) || !letters.allSatisfy({ 1...26 ~= $0 }) { bad += 1 }
      } else if skeleton > 27 {
        bad += 1
      }
      if ScalarFold.script(scalar) > 63 { bad += 1 }
      if ScalarFold.plain(scalar) > 0x7E && scalar != 0x7F { bad += 1 }
      let several = ScalarFold.plainExpansion(scalar).count
      if several != 0 && (ScalarFold.plain(scalar) != 0 || !(2...8 ~= several)) { bad += 1 }
      let word = ScalarFold.word(scalar)
      let isSingle = 48...57 ~= word || 97...122 ~= word
      if !(word <= 2 || isSingle) { bad += 1 }
      if (word == 2) != (ScalarFold.wordExpansion(scalar).count >= 2) { bad += 1 }
      if (word != 0) != ScalarFold.isWord(scalar) { bad += 1 }
    }
    #expect(bad == 0)
    #expect(expansions.count == Int(ScalarFold.expansionCount))
    for value in UInt8(0)..<32 { #expect(ScalarFold.expansion(value).count == 0) }
    #expect(ScalarFold.expansion(.max).count == 0)
  }

  @Test("agrees with the standard library on its properties")
  func properties() {
    #expect(PropertyTests.known.count > 280_000)
    var wrong: [String] = []
    for scalar in PropertyTests.known {
      let (entry, properties) = (ScalarFold.entry(scalar.value), scalar.properties)
      var holds = entry.isWhiteSpace == properties.isWhitespace
      holds = holds && entry.isUppercase == properties.isUppercase
      holds = holds && entry.isLowercase == properties.isLowercase
      holds = holds && entry.kind.contains(.ignorable) == properties.isDefaultIgnorableCodePoint
      if properties.isWhitespace || properties.isDefaultIgnorableCodePoint {
        holds =
          holds && entry.skeleton == 0 && ScalarFold.script(scalar.value) == 0 && !entry.isWord
      }
      if !holds { wrong.append(String(scalar.value, radix: 16)) }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test("marks and controls are silent, letters are not")
  func categories() {
    var wrong: [String] = []
    for scalar in PropertyTests.known {
      let entry = ScalarFold.entry(scalar.value)
      let ignorable = scalar.properties.isDefaultIgnorableCodePoint
      var holds = true
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark:
        holds = entry.skeleton == 0 && ScalarFold.script(scalar.value) == 0 && !entry.isWord
        holds = holds && entry.kind == (ignorable ? .ignorable : .mark)
      case .control, .format, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
        .paragraphSeparator, .dashPunctuation, .openPunctuation, .closePunctuation:
        holds = entry.skeleton == 0 && !entry.isWord
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber:
        holds =
          ignorable || entry.skeleton != 0 && entry.isWord && ScalarFold.script(scalar.value) != 0
      default:
        holds = !entry.kind.contains(.mark)
      }
      if !holds { wrong.append(String(scalar.value, radix: 16)) }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test("a change of case never changes the skeleton of a Latin letter with diacritics")
  func cases() {
    var wrong: [String] = []
    for scalar in PropertyTests.known where ScalarFold.kind(scalar.value).contains(.diacritic) {
      let upper = scalar.properties.uppercaseMapping.unicodeScalars
      guard upper.count == 1, let other = upper.first, ScalarFold.word(scalar.value) > 2 else {
        continue
      }
      let same = ScalarFold.skeleton(scalar.value) == ScalarFold.skeleton(other.value)
      if !same || ScalarFold.word(scalar.value) != ScalarFold.word(other.value) {
        wrong.append(String(scalar.value, radix: 16))
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }
}
