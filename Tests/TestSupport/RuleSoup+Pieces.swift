import Foundation

/// What odd rules are made of.
extension RuleSoup {
  static let largeNumbers = [
    "0", "1", "4", "40", "709", "1e-320", "1e16", "1e308", "1.7976931348623157e308",
  ]
  static let numbers = ["1e400", ".inf", ".nan", "-.inf", "1e", "0x10", "--1", ""]

  static let anchors = [
    // Signs alone, and signs at an end.
    "::", ":*:", "--", "---", "||", "[[", "(((", "<%", "&#", "%4", "\\\\", "\"\"", "''", "$$",
    "__", "a:", ":a", "tok_", "_x", "key=",
    // Digits.
    "12", "00", "2026", "12345678901234567890", "1.2", "06 12", "A1", "1a", "3des",
    // Letters, few and many.
    "dr", "DR", "ss", "fi", "has", "NfD", "mot", "secret", "diffusion", "aa", "aaa",
    "aaaa", "abab", "ababab", "lll", "iIl",
    String(repeating: "long", count: 20), String(repeating: "x", count: 255),
    String(repeating: "ab", count: 300),
  ]

  /// What is refused as an anchor, and may stand in an expression.
  static let refusedAnchors = [
    "", "\t\t", "\n\n", "  ", "\0\0", "\u{7F}\u{7F}", ":", "<", "@", "_", " ", "\n", "\0", "1", "a",
    "I", "k", "é", "ł", "secrét", "дсп", "секретно",
    "απόρρητο", "€", "中文", "\u{200B}", "🙂", "ſ", "\u{212A}", "e\u{301}", "ﬀ",
  ]

  static let phrases = [
    "diffusion restreinte", "hush hush", "très secret", "a.b.c.d.e.f", "a - b - c - d - e - f",
    "секретно", "За служебно", "ΑΠΟΡΡΗΤΟ", "iiiiii", "aaaaaaa", "abababab", "vs-nfd", "illicite",
    "l1l1l1l", "œuvre ﬀ", "secret/secret", "s e c r e t s",
    "e\u{301}e\u{301}e\u{301}", "\u{200B}hidden\u{200B}", "top\nsecret",
    String(repeating: "mot long ", count: 12), String(repeating: "z", count: 400),
  ]
  static let refusedPhrases = ["", "a", "-----", "🙂🙂", "123456", "ab", "\u{200B}"]

  static let marks = [
    "DR", "D", "D/R", "(X)", "C-SF", "1", "12", "--", "//", "A", "SF ", "S//NF", "TLP:RED",
    "DR DR", String(repeating: "M", count: 80),
  ]
  static let refusedMarks = ["", " ", "\t", "é", "\n"]

  static let cues = [
    "rien", "n'est pas", "la", "a", "1", "12", "a*", "ci-joint", "un deux trois quatre cinq", "-",
    "🙂", "не", "é", "page", "x x x", "réf.", "mot*",
    String(repeating: "w", count: 300),
  ]
  static let refusedCues = ["", "*", "un deux trois quatre cinq six", "a*b"]

  static let validators = [
    "luhn", "iban", "nir", "siret", "mrz", "jwt", "github", "entropy", "letters", "password",
    "nl-citizen",
    "macaroon", "de-tax",
  ]

  static let reaches = [
    "sentence", "before", "after", "just-before", "just-after", "clause-after", "clause-before",
    "right-before", "near", "opening", "file-name", "field", "near-short",
  ]

  /// Pieces of expressions with a text of each.
  static let pieces: [(regex: String, sample: String)] = [
    ("[0-9]+", "12"), ("\\d{2,5}", "2026"), (" ?\\d", " 7"), ("[0-9]{6,9}", "1234567"),
    ("\\s", " "), ("\\s*", "\r\n"), ("\\R", "\r\n"), ("\\n", "\n"), ("\\X", "é"), (".", "é"),
    (".?", "🙂"), ("(?s).{0,40}", "\n\n mot \n"), (".*?", " mot "), ("[^\\n]{0,20}", "a, b"),
    ("\\p{L}?", "ł"), ("\\p{L}{0,4}", "ab"), ("\\w+", "é_1"), ("é", "é"), ("[é€]", "€"),
    ("(?:a|b|)", "b"), ("x*", ""), ("()", ""), ("(a)?\\1?", "aa"), ("(?:)", ""), ("\\K", ""),
    ("\\b", ""), ("\\B", ""), ("^", ""), ("$", ""), ("(?m)^", ""), ("(?m)$", ""), ("\\A", ""),
    ("\\z", ""), ("\\Z", ""), ("\\G", ""), ("(?=\\S)", ""), ("(?!x)", ""), ("(?<=\\d)", "1"),
    ("(?<![\\p{L}\\p{N}])", " "), ("(?<=^|\\s)", " "), ("(?![\\p{L}\\p{N}])", ""),
    ("(?=.*secret)", ""),
    ("\\x00", "\0"), ("\\x{200B}?", "\u{200B}"), ("[\\h,.-]?", ","), ("(?i)SS", "ß"),
    ("(?>a+)", "aa"),
    ("\\Q.*\\E", ".*"), ("[[:punct:]]", "!"), ("[^a]", "\u{301}"), (":", ":"), ("\\|", "|"),
    ("<b>", "<b>"),
    ("(?#odd)", ""), ("(?|(a)|(b))", "a"), ("(*SKIP)(*F)", ""),
    ("(?:a?){0,9}", "aaa"),
  ]
  static let refusedPieces: [(regex: String, sample: String)] = [
    ("(", ""), ("[", ""), ("*", ""), ("\\", ""), ("%{none}", ""), ("(?<name>", ""),
    ("\\p{Odd}", ""), ("a{9,1}", ""),
    ("(?<=a*)", ""), ("(?1)", ""), ("\\C", "c"),
  ]

  static let starts: [(regex: String, sample: String)] = [
    ("(?i)", ""), ("(?x)", ""), ("(?s)", ""), ("(?m)^", ""), ("(?i)(?<![\\p{L}\\p{N}])", " "),
    ("(*UTF)", ""),
    ("(*ANYCRLF)", ""), ("(?-i)", ""), ("\\A", ""), ("(?U)", ""),
  ]

  /// What the shipped evidence is called, by which the engine knows what it sees in the layout.
  static let evidenceNames: [String] = {
    let file = URL(fileURLWithPath: ShippedRules.path + "/evidence/kinds.yaml")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      guard let start = line.range(of: "- { name: ") else { return nil }
      let name = line[start.upperBound...].split(separator: ",").first.map(String.init)
      return line.contains("reach: grammar") ? nil : name
    }
  }()
}
