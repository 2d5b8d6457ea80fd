import Testing
import VigiePatterns

/// The blanks a space stands for, as the spelling writes them.
private let blanks = #"\x20\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}"#

@Suite("Spaces in expressions")
struct BlankSpellingTests {
  /// Expressions with `_` where the blanks are to stand in the second.
  static let spelt: [(regex: String, spelling: String)] = [
    ("a b", "a[_]b"), ("a  b", "a[_][_]b"), ("ab", "ab"), (" ", "[_]"),
    // What follows, quantifiers above all, holds for the class as it did for the space.
    ("a ?b +c {0,2}d *+", "a[_]?b[_]+c[_]{0,2}d[_]*+"),
    // Escapes.
    (#"a\ b"#, "a[_]b"), (#"a\\ b"#, #"a\\[_]b"#), (#"\x20\s"#, #"\x20\s"#), (#"\c a"#, #"\c a"#),
    (#"\p{ L } "#, #"\p{ L }[_]"#),
    // Quotations.
    (#"\Qa b\E c"#, #"\Qa\E[_]\Qb\E[_]c"#), (#"\Qa \E+"#, #"\Qa\E[_]+"#), (#"\Q \E?"#, "[_]?"),
    (#"\Qa b"#, #"\Qa\E[_]\Qb"#),
    // Classes.
    ("[ .-]x", "[_ .-]x"), ("[^ ]", "[^_ ]"), ("[] ]", #"[_\] ]"#), ("[- a]", #"[_\- a]"#),
    ("[a -]", "[_a -]"), (#"[\ a]"#, #"[_\ a]"#), ("[[:alpha:] ]", "[_[:alpha:] ]"),
    (#"[\d ]"#, #"[_\d ]"#), (#"[\Q ]\E]"#, #"[_\Q ]\E]"#), ("[[ ]", "[_[ ]"),
    (#"[\] ] "#, #"[_\] ][_]"#), ("[a-z- ]", "[_a-z- ]"),
    // Ranges say which characters they mean.
    ("[ -~]", "[ -~]"), (#"[\t- ]"#, #"[\t- ]"#), ("[! -/]", "[! -/]"),
    // Layout and comments.
    ("(?x) a b # c d\n [ ]", "(?x) a b # c d\n [_ ]"), (#"(?x)a\ b"#, "(?x)a[_]b"),
    ("(?x: a ) b", "(?x: a )[_]b"), ("((?x) a ) b", "((?x) a )[_]b"),
    ("(?x)a (?-x: b)", "(?x)a (?-x:[_]b)"),
    ("(?^: a)", "(?^:[_]a)"), ("(?xx)[a b]", "(?xx)[a b]"), ("(?i) a", "(?i)[_]a"),
    ("(?# a b) c", "(?# a b)[_]c"), ("# a", "#[_]a"),
    // Groups.
    ("(?<=a )b(?! c)", "(?<=a[_])b(?![_]c)"), ("(?<n>a b)", "(?<n>a[_]b)"),
    ("(a|b ) ", "(a|b[_])[_]"),
    // Braces.
    ("a{1, 3} ", "a{1, 3}[_]"), ("a{b c}", "a{b[_]c}"),
    // What PCRE2 will refuse is left to it.
    ("[ a", "[ a"), ("a (b", "a[_](b"), (#"a \"#, #"a[_]\"#),
  ]

  @Test(
    "stand for every blank, and for themselves where they are layout or end a range",
    arguments: spelt
  )
  func spelling(_ pair: (regex: String, spelling: String)) {
    let expected = pair.spelling.split(separator: "_", omittingEmptySubsequences: false)
      .joined(separator: blanks)
    #expect(BlankSpelling.of(pair.regex) == expected)
    // What is spelt out holds no space that would be spelt out again, but those in classes.
    if !pair.regex.contains("[") { #expect(BlankSpelling.of(expected) == expected) }
  }

  @Test(
    "match what a writer may have typed",
    arguments: [" ", "\u{A0}", "\u{202F}", "\u{2007}", "\u{2009}", "\u{3000}"]
  )
  func blank(_ blank: String) throws {
    let text = Array("mot\(blank)de\(blank)passe\(blank):".utf8)
    for regex in ["mot de passe :", #"mot[ _-]de\ passe ?:"#, "(?x) mot[ ]de[ ]passe [ ]:"] {
      let found = try ExpressionMatcher().firstMatch(
        of: try Expression(regex),
        in: text.span,
        starting: 0...text.count,
        startsLine: true,
        endsLine: true
      )
      #expect(found == 0..<text.count, "\(regex)")
    }
  }

  @Test("are neither a tab nor a line break", arguments: ["\t", "\n", "\u{200B}"])
  func others(_ other: String) throws {
    let text = Array("a\(other)b".utf8)
    for regex in ["a b", "a[ ]b", #"a\Q \Eb"#] {
      let found = try ExpressionMatcher().firstMatch(
        of: try Expression(regex),
        in: text.span,
        starting: 0...text.count,
        startsLine: true,
        endsLine: true
      )
      #expect(found == nil, "\(regex)")
    }
  }

  @Test("leave a fault where its author wrote it")
  func fault() {
    let fault = #expect(throws: ExpressionFault.self) { try Expression("a b (c") }
    #expect(fault?.offset == 6)
  }

  @Test("leave no expression unusable", arguments: spelt.dropLast(3))
  func compiles(_ pair: (regex: String, spelling: String)) throws {
    _ = try Expression(pair.regex)
  }
}
