import Foundation
import TestSupport
import Testing
import VigieCore
import VigieCrypto
import VigieJSON
import VigieReports

@Suite("HTML report")
struct HTMLReportTests {
  /// The JSON in an element of the page.
  private func data(_ id: String, in page: String) throws -> JSONValue {
    let start = try #require(page.range(of: "id=\"\(id)\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    return try JSONValue(Array(page[start.upperBound..<end.lowerBound].utf8))
  }

  /// A message whose every name is hostile.
  private var hostile: ScanEvent {
    var message = scanned(
      "</script><u>",
      name: "<img src=x onerror=alert(1)>\u{202E}",
      findings: [finding(.secret)],
      verdict: .block
    )
    message.sender = "\"><svg onload=alert(1)>&"
    message.revealed = [RevealedText(before: "<b>", match: "]]>", after: "<!--")]
    return .message(message)
  }

  @Test("nothing from outside is markup", arguments: ["en", "fr"])
  func escaping(_ language: String) throws {
    let page = try written(HTMLReport.self, [hostile]) {
      $0.language = language
      $0.isRevealed = true
    }
    for part in ["<img", "<svg onload", "<u>", "<!--", "]]>", "\u{202E}"] {
      #expect(!page.contains(part), "\(part)")
    }
    // The words, the rules, the rows and the script.
    #expect(page.components(separatedBy: "</script>").count == 5)
    let row = try #require(data("rows", in: page).elements?.first?.elements)
    #expect(row[7].string == "<img src=x onerror=alert(1)>·")
    #expect(row[17].elements?.map(\.string) == ["<b>", "]]>", "<!--"])
  }

  @Test("the policy of the page allows its own style and script and nothing else")
  func policy() throws {
    let page = try written(HTMLReport.self, [])
    for (name, directive) in [("style", "style-src"), ("script", "script-src")] {
      let start = try #require(page.range(of: "<\(name)>", options: .backwards))
      let end = try #require(page.range(of: "</\(name)>", range: start.upperBound..<page.endIndex))
      let hash = Data(Digest.rawSHA256(Array(page[start.upperBound..<end.lowerBound].utf8)))
      let source = "\(directive) 'sha256-\(hash.base64EncodedString())'"
      #expect(HTMLPage.policy.contains(source))
    }
    #expect(page.contains("default-src &#39;none&#39;"))
    #expect(!page.contains(" style=\""))
    #expect(!page.contains("unsafe-"))
    for part in ["http://", "https://", "url(", "@import", " src="] {
      #expect(!page.contains(part))
    }
  }

  @Test("a finding of each kind is a row, in the order of the archive")
  func rows() throws {
    var events: [ScanEvent] = []
    for usage in Usage.allCases {
      for verdict in Verdict.allCases {
        for level in Level.allCases {
          let id = "\(usage) \(verdict) \(level)"
          events.append(.message(scanned(id, findings: [finding(level, usage)], verdict: verdict)))
        }
      }
    }
    let rows = try #require(data("rows", in: written(HTMLReport.self, events)).elements)
    let ids = events.compactMap { event -> String? in
      guard case .message(let message) = event else { return nil }
      return message.review.id
    }
    #expect(rows.compactMap { $0.elements?[10].string } == ids)
    let ranks = rows.compactMap { row -> Int? in
      guard case .number(let rank)? = row.elements?.first else { return nil }
      return Int(rank)
    }
    #expect(Set(ranks) == Set(0..<72))
  }

  @Test("of too many findings the gravest are kept, and the page says so")
  func cut() throws {
    let count = HTMLReport.maxRowCount + 40
    var events: [ScanEvent] = []
    for index in 0..<count {
      let level = index % 100 == 99 ? Level.secret : .restricted
      events.append(.message(scanned("\(index)", findings: [finding(level)], verdict: .block)))
    }
    let page = try written(HTMLReport.self, events)
    let rows = try #require(data("rows", in: page).elements)
    #expect(rows.count == HTMLReport.maxRowCount)
    #expect(rows.count { $0.elements?[1] == .number(4) } == count / 100)
    #expect(page.contains("The 50\u{202F}000 gravest of 50\u{202F}040 findings"))
  }

  @Test("an archive with nothing in it gets a page that says so, and what was not read")
  func nothing() throws {
    // What is shown stands before the words of the script.
    func shown(_ events: [ScanEvent]) throws -> String {
      try written(HTMLReport.self, events).components(separatedBy: "<script ")[0]
    }
    #expect(try shown([]).contains("everything was read"))
    let gap = Gap(place: .body, reason: .encrypted, detail: "locked")
    let page = try shown([.message(scanned("1", gaps: [gap]))])
    #expect(page.contains("in what was read"))
    #expect(!page.contains("everything was read"))
    #expect(page.contains("1 × locked"))
  }
}

@Suite("Words of pages")
struct PhraseTests {
  private static let folder = repositoryRoot + "/Sources/VigieReports"

  /// The keys that stand in our sources between some text and a quotation mark.
  private func keys(after mark: String, endings: [String]) throws -> Set<String> {
    var keys: Set<String> = []
    let walker = FileManager.default.enumerator(atPath: PhraseTests.folder)
    for case let name as String in walker ?? .init() where endings.contains(where: name.hasSuffix) {
      let text = try String(contentsOfFile: PhraseTests.folder + "/" + name, encoding: .utf8)
      for piece in text.components(separatedBy: mark).dropFirst() {
        let key = piece.prefix { $0 != "\"" }
        if !key.contains("\\") { keys.insert(String(key)) }
      }
    }
    return keys
  }

  @Test("every language has every key, with the same places for values")
  func complete() throws {
    let english = try #require(Phrase.words["en"])
    #expect(english.count > 150)
    for language in Phrase.languages {
      let words = try #require(Phrase.words[language])
      #expect(Set(words.keys) == Set(english.keys), "\(language)")
      for (key, text) in words {
        #expect(!text.isEmpty)
        for name in ["{n}", "{total}", "{shown}", "{first}", "{last}", "{from}", "{to}"] {
          #expect(text.contains(name) == english[key]?.contains(name), "\(language) \(key) \(name)")
        }
      }
    }
  }

  @Test("every key that is used is there")
  func used() throws {
    let english = try #require(Phrase.words["en"])
    let used = try keys(after: "Phrase(\"", endings: [".swift"]).union(
      keys(after: "say(\"", endings: [".js"])
    ).union(keys(after: "label(\"", endings: [".js"]))
    #expect(used.count > 60)
    let prefixes = [
      "level.", "verdict.", "column.", "script.", "script.theme.",
      "rooms.", "way.", "way-words.", "doubt.", "place.",
    ]
    for key in used where !prefixes.contains(key) && key != "title" {
      #expect(english[key] != nil || english[key + ".one"] != nil, "\(key)")
    }
    let named =
      Level.allCases.map { "level.\($0.name)" } + Verdict.allCases.map { "verdict.\($0.name)" }
      + Usage.allCases.map { "usage.\($0.rawValue)" }
      + Visibility.allCases.map { "visibility.\($0.rawValue)" }
      + GapReason.allCases.flatMap { ["gap.\($0.rawValue)", "gap-next.\($0.rawValue)"] }
    for key in named { #expect(english[key] != nil, "\(key)") }
  }

  @Test(
    "what was not read is said in the language of the page, and the words of libraries stay as they are"
  )
  func gapDetails() throws {
    for (detail, french) in [
      ("the export does not hold the file", "l’export ne contient pas le fichier"),
      ("a line is longer than 1048576 bytes", "une ligne dépasse 1048576 octets"),
      ("PNG image: ends too early", "image PNG\u{A0}: s’arrête trop tôt"),
      (
        "4000 bytes of text; those after 300 were not read",
        "4000 octets de texte ; ceux qui suivent les 300 premiers n’ont pas été lus"
      ),
      (
        "the record held lone surrogates or invalid UTF-8, read as U+FFFD",
        "l’enregistrement contenait de l’UTF-8 invalide ou des demi-codets isolés, lus comme U+FFFD"
      ),
      (
        "'subject' held lone surrogates or invalid UTF-8, read as U+FFFD",
        "« subject » contenait de l’UTF-8 invalide ou des demi-codets isolés, lus comme U+FFFD"
      ),
      (
        "7-Zip archive: its first header is damaged",
        "archive 7-Zip\u{A0}: son premier en-tête est abîmé"
      ),
      (
        "a pattern of fr.x2 went over its limits: match limit exceeded",
        "un motif de fr.x2 a dépassé ses limites\u{A0}: match limit exceeded"
      ),
      ("pages 1, 2, 4, 5 and 17 more are not readable", "pages 1, 2, 4, 5 and 17 more illisibles"),
      ("zstd says: Corrupted block detected", "zstd says: Corrupted block detected"),
    ] {
      let words = Phrase(gapDetail: detail)
      #expect(words["en"] == detail)
      #expect(words["fr"] == french)
    }
    let gap = Gap(place: .body, reason: .missing, detail: "the export does not hold the file")
    let page = try written(HTMLReport.self, [.gap(gap, isMessage: true)]) { $0.language = "fr" }
    #expect(page.contains("l’export ne contient pas le fichier"))
    let foreign = Gap(place: .body, reason: .corrupt, detail: "zstd says <no>")
    let plain = try written(HTMLReport.self, [.gap(foreign, isMessage: true)])
    #expect(plain.contains("<li lang=\"en\">1 × zstd says &lt;no&gt;</li>"))
  }

  @Test("each translated detail has the numbers and the open place of the English one")
  func gapWords() throws {
    let file = repositoryRoot + "/Sources/VigieReports/Page/Resources/gaps-fr.json"
    let words = try JSONValue(Array(try Data(contentsOf: URL(filePath: file))))
    guard case .object(let members) = words else {
      Issue.record("no object")
      return
    }
    #expect(members.count > 200)
    #expect(Set(members.map(\.key)).count == members.count)
    for member in members {
      let text = try #require(member.value.string)
      for mark in ["#", "*"] {
        #expect(
          text.count { String($0) == mark } == member.key.count { String($0) == mark },
          "\(member.key)"
        )
      }
    }
  }

  @Test("what the sources say of a gap in fixed words has a translation")
  func gapWordsAreWhole() throws {
    let folder = repositoryRoot + "/Sources"
    let patterns = [
      /detail: "([^"\\]{8,})"/,
      /\.(?:encrypted|corrupt|truncated|limit|unsupported|timeout|workerDied|missing|componentMissing|encoding|ruleLimit), "([^"\\]{8,})"/,
    ]
    var count = 0
    for case let name as String in try #require(FileManager.default.enumerator(atPath: folder))
    where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      for pattern in patterns {
        for match in text.matches(of: pattern) {
          let detail = String(match.output.1)
          count += 1
          #expect(Phrase(gapDetail: detail)["fr"] != detail, "\(name): \(detail)")
        }
      }
    }
    #expect(count > 150)
  }

  @Test("numbers choose the form of the language")
  func plural() {
    let key = "summary.channels"
    #expect(Phrase(key, count: 1)["en"] == "All of it lies in 1 channel.")
    #expect(Phrase(key, count: 0)["en"] == "They lie in 0 channels.")
    #expect(Phrase(key, count: 0)["fr"] == "Tout se trouve dans 0 salon.")
    #expect(Phrase(key, count: 12_345)["fr"] == "Ils se trouvent dans 12\u{202F}345 salons.")
  }
}
