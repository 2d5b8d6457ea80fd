import Foundation
import TestSupport
import Testing
import VigieCore
import VigieJSON
import VigieStore

@Suite("vigie scan --store, findings, report")
struct ScanStoreCommandTests {
  private let directory: TemporaryDirectory
  private var store: String { directory.path + "/scans.sqlite" }

  init() throws { directory = try TemporaryDirectory() }

  private func archive(_ name: String, _ range: Range<Int>, redacted: Bool = false) throws -> String
  {
    let lines = range.map { index in
      let isMarked = index % 50 == 0
      let text = isMarked ? (redacted ? "" : "TLP:RED\\nBulletin \(index)") : "bonjour \(index)"
      return "{\"id\":\"$m\(index)\",\"body\":\"\(text)\",\"sender\":\"@anne:example.org\","
        + "\"timestamp\":\"2026-06-01T\(10 + index / 3600 % 10):\(10 + index / 60 % 50):00Z\","
        + "\"channel\":{\"id\":\"!c:example.org\",\"name\":\"annonces\",\"visibility\":\"public\"}}"
    }
    return try directory.write(name, lines.joined(separator: "\n") + "\n")
  }

  @Test(
    "a report from the store is the one that the scan wrote; findings are told apart by who can read them"
  )
  func sameReport() throws {
    let path = try archive("export.jsonl", 0..<300)
    let formats = ["json", "csv", "html", "sarif"]
    func requests(_ folder: String) -> String {
      formats.map { "\($0)=\(directory.path)/\(folder).\($0)" }.joined(separator: ",")
    }
    let scan = ["scan", path, "--store", store, "--language", "fr", "--report", requests("scan")]
    #expect(try vigie(scan).code == 1)
    let report = ["report", "--store", store, "--language", "fr"]
    #expect(try vigie(report + requests("kept").split(separator: ",").map(String.init)).code == 0)
    for format in formats {
      func text(_ folder: String) throws -> String {
        let path = "\(directory.path)/\(folder).\(format)"
        // The scan notes when it starts, the store when the run begins, a moment later.
        return try String(contentsOfFile: path, encoding: .utf8)
          .replacing(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?( UTC)?/, with: "TIME")
      }
      #expect(try text("kept") == text("scan"), "\(format)")
    }
    // A day counts whole, as in an exposure; a time is the moment after.
    for (until, count) in [("2026-06-01", 6), ("2026-05-31", 0), ("2026-06-01T00:00:00Z", 0)] {
      let listed = try vigie([
        "findings", "list", "--store", store, "--since", "2026-05-30", "--until", until,
      ])
      #expect(listed.output.contains("6 findings") == (count > 0), "\(until)")
    }
    for (visibility, count) in [("public", 6), ("private", 0)] {
      let list = try vigie(
        ["findings", "list", "--store", store, "--visibility", visibility, "--json"]
      )
      let value = try JSONValue(Array(list.output.utf8))
      #expect(value["findings"]?.elements?.count == count)
    }
    let page = try vigie(["findings", "list", "--store", store, "--visibility", "public"])
    #expect(page.output.contains("annonces (public) · 2026-06-01T1"))
    #expect(page.output.contains(":00Z · @anne:example.org · body 1:1"))
    #expect(try vigie(["findings", "list", "--store", store, "--visibility", "all"]).code == 2)
  }

  @Test("from scan to triage, redaction and the scan that closes")
  func officer() throws {
    let path = try archive("export.jsonl", 0..<300)
    let first = try vigie(["scan", path, "--store", store])
    #expect(first.code == 1)
    #expect(first.error.contains("run 1 in \(store): 6 findings by fingerprint, 6 new"))
    let list = try vigie(["findings", "list", "--store", store, "--json"])
    #expect(list.code == 0)
    let value = try JSONValue(Array(list.output.utf8))
    #expect(try JSONSchema(FindingSchema.list).faults(in: value) == [])
    let findings = try #require(value["findings"]?.elements)
    #expect(findings.count == 6)
    #expect(!list.output.contains("Bulletin"))
    let print = try #require(findings[0]["fingerprint"]?.string)

    let show = try vigie(["findings", "show", String(print.prefix(10)), "--store", store])
    #expect(show.output.contains("evidence"))
    #expect(show.output.contains("annonces (public)"))
    let triage = try vigie(
      [
        "findings", "triage", print, "--state", "false-alarm", "--why", "an exercise", "--by",
        "Anne",
        "--store", store,
      ]
    )
    #expect(triage.output == "1 finding: false-alarm, by Anne\n")
    let shown = try vigie(["findings", "list", "--store", store, "--state", "false-alarm"])
    #expect(shown.output.contains("Anne: an exercise"))

    let export = try vigie(
      ["findings", "export", "--format", "synapse-redactions", "--store", store]
    )
    #expect(export.lines.count == 5)
    for line in export.lines {
      let value = try JSONValue(Array(line.utf8))
      #expect(value["room_id"] == .string("!c:example.org"))
    }

    let other = try vigie(["findings", "export", "--format", "slack-deletions", "--store", store])
    #expect(other.lines.isEmpty)
    #expect(other.error.contains("5 messages left out"))

    let redacted = try archive("export.jsonl", 0..<300, redacted: true)
    let second = try vigie(["scan", redacted, "--store", store])
    #expect(second.code == 0)
    #expect(second.error.contains("5 gone"))
    let states = try vigie(["findings", "list", "--store", store, "--state", "remediated"])
    #expect(states.output.contains("5 findings"))

    let purge = try vigie(["findings", "purge", "--older-than", "0m", "--store", store])
    #expect(purge.output.hasPrefix("removed 2 runs, 600 messages, 5 findings"))
    let left = try vigie(["findings", "list", "--store", store])
    #expect(left.output.contains("false-alarm"))
    #expect(left.output.contains("1 finding\n"))
    // The baseline holds for what is found later.
    let third = try vigie(["scan", try archive("again.jsonl", 0..<300), "--store", store])
    #expect(third.error.contains("6 findings by fingerprint, 5 new, 1 known as false alarm"))
  }

  @Test("reports from the store are those of the scan")
  func reports() throws {
    let path = try archive("export.jsonl", 0..<300)
    let lines = directory.path + "/a.jsonl"
    let scan = try vigie(["scan", path, "--store", store, "--json", "--report", "jsonl=\(lines)"])
    let again = directory.path + "/b.jsonl"
    let report = try vigie(
      ["report", "--store", store, "--run", "latest", "json=-", "jsonl=\(again)"]
    )
    #expect(report.code == 0)
    #expect(report.output == scan.output)
    #expect(
      try String(contentsOfFile: again, encoding: .utf8)
        == String(contentsOfFile: lines, encoding: .utf8)
    )
    let runs = try vigie(["report", "--store", store])
    #expect(runs.output.hasPrefix("run 1 · "))
    #expect(try vigie(["report", "--store", store, "--run", "7", "json=-"]).code == 2)
  }

  @Test("a new key keeps what was decided")
  func rotation() throws {
    let path = try archive("export.jsonl", 0..<300)
    _ = try vigie(["scan", path, "--store", store])
    _ = try vigie(
      [
        "findings", "triage", "--rule", "tlp.*", "--state", "accepted", "--why", "so", "--store",
        store,
      ]
    )
    let rotation = try vigie(["findings", "rotate-key", "--store", store])
    #expect(rotation.output == "6 fingerprints · the new key is in \(store).key.2\n")
    let scan = try vigie(["scan", path, "--store", store])
    #expect(scan.error.contains("6 findings by fingerprint, 0 new, 6 known as"))
    try FileManager.default.removeItem(atPath: store + ".key")
    let lost = try vigie(["scan", path, "--store", store])
    #expect(lost.code == 2)
    #expect(lost.error.contains("--key-file"))
  }

  @Test("killed at any moment, a scan goes on and ends with the same bytes")
  func killed() throws {
    let path = try archive("large.jsonl", 0..<12_000)
    let key = directory.path + "/key"
    try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: key))
    _ = unsafe chmod(key, 0o600)
    func arguments(_ name: String) -> [String] {
      [
        "scan", path, "--store", "\(directory.path)/\(name).sqlite", "--key-file", key, "--json",
        "--report", "jsonl=\(directory.path)/\(name).jsonl",
      ]
    }
    // Once before, so that the cache of rules is there and the time is that of the scan.
    _ = try vigie(["scan", path, "--store", "\(directory.path)/first.sqlite"])
    let clock = ContinuousClock()
    let start = clock.now
    let wanted = try vigie(arguments("whole"))
    let time = start.duration(to: clock.now)
    let lines = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/whole.jsonl"))
    #expect(lines.count > 50_000)
    for (index, share) in [0.3, 0.6, 0.85].enumerated() {
      let name = "cut\(index)"
      for _ in 0..<2 {
        let process = Process()
        process.executableURL = vigieBinary
        process.arguments = arguments(name) + ["--resume"]
        process.environment = ["PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": ruleCache]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: share * Double(time.components.seconds) + 0.05)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try vigie(arguments(name) + ["--resume"])
      #expect(last.output == wanted.output, "\(share)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name).jsonl"))
      #expect(bytes == lines, "\(share)")
    }
  }

  @Test("Ctrl-C ends in good order, and other archives or rules are refused with --resume")
  func interrupted() throws {
    let path = try archive("large.jsonl", 0..<60_000)
    let error = try directory.write("stderr", "")
    let process = Process()
    process.executableURL = vigieBinary
    process.arguments = ["scan", path, "--store", store, "--jobs", "1"]
    process.environment = ["PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": ruleCache]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: error))
    try process.run()
    // As soon as the run is there, so that it is under way.
    while !FileManager.default.fileExists(atPath: store + "-wal"), process.isRunning {
      usleep(2_000)
    }
    while process.isRunning {
      if let kept = try? ScanStore(path: store, isNew: false).latestUnendedRun(), kept.id > 0 {
        break
      }
      usleep(5_000)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    let said = try String(contentsOfFile: error, encoding: .utf8)
    #expect(said.contains("with --resume"), "\(said)")

    let other = try archive("other.jsonl", 0..<10)
    let refused = try vigie(["scan", other, "--store", store, "--resume"])
    #expect(refused.code == 2)
    #expect(refused.error.contains("run 1 cannot go on: it scans other archives"))
    let report = try vigie(["report", "--store", store, "--run", "1", "json=-"])
    #expect(report.code == 2)
    #expect(report.error.contains("has not ended"))
    _ = try archive("large.jsonl", 0..<60_001)
    let changed = try vigie(["scan", path, "--store", store, "--resume"])
    #expect(changed.code == 2)
    #expect(changed.error.contains("was changed since"))
  }

  @Test("wrong usage ends in 2, and a failure of the store is said with its mend")
  func usage() throws {
    let path = try archive("export.jsonl", 0..<10)
    for arguments in [
      ["scan", path, "--resume"], ["scan", path, "--rescan"],
      ["scan", path, "--store", directory.path + "/no/where"],
      ["findings", "list", "--store", store], ["findings", "list"],
      ["findings", "list", "--store", store, "--state", "shut"],
      ["findings", "triage", "--state", "open", "--why", "x", "--store", store],
      ["findings", "triage", "xyz", "--state", "open", "--why", "x", "--store", store],
      ["findings", "triage", "ab", "--state", "open", "--why", " ", "--store", store],
      ["findings", "purge", "--older-than", "soon", "--store", store],
      ["findings", "export", "--format", "paper", "--store", store],
      ["report", "--store", store, "pdf=x"],
    ] {
      #expect(try vigie(arguments).code == 2, "\(arguments)")
    }
    let noise = try directory.write("noise", [UInt8](repeating: 7, count: 5000))
    _ = unsafe chmod(noise, 0o600)
    let damaged = try vigie(["scan", path, "--store", noise])
    #expect(damaged.code == 2)
    #expect(damaged.error.contains("is damaged, or no store of scans"))
    #expect(damaged.error.contains("mend:"))
  }
}
