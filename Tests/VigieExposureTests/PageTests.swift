import Foundation
import Testing
import VigieCore
import VigieExposure
import VigieJSON
import VigieReports

@Suite("Exposure page")
struct PageTests {
  private let archive = corpus + "/rooms.jsonl"

  private func page(of report: ExposureReport, language: String? = "en") throws -> String {
    let folder = try Folder()
    let output = try Output(path: folder.path + "/page.html")
    ExposurePage(of: report, to: output, language: language, time: nil, version: nil).write()
    try output.finish()
    return try String(contentsOfFile: folder.path + "/page.html", encoding: .utf8)
  }

  private func data(_ id: String, in page: String) throws -> JSONValue {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"\(id)\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    return try JSONValue(Array(page[start.upperBound..<end.lowerBound].utf8))
  }

  /// What is shown, before the words of the script.
  private func shown(_ page: String) -> String { page.components(separatedBy: " id=\"words\"")[0] }

  @Test("the answer stands first, then claims with their reasons, in every language")
  func answer() throws {
    var log = LogEvidence(question)
    try log.read(corpus + "/access.log", zone: 0)
    let found = try report(
      question,
      [archive],
      log: log,
      claims: ["messages=643459", "media=2"],
      marker: "DIFFUSION RESTREINTE"
    )
    let text = shown(try page(of: found))
    var last = text.startIndex
    for part in [
      "The account could read 999 to 1\u{202F}113 messages in 35 to 39 rooms.",
      "113 to 126 messages carry a marking",
      "By the access log it did read 3 to 37 messages in 2 rooms.",
      "643459 ", "contradicted", "the access log shows at most 37", "confirmed",
      "taken away before",
    ] {
      let range = try #require(text.range(of: part, range: last..<text.endIndex), "\(part)")
      last = range.upperBound
    }
    #expect(text.contains("Le compte pouvait lire de 999 à 1\u{202F}113 messages"))
    #expect(text.contains("chiffrés de bout en bout"))
    for body in ["Compte rendu", "badge", "note.pdf"] { #expect(!text.contains(body)) }
  }

  @Test("every room in reach is a row, with the figures of the report")
  func rows() throws {
    let found = try report(question, [archive], marker: "DIFFUSION RESTREINTE")
    let rows = try #require(data("reached", in: page(of: found)).elements)
    #expect(rows.count == found.rooms.count)
    for (row, room) in zip(rows, found.rooms) {
      let cells = try #require(row.elements)
      #expect(cells.count == 15)
      #expect(cells[1].string == room.id)
      let figure = [room.messages.certain, room.messages.possible].map {
        JSONValue.number(Double($0))
      }
      #expect(cells[6].elements == figure)
      // Without a log nothing is said of what was read.
      #expect(cells[7] == .null)
    }
  }

  @Test("names from outside stay text, and the policy is that of every page")
  func hostile() throws {
    var found = try report(question, [archive])
    found.rooms[0].name = "</script><script>x\u{202E}" + String(repeating: "W", count: 5000)
    found.question.accounts = ["<img onerror=alert(1)>"]
    let page = try page(of: found)
    #expect(!page.contains("</script><script>x"))
    #expect(!page.contains("<img") && !page.contains("\u{202E}"))
    #expect(page.contains("&lt;/script&gt;&lt;script&gt;x·WWW"))
    // The rooms, the words and the script.
    #expect(page.components(separatedBy: "</script>").count == 4)
    #expect(page.contains("default-src &#39;none&#39;"))
    for part in ["http://", "https://", " src=", " style=\""] { #expect(!page.contains(part)) }
  }

  @Test("of too many rooms the most exposed are listed, and the page says so")
  func cut() throws {
    var found = try report(question, [archive])
    let room = try #require(found.rooms.first)
    found.rooms = Array(repeating: room, count: ExposurePage.maxRowCount + 7)
    let page = try page(of: found)
    #expect(try data("reached", in: page).elements?.count == ExposurePage.maxRowCount)
    #expect(page.contains("The 50\u{202F}000 most exposed of 50\u{202F}007 rooms"))
  }

  @Test("everything the report may say has its words")
  func words() throws {
    let english = try #require(Phrase.words["en"])
    let sources = URL(fileURLWithPath: corpus).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/VigieExposure").path
    var used: Set<String> = []
    let walker = FileManager.default.enumerator(atPath: sources)
    for case let name as String in walker ?? .init() where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: sources + "/" + name, encoding: .utf8)
      for mark in ["Phrase(\"", "key: \"", "(\"detail.", "(\"figure."] {
        for piece in text.components(separatedBy: mark).dropFirst() {
          let key = piece.prefix { $0 != "\"" }
          guard !key.contains("\\") else { continue }
          used.insert((mark.hasSuffix(".") ? String(mark.dropFirst(2)) : "") + key)
        }
      }
      // The names of what is not known are the ends of its keys.
      for piece in text.components(separatedBy: " add(\"").dropFirst() {
        let name = piece.prefix { $0 != "\"" }
        if !name.contains("\\") { used.insert("lack." + name) }
      }
    }
    #expect(used.count > 90)
    used.formUnion(Doubt.allCases.map { "doubt.\($0.rawValue)" })
    used.formUnion(Way.allCases.flatMap { ["way.\($0.rawValue)", "way-words.\($0.rawValue)"] })
    used.formUnion(ClaimVerdict.allCases.map { "claim-verdict.\($0.rawValue)" })
    for subject in Claim.Subject.allCases {
      for prefix in ["subject", "claim-read", "claim-readable"] {
        used.insert("\(prefix).\(subject.rawValue)")
      }
    }
    for kind in ["message", "edit", "encrypted", "system", "file", "account"] {
      used.insert("kind.\(kind)")
    }
    for kind in ["message", "room", "account", "marked"] {
      for form in ["one", "other", "range"] { used.insert("amount.\(kind).\(form)") }
    }
    for key in used { #expect(english[key] != nil || english[key + ".one"] != nil, "\(key)") }
    // What is the same in both languages is the name of the thing in both.
    for (key, text) in english
    where ["doubt.", "lack.", "hole.", "claim."].contains(where: key.hasPrefix) {
      #expect(Phrase.words["fr"]?[key] != text, "\(key)")
    }
  }
}
