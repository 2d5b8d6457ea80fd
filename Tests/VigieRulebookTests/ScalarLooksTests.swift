import Testing
import VigieRulebook

/// What one look-up answers is what the functions behind it say.
@Suite("Looks of scalars")
struct ScalarLooksTests {
  @Test("the same answers as one by one")
  func answers() {
    let looks = ScalarLooks()
    var hangingCount = 0
    for scalar in UInt32(0x80)...0x3FFF {
      let look = looks[scalar]
      let beside = ByteSign(of: scalar, besideLetter: true)
      let alone = ByteSign(of: scalar, besideLetter: false)
      #expect(look.code == StepTable.code(ofLookalike: scalar))
      #expect(look.isUnseen == StepTable.isUnseen(scalar))
      #expect(look.isSymbolAlone == StepTable.isSymbolAlone(scalar))
      #expect(look.signsBesideLetter == beside.rawValue)
      #expect(look.hangsOnLetters == (beside.rawValue != alone.rawValue))
      if look.hangsOnLetters { hangingCount += 1 }
    }
    #expect(hangingCount > 100)
  }
}
