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
    let mayAllow = contexts.mayAllow(digit, bytes.span, range)
    #expect(!allows || mayAllow)
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
        let plain = signed.joined()
        var shapes = [
          plain, plain.lowercased(), "Note : \(plain).", "**\(plain)**\nx", "(\(plain))",
        ]
        shapes.append(signed.joined(separator: " "))
        shapes.append(signed.joined(separator: "\u{200B}"))
        // In a file name a capital starts a word; a sign has no case.
        if place > 0 { shapes.append("rapport\(plain)") }
        for shape in shapes {
          #expect(allows(shape, at: sign) == true, "\(shape)")
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
      let allows = contexts.allow(0x37, text.span, place..<(place + 1))
      #expect(!allows, "\(text)")
    }
  }

  @Test("without phrases all are allowed")
  func anything() {
    let text = Array("a + b".utf8)
    let allows = SignContexts.any.allow(0x37, text.span, 2..<3)
    let mayAllow = SignContexts.any.mayAllow(0x37, text.span, 2..<3)
    #expect(allows && mayAllow)
  }
}
