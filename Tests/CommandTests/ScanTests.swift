import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieReports

@Suite("vigie scan")
struct ScanTests {
  private func archive(_ directory: TemporaryDirectory) throws -> String {
    let lines = (0..<300).map { index in
      let text = index % 50 == 0 ? "TLP:RED\\nBulletin" : "bonjour"
      return
        "{\"id\":\"m\(index)\",\"body\":\"\(text)\",\"channel\":{\"id\":\"c\",\"name\":\"annonces\"}}"
    }
    return try directory.write("export.jsonl", lines.joined(separator: "\n"))
  }

  @Test("shows a summary without message text")
  func summary() throws {
    let directory = try TemporaryDirectory()
    let result = try vigie(["scan", archive(directory)])
    #expect(result.code == 1)
    for expected in ["300 messages: 300 inspected", "annonces", "tlp.red", "6 block"] {
      #expect(result.output.contains(expected), "\(expected)")
    }
    #expect(!result.output.contains("Bulletin"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.error.isEmpty)
  }

  @Test("JSON fits the published schema; reports are the same on any number of threads")
  func json() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(directory)
    var outputs: Set<String> = []
    var reports: Set<String> = []
    for jobs in ["1", "2", "7"] {
      let report = directory.path + "/findings-\(jobs).jsonl"
      let result = try vigie(
        ["scan", path, "--json", "--jobs", jobs, "--report", "jsonl=\(report)"]
      )
      #expect(result.code == 1)
      outputs.insert(result.output)
      reports.insert(try String(contentsOfFile: report, encoding: .utf8))
    }
    #expect(outputs.count == 1)
    #expect(reports.count == 1)
    #expect(reports.first?.split(separator: "\n").count == 6)
    let value = try JSONValue(Array(try #require(outputs.first).utf8))
    #expect(try JSONSchema(ReportSchema.scan).faults(in: value) == [])
    #expect(value["coverage"]?["messages"]?["total"] == .number(300))
  }

  @Test("a truncated ZIP is a gap or a clear error, never clean")
  func truncated() throws {
    let directory = try TemporaryDirectory()
    for bytes in [
      [0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x03, 0x04, 20, 0, 0, 0, 8, 0, 1, 2, 3], [0x50], [],
    ] as [[UInt8]] {
      let path = try directory.write("broken.zip", bytes)
      let result = try vigie(["scan", path])
      #expect(result.code == 2 || result.code == 3, "\(bytes)")
      #expect(!(result.output + result.error).isEmpty)
    }
  }

  @Test("wrong usage ends in 2")
  func usage() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(directory)
    for arguments in [
      [], ["/nowhere"], [path, "--format", "telex"], [path, "--jobs", "0"],
      [path, "--report", "pdf=x"], [path, "--report", "jsonl"],
      [path, "--report", "jsonl=/nowhere/x"],
    ] {
      #expect(try vigie(["scan"] + arguments).code == 2, "\(arguments)")
    }
  }
}
