import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieReports
import VigieWire

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

  @Test("reports say all that a folder holds, and which rules were applied")
  func folder() throws {
    let directory = try TemporaryDirectory()
    _ = try archive(directory)
    _ = try directory.write("channel.csv", "id,body\nc1,bonjour\nc2,bonsoir\n")
    _ = try directory.write("more.jsonl", #"{"id":"x","body":"bonjour"}"# + "\n")
    let site = try TemporaryDirectory()
    let rule = """
      family: acme
      title: House marks
      scheme: acme
      sources: { HOUSE: "house rules" }
      rules:
        - id: acme.zebra
          title: Zebra
          level: restricted
          cites: [HOUSE]
          phrases: ["zebra zebra"]
          examples: { applied: ["⟦ZEBRA ZEBRA⟧"] }

      """
    try FileManager.default.createDirectory(
      atPath: site.path + "/markings",
      withIntermediateDirectories: true
    )
    _ = try site.write("markings/acme.yaml", rule)
    let out = try TemporaryDirectory()
    let result = try vigie(
      [
        "scan", directory.path, "--site", site.path, "--report",
        "html=\(out.path)/r.html,json=\(out.path)/r.json,sarif=\(out.path)/r.sarif",
      ]
    )
    #expect(result.code == 1, "\(result.error)")
    let held = "3 exports (csv, 2 jsonl)"
    #expect(result.output.contains(held))
    #expect(result.output.contains("with those of the site: \(site.path) (markings/acme.yaml)"))
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: "\(out.path)/\(name)", encoding: .utf8)
    }
    let json = try JSONValue(Array(text("r.json").utf8))
    let faults = try JSONSchema(ReportSchema.scan).faults(in: json)
    #expect(faults == [], "\(faults)")
    let archive = try #require(json["archives"]?.elements?.first)
    #expect(archive["exports"]?["jsonl"] == .number(2) && archive["exports"]?["csv"] == .number(1))
    #expect(archive["bytes"] == json["coverage"]?["bytes"]?["total"])
    let digest = try #require(json["rules"]?["digest"]?.string)
    let id = try #require(json["ruleset"]?.string)
    #expect(digest.hasPrefix(id) && digest.count == 71)
    #expect(json["rules"]?["sites"]?.elements?.first?["path"]?.string == site.path)
    let page = try text("r.html")
    for part in [held, digest, "\(site.path) (markings/acme.yaml)"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(try text("r.sarif").contains(digest))
  }

  @Test("a damaged archive among others is a gap that every report names; alone it is an error")
  func damaged() throws {
    let directory = try TemporaryDirectory()
    let good = try directory.write("good.jsonl", #"{"id":"m","body":"bonjour"}"# + "\n")
    let bad = try directory.write("bad.zip", [0x50, 0x4B, 3, 4, 0])
    let other = try directory.write("bad.csv", [0xFF, 0xFE, 0x61, 0])
    let out = try TemporaryDirectory()
    let store = out.path + "/s.sqlite"
    let reports = ["html", "csv", "jsonl", "json"].map { "\($0)=\(out.path)/r.\($0)" }
      .joined(separator: ",")
    for (path, reason) in [(bad, "corrupt"), (other, "unsupported")] {
      let result = try vigie(["scan", good, path, "--report", reports, "--store", store])
      #expect(result.code == 3, "\(result.error)")
      #expect(result.output.contains("1 message: 1 inspected"))
      #expect(result.output.contains(path) && result.error.contains("\(path) is not read"))
      for format in ["html", "csv", "jsonl", "json"] {
        let text = try String(contentsOfFile: "\(out.path)/r.\(format)", encoding: .utf8)
        // JSON writes a slash as it is, or behind a backslash.
        #expect(
          text.contains(path.split(separator: "/").last.map(String.init) ?? path),
          "\(format)"
        )
        #expect(text.contains(reason) || format == "html", "\(format)")
      }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(out.path)/r.json"))
      let json = try JSONValue(Array(bytes))
      #expect(try JSONSchema(ReportSchema.scan).faults(in: json) == [])
      #expect(json["unread"]?.elements?.first?["gap"]?["reason"]?.string == reason)
      let kept = try vigie(["report", "--store", store, "--run", "latest", "summary=-"])
      #expect(kept.output.contains(path), "\(kept.error)")
    }
    #expect(try vigie(["scan", bad, other]).code == 2)
    #expect(try vigie(["scan", good, directory.path + "/none.zip"]).code == 2)
  }

  @Test("an archive that is named twice is said to count twice")
  func twice() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(directory)
    let result = try vigie(["scan", path, path])
    #expect(result.output.contains("600 messages"))
    #expect(result.error.contains("is the same as \(path): what it holds counts twice"))
    #expect(try vigie(["scan", path]).error.isEmpty)
  }

  @Test("says by what digest each archive is known again, from the store too")
  func sealed() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.jsonl", #"{"id":"m","body":"bonjour"}"# + "\n")
    let folder = try TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/b",
      withIntermediateDirectories: true
    )
    _ = try folder.write("b/1.jsonl", #"{"id":"m","body":"bonjour"}"# + "\n")
    _ = try folder.write("a\\b.jsonl", #"{"id":"m","body":"bonsoir"}"# + "\n")
    let store = directory.path + "/s.sqlite"
    let html = directory.path + "/r.html"
    let result = try vigie(
      ["scan", file, folder.path, "--store", store, "--json", "--report", "html=\(html)"]
    )
    #expect(result.code == 0, "\(result.error)")
    // sha256sum a.jsonl; find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
    let digests = [
      "2464c3cd22b2de00ba314e7fc7ba205106e58e0e6b635051961011e9bb4ccae1",
      "6a556859445e07c47a8df70f9a9fee4d63d2d5b05fa4689e1ab073dbc0ea44b8",
    ]
    let json = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(ReportSchema.scan).faults(in: json) == [])
    let archives = try #require(json["archives"]?.elements)
    #expect(archives.map { $0["sha256"]?.string } == digests)
    #expect(archives.map { $0["size"] } == [.number(28), .number(56)])
    #expect(archives.map { $0["files"] } == [.null, .number(2)])
    let page = try String(contentsOfFile: html, encoding: .utf8)
    let kept = try vigie(["report", "--store", store, "--run", "latest", "summary=-"]).output
    for digest in digests {
      #expect(page.contains(digest) && kept.contains(digest))
    }
  }

  @Test("a report on standard output stands there alone")
  func piped() throws {
    let directory = try TemporaryDirectory()
    let result = try vigie(["scan", archive(directory), "--report", "json=-"])
    #expect(result.code == 1)
    let value = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(ReportSchema.scan).faults(in: value) == [])
  }

  @Test("every report format is written in one go, none with message text")
  func formats() throws {
    let directory = try TemporaryDirectory()
    let reports = ReportFormats.all.map { "\($0.name)=\(directory.path)/out.\($0.name)" }
    let result = try vigie(
      ["scan", archive(directory), "--quiet", "--report", reports.joined(separator: ",")]
    )
    #expect(result.code == 1)
    for format in ReportFormats.all {
      let text = try String(contentsOfFile: "\(directory.path)/out.\(format.name)", encoding: .utf8)
      #expect(text.contains("tlp.red"), "\(format.name)")
      #expect(!text.contains("Bulletin"), "\(format.name)")
    }
  }

  @Test("--reveal shows the words around a finding and writes down whose they are")
  func reveal() throws {
    let directory = try TemporaryDirectory()
    let (csv, audit) = (directory.path + "/out.csv", directory.path + "/audit")
    let result = try vigie(
      [
        "scan", archive(directory), "--quiet", "--report", "csv=\(csv)", "--reveal", "--audit",
        audit,
      ]
    )
    #expect(result.code == 1)
    let text = try String(contentsOfFile: csv, encoding: .utf8)
    #expect(text.components(separatedBy: ",TLP:RED,\"'\nBulletin\"").count == 7)
    let files = try FileManager.default.contentsOfDirectory(atPath: audit)
      .filter { $0.hasSuffix(".jsonl") }
    let lines = try String(contentsOfFile: audit + "/" + #require(files.first), encoding: .utf8)
      .split(separator: "\n").map { try JSONValue(Array($0.utf8)) }
    #expect(
      lines.compactMap { $0["event"]?.string } == ["reveal"]
        + [String](repeating: "revealed", count: 6)
    )
    #expect(lines[1]["message"]?.string == "m0")
    #expect(lines[1]["channel"]?.string == "c")
    #expect(lines[1]["count"] == .number(1))
    #expect(lines.allSatisfy { $0["user"]?.string?.isEmpty == false })
    #expect(try vigie(["audit", "verify", audit]).code == 0)
    let counted = try vigie(["audit", "report", audit, "--json"]).output
    #expect(try JSONValue(Array(counted.utf8))["others"]?["revealed"] == .number(6))
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
      [path, "--report", "jsonl=/nowhere/x"], [path, "--language", "tlh"],
      [path, "--reveal", "--report", "csv=\(directory.path)/x"], [path, "--audit", directory.path],
      [path, "--reveal", "--audit", directory.path + "/audit"],
      [path, "--json", "--report", "jsonl=-"], [path, "--report", "jsonl=-,csv=-"],
      [path, "--reveal", "--audit", "/proc/x", "--report", "csv=\(directory.path)/x"],
    ] {
      #expect(try vigie(["scan"] + arguments).code == 2, "\(arguments)")
    }
  }

  @Test("no report is written over what is read, by whatever name, nor two into one file")
  func overwriting() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(directory)
    let before = try String(contentsOfFile: path, encoding: .utf8)
    let folder = directory.path + "/rooms"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try directory.write("rooms/a.jsonl", before)
    let (soft, hard) = (directory.path + "/soft.csv", directory.path + "/hard.csv")
    try FileManager.default.createSymbolicLink(atPath: soft, withDestinationPath: path)
    try FileManager.default.linkItem(atPath: path, toPath: hard)
    let store = directory.path + "/scans.sqlite"
    #expect(try vigie(["scan", path, "--store", store, "-q"]).code == 1)
    for words in [
      ["scan", path, "--report", "csv=\(path)"],
      ["scan", path, "--report", "csv=\(directory.path)/rooms/../export.jsonl"],
      ["scan", path, "--report", "csv=\(soft)"], ["scan", path, "--report", "csv=\(hard)"],
      ["scan", folder, "--report", "html=\(folder)/new.html"],
      ["scan", folder, "--report", "html=\(folder)/a.jsonl"],
      ["scan", path, "--report", "html=\(directory.path)/r,csv=\(directory.path)/r"],
      ["scan", path, "--store", store, "--report", "json=\(store)"],
      ["report", "--store", store, "html=\(store)"],
      [
        "exposure", path, "--account", "@a:b", "--from", "2026-06-01", "--to", "2026-06-02",
        "--report", "json=\(path)",
      ],
    ] {
      let result = try vigie(words)
      #expect(result.code == 2, "\(words)")
      #expect(result.error.contains("would be written"), "\(words): \(result.error)")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
    #expect(try vigie(["findings", "list", "--store", store]).output.contains("tlp.red"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/r"))
  }

  @Test("names of files are inspected whatever reads them, and what was not read is named")
  func namesAndUnread() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("[DR] note.txt", "banal")
    _ = try directory.write("liste.csv", "id,body\n1,bonjour\n")
    _ = try directory.write("coupé.pdf", "%PDF-1.7 damaged")
    let out = try TemporaryDirectory()
    let result = try vigie(
      [
        "scan", directory.path, "--report",
        "html=\(out.path)/r.html,jsonl=\(out.path)/r.jsonl",
      ]
    )
    #expect(result.code == 1, "\(result.error)")
    #expect(result.output.contains("[DR] note.txt · attachments/0 (file name)"))
    #expect(result.output.contains("1 file: 0 inspected · 1 not inspected"))
    for text in [
      result.output, try String(contentsOfFile: out.path + "/r.html", encoding: .utf8),
    ] {
      #expect(text.contains("coupé.pdf"), "what was not read has no name")
    }
    let lines = try String(contentsOfFile: out.path + "/r.jsonl", encoding: .utf8)
      .split(separator: "\n").map { try JSONValue(Array($0.utf8)) }
    #expect(lines.count == 2)
    let schema = try JSONSchema(try #require(WireSchema.named("review-line")).text)
    for line in lines {
      #expect(line["channel"]?["id"]?.string == line["id"]?.string)
      #expect(schema.faults(in: line) == [])
    }
  }

  @Test("a folder of documents alone is read; an empty one is said to be")
  func documents() throws {
    let directory = try TemporaryDirectory()
    let empty = try vigie(["scan", directory.path])
    #expect(empty.code == 2 && empty.error.contains("is empty"))
    _ = try directory.write("note.rtf", "{\\rtf1 DIFFUSION RESTREINTE\\par}")
    let result = try vigie(["scan", directory.path])
    #expect(result.code == 1, "\(result.error)")
    #expect(result.output.contains("fr.diffusion-restreinte"))
  }
}
