import Foundation
import TestSupport
import Testing
import VigieCore
import VigieJSON
import VigieReports

@Suite("The page in French")
struct FrenchPageTests {
  @Test("titles of rules are in French where they say how a marking stands")
  func titles() {
    for (title, french) in [
      ("Secret, as a stamp", "Secret, en tampon"),
      ("Password told in a sentence", "Mot de passe dit dans une phrase"),
      (
        "French company (SIREN), beside its name", "Entreprise française (SIREN), à côté de son nom"
      ),
      ("Confidentiel Défense (before 2021)", "Confidentiel Défense (avant 2021)"),
      ("TLP:RED", "TLP:RED"), ("Zebra of our house", "Zebra of our house"),
    ] {
      let words = Phrase(ruleTitle: title)
      #expect(words["en"] == title)
      #expect(words["fr"] == french)
    }
  }

  @Test("each title that is translated is one of a shipped rule, or a part of some")
  func titlesAreOurs() throws {
    let file = repositoryRoot + "/Sources/VigieReports/Page/Resources/titles-fr.json"
    guard case .object(let members) = try JSONValue(Array(Data(contentsOf: URL(filePath: file))))
    else {
      Issue.record("no object")
      return
    }
    let folder = repositoryRoot + "/Rules/markings"
    let rules = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined()
    #expect(members.count > 120)
    for member in members {
      let text = try #require(member.value.string)
      #expect(text.contains("*") == member.key.contains("*"), "\(member.key)")
      let parts = member.key.components(separatedBy: "*").flatMap {
        $0.components(separatedBy: "#")
      }
      for part in parts where !part.isEmpty { #expect(rules.contains(part), "\(member.key)") }
    }
  }

  @Test("sizes, places and titles in the page are in the language of the reader")
  func page() throws {
    let message = scanned("m", findings: [finding(.secret)], verdict: .block)
    let page = try written(HTMLReport.self, [.message(message)]) {
      $0.language = "fr"
      $0.archives = [.init(path: "export.zip", format: "slack", byteCount: 185_400)]
      $0.rules["xx.rule"] = RuleDescription(title: "Secret, as a stamp")
    }
    for words in [
      "185,4\u{A0}ko", "185.4 kB", "Secret, en tampon", "Secret, as a stamp",
      "texte, ligne 1, colonne 1", "text, line 1, column 1",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    let start = try #require(page.range(of: "id=\"rules\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let titles = try JSONValue(Array(page[start.upperBound..<end.lowerBound].utf8))
    #expect(titles["xx.rule"]?["fr"]?.string == "Secret, en tampon")
  }
}
