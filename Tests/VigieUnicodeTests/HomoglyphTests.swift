import Testing
import VigieUnicode

/// Look-alikes written by hand, from charts and lettering generators; not taken from the generator.
private let lookAlikes: [(String, String)] = [
  // Cyrillic, small and capital.
  ("а", "a"), ("е", "e"), ("о", "o"), ("р", "p"), ("с", "c"), ("у", "y"), ("х", "x"), ("і", "i"),
  ("ј", "j"), ("ѕ", "s"), ("ԁ", "d"), ("һ", "h"), ("ԛ", "q"), ("ԝ", "w"), ("ӏ", "l"), ("ѵ", "v"),
  ("А", "A"), ("В", "B"), ("Е", "E"), ("К", "K"), ("М", "M"), ("Н", "H"), ("О", "O"), ("Р", "P"),
  ("С", "C"), ("Т", "T"), ("Х", "X"), ("У", "Y"), ("І", "I"), ("Ј", "J"), ("Ѕ", "S"), ("Ԛ", "Q"),
  ("Ԝ", "W"), ("в", "b"), ("к", "k"), ("м", "m"), ("н", "h"), ("т", "t"), ("и", "n"), ("Я", "R"),
  // Greek.
  ("α", "a"), ("ο", "o"), ("ν", "v"), ("ρ", "p"), ("ι", "i"), ("κ", "k"), ("τ", "t"), ("χ", "x"),
  ("υ", "u"), ("σ", "o"), ("γ", "y"), ("ε", "e"), ("Α", "A"), ("Β", "B"), ("Ε", "E"), ("Ζ", "Z"),
  ("Η", "H"), ("Ι", "I"), ("Κ", "K"), ("Μ", "M"), ("Ν", "N"), ("Ο", "O"), ("Ρ", "P"), ("Τ", "T"),
  ("Υ", "Y"), ("Χ", "X"), ("Ϲ", "C"), ("ϲ", "c"), ("ϳ", "j"),
  // Armenian and Coptic.
  ("օ", "o"), ("ս", "u"), ("հ", "h"), ("զ", "q"), ("ց", "g"), ("Տ", "S"), ("Ս", "U"), ("Օ", "O"),
  ("Լ", "L"), ("Ⲥ", "C"), ("Ⲏ", "H"), ("Ⲟ", "O"), ("Ⲣ", "P"), ("ⲣ", "p"), ("Ⲙ", "M"), ("Ⲧ", "T"),
  // Cherokee.
  ("Ꭰ", "D"), ("Ꭱ", "R"), ("Ꭲ", "T"), ("Ꭺ", "A"), ("Ꭻ", "J"), ("Ꭼ", "E"), ("Ꮃ", "W"), ("Ꮇ", "M"),
  ("Ꮋ", "H"), ("Ꮐ", "G"), ("Ꮓ", "Z"), ("Ꮖ", "I"), ("Ꮪ", "S"), ("Ꮯ", "C"), ("Ꮲ", "P"), ("Ꮶ", "K"),
  ("Ꮩ", "V"), ("Ꮮ", "L"), ("Ᏼ", "B"),
  // Lisu.
  ("ꓐ", "B"), ("ꓑ", "P"), ("ꓓ", "D"), ("ꓔ", "T"), ("ꓖ", "G"), ("ꓗ", "K"), ("ꓙ", "J"), ("ꓚ", "C"),
  ("ꓜ", "Z"), ("ꓝ", "F"), ("ꓟ", "M"), ("ꓠ", "N"), ("ꓡ", "L"), ("ꓢ", "S"), ("ꓣ", "R"), ("ꓦ", "V"),
  ("ꓧ", "H"), ("ꓪ", "W"), ("ꓫ", "X"), ("ꓬ", "Y"), ("ꓮ", "A"), ("ꓰ", "E"), ("ꓲ", "I"), ("ꓳ", "O"),
  ("ꓴ", "U"),
  // Canadian syllabics, Deseret, Warang Citi and other scripts far away.
  ("ᑌ", "U"), ("ᑎ", "N"), ("ᐯ", "V"), ("ᑭ", "P"), ("ᗅ", "A"), ("ᗞ", "D"), ("ᗪ", "D"), ("ᒍ", "J"),
  ("ᒪ", "L"), ("ᗷ", "B"), ("ᕼ", "H"), ("𐐄", "O"), ("𐐬", "o"), ("०", "0"), ("০", "0"), ("ס", "o"),
  ("ا", "l"), ("ו", "l"), ("ဝ", "o"), ("၀", "0"), ("ⵔ", "O"), ("ⵏ", "l"), ("ᴏ", "o"),
  // Latin of odd shape.
  ("ɑ", "a"), ("ɡ", "g"), ("ǀ", "l"), ("ɩ", "i"), ("ǝ", "e"), ("ə", "e"), ("ɛ", "e"),
  ("ʀ", "R"), ("ᴇ", "E"), ("ꜱ", "S"), ("ɪ", "I"), ("ɴ", "N"), ("ᴛ", "T"), ("ᴜ", "U"), ("ꜰ", "F"),
  // Signs.
  ("℮", "e"), ("₳", "A"), ("฿", "B"), ("₵", "C"), ("₴", "S"), ("₮", "T"), ("∀", "A"), ("∃", "E"),
]

@Suite("Look-alikes")
struct HomoglyphTests {
  @Test("each folds like the letter it resembles", arguments: lookAlikes)
  func folds(_ glyph: String, _ letter: String) throws {
    let scalar = try #require(glyph.unicodeScalars.first).value
    let ascii = try #require(letter.unicodeScalars.first).value
    #expect(ScalarFold.skeleton(scalar) == ScalarFold.skeleton(ascii))
    #expect(ScalarFold.plain(scalar) | 0x20 == UInt8(ascii) | 0x20)
    #expect(!ScalarFold.kind(scalar).isDisjoint(with: [.homoglyph, .compatibility]))
  }

  @Test("disguised words fold to the same symbols")
  func words() {
    let disguised = [
      "ЅЕСRЕТ", "ＳＥＣＲＥＴ", "𝐒𝐄𝐂𝐑𝐄𝐓", "𝖘𝖊𝖈𝖗𝖊𝖙", "ⓈⒺⒸⓇⒺⓉ", "🅂🄴🄲🅁🄴🅃", "🆂🅴🅲🆁🅴🆃", "🅢🅔🅒🅡🅔🅣",
      "ѕєcяєт", "53cr3t", "$3CR37",
      "s\u{200B}e\u{AD}c\u{2060}r\u{FE0F}e\u{34F}t",
      "ꜱᴇᴄʀᴇᴛ", "ˢᵉᶜʳᵉᵗ", "ꓢꓰꓚꓣꓰꓔ", "ᏚᎬᏟᎡᎬᎢ", "🇸🇪🇨🇷🇪🇹", "⒮⒠⒞⒭⒠⒯", "S.E.C.R.E.T", "s e c r e t",
      "śéçŕêţ", "s̶e̶c̶r̶e̶t̶", "丂乇匚尺乇ㄒ", "₴Ɇ₵ⱤɆ₮", "รєςгєt", "ＳECRΞＴ",
      "ŞƐϹЯƐT",
    ]
    for word in disguised {
      #expect(skeleton(word) == skeleton("secret"), "\(word)")
    }
    #expect(skeleton("ΑΠΌΡΡΗΤΟ") == skeleton("απορρητο".uppercased()))
    #expect(skeleton("I1l|iı") == [12, 12, 12, 12, 12])
  }

  /// Folds a text as the skeleton view does.
  private func skeleton(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      let symbol = ScalarFold.skeleton(scalar.value)
      guard symbol >= 32 else { return symbol == 0 ? [] : [symbol] }
      return symbols(symbol)
    }
  }
}

/// The symbols of an expansion as an array.
func symbols(_ value: UInt8) -> [UInt8] {
  let (count, packed) = ScalarFold.expansion(value)
  return (0..<count).map { UInt8(truncatingIfNeeded: packed >> UInt32(8 * $0)) }
}
