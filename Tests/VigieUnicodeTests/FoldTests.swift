import Testing
import VigieUnicode

@Suite("Folds")
struct FoldTests {
  @Test("ASCII: letters, leet digits and silence")
  func ascii() {
    let merged: [UInt8: Character] = [
      0x30: "o", 0x31: "l", 0x32: "z", 0x33: "e", 0x34: "a", 0x35: "s", 0x36: "g", 0x37: "t",
      0x38: "b", 0x39: "g", 0x40: "a", 0x24: "s", 0x49: "l", 0x69: "l",
    ]
    for byte in UInt8(0)..<128 {
      let scalar = UInt32(byte)
      let isLetter = 65...90 ~= byte || 97...122 ~= byte
      let letter = merged[byte]?.asciiValue ?? (isLetter ? byte | 0x20 : nil)
      #expect(ScalarFold.skeleton(scalar) == letter.map { $0 - 96 } ?? 0, "\(byte)")
      #expect(ScalarFold.skeleton(ascii: byte) == ScalarFold.skeleton(scalar), "\(byte)")
      #expect(ScalarFold.plain(scalar) == byte)
      let isDigit = 48...57 ~= byte
      #expect(ScalarFold.isWord(scalar) == (isLetter || isDigit))
      #expect(ScalarFold.word(scalar) == (isLetter ? byte | 0x20 : isDigit ? byte : 0))
      #expect(ScalarFold.isWhiteSpace(scalar) == (9...13 ~= byte || byte == 32))
      #expect(ScalarFold.isUppercase(scalar) == (65...90 ~= byte))
      #expect(ScalarFold.isLowercase(scalar) == (97...122 ~= byte))
      #expect(!ScalarFold.isScriptLetter(scalar))
      var kind: ScalarKind = []
      if 65...90 ~= byte { kind = .upper }
      if 97...122 ~= byte { kind = .lower }
      if isDigit || byte == 0x40 || byte == 0x24 { kind = .digit }
      #expect(ScalarFold.kind(scalar) == kind, "\(byte)")
    }
  }

  @Test(
    "what a reader sees",
    arguments: [
      ("Ａ", "A"), ("ｚ", "z"), ("０", "0"), ("／", "/"), ("［", "["), ("］", "]"), ("（", "("),
      ("：", ":"),
      ("𝐀", "A"), ("𝓏", "z"), ("𝟗", "9"), ("ℝ", "R"), ("ℓ", "l"), ("С", "C"), ("с", "c"),
      ("ʀ", "R"),
      ("ⁿ", "n"), ("²", "2"), ("₃", "3"), ("Ⓐ", "A"), ("ⓩ", "z"), ("🄰", "A"), ("🅱", "B"),
      ("🇩", "D"),
      ("①", "1"), ("❷", "2"), ("⓪", "0"), ("–", "-"), ("—", "-"), ("‐", "-"), ("‑", "-"),
      ("−", "-"),
      ("\u{A0}", " "), ("\u{202F}", " "), ("\u{2009}", " "), ("\u{3000}", " "), ("‘", "'"),
      ("’", "'"),
      ("“", "\""), ("”", "\""), ("„", "\""), ("٣", "3"), ("٥", "5"), ("९", "9"), ("၀", "0"),
      ("І", "I"),
      ("Ⅴ", "V"), ("ª", "a"), ("º", "o"), ("⁄", "/"), ("＿", "_"), ("\u{2028}", "\n"),
    ]
  )
  func plain(_ glyph: String, _ ascii: Character) throws {
    let scalar = try #require(glyph.unicodeScalars.first).value
    #expect(ScalarFold.plain(scalar) == ascii.asciiValue ?? 0)
    #expect(ScalarFold.plainExpansion(scalar).count == 0)
  }

  @Test("letters with diacritics and other scripts are left alone in plain text")
  func left() {
    for scalar in "éÉçßłøđñёЖ漢가אא÷€".unicodeScalars {
      #expect(ScalarFold.plain(scalar.value) == 0, "\(scalar)")
      #expect(ScalarFold.plainExpansion(scalar.value).count == 0, "\(scalar)")
    }
  }

  @Test(
    "several letters",
    arguments: [
      ("ß", "ss", "", "ss"), ("ẞ", "ss", "", "ss"), ("œ", "oe", "oe", "oe"),
      ("Œ", "oe", "OE", "oe"),
      ("æ", "ae", "ae", "ae"), ("ﬁ", "fl", "fi", "fi"), ("ﬃ", "ffl", "ffi", "ffi"),
      ("ﬆ", "st", "st", "st"),
      ("㎏", "kg", "kg", "kg"), ("㏕", "mll", "mil", "mil"), ("Ⅶ", "vll", "VII", "vii"),
      ("™", "tm", "TM", ""), ("№", "no", "No", "no"), ("ǆ", "dz", "dz", "dz"),
      ("½", "lz", "1/2", "12"),
      ("🆔", "ld", "ID", "id"), ("🆒", "cool", "COOL", "cool"), ("⒑", "lo", "10.", "10"),
    ]
  )
  func several(_ glyph: String, _ skeleton: String, _ plain: String, _ word: String) throws {
    let scalar = try #require(glyph.unicodeScalars.first).value
    #expect(symbols(ScalarFold.skeleton(scalar)) == skeleton.utf8.map { $0 - 96 })
    #expect(ScalarFold.plain(scalar) == 0)
    #expect(text(ScalarFold.plainExpansion(scalar)) == plain)
    #expect(ScalarFold.word(scalar) == (word.isEmpty ? 0 : 2))
    #expect(text(ScalarFold.wordExpansion(scalar)) == word)
  }

  /// A pass over bytes keeps the symbols of a scalar in the places of its bytes.
  @Test("no scalar has more symbols than bytes of UTF-8")
  func noMoreSymbolsThanBytes() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let count = symbols(ScalarFold.skeleton(value)).count
      if count > UTF8.width(scalar) { Issue.record("\(scalar) has \(count)") }
    }
  }

  @Test(
    "strokes and diacritics fold to the base letter",
    arguments: [
      ("é", "e"), ("É", "e"), ("ç", "c"), ("ñ", "n"), ("ł", "l"), ("Ł", "l"), ("ø", "o"),
      ("đ", "d"),
      ("ħ", "h"), ("ı", "i"), ("ð", "d"), ("ŧ", "t"), ("ƀ", "b"), ("ɨ", "i"), ("ɍ", "r"),
      ("ᵽ", "p"),
      ("ệ", "e"), ("ǖ", "u"), ("ș", "s"), ("ğ", "g"), ("İ", "i"), ("ɇ", "e"), ("ꞓ", "c"),
      ("ƶ", "z"),
    ]
  )
  func diacritics(_ glyph: String, _ letter: Character) throws {
    let scalar = try #require(glyph.unicodeScalars.first).value
    let byte = try #require(letter.asciiValue)
    #expect(ScalarFold.skeleton(scalar) == ScalarFold.skeleton(UInt32(byte)))
    #expect(ScalarFold.word(scalar) == byte)
    #expect(ScalarFold.kind(scalar).contains(.diacritic))
    #expect(ScalarFold.isWord(scalar))
  }

  @Test(
    "kinds",
    arguments: [
      ("Ａ", [.compatibility, .upper]), ("𝐚", [.compatibility, .lower]),
      ("ʀ", [.compatibility, .upper]),
      ("С", [.homoglyph, .upper]), ("с", [.homoglyph, .lower]), ("🅰", [.compatibility, .upper]),
      ("⒜", [.compatibility, .lower]), ("🇩", [.compatibility, .upper]),
      ("ⓐ", [.compatibility, .lower]),
      ("é", [.diacritic, .lower]), ("\u{301}", .mark), ("\u{200B}", .ignorable),
      ("\u{AD}", .ignorable),
      ("\u{202E}", .ignorable), ("\u{FE0F}", .ignorable), ("\u{E0041}", .ignorable),
      ("\u{34F}", .ignorable), ("\u{3164}", .ignorable), ("\u{FEFF}", .ignorable), ("5", .digit),
      ("–", []), ("’", []), ("\u{A0}", []), ("ﬁ", [.compatibility, .lower]), ("／", .compatibility),
      ("漢", []), ("Й", [.diacritic, .homoglyph, .upper]),
    ] as [(String, ScalarKind)]
  )
  func kinds(_ glyph: String, _ kind: ScalarKind) throws {
    let scalar = try #require(glyph.unicodeScalars.first).value
    #expect(ScalarFold.kind(scalar) == kind)
  }

  @Test("breakers and silence")
  func breakers() {
    for scalar in "漢가あЖ٣अא".unicodeScalars {
      #expect(ScalarFold.skeleton(scalar.value) == 27, "\(scalar)")
      #expect(ScalarFold.isWord(scalar.value))
    }
    for scalar in "!|+€-_.·•–’«» \u{A0}\u{301}\u{200D}\u{FFFD}\u{2028}\u{E000}😀ʼ│‖…".unicodeScalars
    {
      #expect(ScalarFold.skeleton(scalar.value) == 0, "\(scalar)")
      #expect(!ScalarFold.isWord(scalar.value), "\(scalar)")
      #expect(ScalarFold.word(scalar.value) == 0, "\(scalar)")
    }
    for scalar in "漢가あЖасא".unicodeScalars { #expect(ScalarFold.word(scalar.value) == 1) }
    for scalar: UInt32 in [0x110000, 0x7FFF_FFFF, .max] {
      #expect(ScalarFold.skeleton(scalar) == 27)
      #expect(ScalarFold.plain(scalar) == 0 && ScalarFold.kind(scalar) == [])
      #expect(ScalarFold.script(scalar) == 63 && !ScalarFold.isWord(scalar))
    }
    for scalar: UInt32 in 0xD800..<0xE000 { #expect(ScalarFold.skeleton(scalar) == 0) }
  }

  @Test("the script view unites look-alikes in either case")
  func script() {
    let united = [
      "aAαΑаАάАａ", "bBβΒвВ", "eEεΕеЕёΈ", "hHηΗнНή", "kκк", "mμм", "oοо0ό", "pρр", "cс", "tτт",
      "xχх", "yυуύ", "nνΝ", "zζ", "iιіїIΙІΊ1l", "зЗ3", "σςΣ", "иИйЙ", "гΓγГ", "пПπΠ", "фφΦ",
    ]
    for group in united {
      let symbols = Set(group.unicodeScalars.map { ScalarFold.script($0.value) })
      #expect(symbols.count == 1, "\(group)")
      #expect(symbols.isDisjoint(with: [0, 63]), "\(group)")
    }
    let apart = "abcdefghikmnopqrstuxzгδθλξπσφψбджзилцчшщъыэюя".filter { !"гπлu".contains($0) }
    var seen: [UInt8: Character] = [:]
    for scalar in apart.unicodeScalars {
      let other = seen.updateValue(Character(scalar), forKey: ScalarFold.script(scalar.value))
      #expect(other == nil, "\(scalar)")
    }
    for scalar in " -.\u{301}\u{200B}!€–ʼ".unicodeScalars {
      #expect(ScalarFold.script(scalar.value) == 0)
    }
    for scalar in "ᎣᏰअგ".unicodeScalars { #expect(ScalarFold.script(scalar.value) == 63) }
    for scalar in "αΩςάжЖёґ𝛼".unicodeScalars { #expect(ScalarFold.isScriptLetter(scalar.value)) }
    for scalar in "aéµ漢0\u{483}".unicodeScalars {
      #expect(!ScalarFold.isScriptLetter(scalar.value))
    }
  }

  @Test(
    "letters of Hebrew, Hangul, Han and kana share the symbols of the script view, and are told as such"
  )
  func unicase() {
    for scalar in "אםסויי漢秘々〇極가비힣ㄱᄃあんアヽ𠮷豈ｱ".unicodeScalars {
      #expect(ScalarFold.isUnicase(scalar.value), "\(scalar)")
      #expect((1...62).contains(ScalarFold.script(scalar.value)), "\(scalar)")
      #expect(!ScalarFold.isScriptLetter(scalar.value), "\(scalar)")
    }
    for scalar in "aéЖα1ـ·、。「」㊙\u{5B0}".unicodeScalars {
      #expect(!ScalarFold.isUnicase(scalar.value), "\(scalar)")
    }
    for scalar in "漢秘々あアｱ𠮷".unicodeScalars { #expect(ScalarFold.isUnspaced(scalar.value)) }
    for scalar in "가ㄱᄃאaЖ1。".unicodeScalars { #expect(!ScalarFold.isUnspaced(scalar.value)) }
    for value: UInt32 in 0...0x3_FFFF {
      guard let scalar = Unicode.Scalar(value), ScalarFold.isUnicase(value) else { continue }
      let isIdeograph = scalar.properties.isIdeographic || [0x3005, 0x303B].contains(value)
      #expect(ScalarFold.isIdeograph(value) == isIdeograph, "\(value)")
    }
  }

  /// The characters of a packed text.
  private func text(_ packed: (count: Int, bytes: UInt64)) -> String {
    String(
      decoding: (0..<packed.count).map {
        UInt8(truncatingIfNeeded: packed.bytes >> UInt64(8 * $0))
      },
      as: UTF8.self
    )
  }
}
