import Testing
import VigiePDF

/// A line of a page of 800 points.
private func line(_ text: String, fromTop: Float, isArtifact: Bool = false) -> PDFLine {
  PDFLine(text: text, isArtifact: isArtifact, fromTop: fromTop, pageHeight: 800)
}

private func page(_ lines: [PDFLine]) -> PDFPageText {
  var page = PDFPageText()
  page.lines = lines
  return page
}

@Suite("Running headers and footers")
struct RunningLinesTests {
  private func texts(_ parts: PDFPageParts, _ zone: PDFPageParts.Zone) -> [String] {
    (parts.lines[zone] ?? []).map(\.text)
  }

  @Test("are lines that come back in one place, whatever their number")
  func repeated() {
    let pages = (1...4).map { number in
      page([
        line("SECRET", fromTop: 30), line("Texte \(number * 7) de la page", fromTop: 60),
        line("suite", fromTop: 400), line("page \(number + 8) / 12", fromTop: 780),
      ])
    }
    for parts in RunningLines.parts(of: pages) {
      #expect(texts(parts, .header).contains("SECRET"))
      #expect(texts(parts, .footer).count == 1)
      #expect(texts(parts, .body).contains("suite"))
    }
  }

  @Test("are not told from two pages, nor from lines in the middle or elsewhere on each page")
  func notRepeated() {
    let two = (1...2).map { _ in page([line("SECRET", fromTop: 30), line("a", fromTop: 400)]) }
    #expect(RunningLines.parts(of: two).allSatisfy { texts($0, .header).isEmpty })
    #expect(RunningLines.parts(of: two).allSatisfy { texts($0, .top) == ["SECRET"] })
    let middle = (1...4).map { _ in page([line("SECRET", fromTop: 300)]) }
    #expect(RunningLines.parts(of: middle).allSatisfy { texts($0, .body) == ["SECRET"] })
    let moving = (0...4).map { page([line("SECRET", fromTop: 20 + 20 * Float($0))]) }
    #expect(RunningLines.parts(of: moving).allSatisfy { texts($0, .header).isEmpty })
  }

  @Test("are told from one page where they are marked")
  func marked() {
    let parts = RunningLines.parts(of: [
      page([
        line("DR", fromTop: 90, isArtifact: true), line("corps", fromTop: 300),
        line("FOND", fromTop: 410, isArtifact: true), line("pied", fromTop: 770, isArtifact: true),
      ])
    ])
    #expect(texts(parts[0], .header) == ["DR"])
    #expect(texts(parts[0], .footer) == ["pied"])
    #expect(texts(parts[0], .body) == ["corps", "FOND"])
  }

  @Test("a block at the edge stays with the text that goes on below it")
  func dense() {
    let lines = (0..<60).map { line("ligne \($0)", fromTop: 20 + 12 * Float($0)) }
    let parts = RunningLines.parts(of: [page(lines)])
    #expect(texts(parts[0], .top).isEmpty)
    #expect(texts(parts[0], .body).first == "ligne 0")
  }
}

@Suite("Lines")
struct PDFLineTests {
  @Test(
    "are joined, and words that were cut are whole",
    arguments: [
      (["un", "deux"], [false, false], "un\ndeux"),
      (["res", "treinte"], [true, false], "restreinte"),
      (["OFFICIAL", "SENSITIVE"], [true, false], "OFFICIAL-SENSITIVE"),
      (["fin"], [true], "fin"), ([], [], ""),
    ]
  )
  func joined(_ texts: [String], _ hyphens: [Bool], _ expected: String) {
    let lines = zip(texts, hyphens).map { PDFLine(text: $0, isHyphenated: $1) }
    #expect(lines.joined == expected)
  }
}
