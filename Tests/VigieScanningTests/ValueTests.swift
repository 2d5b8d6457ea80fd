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

  @Test("no secret under a disguise, but in the text of a page")
  func views() {
    #expect(found("m<b></b>dp : Tulipe!2026").isEmpty)
    #expect(found("<p>mdp&nbsp;: Tulipe!2026</p>", .html) == ["password.said applied"])
  }
}
