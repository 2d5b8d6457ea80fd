import Testing
import TestSupport
import VigieCore
import VigieRulebook
import VigieScanning

/// Identifiers and credentials are applied wherever they stand, unless they are samples.
@Suite("Identifiers and credentials")
struct ValueTests {
  private let rules: CompiledRules

  init() throws { rules = try ShippedRules.compiled() }

  /// The findings of identifiers and credentials in a text.
  private func found(_ text: String, _ role: Role = .body) -> [String] {
    let scanner = Scanner(rules)
    scanner.scan(Array(text.utf8).span, role: role)
    return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map {
      "\(rules.rules[$0.rule].id) \($0.usage)"
    }
  }

  /// The names of the evidence on the first finding.
  private func evidence(_ text: String) -> [String] {
    let scanner = Scanner(rules)
    scanner.scan(Array(text.utf8).span, role: .body)
    return scanner.judgements.first { $0.isLikely && $0.coveredBy == nil }?.reasons.map {
      rules.evidence.kinds[$0.evidence].name
    } ?? []
  }

  @Test(
    "where a secret stands does not matter",
    arguments: [
      "mdp : Tulipe!2026", "> mdp : Tulipe!2026", "`mdp : Tulipe!2026`",
      "tu confirmes que le mdp est Tulipe!2026 ?", "« mdp : Tulipe!2026 »",
      "```\nsudo x\nmdp : Tulipe!2026\n```", "| vpn | mdp : Tulipe!2026 |",
      "formation demain 😂 mdp : Tulipe!2026", "FR\nmdp : Tulipe!2026",
    ]
  )
  func anywhere(_ text: String) { #expect(found(text) == ["password.said applied"]) }

  @Test("a sample is mentioned, and its evidence says why")
  func samples() {
    #expect(found("carte 4111 1111 1111 1111") == ["pii.card mentioned"])
    #expect(evidence("carte 4111 1111 1111 1111").contains("known-sample"))
    #expect(evidence("AKIAIOSFODNN7EXAMPLE") == ["known-sample", "sample-value"])
    #expect(evidence("DB_PASSWORD=changeme99").contains("sample-value"))
    #expect(evidence("un mdp fictif : Tulipe!2026") == ["sample-words"])
    #expect(evidence("Ce jeton glpat-a8Kd93hfQmZ0xLpW71Tr est révoqué.") == ["revoked"])
    #expect(evidence("mdp : Tulipe!2026").isEmpty)
  }

  @Test("numbers beside a marking are no legend of levels")
  func company() {
    let numbers = "IBAN FR76 3000 4008 2800 0123 4567 886, mdp : Tulipe!2026"
    let alone = found("DIFFUSION RESTREINTE\nNote de service")
    #expect(alone == ["fr.diffusion-restreinte applied"])
    #expect(found("DIFFUSION RESTREINTE\nNote de service\n\(numbers)").contains(alone[0]))
  }

  @Test("a word before a value is sought through letters in disguise, and in the text of a page")
  func views() {
    #expect(found("m<b></b>dp : Tulipe!2026").isEmpty)
    #expect(found("m\u{200B}dp : Tulipe!2026") == ["password.said applied"])
    #expect(found("<p>mdp&nbsp;: Tulipe!2026</p>", .html) == ["password.said applied"])
  }

  /// Values, each with what hides them put between or in place of their characters.
  static let hidden: [(String, String)] = [
    ("pii.card", "carte 4973 4986 1375 0570"),
    ("pii.nir", "NIR 257092948869746"),
    ("pii.iban", "FR76 1451 8164 1289 0054 0662 464"),
    ("credential.code-host", "glpat-a8Kd93hfQmZ0xLpW71Tr"),
    ("credential.github", "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"),
  ]

  @Test("a value is found with unseen characters in it", arguments: hidden)
  func unseen(_ rule: String, _ text: String) {
    for unseen in ["\u{200B}", "\u{200D}", "\u{2060}", "\u{AD}", "\u{FEFF}"] {
      for step in [3, 5] {
        var hidden = ""
        for (number, character) in text.enumerated() {
          if number > 0, number % step == 0 { hidden += unseen }
          hidden.append(character)
        }
        #expect(found(hidden).contains("\(rule) applied"), "\(hidden.debugDescription)")
      }
    }
  }

  @Test(
    "a value is found in characters of full width, and in mathematical digits",
    arguments: hidden
  )
  func wide(_ rule: String, _ text: String) {
    let wide = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          (0x21...0x7E).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xFEE0)! : scalar
        }
      )
    )
    #expect(found(wide).contains("\(rule) applied"), "\(wide)")
    let bold = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          (0x30...0x39).contains(scalar.value)
            ? Unicode.Scalar(scalar.value - 0x30 + 0x1D7CE)! : scalar
        }
      )
    )
    #expect(found(bold).contains("\(rule) applied"), "\(bold)")
  }

  @Test("a value is found in base64, and in percent escapes")
  func encoded() {
    #expect(found("Z2xwYXQtYThLZDkzaGZRbVoweExwVzcxVHI=") == ["credential.code-host applied"])
    #expect(found("?iban=FR76%201451%208164%201289%200054%200662%20464") == ["pii.iban applied"])
  }

  @Test("a value that stands as it was written is found once, and not in disguise")
  func once() {
    // The soft hyphen has the text decoded.
    let text = "DIFFU\u{AD}SION RESTREINTE, carte 4973 4986 1375 0570"
    let scanner = Scanner(rules)
    scanner.scan(Array(text.utf8).span, role: .body)
    let cards = scanner.judgements.filter {
      $0.isLikely && $0.coveredBy == nil && rules.rules[$0.rule].id == "pii.card"
    }
    #expect(cards.map(\.disguise) == [[]])
  }

  @Test("a sample without a letter or digit is none")
  func sampleOfSigns() throws {
    var rule = TestRules.rule(
      "xx.key",
      patterns: [TestRules.pattern("key=\\w+", anchors: ["key="])],
      kind: .identifier
    )
    rule.samples = ["--", "key=12"]
    let rules = try TestRules.compiled(
      [rule],
      evidence: [
        EvidenceKind(
          name: "known-sample",
          title: "printed",
          marking: 0,
          usage: -9,
          about: [.identifier]
        )
      ]
    )
    let scanner = Scanner(rules)
    for (text, usage) in [("key=34", Usage.applied), ("key=12", .mentioned)] {
      scanner.scan(Array(text.utf8))
      #expect(scanner.judgements.map(\.usage) == [usage])
    }
  }

  @Test("a match of signs alone amid the words of a cue is judged", arguments: RuleKind.allCases)
  func amidCue(_ kind: RuleKind) throws {
    let rules = try TestRules.compiled(
      [
        TestRules.rule("xx.signs", patterns: [TestRules.pattern("::", anchors: ["::"])], kind: kind)
      ],
      evidence: [
        EvidenceKind(
          name: "cue",
          title: "said",
          marking: 0,
          usage: -9,
          about: RuleKind.allCases,
          cues: [("fr", ["un deux trois"])]
        )
      ]
    )
    let scanner = Scanner(rules)
    for (text, usage) in [("un deux :: trois", Usage.applied), ("un deux trois ::", .mentioned)] {
      scanner.scan(Array(text.utf8))
      #expect(scanner.judgements.map(\.usage) == [usage], "\(text)")
    }
  }
}
