import Testing
import VigieText
import VigieUnicode

@Suite("Folded phrases")
struct FoldedPhraseTests {
  @Test("words, accents, capitals and punctuation are kept letter by letter")
  func shape() {
    let phrase = FoldedPhrase("Très-secret : Défense")
    #expect(phrase.view == .skeleton)
    #expect(phrase.wordCount == 3)
    let letters = phrase.letters
    #expect(letters.count == 17)
    #expect(letters.indices.filter { letters[$0].startsWord } == [0, 4, 10])
    #expect(letters.indices.filter { letters[$0].isAccented } == [2, 11])
    #expect(letters.indices.filter { letters[$0].isCapital } == [0, 10])
    #expect(letters.indices.filter { letters[$0].followsPunctuation } == [4, 10])
    #expect(String(decoding: letters.map(\.base), as: UTF8.self) == "tressecretdefense")
  }

  @Test("what looks alike, or differs only in case, accents and separators, folds alike")
  func alike() {
    let plain = FoldedPhrase("diffusion restreinte").symbols
    for text in [
      "DIFFUSION RESTREINTE", "d i f f u s i o n – restreinte", "d1ffus10n r3str31nt3",
      "ｄｉｆｆｕｓｉｏｎ restreinte", "diffusion\u{200B}restre\u{301}inte", "diﬀusion restreinte",
    ] {
      #expect(FoldedPhrase(text).symbols == plain, "\(text)")
    }
    #expect(FoldedPhrase("diffusion restreint").symbols != plain)
  }

  @Test("a combining mark accents the letter before it; one at the start is nothing")
  func marks() {
    let phrase = FoldedPhrase("\u{301}re\u{301}s")
    #expect(phrase.letters.map(\.isAccented) == [false, true, false])
    #expect(phrase.wordCount == 1)
  }

  @Test("a ligature is several letters, of which only the first starts a word")
  func ligature() {
    let phrase = FoldedPhrase("œuvre ﬀ")
    #expect(
      phrase.letters.map(\.startsWord) == [true] + [false, false, false, false, false] + [
        true, false,
      ]
    )
    #expect(phrase.letters[0].base == 0)
    #expect(phrase.letters[2].base == UInt8(ascii: "u"))
  }

  @Test("Greek and Cyrillic phrases go to the script view, one look-alike is enough")
  func views() {
    #expect(FoldedPhrase("ΑΠΟΡΡΗΤΟ").view == .script)
    #expect(FoldedPhrase("ПОВЕРИТЕЛНО").view == .script)
    #expect(FoldedPhrase("SЕCRET").view == .script)
    #expect(FoldedPhrase("SECRET").view == .skeleton)
    #expect(FoldedPhrase("απόρρητο").symbols == FoldedPhrase("ΑΠΟΡΡΗΤΟ").symbols)
  }

  @Test("letters of scripts without case stand for themselves, and so do numbers beside them")
  func unicase() {
    let phrase = FoldedPhrase("3급 비밀 II")
    #expect(phrase.view == .script)
    #expect(phrase.letters.map(\.scalar) == [0x33, 0xAE09, 0xBE44, 0xBC00, 0, 0])
    #expect(phrase.letters.map(\.startsWord) == [true, false, true, false, true, false])
    #expect(FoldedPhrase("ΑΠ 3").letters.allSatisfy { $0.scalar == 0 })
  }

  @Test(
    "what a phrase is worth in Latin letters",
    arguments: [
      ("secret", 6), ("秘", 6), ("極秘", 12), ("비밀", 6), ("סודי", 6), ("ДСП", 4), ("ΑΠ", 3), ("", 0),
    ]
  )
  func weight(_ text: String, _ weight: Int) { #expect(FoldedPhrase(text).weight == weight) }

  @Test("a phrase without letters is empty", arguments: ["", " - ", "\u{200B}", "…!?"])
  func empty(_ text: String) {
    #expect(FoldedPhrase(text).letters.isEmpty)
    #expect(FoldedPhrase(text).wordCount == 0)
  }

  @Test("the symbols of a scalar come in order and within the alphabet of the view")
  func symbols() {
    for scalar in (0...0x2FFFF as ClosedRange<UInt32>) where scalar % 7 == 0 || scalar < 0x3000 {
      for view in FoldedView.allCases {
        let symbols = view.fold(scalar)
        let isWithin = (0..<symbols.count).allSatisfy {
          symbols[$0] > 0 && Int(symbols[$0]) < view.columnCount
        }
        if symbols.count > 4 || !isWithin || symbols.count == 0 && symbols.first != 0 {
          Issue.record("U+\(String(scalar, radix: 16)) in \(view): \(symbols)")
        }
      }
    }
    let ligature = FoldedView.skeleton.fold(0xFB03)
    #expect(ligature.count == 3)
    #expect((0..<3).map { ligature[$0] } == FoldedPhrase("ffi").symbols)
  }
}
