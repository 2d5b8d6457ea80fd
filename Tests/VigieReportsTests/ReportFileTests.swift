import Foundation
import TestSupport
import Testing
import VigieCore
import VigieCrypto
import VigieJSON
import VigieReports

/// What a format writes of some events.
func written(
  _ format: any ReportFormat.Type,
  _ events: [ScanEvent],
  change: (inout ScanDescription) -> Void = { _ in }
) throws -> String {
  let directory = try TemporaryDirectory()
  let path = directory.path + "/report"
  let output = try Output(path: path)
  var description = ScanDescription(
    archives: [.init(path: "a b/export.zip", format: "slack", byteCount: 1234)],
    ruleset: "sha256:test",
    policy: "default"
  )
  description.rules["xx.rule"] = RuleDescription(title: "X, \"marked\"", sources: ["Law, §1"])
  description.language = "en"
  change(&description)
  let report = format.init(to: output, of: description, for: Terminal())
  var tally = Tally()
  for event in events {
    tally.add(event)
    report.add(event)
  }
  report.finish(tally)
  try output.finish()
  #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["report"])
  return try String(contentsOfFile: path, encoding: .utf8)
}

@Suite("CSV")
struct CSVReportTests {
  @Test(
    "fields are harmless and come back as they were",
    arguments: [
      ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
      ("two\r\nlines", "\"two\r\nlines\""), ("=1+2", "'=1+2"), ("@anne:x", "'@anne:x"),
      ("-2", "'-2"),
      ("+3", "'+3"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("  =1", "'  =1"), ("＝1", "'＝1"),
      ("=1,2", "\"'=1,2\""), ("a=b", "a=b"), ("é", "é"),
    ]
  )
  func fields(_ text: String, _ field: String) { #expect(CSVReport.field(text) == field) }

  @Test("there is a line for each finding and each gap after the names of the columns")
  func lines() throws {
    let messages: [ScanEvent] = [
      .message(scanned("1", name: "=a,b", findings: [finding(), finding(.secret, .mentioned)])),
      .message(scanned("2")),
      .gap(Gap(place: .body, reason: .corrupt, detail: "x"), isMessage: true),
    ]
    let lines = try written(CSVReport.self, messages).components(separatedBy: "\r\n")
    #expect(lines.count == 5)
    #expect(lines[0] == CSVReport.columns.joined(separator: ","))
    #expect(lines[1].contains(",\"'=a,b\",c,public,,1,allow,restricted,applied,xx,xx.rule,"))
    #expect(lines[1].contains("\"X, \"\"marked\"\"\""))
    #expect(lines[3].hasSuffix(",corrupt,x") && lines[3].hasPrefix(",,,"))
    let count = CSVReport.columns.count
    #expect(lines[1...3].allSatisfy { $0.count { $0 == "," } >= count - 1 })
    #expect(lines[3].count { $0 == "," } == count - 1)
    #expect(lines[4] == "")
  }
}

@Suite("SARIF")
struct SARIFReportTests {
  @Test("results, rules and notifications point at one another")
  func structure() throws {
    let gap = Gap(place: .body, reason: .encrypted, detail: "locked")
    let text = try written(
      SARIFReport.self,
      [
        .message(scanned("1", findings: [finding(), finding(.internal)], gaps: [gap])),
        .message(scanned("2", findings: [finding(.secret, .mentioned)])),
        .gap(Gap(place: .body, reason: .corrupt, detail: "x"), isMessage: true),
      ]
    )
    let log = try JSONValue(Array(text.utf8))
    let run = try #require(log["runs"]?.elements?.first)
    let results = try #require(run["results"]?.elements)
    #expect(results.map { $0["level"]?.string } == ["error", "warning", "note"])
    #expect(results.allSatisfy { $0["ruleIndex"] == .number(0) })
    #expect(run["tool"]?["driver"]?["rules"]?.elements?.map { $0["id"]?.string } == ["xx.rule"])
    let help = run["tool"]?["driver"]?["rules"]?.elements?.first?["help"]?["text"]?.string
    #expect(help?.contains("Law, §1") == true)
    let notes = run["invocations"]?.elements?.first?["toolExecutionNotifications"]?.elements
    #expect(
      notes?.map { $0["descriptor"]?["id"]?.string } == ["gap.encrypted", "gap.corrupt"]
    )
    let place = results[0]["locations"]?.elements?.first?["logicalLocations"]?.elements
    #expect(place?.map { $0["fullyQualifiedName"]?.string } == ["c", "c/1", "c/1/body"])
  }

  @Test("a scan without findings is a whole log too")
  func empty() throws {
    let log = try JSONValue(Array(written(SARIFReport.self, []).utf8))
    #expect(log["runs"]?.elements?.first?["results"]?.elements?.isEmpty == true)
  }

  @Test(
    "paths become references",
    arguments: [
      ("a b/é.zip", "a%20b/%C3%A9.zip"), ("/x/y", "file:///x/y"), ("c:d/e", "./c:d/e"),
      ("a%", "a%25"),
      ("a#b?c", "a%23b%3Fc"),
    ]
  )
  func references(_ path: String, _ reference: String) {
    #expect(SARIFReport.reference(toPath: path) == reference)
  }
}

@Suite("What a report keeps apart")
struct ReportSpoolTests {
  @Test("lines come back in order, from memory and from a file", arguments: [10, 60_000])
  func lines(_ count: Int) throws {
    let directory = try TemporaryDirectory()
    let output = try Output(path: directory.path + "/report")
    let spool = ReportSpool(for: output)
    for index in 0..<count { spool.write(Array("line \(index)\n".utf8)) }
    var index = 0
    spool.readLines { line in
      #expect(String(decoding: line, as: UTF8.self) == "line \(index)")
      index += 1
    }
    #expect(index == count)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["report"])
    try output.finish()
  }
}

@Suite("What is revealed")
struct RevealedTextTests {
  @Test("is the finding with at most 64 characters on either side, cut between characters")
  func reach() {
    let before = String(repeating: "é👩‍👩‍👧‍👦", count: 60)
    let text = before + "MARK" + String(repeating: "x", count: 300)
    var found = finding()
    found.range = before.utf8.count..<before.utf8.count + 4
    let revealed = RevealedText(of: found, in: Array(text.utf8), among: [found])
    #expect(revealed.before == String(before.suffix(64)))
    #expect(revealed.match == "MARK")
    #expect(revealed.after == String(repeating: "x", count: 64))
  }

  @Test("never an identifier or a credential, not even beside something else")
  func secrets() {
    let text = "DR, code hunter2, fin"
    var mark = finding()
    mark.range = 0..<2
    var code = finding()
    code.scheme = "credential"
    code.range = 9..<16
    let bytes = Array(text.utf8)
    #expect(RevealedText(of: mark, in: bytes, among: [mark, code]).after == ", code •••, fin")
    let revealed = RevealedText(of: code, in: bytes, among: [mark, code])
    #expect(revealed == RevealedText(before: "DR, code ", match: "•••", after: ", fin"))
  }

  @Test("holds for ranges that lie outside the text")
  func outside() {
    var found = finding()
    found.range = 90..<99
    #expect(RevealedText(of: found, in: [0x61], among: []).match == "")
  }

  @Test("names of documents show no finding in them")
  func documentNames() {
    var found = finding()
    found.place = Place(part: .attachment(0), role: .filename)
    found.range = 5..<7
    let message = scanned(
      "1",
      findings: [found],
      attachments: [VigieCore.Attachment(name: "note_DR_v2.pdf")]
    )
    #expect(message.documentNames == [0: "note_•••_v2.pdf"])
  }
}
