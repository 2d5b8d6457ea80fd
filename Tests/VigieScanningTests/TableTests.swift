import TestSupport
import Testing
import VigieCore
import VigieRulebook
import VigieScanning

/// What a rule wants beside a number or a secret is said once in a table, in the line of names.
@Suite("Values in tables")
struct TableTests {
  private let rules: CompiledRules

  init() throws { rules = try ShippedRules.compiled() }

  /// The rules and matched words of the findings in a text.
  private func found(_ text: String, _ role: Role = .body) -> [String] {
    let bytes = Array(text.utf8)
    let scanner = Scanner(rules)
    scanner.scan(bytes.span, role: role)
    return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map {
      "\(rules.rules[$0.rule].id) \(String(decoding: bytes[$0.range], as: UTF8.self))"
    }
  }

  private let passports = ["18CK41523", "20AD55021", "19FV30018", "17DE88127"]

  @Test("a name stands for every row", arguments: [";", ",", "\t", " | ", "   ", ", "])
  func everyRow(_ separator: String) {
    let names = ["nom", "n° de passeport", "date"].joined(separator: separator)
    let lines = passports.map { ["Durand", $0, "2026-01-12"].joined(separator: separator) }
    let text = ([names] + lines).joined(separator: "\n")
    #expect(found(text) == passports.map { "pii.passport \($0)" })
    #expect(found(text.split(separator: "\n").map { "> \($0)" }.joined(separator: "\n")).count == 4)
  }

  @Test("a word that is wanted near reaches every row as well")
  func near() {
    let filler = String(repeating: "x", count: 120)
    let text = (["nom;BSN;note"] + (0..<8).map { _ in "Jansen;112997788;\(filler)" })
      .joined(separator: "\n")
    #expect(found(text) == [String](repeating: "pii-national.nl-bsn 112997788", count: 8))
    // Under another name, far from that one, the same digits are a number like others.
    let other = (["BSN;nom;note"] + (0..<8).map { _ in "-;112997788;\(filler)" })
      .joined(separator: "\n")
    #expect(found(other).count < 8)
  }

  @Test("secrets, where they are all of a cell")
  func secrets() {
    let text = "compte;mot de passe\nsvc_a;Tulipe!2026\nsvc_b;Pivoine*8-Sud\nsvc_c;Gr4nit-Rose\n"
    #expect(
      found(text) == [
        "password.said Tulipe!2026", "password.said Pivoine*8-Sud", "password.said Gr4nit-Rose",
      ]
    )
    #expect(
      found("| host | api_key |\n|---|---|\n| a | 6iOjr7tXGx1 |\n| b | QN9270qm11Ceb |").count == 2
    )
    #expect(found("compte;mot de passe\na;obligatoire\nb;à changer le 12\nc;2026-01-12").isEmpty)
  }

  @Test(
    "other columns stay silent, and so does what no longer is the table",
    arguments: [
      "nom;passeport;n° commande\nDurand;oui;18CK41523\nMartin;non;20AD55021",
      "date;n° commande;montant\n2026-01-12;18CK41523;112997788\n2026-01-13;20AD55021;572700659",
      "nom;passeport\nDurand;oui\n\n\nMartin;18CK41523;12;7",
      "passeport;nom\nexpire le 12;18CK41523",
      "nom;passeport\nDurand;oui;1\nMartin;18CK41523;2\nLe Roux;20AD55021;3",
      "task,password policy,date\n1,12 characters,2026-01-12\n2,rotated,2026-01-13T10:00:00Z",
    ]
  )
  func silent(_ text: String) {
    // The row right below a name is read by the patterns themselves, whatever its column.
    #expect(found(text).filter { !$0.hasPrefix("pii.passport 18CK") }.isEmpty)
  }

  @Test("the evidence is the name of the column")
  func evidence() throws {
    let text = Array("nom;n° de passeport\nDurand;18CK41523\nMartin;20AD55021".utf8)
    let scanner = Scanner(rules)
    scanner.scan(text.span, role: .body)
    let reasons = try #require(scanner.judgements.last).reasons
    let column = try #require(
      reasons.first { rules.evidence.kinds[$0.evidence].name == "column-name" }
    )
    #expect(String(decoding: text[column.words], as: UTF8.self) == "n° de passeport")
  }

  @Test("a table of many rows takes time that grows with it", .timeLimit(.minutes(1)))
  func flood() {
    let names = String(repeating: "passeport,mdp,api_key,NINO,", count: 20)
    let row = String(repeating: "a,b,c,d,", count: 20)
    let text = names + "x\n" + String(repeating: row + "y\n", count: 5_000)
    #expect(found(text).isEmpty)
    // Each line may be the first of a table: none is walked from each of them.
    #expect(found(String(repeating: "passeport;mdp\n", count: 50_000)).isEmpty)
    #expect(found(String(repeating: "passeport;mdp\nmdp,x\n", count: 50_000)).isEmpty)
    let numbers = "nom;nombre\n" + String(repeating: "a;112997788\n", count: 15_000)
    #expect(found(numbers).isEmpty)
  }

  @Test("every pass over a text finds the same", arguments: PassKernel.Variant.allCases)
  func passes(_ variant: PassKernel.Variant) {
    guard variant.isAvailable else { return }
    let rows = (0..<2_000).map { "Durand \($0);\(passports[$0 & 3]);2026" }
    let text = Array((["nom;n° de passeport;an"] + rows).joined(separator: "\n").utf8)
    let scanner = Scanner(rules, variant: variant)
    scanner.scan(text.span, role: .body)
    #expect(scanner.judgements.filter(\.isLikely).count >= 2_000)
  }
}
