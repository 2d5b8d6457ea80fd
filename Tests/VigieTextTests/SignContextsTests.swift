import Testing
import VigieText

/// Where signs may stand for letters of phrases.
struct SignContextsTests {
  private static let phrases = [
    "DIFFUSION RESTREINTE", "SECRET DÉFENSE", "NATO RESTRICTED", "TOP SECRET", "TLP:RED", "NfD",
    "VS-VERTRAULICH", "confidentiel",
  ]
  private let contexts = SignContexts(phrases.map { FoldedPhrase($0).symbols })
  private static let signs: [Character: (sign: String, digit: UInt8)] = [
    "I": ("!", 0x31), "L": ("|", 0x31), "T": ("+", 0x37), "E": ("€", 0x33),
  ]

  private func allows(_ text: String, at sign: String) -> Bool? {
    let bytes = Array(text.utf8)
    let units = Array(sign.utf8)
    guard
      let place = bytes.indices.first(where: { bytes[$0...].starts(with: units) }),
      let digit = SignContextsTests.signs.values.first(where: { $0.sign == sign })?.digit
    else { return nil }
    let range = place..<(place + units.count)
    let allows = contexts.allow(digit, bytes.span, range)
    // The question asked first never says no to what the other allows.
    #expect(!allows || contexts.mayAllow(digit, bytes.span, range))
    return allows
  }

  @Test("a sign in the place of any letter of a phrase, in every shape of the phrase")
  func phraseLetters() {
    var count = 0
    for phrase in SignContextsTests.phrases {
      let letters = Array(phrase.uppercased())
      for place in letters.indices {
        guard let sign = SignContextsTests.signs[letters[place]]?.sign else { continue }
        var signed = letters.map(String.init)
        signed[place] = sign
        let shapes = [
          signed.joined(), signed.joined().lowercased(), signed.joined(separator: " "),
          "Note : " + signed.joined() + ".", "**" + signed.joined() + "**\nx",
          "(" + signed.joined() + ")", "rapport" + signed.joined() + "Final",
          signed.joined(separator: "\u{200B}"),
        ]
        for shape in shapes.enumerated() where shape.offset != 6 || place > 0 {
          #expect(allows(shape.element, at: sign) == true, "\(shape)")
          count += 1
        }
      }
    }
    #expect(count > 150)
  }

  @Test("two signs, one a letter and one a separator, either way")
  func twoSigns() {
    #expect(allows("NATO!R€STRICTED", at: "€") == true)
    #expect(allows("S€CRE+", at: "€") == true)
    #expect(allows("S€CRE+", at: "+") == true)
    #expect(allows("|TLP:R€D|", at: "€") == true)
  }

  @Test("formulas, tables, programs and prose have none")
  func others() {
    let none = [
      ("a + b", "+"), ("min (x + y) + 1", "+"), ("| 1 | 2 | 3 |", "|"), ("C++ et Java", "+"),
      ("let x = !done", "!"), ("Bonjour ! Comment", "!"), ("12 € par mois", "€"), ("Ctrl+Maj", "+"),
      ("java|type", "|"), ("2026-02-14T17:00:00+01:00", "+"), ("", "+"), ("+", "+"),
    ]
    for (text, sign) in none where !text.isEmpty {
      #expect(allows(text, at: sign) == false, "\(text)")
    }
  }

  @Test("bytes that are no text")
  func malformed() {
    for bytes in [[0xC3, 0x2B, 0xC3], [0xFF, 0x2B], [0x2B, 0xE2, 0x82], [0x80, 0x2B, 0x80]] {
      let text = bytes.map { UInt8($0) }
      guard let place = text.firstIndex(of: 0x2B) else { continue }
      #expect(!contexts.allow(0x37, text.span, place..<(place + 1)))
    }
  }

  @Test("without phrases all are allowed")
  func anything() {
    let text = Array("a + b".utf8)
    #expect(SignContexts.any.allow(0x37, text.span, 2..<3))
    #expect(SignContexts.any.mayAllow(0x37, text.span, 2..<3))
  }
}
