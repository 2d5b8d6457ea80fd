/// Other letters that people read as the letters of a marking.
///
/// Written from the code charts and by eye, not from the tables that the engine folds with: what
/// those lack must show.
enum LetterForms {
  /// An alphabet that stands in a row of its own.
  struct Alphabet: Sendable {
    var name: String
    /// The form of A, and of a where there are small letters.
    var capital: UInt32
    var small: UInt32?
    /// Forms that stand elsewhere because Unicode had them before.
    var exceptions: [Character: String] = [:]

    func form(of letter: Character) -> String? {
      if let form = exceptions[letter] { return form }
      guard let ascii = letter.asciiValue else { return nil }
      switch ascii {
      case 0x41...0x5A: return scalar(capital + UInt32(ascii - 0x41))
      case 0x61...0x7A: return scalar((small ?? capital) + UInt32(ascii - 0x61))
      default: return nil
      }
    }

    private func scalar(_ value: UInt32) -> String? { Unicode.Scalar(value).map { String($0) } }
  }

  /// Compatibility forms.
  ///
  /// *Source:* Unicode code charts: Halfwidth and Fullwidth Forms, Mathematical Alphanumeric
  /// Symbols, Enclosed Alphanumerics and their Supplement, Letterlike Symbols.
  static let alphabets: [Alphabet] = [
    Alphabet(name: "fullwidth", capital: 0xFF21, small: 0xFF41),
    Alphabet(name: "bold", capital: 0x1D400, small: 0x1D41A),
    Alphabet(name: "italic", capital: 0x1D434, small: 0x1D44E, exceptions: ["h": "\u{210E}"]),
    Alphabet(name: "bold script", capital: 0x1D4D0, small: 0x1D4EA),
    Alphabet(name: "bold Fraktur", capital: 0x1D56C, small: 0x1D586),
    Alphabet(
      name: "double-struck",
      capital: 0x1D538,
      small: 0x1D552,
      exceptions: [
        "C": "\u{2102}", "H": "\u{210D}", "N": "\u{2115}", "P": "\u{2119}", "Q": "\u{211A}",
        "R": "\u{211D}", "Z": "\u{2124}",
      ]
    ),
    Alphabet(name: "sans-serif bold", capital: 0x1D5D4, small: 0x1D5EE),
    Alphabet(name: "monospace", capital: 0x1D670, small: 0x1D68A),
    Alphabet(name: "circled", capital: 0x24B6, small: 0x24D0),
    Alphabet(name: "parenthesised", capital: 0x1F110, small: 0x249C),
    Alphabet(name: "squared", capital: 0x1F130),
    Alphabet(name: "negative circled", capital: 0x1F150),
    Alphabet(name: "negative squared", capital: 0x1F170),
    Alphabet(name: "regional indicators", capital: 0x1F1E6),
  ]

  /// Letters of other kinds by name: written one after the other, a letter and its form.
  private static func table(_ pairs: String) -> [Character: String] {
    var table: [Character: String] = [:]
    for pair in pairs.split(separator: " ") {
      guard let letter = pair.first else { continue }
      table[letter] = String(pair.dropFirst())
    }
    return table
  }

  /// Small letters that compatibility forms have no row for.
  static let smallForms: [(name: String, areSmall: Bool, forms: [Character: String])] = [
    (
      "small capitals", false,
      table("aᴀ bʙ cᴄ dᴅ eᴇ fꜰ gɢ hʜ iɪ jᴊ kᴋ lʟ mᴍ nɴ oᴏ pᴘ rʀ sꜱ tᴛ uᴜ vᴠ wᴡ yʏ zᴢ")
    ),
    (
      "superscript", true,
      table("aᵃ bᵇ cᶜ dᵈ eᵉ fᶠ gᵍ hʰ iⁱ jʲ kᵏ lˡ mᵐ nⁿ oᵒ pᵖ rʳ sˢ tᵗ uᵘ vᵛ wʷ xˣ yʸ zᶻ")
    ),
  ]

  /// Letters of other scripts that look the same.
  static let lookalikes: [(name: String, forms: [Character: String])] = [
    (
      "Cyrillic",
      table(
        "AА BВ CС EЕ HН IІ JЈ KК MМ OО PР SЅ TТ XХ YУ aа cс eе iі jј oо pр sѕ xх yу hһ dԁ lӏ qԛ wԝ"
      )
    ),
    ("Greek", table("AΑ BΒ EΕ HΗ IΙ KΚ MΜ NΝ OΟ PΡ TΤ XΧ YΥ ZΖ aα oο vν iι uυ pρ")),
    ("Armenian", table("UՍ OՕ LԼ SՏ hհ nո uս oօ gց qզ")),
    ("Cherokee", table("AᎪ BᏴ CᏟ DᎠ EᎬ GᏀ HᎻ JᎫ KᏦ LᏞ MᎷ PᏢ RᎡ SᏚ TᎢ VᏙ WᎳ ZᏃ")),
    (
      "Lisu",
      table("Aꓮ Bꓐ Cꓚ Dꓓ Eꓰ Fꓝ Gꓖ Hꓧ Iꓲ Jꓙ Kꓗ Lꓡ Mꓟ Nꓠ Oꓳ Pꓑ Rꓣ Sꓢ Tꓔ Uꓴ Vꓦ Wꓪ Xꓫ Yꓬ Zꓜ")
    ),
    ("other Latin", table("aɑ gɡ iı lǀ fƒ IƖ DĐ RƦ sſ")),
    // Of Greek and of Cyrillic letters.
    (
      "Latin",
      table(
        "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo νv "
          + "АA ВB ЕE КK МM НH ОO РP СC ТT ХX аa еe оo рp сc хx"
      )
    ),
  ]

  /// Letters with an accent or stroke more, as one character.
  static let accented = table(
    "AÁ BḂ CÇ DĎ EË FḞ GĞ HĤ IÏ JĴ KĶ LĹ MṀ NÑ OÖ PṖ RŘ SŠ TŤ UÜ VṼ WŴ XẌ YÝ ZŽ "
      + "aá bḃ cç dď eë fḟ gğ hĥ iï jĵ kķ lĺ mṁ nñ oö pṗ rř sš tť uü vṽ wŵ xẍ yý zž"
  )
  /// Letters with a stroke.
  static let stroked = table("DĐ HĦ LŁ OØ TŦ BɃ ZƵ dđ hħ lł oø tŧ bƀ zƶ iɨ IƗ")

  /// Digits and signs for letters.
  static let digits = table("A4 E3 I1 L1 O0 S5 T7 B8 a4 e3 i1 l1 o0 s5 t7 b8")
  static let signs = table("A@ S$ a@ s$ E3 e3 O0 o0")
  static let strokes = table("I| L| T+ i| l| t+")
  /// Signs of money, and what else stands on the same keys.
  static let money = table("A@ E€ I! O0 S$ a@ e€ i! o0 s$")

  /// The letter without the accent it has in the marking, so that É has the forms of E.
  static func base(_ letter: Character) -> Character {
    bases[letter] ?? letter
  }

  private static let bases: [Character: Character] = {
    var bases: [Character: Character] = [:]
    let rows: [Character: String] = [
      "A": "ÀÁÂÃÄÅĄĀ", "C": "ÇĆČ", "D": "Ď", "E": "ÈÉÊËĚĘĖĒ", "G": "Ğ", "I": "ÌÍÎÏĪ", "L": "Ĺ",
      "N": "ÑŃŇ", "O": "ÒÓÔÕÖŐ", "R": "Ř", "S": "ŠŚŞȘ", "T": "ŤȚ", "U": "ÙÚÛÜŮŰŪ", "Y": "Ý",
      "Z": "ŽŹŻ",
      "Α": "Ά", "Ε": "Έ", "Η": "Ή", "Ι": "Ί", "Ο": "Ό", "Υ": "Ύ", "Ω": "Ώ",
      "α": "ά", "ε": "έ", "η": "ή", "ι": "ί", "ο": "ό", "υ": "ύ", "ω": "ώ",
      "a": "àáâãäåąā", "c": "çćč", "d": "ď", "e": "èéêëěęėē", "g": "ğ", "i": "ìíîïī", "l": "ĺ",
      "n": "ñńň", "o": "òóôõöő", "r": "ř", "s": "šśşș", "t": "ťț", "u": "ùúûüůűū", "y": "ý",
      "z": "žźż",
    ]
    for (base, row) in rows { for letter in row { bases[letter] = base } }
    return bases
  }()
}
