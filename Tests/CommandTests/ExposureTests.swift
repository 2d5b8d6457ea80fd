import Foundation
import TestSupport
import Testing
import VigieExposure
import VigieJSON

@Suite("vigie exposure")
struct ExposureTests {
  private let corpus = repositoryRoot + "/Corpus/exposure"
  private var question: [String] {
    [
      "exposure", corpus + "/rooms.jsonl", "--account", "@camille.roux:agents.example", "--from",
      "2026-06-10", "--to", "2026-06-11",
    ]
  }

  @Test(
    "finds by a scan what the corpus says is marked and in reach, as JSON of the published shape"
  )
  func json() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: corpus + "/expected.json"))
    let total = try JSONValue(Array(data))["total"]
    var outputs: Set<String> = []
    for jobs in ["1", "3"] {
      let result = try vigie(
        question + ["--json", "--jobs", jobs, "--access-log", corpus + "/access.log"]
      )
      #expect(result.code == 1)
      #expect(result.error.isEmpty)
      outputs.insert(result.output)
    }
    #expect(outputs.count == 1)
    let value = try JSONValue(Array(try #require(outputs.first).utf8))
    #expect(try JSONSchema(ExposureSchema.text).faults(in: value) == [])
    for name in ["messages", "marked", "edits", "encrypted", "redacted", "media", "media_bytes"] {
      guard case .array(let ends)? = total?[name], ends.count == 2 else {
        Issue.record("the corpus says nothing of \(name)")
        continue
      }
      #expect(value["could"]?[name]?["certain"] == ends[0], "\(name)")
      #expect(value["could"]?[name]?["possible"] == ends[1], "\(name)")
    }
  }

  @Test("without a scan it counts the same and says that nothing was inspected")
  func noScan() throws {
    let scanned = try JSONValue(Array(vigie(question + ["--json"]).output.utf8))
    let result = try vigie(question + ["--json", "--no-scan"])
    #expect(result.code == 3 || result.code == 0)
    let counted = try JSONValue(Array(result.output.utf8))
    #expect(counted["could"]?["messages"] == scanned["could"]?["messages"])
    #expect(counted["could"]?["marked"] == .null)
    #expect(counted["ruleset"] == .null)
    #expect(result.output.contains("\"not-scanned\""))
  }

  @Test("the page says what was asked, found, claimed and not looked at, and no message text")
  func page() throws {
    let result = try vigie(
      question + [
        "--access-log", corpus + "/access.log", "--claim", "messages=643459", "--claim", "media=2",
      ]
    )
    for expected in [
      "exposure of @camille.roux:agents.example", "2026-06-10T00:00:00Z", "2026-06-12T00:00:00Z",
      "could read", "did read", "contradicted", "643459 messages", "confirmed", "equipe",
      "encrypted end to end", "192.0.2.7",
    ] {
      #expect(result.output.contains(expected), "\(expected)")
    }
    for text in ["Compte rendu", "badge", "note.pdf", "\u{1B}"] {
      #expect(!result.output.contains(text), "\(text)")
    }
    let narrow = try vigie(question, environment: ["COLUMNS": "60"])
    #expect(narrow.lines.allSatisfy { $0.count <= 100 })
  }

  @Test("reports are the page, the JSON, and the findings of what was in reach alone")
  func reports() throws {
    let directory = try TemporaryDirectory()
    func path(_ name: String) -> String { directory.path + "/" + name }
    let result = try vigie(
      question + [
        "--report", "html=\(path("a.html")),json=\(path("a.json"))", "--report",
        "csv=\(path("a.csv")),sarif=\(path("a.sarif"))", "--language", "fr",
      ]
    )
    #expect(result.code == 1)
    #expect(result.output.contains("could read"))
    let page = try String(contentsOfFile: path("a.html"), encoding: .utf8)
    #expect(page.contains("<html lang=\"fr\"") && page.contains("hasard-03"))
    let json = try JSONValue(Array(Data(contentsOf: URL(fileURLWithPath: path("a.json")))))
    #expect(try JSONSchema(ExposureSchema.text).faults(in: json) == [])
    // As many messages are listed as are counted, and the whole archive holds more.
    let rows = try String(contentsOfFile: path("a.csv"), encoding: .utf8).split(separator: "\r\n")
    let marked = rows.count { $0.contains(",applied,") && $0.contains("DIFFUSION") == false }
    #expect(json["could"]?["marked"]?["possible"] == .number(Double(marked)))
    let whole = try vigie(
      ["scan", corpus + "/rooms.jsonl", "-q", "--report", "csv=\(path("b.csv"))"]
    )
    #expect(whole.code == 1)
    let all = try String(contentsOfFile: path("b.csv"), encoding: .utf8).split(separator: "\r\n")
    #expect(all.count > rows.count && rows.count > 100)
    let onOutput = try vigie(question + ["--report", "json=-"])
    #expect(try JSONValue(Array(onOutput.output.utf8)) == json)
  }

  @Test("wrong usage ends in 2 and says how it is right")
  func usage() throws {
    let directory = try TemporaryDirectory()
    let empty = try directory.write("empty.log", "nothing\n")
    let whole = Array(question.dropFirst())
    for arguments in [
      [], [corpus + "/rooms.jsonl"], whole + ["--claim", "mails=3"], whole + ["--zone", "Paris"],
      whole + ["--address", "192.0.2.7"], whole + ["--access-log", "/nowhere"],
      whole + ["--report", "pdf=x"], whole + ["--report", "html"], whole + ["--language", "de"],
      whole + ["--no-scan", "--report", "csv=x"], whole + ["--report", "html=/nowhere/x"],
      whole + ["--access-log", empty], ["/nowhere"] + whole.dropFirst(), whole + ["--jobs", "0"],
      [whole[0], "--account", "@a:b", "--from", "2026-06-10", "--to", "2026-06-09"],
      [whole[0], "--account", "@a:b", "--from", "yesterday", "--to", "2026-06-09"],
    ] {
      let result = try vigie(["exposure"] + arguments)
      #expect(result.code == 2, "\(arguments)")
      #expect(!result.error.isEmpty, "\(arguments)")
    }
  }

  @Test("a part of an archive that cannot be read is told")
  func damaged() throws {
    let directory = try TemporaryDirectory()
    let lines = try String(contentsOfFile: corpus + "/rooms.jsonl", encoding: .utf8)
      .split(separator: "\n")
    let kept = lines.filter { !$0.contains("DIFFUSION RESTREINTE") }.prefix(400)
    let path = try directory.write(
      "cut.jsonl",
      kept.joined(separator: "\n") + "\n{\"type\":\"m.room"
    )
    let result = try vigie(
      [
        "exposure", path, "--account", "@camille.roux:agents.example", "--from", "2026-06-10",
        "--to", "2026-06-11",
      ]
    )
    #expect(result.code == 3)
    #expect(result.output.contains("parts of archives were not read"))
  }
}
