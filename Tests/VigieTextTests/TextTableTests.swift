import TestSupport
import Testing
import VigieText

@Suite("Tables in texts")
struct TextTableTests {
  /// The cells of each row, one string a row; `nil` where no line that holds a word names columns.
  private func rows(_ string: String, under word: String) -> [String]? {
    let bytes = Array(string.utf8)
    let text = bytes.span
    guard
      let place = string.firstRange(of: word).map({ range in
        string.utf8.distance(
          from: string.startIndex,
          to: range.lowerBound
        )..<string.utf8.distance(from: string.startIndex, to: range.upperBound)
      }), let table = TextTable(text, headedAt: place)
    else { return nil }
    var rows: [String] = []
    var line = table.header
    while let row = table.row(text, after: line) {
      line = row
      var cells = TextTable.Cells(text, row, table.separator)
      var all: [String] = []
      while let cell = cells.next(text) {
        all.append(String(decoding: TextTable.bare(text, cell).map { text[$0] }, as: UTF8.self))
      }
      rows.append(all.joined(separator: "/"))
    }
    return rows
  }

  /// The name of the column above a word, as a row far down finds it.
  private func name(_ string: String, above word: String) -> String? {
    let bytes = Array(string.utf8)
    let text = bytes.span
    guard let range = string.firstRange(of: word) else { return nil }
    let start = string.utf8.distance(from: string.startIndex, to: range.lowerBound)
    let place = start..<(start + word.utf8.count)
    guard let table = TextTable(text, holding: place, from: 0),
      let row = TextTable.line(of: text, around: place),
      let name = table.name(text, of: place, in: row)
    else { return nil }
    return String(decoding: name.map { text[$0] }, as: UTF8.self)
  }

  @Test(
    "every way to part cells",
    arguments: [
      "nom;pass;x\nA;1;2\nB;3;4", "nom,pass,x\nA,1,2\nB,3,4", "nom\tpass\tx\nA\t1\t2\nB\t3\t4",
      "nom, pass, x\r\nA, 1, 2\r\nB, 3, 4\r\n", "nom  pass    x\nA    1       2\nB    3  4",
      "| nom | pass | x |\n|-----|:---:|---|\n| A | 1 | 2 |\n| B | 3 | 4 |",
      "nom | pass | x\n----+------+---\nA | 1 | 2\nB | 3 | 4\n(2 rows)",
      "+---+----+---+\n| nom | pass | x |\n+---+----+---+\n| A | 1 | 2 |\n| B | 3 | 4 |\n+---+----+---+",
      "> nom;pass;x\n> A;1;2\n> B;3;4", "\"nom\";\"pass\";\"x\"\n\"A\";\"1\";\"2\"\nB;3;4",
      "Bonjour Jean,\nnom,pass,x\nA,1,2\nB,3,4", "Voici :\nnom;pass;x\nA;1;2\nB;3;4\n\nC;5;6",
      "Liste;;\nnom;pass;x\nA;1;2\nB;3;4\nC;5;6;7",
    ]
  )
  func separators(_ text: String) { #expect(rows(text, under: "pass") == ["A/1/2", "B/3/4"]) }

  @Test("a cell in quotation marks may hold separators, and quotation marks")
  func quoted() {
    #expect(rows("nom,pass\n\"Dupont, Jean\",7\n", under: "pass") == ["Dupont, Jean/7"])
    #expect(rows("nom;pass\n\"a \"\"b\"\"; c\";7", under: "pass") == ["a \"\"b\"\"; c/7"])
    // What is never closed is a cell like others.
    #expect(rows("nom;pass\n\"a;7", under: "pass") == ["\"a/7"])
  }

  @Test(
    "no table: prose, one column, one line, a row",
    arguments: [
      "le pass, c'est demain\net le reste, plus tard", "pass\nA\nB", "nom;pass;x",
      "nom;pass\n\nA;1",
      "nom;pass\nA;1;2", "nom;x\nA;pass\nB;2",
      "Il faut un pass.  Demain suffit.\nAlors bon.  Merci.",
      "nom;;;pass\nA;1;2;3",
    ]
  )
  func none(_ text: String) { #expect(rows(text, under: "pass") == nil) }

  @Test("the name of a column, from any row")
  func names() {
    let many = (0..<5_000).map { "n\($0);v\($0);d" }.joined(separator: "\n")
    #expect(name("nom;« n° »;date\n\(many)", above: "v4999") == "« n° »")
    #expect(name("nom;« n° »;date\n\(many)", above: "n4998") == "nom")
    #expect(name("Titre;;\nnom;pass;x\nA;17;2", above: "17") == "pass")
    #expect(name("| nom | `pass` |\n|---|---|\n| A | 17 |", above: "17") == "pass")
    // A value that goes on in the next cell has no column, and a line alone no table.
    #expect(name("nom;pass\nA;17", above: "A;17") == nil)
    #expect(name("A;17", above: "17") == nil)
  }

  @Test("lines that are too long, and too many columns, are none of a table")
  func bounds() {
    let long = String(repeating: "a", count: TextTable.maxLineCount)
    #expect(rows("nom;pass\nA;1\n\(long);2\nB;3", under: "pass") == ["A/1"])
    let wide = String(repeating: ";a", count: 200)
    #expect(rows("pass\(wide)\n1\(wide)", under: "pass") == nil)
  }

  @Test("frames without end are walked once", .timeLimit(.minutes(1)))
  func frames() {
    let frames = String(repeating: "+--+\n", count: 100_000)
    #expect(rows("nom;pass\n\(frames)A;1", under: "pass") == nil)
    #expect(name("\(frames)A;17\n\(frames)", above: "17") == nil)
  }

  /// Whether a line may hold names, told around its first word like that.
  private func mayHoldNames(_ string: String, around word: String) -> Bool? {
    let bytes = Array(string.utf8)
    guard let range = string.utf8.firstRange(of: word.utf8) else { return nil }
    let start = string.utf8.distance(from: string.startIndex, to: range.lowerBound)
    let end = bytes.span.lineFeed(from: start) ?? bytes.count
    return TextTable.mayHoldNames(
      bytes.span,
      around: start..<(start + word.utf8.count),
      to: end
    )
  }

  @Test("a line with a long cell, or of one cell, is one of no names whatever stands below")
  func namelessLines() {
    let long = String(repeating: "mot après ", count: 7)
    for line in [
      "Le pass est là.", "un pass; \(long); fin", "\(long)pass, et puis", "a,\(long)\tb,pass",
      "pass,\(long)", String(repeating: "x;", count: TextTable.maxLineCount / 2 + 1) + "pass",
      "pass" + String(repeating: ";x", count: TextTable.maxLineCount / 2 + 1),
    ] {
      #expect(mayHoldNames("Bonjour;x\n\(line)\nA;B", around: "pass") == false)
    }
    let name = String(repeating: "n", count: TextTable.maxNameCount - 4)
    let blanks = String(repeating: "\u{A0}", count: 100)
    for line in [
      "nom;pass", "pass;\(name)", "\(name)pass|x", "\(blanks)pass\(blanks);x\r", "pass  x",
    ] {
      #expect(mayHoldNames("Bonjour\n\(line)\nA;B", around: "pass") == true)
    }
  }

  @Test("whatever heads a table may hold names")
  func headsMayHoldNames() {
    var generator = SeededGenerator(seed: 11)
    let parts = [
      "a", "é", "n°", "mot de passe", ";", ";", ",", ", ", "|", "\t", "  ", " ", "\"", "*", "`",
      "\u{A0}", "\n", "\n", "\r\n", "> ", "---", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}",
    ]
    var headCount = 0
    for _ in 0..<20_000 {
      // Two lines of the same cells, and something around them.
      let lines = (0..<2).map { _ in
        (0..<3).map { _ in
          (0..<2).map { _ in parts[Int.random(in: 0..<parts.count, using: &generator)] }.joined()
        }.joined(separator: ";")
      }
      let text = Array(lines.joined(separator: "\n").utf8)
      for place in text.indices where text[place] == 0x61 {
        guard let table = TextTable(text.span, headedAt: place..<(place + 1)) else { continue }
        headCount += 1
        let end = text.span.lineFeed(from: place) ?? text.count
        #expect(table.header.upperBound <= end)
        let mayHold = TextTable.mayHoldNames(text.span, around: place..<(place + 1), to: end)
        #expect(mayHold, "\(String(decoding: text, as: UTF8.self))")
      }
    }
    #expect(headCount > 1_000)
  }
}
