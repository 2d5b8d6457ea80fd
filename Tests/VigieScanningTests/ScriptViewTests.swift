import Testing
import VigieCore
import VigieRulebook
import VigieScanning
import TestSupport

@Suite("Script view")
struct ScriptViewTests {
  private let rules: CompiledRules
  private let scanner: Scanner

  init() throws {
    rules = try TestRules.compiled([
      TestRules.rule("gr.r", ["ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"]), TestRules.rule("gr.s", ["απόρρητο"]),
      TestRules.rule("bg.r", ["За служебно ползване"]), TestRules.rule("bg.c", ["поверително"]),
      TestRules.rule("fr.r", ["diffusion restreinte"]),
    ])
    scanner = Scanner(rules)
  }

  private static let cases: [(String, [String])] = [
    ("⟦ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ⟧\nΈγγραφο", ["gr.r"]),
    ("το έγγραφο είναι ⟦περιορισμένης χρήσης⟧.", ["gr.r"]),
    ("⟦ΑΠΌΡΡΗΤΟ⟧ και ⟦Απόρρητο⟧", ["gr.s", "gr.s"]), ("⟦α π ό ρ ρ η τ ο⟧", ["gr.s"]),
    // Latin letters for those that look alike.
    ("⟦AПOPPHTO⟧ αβγ".replacing("П", with: "Π"), ["gr.s"]), ("⟦ПOBEPИTEЛHO⟧", ["bg.c"]),
    ("⟦ПОВЕРИТЕЛНО⟧ – ⟦за служебно ползване⟧", ["bg.c", "bg.r"]),
    ("⟦По\u{200B}верително⟧", ["bg.c"]),
    ("⟦Поверително⟧ / ⟦DIFFUSION RESTREINTE⟧", ["bg.c", "fr.r"]),
    ("непотвърдено, повериxтелно", []),
    ("суперповерително", []), ("απόρρητος", []), ("απορριπτο", []),
    // Nothing of these scripts: the view is not even tried.
    ("AOPPHTO HOBEPHTEHHO", []),
  ]

  @Test("only letters of another script are look-alikes")
  func disguise() {
    for (text, name) in [
      ("ПОВЕРИТЕЛНО", ""), ("απόρρητο", ""), ("ПOBEPИTEЛHO", "homoglyph"),
      ("П о в е р и т е л н о", "letter-spacing"),
    ] {
      let found = report(scanner, rules, Array(text.utf8))
      #expect(found.first?.split(separator: " ").dropFirst(2).joined() == name, "\(text)")
    }
  }

  @Test("Greek and Bulgarian markings, in any case and with look-alikes", arguments: cases)
  func find(_ marked: String, _ ids: [String]) {
    let text = SpannedText(marked)
    let found = report(scanner, rules, text.bytes).map {
      $0.split(separator: " ").prefix(2).joined(separator: " ")
    }
    #expect(found == zip(ids, text.spans).map { "\($0) \($1)" })
    #expect(ids.count == text.spans.count)
  }

  // Decoding makes plain letters of those that look Latin: of these words all or nearly all.
  @Test(
    "markings of other scripts in HTML and behind encodings, in their own letters",
    arguments: [
      ("<p>⟦СЕКРЕТНО⟧</p>", "bg.t"), ("<p>⟦ΑΠΟΡΡΗΤΟ⟧</p>", "gr.s"),
      ("⟦СЕК<b>РЕТ</b>НО⟧", "bg.t"), ("⟦СЕКРЕТ&#1053;О⟧", "bg.t"),
      ("⟦&#1057;&#1045;&#1050;&#1056;&#1045;&#1058;&#1053;&#1054;⟧", "bg.t"),
      ("⟦%D0%A1ЕКРЕТНО⟧ и документ", "bg.t"), ("⟦\\u0421ЕКРЕТНО⟧", "bg.t"),
    ]
  )
  func decoded(_ marked: String, _ id: String) throws {
    let rules = try TestRules.compiled([
      TestRules.rule("bg.t", ["СЕКРЕТНО"]), TestRules.rule("gr.s", ["απόρρητο"]),
    ])
    let scanner = Scanner(rules)
    let text = SpannedText(marked)
    let roles: [Role] = marked.contains("%") || marked.contains("\\") ? [.body] : [.body, .html]
    for role in roles {
      let found = report(scanner, rules, text.bytes, role: role)
      #expect(found.count == 1, "\(role) \(marked)")
      #expect(found.first?.hasPrefix("\(id) \(text.spans[0]) ") == true, "\(role) \(found)")
      // Nobody has disguised a letter.
      #expect(found.first?.contains("homoglyph") == false)
    }
  }
}
