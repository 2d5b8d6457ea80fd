import TestSupport
import Foundation
import Testing
import VigieCore
import VigieJSON
import VigieReports

@Suite("Report formats")
struct FormatTests {
  /// What a format writes of a small scan.
  private func report(_ format: any ReportFormat.Type, width: Int = 100) throws -> String {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/report"
    let output = try Output(path: path)
    let description = ScanDescription(
      archives: [.init(path: "export.zip", format: "slack", byteCount: 1234)],
      ruleset: "sha256:test",
      policy: "default"
    )
    let report = format.init(to: output, of: description, for: Terminal(width: width))
    let events: [ScanEvent] = [
      .message(scanned("quiet")),
      .message(
        scanned(
          "evil\u{1B}[2J",
          name: "room\u{202E}\nname",
          findings: [finding(.secret, disguise: [.leet]), finding(.restricted, .mentioned)],
          verdict: .block
        )
      ),
      .message(scanned("no channel", channel: nil, findings: [finding()], verdict: .block)),
      .gap(Gap(place: .body, reason: .corrupt, detail: "damaged JSON"), isMessage: true),
    ]
    var tally = Tally()
    for event in events {
      tally.add(event)
      report.add(event)
    }
    tally.add(readByteCount: 7, unreadByteCount: 0, hasGaps: true)
    report.finish(tally)
    try output.finish()
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("the summary says what was read and found, and steers no terminal")
  func summary() throws {
    let text = try report(TextSummary.self)
    for expected in [
      "export.zip", "slack", "4 messages", "1 not inspected", "1 corrupt", "2 block", "secret",
      "xx.rule", "H••• H•••", "leet", "room··name", "(no channel)",
    ] {
      #expect(text.contains(expected), "\(expected)")
    }
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!text.contains("\u{202E}"))
  }

  @Test("the summary keeps within the width", arguments: [60, 80, 132])
  func width(_ width: Int) throws {
    for line in try report(TextSummary.self, width: width).split(separator: "\n") {
      #expect(Terminal.columnCount(String(line)) <= width, "\(line)")
    }
  }

  @Test("JSON fits the published schema")
  func json() throws {
    let value = try JSONValue(Array(report(JSONSummary.self).utf8))
    #expect(try JSONSchema(ReportSchema.scan).faults(in: value) == [])
    #expect(value["coverage"]?["messages"]?["total"] == .number(4))
    #expect(value["coverage"]?["messages"]?["not"] == .number(1))
    #expect(value["coverage"]?["channels"]?["total"] == .number(1))
  }

  @Test("JSON lines hold one line for each message with findings or gaps, and each gap")
  func jsonLines() throws {
    let lines = try report(JSONLines.self).split(separator: "\n")
    let values = try lines.map { try JSONValue(Array($0.utf8)) }
    #expect(values.count == 3)
    #expect(values.map { $0["id"]?.string } == ["evil\u{1B}[2J", "no channel", nil])
    #expect(values.last?["gap"]?["reason"] == .string("corrupt"))
  }

  @Test("are found by name, each name once")
  func names() {
    let names = ReportFormats.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(ReportFormats.named(name) != nil) }
  }
}

@Suite("Verdict page")
struct VerdictPageTests {
  @Test("speaks the language of the reader, else English")
  func tip() {
    let tip = Tip(texts: [(language: "fr", text: "Non."), (language: "en", text: "No.")])
    let review = Review(
      id: "1",
      verdict: .block,
      level: .restricted,
      findings: [finding()],
      tip: tip,
      ruleset: "r"
    )
    for (languages, word) in [(["fr-FR", "fr"], "Non."), (["de"], "No."), ([], "No.")] {
      let page = VerdictPage(for: Terminal(), languages: languages, titles: [:])
      #expect(page.text(of: review, name: "x").contains("→ \(word)"))
    }
  }

  @Test("never calls clean what was not looked at")
  func gaps() {
    let gap = Gap(place: .body, reason: .encrypted, detail: "locked")
    let review = Review(id: "1", verdict: .log, level: .public, gaps: [gap], ruleset: "r")
    let text = VerdictPage(for: Terminal(), languages: [], titles: [:]).text(of: review, name: "x")
    #expect(text.contains("no marking found in what was inspected"))
    #expect(text.contains("not inspected"))
  }
}

@Suite("Layout for a terminal")
struct TerminalTests {
  @Test(
    "controls, directions and what is nothing to see become a dot",
    arguments: [
      ("note é", "note é"), ("a\u{1B}[2Jb", "a·[2Jb"), ("\u{7F}\u{85}\u{9F}", "···"),
      ("soft\u{AD}hyphen", "soft·hyphen"), ("\u{A0}", "\u{A0}"), ("\u{202E}txt", "·txt"),
      ("a\u{2028}b", "a·b"), ("\u{E000}", "·"), ("表だよ😀", "表だよ😀"),
      ("\u{2FF}\u{300}", "\u{2FF}\u{300}"),
    ]
  )
  func safe(_ text: String, _ wanted: String) {
    #expect(Terminal.safe(text) == wanted)
  }

  @Test("fits text into columns")
  func fit() {
    #expect(Terminal.fit("abc", 5) == "abc  ")
    #expect(Terminal.fit("abc", 5, toRight: true) == "  abc")
    #expect(Terminal.fit("abcdef", 4) == "abc…")
    #expect(Terminal.fit("日本語", 5) == "日本…")
    #expect(Terminal.fit("日本語", 4) == "日… ")
    #expect(Terminal.columnCount("e\u{301}") == 1)
  }

  @Test("writes numbers")
  func numbers() {
    #expect(Terminal.grouped(1_234_567) == "1,234,567")
    #expect(Terminal.grouped(999) == "999")
    #expect(Terminal.decimal(0.995, 2) == "1.00")
    #expect(Terminal.decimal(0.05, 2) == "0.05")
    #expect(Terminal.percent(1, of: 3) == "33.3 %")
    #expect(Terminal.percent(0, of: 0) == "–")
    #expect(Terminal.size(1_500_000) == "1.5 MB")
  }
}
