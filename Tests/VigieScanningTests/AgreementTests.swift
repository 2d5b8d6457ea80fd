import Testing
import VigieCore
import VigieRulebook
import VigieScanning
import TestSupport
import VigieUnicode

/// The engine finds the phrases that the reference finds, at the same bytes and in the same shape.
@Suite("Agreement with the reference matcher")
struct AgreementTests {
  /// Phrases of every kind of shape: long, short, accented, punctuated, in Greek and Cyrillic, in scripts without
  /// case, as short as one letter.
  private static let rules: [Rule] = [
    TestRules.rule("xx.dr", ["diffusion restreinte", "diff. restreinte"]),
    TestRules.rule("xx.nr", ["NATO restricted", "OTAN diffusion restreinte"]),
    TestRules.rule("xx.os", ["official-sensitive", "official: sensitive"], casing: .title),
    TestRules.rule("xx.s", ["secret"], casing: .upper),
    TestRules.rule("xx.sd", ["secret défense", "très secret"]),
    TestRules.rule("xx.noforn", ["NOFORN", "no foreign"], casing: .upper),
    TestRules.rule("xx.vs", ["VS-NfD", "Nur für den Dienstgebrauch"], casing: .exact),
    TestRules.rule("xx.cosmic", ["cosmic top secret", "top secret", "topsecret"]),
    TestRules.rule("xx.illicit", ["illicite", "ill"]),
    TestRules.rule("xx.aff", ["affaire ﬀ", "œuvre"]),
    TestRules.rule("xx.gr", ["απόρρητο", "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"]),
    TestRules.rule("xx.bg", ["поверително", "За служебно ползване"], casing: .title),
    TestRules.rule("xx.jp", ["取扱注意", "極秘", "取り扱い注意"]),
    TestRules.rule("xx.hi", ["秘"]),
    TestRules.rule("xx.kr", ["대외비", "3급 비밀", "Ⅱ급비밀"]),
    TestRules.rule("xx.il", ["סודי", "סודי ביותר"]),
  ]

  private let compiled: CompiledRules

  init() throws { compiled = try TestRules.compiled(AgreementTests.rules) }

  private func engineMatches(
    _ sweep: inout Sweep,
    _ bytes: [UInt8],
    _ role: Role,
    seesMisspellings: Bool
  ) -> Set<ReferenceMatcher.Match> {
    sweep.run(bytes.span, role: role)
    return Set(
      sweep.matches.filter {
        $0.source == .phrase && (seesMisspellings || !$0.disguise.contains(.misspelt))
      }.map { match in
        ReferenceMatcher.Match(
          rule: match.rule,
          range: match.range,
          letterCase: "\(match.letterCase)",
          disguise: match.disguise,
          hasSentenceGap: match.hasSentenceGap
        )
      }
    )
  }

  /// How a text and what was found in it differ from the reference, or `nil`.
  private func difference(
    _ sweep: inout Sweep,
    _ reference: ReferenceMatcher,
    _ bytes: [UInt8],
    _ role: Role
  ) -> String? {
    let engine = engineMatches(
      &sweep,
      bytes,
      role,
      seesMisspellings: reference.seesMisspellings
    )
    let expected = reference.matches(bytes, role: role)
    if engine == expected { return nil }
    // Two phrases of a rule, or a pattern, may see the same place: either shape is right.
    let places = Set(sweep.matches.map { [$0.rule, $0.range.lowerBound, $0.range.upperBound] })
    let isComplete = expected.allSatisfy {
      places.contains([$0.rule, $0.range.lowerBound, $0.range.upperBound])
    }
    if isComplete, engine.isSubset(of: expected) { return nil }
    return """
      \(role.rawValue) \(String(decoding: bytes, as: UTF8.self).debugDescription) \(bytes)
        only the engine: \(engine.subtracting(expected))
        only the reference: \(expected.subtracting(engine))
      """
  }

  @Test("random texts of phrases, separators, look-alikes and broken bytes", arguments: 1...4)
  func soup(_ part: Int) throws {
    var soup = TextSoup(
      AgreementTests.rules.flatMap { $0.phrases.map(\.value) },
      seed: UInt64(part)
    )
    var sweep = Sweep(compiled)
    let reference = ReferenceMatcher(rules: compiled)
    var count = 0
    var matched = 0
    for round in 0..<1_000 {
      let text = soup.next()
      let role: Role = round % 4 == 0 ? .filename : .body
      if let difference = difference(&sweep, reference, text, role) {
        Issue.record("part \(part), round \(round): \(difference)")
        count += 1
        if count >= 5 { return }
      }
      if !sweep.matches.isEmpty { matched += 1 }
    }
    // The texts are worth something only where many of them hold a match, and many hold none.
    #expect((250...900).contains(matched))
  }

  @Test("every example of the shipped rules")
  func examples() throws {
    let set = try ShippedRules.ruleSet()
    let rules = try ShippedRules.compiled()
    var sweep = Sweep(rules)
    // All spellings of all phrases in all examples are too many for what is slow and obvious.
    let reference = ReferenceMatcher(rules: rules, seesMisspellings: false)
    var matched = 0
    for rule in set.rules {
      for example in rule.examples {
        let text = SpannedText(example.marked.value).bytes
        if let difference = difference(&sweep, reference, text, example.role) {
          Issue.record("\(rule.id): \(difference)")
        }
        if !sweep.matches.isEmpty { matched += 1 }
      }
    }
    #expect(matched > 500)
  }

  /// Where engines go wrong: gaps at the limit, edges, cuts, ligatures across the ends, nesting.
  private static let hard: [String] = {
    let spaces = { String(repeating: " ", count: $0) }
    let invisible = { String(repeating: "\u{200B}", count: $0) }
    return [
      "", " ", "diffusion restreinte", "DIFFUSION\(spaces(96))RESTREINTE",
      "DIFFUSION\(spaces(97))RESTREINTE", "DIF\(invisible(32))FUSION RESTREINTE",
      "DIF\(invisible(33))FUSION RESTREINTE", "sec\u{301}ret défense", "xdiffusion restreinte",
      "diffusion restreintex", "diffusion restreinte\u{200B}x",
      "diffusion restreinte\u{200D}\u{301}x",
      "diffusion restreinte\u{301}\u{200B}", "1diffusion restreinte", "_diffusion restreinte_",
      "diffusion restreinte2", "ﬀaffaire ﬀ", "affaire ﬀ", "afﬀaire ff", "aﬀaire ﬀ", "affaire ffi",
      "affaire ﬃ",
      "ŒUVRE oeuvre Œuvre", "of ficial-sensitive", "OFF ICIAL SENSITIVE", "NO FORN", "NOF ORN",
      "NO FOR N",
      "N O F O R N", "N.O.F.O.R.N.", "NO\nFORN", "NO-\nFORN", "NO**FORN**", "NO*FO*RN",
      "N\nO\nF\nO\nR\nN",
      "no for n", "nO fOrN", "SECRET", "SECRET.SECRET SECRETSECRET", "S3CR3T", "Secret",
      "secret. Défense",
      "secret, défense", "SECRET\n\nDÉFENSE", "secret\n\ndéfense", "SECRET.\nDéfense",
      "diff. restreinte",
      "diff restreinte", "diff! restreinte", "DIFF.\n\nRESTREINTE", "cosmic top secret",
      "COSMIC TOPSECRET",
      "t o p s e c r e t", "top sec ret", "TOP SE CR ET", "VS-NfD", "VS NfD", "vs-nfd", "VS-NFD",
      "ＶＳ－ＮｆＤ",
      "Nur für den Dienstgebrauch", "Nur fur den Dienstgebrauch",
      "Nur fu\u{308}r den Dienstgebrauch",
      "nur für den dienstgebrauch", "iiiiiiiiil", "lll", "lll lll", "1ll |ll", "ill1c1te",
      "ILLICITE", "llllclte",
      "ΑΠΟΡΡΗΤΟ", "Aπόρρητο", "απορρητο", "A P O ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ", "ПОВЕРИТЕЛНО",
      "Пoвepитeлнo",
      "Πepиopи", "За служебно ползване", "ЗА СЛУЖЕБНО ПОЛЗВАНЕ", "за служебно ползване", "SЕСRЕТ",
      "取扱注意です", "「取扱注意」", "取扱注意事項", "要取扱注意", "取扱\n注意", "取 扱 注 意", "取り扱い注意", "取扱い注意", "A取扱注意1",
      "極　秘", "究極秘伝", "極秘ミッション", "極。秘", "極\u{200B}秘", "極々秘", "秘", "秘密", "秘める", "マル秘", "【秘】", "秘\n秘",
      "あ 秘 あ",
      "대외비", "대 외 비", "대외비는", "대외 비용", "3급 비밀", "3급비밀", "Ⅱ급비밀", "II급비밀", "2급 비밀", "3급 비밀번호",
      "NATO RESTRICTEDは", "NATO RESTRICTED는", "ПОВЕРИТЕЛНОは",
      "13급 비밀",
      "з급 비밀", "סודי", "סודי ביותר", "הסודי", "סוֹדִי", "ס ו ד י", "סודי\nביותר", "סודיביותר", "ꓡ秘ㄱ",
      "机密 機密 極密",
      "NoteDiffusion RestreinteV2", "NoteDiffusionRestreinteV2", "NOTEDIFFUSION_RESTREINTE",
      "Diffusion_RestreinteV2.pdf", "diffusion\u{2028}restreinte", "diffusion\r\n> restreinte",
      "d i f f u s i o n   r e s t r e i n t e", "D-I-F-F-U-S-I-O-N-R-E-S-T-R-E-I-N-T-E", "🅂🄴🄲🅁🄴🅃",
      "Ⓢⓔⓒⓡⓔⓣ",
      "𝓓𝓲𝓯𝓯𝓾𝓼𝓲𝓸𝓷 𝔯𝔢𝔰𝔱𝔯𝔢𝔦𝔫𝔱𝔢", "ｓｅｃｒｅｔ ｄéｆｅｎｓｅ", "DIFFUSION RESTREINTE DIFFUSION RESTREINTE",
      "diffusion diffusion restreinte restreinte", "otan diffusion restreinte",
      "s\u{335}ecret défense",
      "difusion restreinte", "DIFFUSION RESTRIENTE", "diffussion restreinte",
      "diffuzion restreinte",
      "diffusion restreint", "diffusions restreinte", "idffusion restreinte", "diffusion rstreinte",
      "difusion restriente", "d i f u s i o n  r e s t r e i n t e", "DIFU-\nSION RESTREINTE",
      "dif usion restreinte", "NATO RESTRICTDE", "NAOT RESTRICTED", "NATO RESTRICITED",
      "official ssensitive", "officialy sensitive", "offical-sensitive", "Offical-Sensitive",
      "DIFFUSIO RESTREINTE", "DIFFUSIOM RESTREINTE", "diffusoin restreinte", "diffusio nrestreinte",
      "Nur für den Dienstgebrach", "Nur fur den Dienstgebrauhc", "diﬀsuion restreinte",
      "DIF\(invisible(33))USION RESTREINTE", "NATO RESTRICCTED", "cosmic top sercet",
    ]
  }()

  @Test("hard texts, whole, cut and beside broken bytes")
  func hardTexts() {
    var sweep = Sweep(compiled)
    let reference = ReferenceMatcher(rules: compiled)
    for text in AgreementTests.hard {
      let bytes = Array(text.utf8)
      let variants = [
        bytes, [0xFF] + bytes + [0xC3], [0xF0, 0x9F] + bytes + [0x80], Array(bytes.dropFirst()),
        Array(bytes.dropLast()), bytes + [0x20] + bytes, bytes + bytes,
      ]
      for variant in variants {
        for role in [Role.body, .filename] {
          if let difference = difference(&sweep, reference, variant, role) {
            Issue.record("\(difference)")
          }
        }
      }
    }
  }

  @Test(
    "the reference itself finds what a reader finds",
    arguments: [
      ("une ⟦diffusion restreinte⟧ ici", "xx.dr"), ("la ⟦D.I.F.F. RESTREINTE⟧", "xx.dr"),
      ("⟦SECRET⟧", "xx.s"), ("secret", ""), ("un ⟦S\u{200B}ECRET\u{301}⟧ !", "xx.s"),
      ("⟦VS-NfD⟧", "xx.vs"), ("VS-NFD", ""), ("ελληνικά ⟦ΑΠΟΡΡΗΤΟ⟧", "xx.gr"),
      ("⟦Поверително⟧", "xx.bg"), ("поверително", ""), ("diffusion non restreinte", ""),
      ("la ⟦Difusion Restreinte⟧", "xx.dr"), ("⟦DIFFUSION RSETREINTE⟧", "xx.dr"),
      ("la difusion restrinte", ""), ("diffusions restreintes", ""),
      ("資料は⟦取扱注意⟧です", "xx.jp"), ("取扱注意事項", ""), ("⟦取　扱　注　意⟧", "xx.jp"), ("究極秘伝", ""),
      ("【⟦秘⟧】", "xx.hi"),
      ("秘める", ""), ("⟦대외비⟧ 문서", "xx.kr"), ("대외비는", ""), ("⟦3급 비밀⟧", "xx.kr"), ("2급 비밀", ""),
      ("זה ⟦סודי⟧", "xx.il"),
      ("הסודי", ""), ("これは⟦NATO RESTRICTED⟧です", "xx.nr"), ("⟦NATO RESTRICTED⟧는", "xx.nr"),
    ]
  )
  func reference(_ marked: String, _ rule: String) {
    let text = SpannedText(marked)
    let found = ReferenceMatcher(rules: compiled).matches(text.bytes, role: .body)
    let places = found.map { compiled.rules[$0.rule].id + "\($0.range)" }
    #expect(places == text.spans.map { rule + "\($0)" })
  }
}
