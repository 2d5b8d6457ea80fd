import Testing
import VigieCore
import VigieText

/// A part of a decoded text, where it came from, and what was undone in it.
private struct Piece: Sendable {
  var decoded: String
  var original: String
  var decoding: Decoding = []
}

/// A text, the text it decodes to, and some of its parts.
private struct Case: Sendable, CustomTestStringConvertible {
  var input: String
  var output: String
  var steps: Decoder.Steps = .all
  var isMarkup = false
  var pieces: [Piece] = []
  var testDescription: String { input.count > 60 ? "\(input.prefix(60))…" : input }
}

/// `DIFFUSION RESTREINTE` in base64.
private let stamp = "RElGRlVTSU9OIFJFU1RSRUlOVEU="
/// `Note ÿÿÿ ??? élève ûûû, diffusion restreinte` in base64 of RFC 4648 §4 and §5.
private let standard = "Tm90ZSDDv8O/w78gPz8/IMOpbMOodmUgw7vDu8O7LCBkaWZmdXNpb24gcmVzdHJlaW50ZQ=="
private let safe = "Tm90ZSDDv8O_w78gPz8_IMOpbMOodmUgw7vDu8O7LCBkaWZmdXNpb24gcmVzdHJlaW50ZQ"

private let cases: [Case] = [
  // Tags.
  Case(
    input: "a<b>bc</b>d",
    output: "abcd",
    pieces: [
      Piece(decoded: "bc", original: "bc"), Piece(decoded: "ab", original: "a<b>b", decoding: .tag),
      Piece(decoded: "abcd", original: "a<b>bc</b>d", decoding: .tag),
    ]
  ),
  Case(input: "si a < b et c > d", output: "si a < b et c > d"),
  Case(input: "<3 et <- et <", output: "<3 et <- et <"),
  Case(input: "x <toto titi> y", output: "x <toto titi> y"),
  Case(input: "x <toto titi> y", output: "x  y", isMarkup: true),
  Case(input: "x<a href=\"a>b\" title='<'>y</a>", output: "xy"),
  Case(input: "x<!-- a > b -- c -->y<!DOCTYPE html>z", output: "xyz"),
  Case(input: "x<!-- never closed", output: "x<!-- never closed"),
  Case(input: "<p>un</p><p>deux<br/>trois</p>", output: "un\ndeux\ntrois\n", isMarkup: true),
  Case(input: "x<b y", output: "x<b y", isMarkup: true),
  // Character references.
  Case(
    input: "&#68;&#x52; &#x0044",
    output: "DR D",
    pieces: [Piece(decoded: "DR", original: "&#68;&#x52;", decoding: .reference)]
  ),
  Case(
    input: "d&eacute;fense&nbsp;!",
    output: "défense\u{A0}!",
    pieces: [Piece(decoded: "é", original: "&eacute;")]
  ),
  Case(input: "R&D &bogus; &; &# &#x; &#xZ", output: "R&D &bogus; &; &# &#x; &#xZ"),
  Case(input: "&#1114112;&#55296;&#99999999999;", output: "???"),
  Case(input: "&amp;amp;lt;", output: "<"),
  // Percent escapes.
  Case(
    input: "%44%52+%c3%A9t+",
    output: "DR ét ",
    pieces: [
      Piece(decoded: "DR", original: "%44%52", decoding: .encoded),
      Piece(decoded: "t", original: "t"),
    ]
  ),
  Case(input: "100 % de 4%, %4, %zz, c+d %", output: "100 % de 4%, %4, %zz, c+d %"),
  // Escapes of programs.
  Case(
    input: "\\u0044\\x52 \\ud835\\udc03",
    output: "DR D",
    pieces: [
      Piece(decoded: "DR", original: "\\u0044\\x52", decoding: .encoded),
      Piece(
        decoded: " D",
        original: " \\ud835\\udc03",
        decoding: [.encoded, .compatibility]
      ),
    ]
  ),
  Case(input: "\\ud835 \\udc03\\u00e9", output: "? ?é"),
  Case(input: "C:\\users\\x \\u12 \\n \\", output: "C:\\users\\x \\u12 \\n \\"),
  // Base64.
  Case(
    input: "voir \(stamp) !",
    output: "voir DIFFUSION RESTREINTE !",
    pieces: [
      Piece(decoded: "DIF", original: "RElG", decoding: .encoded),
      Piece(decoded: "DIFFUSION RESTREINTE", original: stamp, decoding: .encoded),
      Piece(decoded: "TE", original: "VEU=", decoding: .encoded),
      Piece(decoded: " !", original: " !"),
    ]
  ),
  Case(input: standard, output: "Note ÿÿÿ ??? élève ûûû, diffusion restreinte"),
  Case(input: safe, output: "Note ÿÿÿ ??? élève ûûû, diffusion restreinte"),
  Case(
    input: "a:\n\(standard.prefix(40))\n\(standard.dropFirst(40))\nb",
    output: "a:\nNote ÿÿÿ ??? élève ûûû, diffusion restreinte\nb"
  ),
  Case(
    input: "a:\r\n\(standard.prefix(40))\r\n\(standard.dropFirst(40))\r\nb",
    output: "a:\r\nNote ÿÿÿ ??? élève ûûû, diffusion restreinte\r\nb"
  ),
  Case(
    input: "\(stamp.dropLast())\nmotssuivants sur la ligne",
    output: "DIFFUSION RESTREINTE\nmotssuivants sur la ligne"
  ),
  Case(input: "anticonstitutionnellement", output: "anticonstitutionnellement"),
  Case(input: "9f86d081884c7d659a2feaa0c55ad015", output: "9f86d081884c7d659a2feaa0c55ad015"),
  Case(
    input: "/usr/lib/x86_64-linux-gnu/gstreamer",
    output: "/usr/lib/x86_64-linux-gnu/gstreamer"
  ),
  // Invisible scalars, compatibility forms, look-alikes, stray accents.
  Case(
    input: "D\u{200B}\u{2060}R\u{AD}",
    output: "DR",
    pieces: [Piece(decoded: "DR", original: "D\u{200B}\u{2060}R", decoding: .invisible)]
  ),
  Case(
    input: "Ѕеcrеt ＤＲ",
    output: "Secret DR",
    pieces: [
      Piece(decoded: "Secret", original: "Ѕеcrеt", decoding: .homoglyph),
      Piece(decoded: "DR", original: "ＤＲ", decoding: .compatibility),
    ]
  ),
  Case(
    input: "DĚ\u{323}R dé",
    output: "DER dé",
    pieces: [
      Piece(decoded: "DER", original: "DĚ\u{323}R", decoding: .diacritic),
      Piece(decoded: "é", original: "é"),
    ]
  ),
  // Quoted-printable: UTF-8, else Latin-1; a soft line break goes where something is decoded.
  Case(
    input: "TR=C3=88S =53ECRET",
    output: "TRÈS SECRET",
    pieces: [
      Piece(decoded: "È", original: "=C3=88", decoding: .encoded),
      Piece(decoded: "SECRET", original: "=53ECRET", decoding: .encoded),
    ]
  ),
  Case(input: "TR=C8S", output: "TRÈS"),
  Case(input: "=C3=28=C3", output: "Ã(Ã"),
  Case(input: "=52EST=\r\n=52EINTE", output: "RESTREINTE"),
  Case(input: "=?utf-8?Q?=44=52_2026?=", output: "=?utf-8?Q?DR_2026?="),
  Case(input: "a=\nb", output: "ab"),
  Case(
    input: "?page=2026&x=100 y=1a z=ab =00=7F =4 a==",
    output: "?page=2026&x=100 y=1a z=ab =00=7F =4 a=="
  ),
  // Layers.
  Case(
    input: "&#37;44&#37;52",
    output: "DR",
    pieces: [
      Piece(decoded: "D", original: "&#37;44", decoding: .encoded),
      Piece(decoded: "DR", original: "&#37;44&#37;52", decoding: .encoded),
    ]
  ),
  Case(
    // %44%49%46… of the base64 of `<b>NA</b>TO RESTRICTED`.
    input: "x PGI%2BTkE8L2I%2BVE8gUkVTVFJJQ1RFRA== y",
    output: "x NATO RESTRICTED y",
    pieces: [
      Piece(
        decoded: "NATO RESTRICTED",
        original: "TkE8L2I%2BVE8gUkVTVFJJQ1RFRA==",
        decoding: [.encoded, .tag]
      )
    ]
  ),
  Case(input: "&amp;amp;amp;amp;#68;", output: "&amp;#68;"),
]

@Suite("Decoder")
struct DecoderTests {
  @Test("what is undone, where it came from", arguments: cases)
  private func table(_ row: Case) throws {
    let source = Array(row.input.utf8)
    let decoder = TestDecoder()
    let changed = decoder.decode(source, row.steps, isMarkup: row.isMarkup)
    let bytes = decoder.bytes
    #expect(String(decoding: bytes, as: UTF8.self) == row.output)
    #expect(changed == (row.input != row.output))
    for piece in row.pieces {
      let range = try #require(place(of: Array(piece.decoded.utf8), in: bytes))
      let original = decoder.original(range)
      #expect(String(decoding: source[original], as: UTF8.self) == piece.original)
      // What was left out before the first byte of a part is not in it.
      #expect(decoder.decoding(in: range) == piece.decoding, "\(piece.decoded)")
    }
  }

  private func place(of part: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
    guard bytes.count >= part.count else { return nil }
    return (0...(bytes.count - part.count))
      .first { Array(bytes[$0..<($0 + part.count)]) == part }
      .map { $0..<($0 + part.count) }
  }

  @Test("a step that is not asked for is not taken")
  func steps() {
    let signs: [(Decoder.Steps, String)] = [
      (.markup, "x<b>y&#68;"), (.percent, "x%44y"), (.escapes, "x\\u0044y"),
      (.plain, "xＤ\u{200B}y"),
      (.base64, "x \(stamp) y"), (.leet, "xx!y"),
    ]
    for (step, text) in signs {
      let source = Array(text.utf8)
      let decoder = TestDecoder()
      #expect(decoder.decode(source, step, isMarkup: false), "\(text)")
      let others = signs.map(\.0).filter { $0 != step }.reduce(into: Decoder.Steps()) {
        $0.formUnion($1)
      }
      #expect(!decoder.decode(source, others, isMarkup: false), "\(text)")
      #expect(decoder.bytes == source)
    }
  }

  @Test("punctuation among letters stands for digits, elsewhere for itself")
  func leet() {
    let table = [
      ("RESTRE!NTE", "RESTRE1NTE"), ("D|FFUSION", "D1FFUSION"), ("RES+REINTE", "RES7REINTE"),
      ("S€CRET", "S3CRET"), ("D ! F F U", "D 1 F F U"), ("D ! F F", "D 1 F F"),
      ("D + F F", "D + F F"), ("D++F F U", "D++F F U"),
      ("N\nA\n+\nO\n\nC", "N\nA\n7\nO\n\nC"), ("T|P", "T1P"), ("T+P", "T+P"), ("F ! F", "F ! F"),
      ("R + R E ! N", "R 7 R E 1 N"), ("everyone! I go", "everyone! I go"), ("x+y", "x+y"),
      ("Vite ! Je", "Vite ! Je"), ("Vite !", "Vite !"),
      ("a || b", "a || b"), ("||spoiler||", "||spoiler||"), ("1 + 1", "1 + 1"),
      ("C 1 + x", "C 1 + x"), ("+33", "+33"), ("x(y)", "x(y)"), ("art§3", "art§3"),
      ("RES+R|(+ED", "RES7R1c7ED"), ("D¡FFU§ION", "D1FFUsION"), ("5 € (T)", "5 € (T)"),
      ("+RES SECRE+, lu", "7RES SECRE7, lu"), ("C++ A+ +x", "C++ A+ +x"), ("!NTERNE!", "1NTERNE!"),
      ("RE_|_N+E", "RE_1_N7E"), ("D!_ffu_s|on", "D1_ffu_s1on"), ("in**+**erne", "in**7**erne"),
      ("a*+*b", "a*+*b"),
      ("CONF-\n!DEN", "CONF-\n1DEN"), ("res+-\nre!n", "res7-\nre1n"), ("oui -\n+33", "oui -\n+33"),
      ("E\u{200B}!\u{200B}N", "E\u{200B}1\u{200B}N"), ("T | P : R", "T 1 P : R"),
      // Every view takes `$` and `@` for letters.
      ("R€$TR€!NT€", "R3$TR31NT3"), ("FU$!0N", "FU$10N"), ("DEFEN$€", "DEFEN$3"), ("€", "€"),
      ("U€/€U", "U3/3U"), ("Z€€R", "Z33R"), ("5 €/h", "5 €/h"), ("-!N-", "-!N-"),
      ("-!NTE", "-1NTE"),
      ("500€, TTC", "500€, TTC"),
    ]
    for (input, output) in table {
      let decoder = TestDecoder()
      let source = Array(input.utf8)
      _ = decoder.decode(source, .leet, isMarkup: false)
      let changed = decoder.isChanged
      #expect(decoder.string == output)
      #expect(changed == (input != output))
    }
    // On top of what was decoded, each byte with its origin in the source.
    let decoder = TestDecoder()
    let source = Array("R&Eacute;STR<i>E</i>!NTE".utf8)
    #expect(decoder.decode(source, .all, isMarkup: false))
    #expect(decoder.undoLeet())
    #expect(decoder.string == "RÉSTRE1NTE")
    let digit = decoder.count - 4
    #expect(decoder.original(digit..<(digit + 1)) == 20..<21)
    #expect(decoder.decoding(in: digit..<(digit + 1)) == .leet)
  }

  @Test("code and quotations of markup are told, closed or not")
  func regions() {
    let decoder = TestDecoder()
    let source = Array("a<code>b<pre>c</pre></code><blockquote>d</blockquote>e<q>f".utf8)
    #expect(decoder.decode(source, .all, isMarkup: true))
    let text = decoder.bytes
    let regions = decoder.regions.map {
      "\($0.kind) \(String(decoding: text[$0.range], as: UTF8.self).filter { $0 != "\n" })"
    }
    #expect(regions == ["code c", "code bc", "quotation d", "quotation f"])
  }

  @Test("the terms of a glossary are told, and a list of options shows its boxes, an option a line")
  func forms() {
    let decoder = TestDecoder()
    func text(_ source: String, isMarkup: Bool = true) -> String {
      decoder.decode(Array(source.utf8), .all, isMarkup: isMarkup)
      return decoder.string
    }
    #expect(
      text("<select><option>a<OPTION value=x SELECTED>b</select>c") == "\u{2610}a\n\u{2611}b\nc"
    )
    #expect(
      text("<input type=checkbox checked>a <input type='radio'>b") == "\u{2611}a \u{2610}b"
    )
    // Neither the name of a field nor one that is typed into is a box.
    #expect(text("<input name=checkbox2 value=a>b") == "b")
    #expect(text("a<fieldset>b<legend>c</legend>d<button>e") == "a\nb\nc\nd\ne")
    #expect(text("a <option>b", isMarkup: false) == "a \nb")
    _ = text("<dl><dt>a</dt><dd>b</dd></dl>")
    let bytes = decoder.bytes
    #expect(decoder.regions.map(\.kind) == [.term])
    #expect(decoder.regions.map { String(decoding: bytes[$0.range], as: UTF8.self) } == ["a\n"])
  }

  @Test("places right after a tag inside a range")
  func tagPlaces() {
    let decoder = TestDecoder()
    let source = Array("<b>a</b>bc<i>d</i>".utf8)
    #expect(decoder.decode(source, .all, isMarkup: false))
    #expect(decoder.tagPlaces(in: 0..<4) == [1, 3])
    #expect(decoder.tagPlaces(in: 1..<3) == [])
    #expect(decoder.tagPlaces(in: 2..<2) == [])
  }

  @Test("the names of what was undone")
  func names() {
    let all: Decoding = [
      .reference, .encoded, .invisible, .compatibility, .homoglyph, .leet, .diacritic,
    ]
    #expect(
      all.disguise == [
        .markupSplit, .encoded, .zeroWidth, .compatibilityForm, .homoglyph, .leet, .diacritics,
      ]
    )
    // Whether a tag parts a word the caller knows.
    #expect(Decoding.tag.disguise == [])
  }
}
