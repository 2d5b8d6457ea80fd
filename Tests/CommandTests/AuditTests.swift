import Foundation
import TestSupport
import Testing
import VigieAudit
import VigieCore
import VigieJSON

@Suite("vigie audit")
struct AuditTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/audit" }

  init() throws {
    directory = try TemporaryDirectory()
    let log = try AuditLog(directory: path)
    for (number, observed) in [nil, Verdict.block, Verdict.block].enumerated() {
      log.record(
        .review(
          AuditedReview(
            Review(
              id: "$\(number)",
              verdict: observed == nil ? .block : .log,
              level: .secret,
              observed: observed,
              ruleset: "sha256:test"
            ),
            of: Message(id: "$\(number)", channel: Channel(id: "!room")),
            elapsed: .microseconds(2)
          )
        )
      )
    }
  }

  private func value(_ result: CommandResult, _ schema: String) throws -> JSONValue {
    let value = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(schema).faults(in: value) == [])
    return value
  }

  @Test("verify: a log holds, also against its head, until an entry is changed")
  func verify() throws {
    let head = try vigie(["audit", "head", path])
    #expect(head.code == 0)
    let kept = try directory.write("head.json", head.output)
    let whole = try vigie(["audit", "verify", path, "--head", kept])
    #expect(whole.code == 0)
    #expect(whole.lines.first == "The log holds: 3 entries in 1 file, 1 to 3.")
    let json = try value(vigie(["audit", "verify", path, "--json"]), AuditSchema.verify)
    #expect(json["holds"] == .boolean(true) && json["break"] == .null)

    let file = path + "/audit-000000000001.jsonl"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "$1", with: "$7").write(
      toFile: file,
      atomically: false,
      encoding: .utf8
    )
    let broken = try vigie(["audit", "verify", path])
    #expect(broken.code == 1)
    #expect(broken.lines.first == "\(file):2: the entry is damaged or was changed")
    let brokenJSON = try vigie(["audit", "verify", path, "--json"])
    #expect(brokenJSON.code == 1)
    #expect(try value(brokenJSON, AuditSchema.verify)["holds"] == .boolean(false))
    #expect(try vigie(["audit", "head", path]).code == 2)
    #expect(try vigie(["audit", "report", path]).code == 2)
  }

  @Test("report: shows what shadow mode held back")
  func report() throws {
    let page = try vigie(["audit", "report", path])
    #expect(page.code == 0)
    #expect(page.output.contains("Held back by shadow mode"))
    #expect(page.output.contains("  block  2"))
    let json = try value(vigie(["audit", "report", path, "--json"]), AuditSchema.report)
    #expect(json["observed"]?["block"] == .number(2))
    #expect(json["channels"]?["!room"] == .number(3))
    #expect(try vigie(["audit", "report", path, "--until", "2001-01-01"]).code == 0)
    for span in [
      ["--since", "yesterday"], ["--since", "2026-13-01"], ["--until", "2026-02-30"],
      ["--since", "2026-11-02", "--until", "2026-11-01"],
    ] {
      #expect(try vigie(["audit", "report", path] + span).code == 2, "\(span)")
    }
    // A day counts whole.
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: path).first { $0.hasSuffix(".jsonl") }
    )
    let text = try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    let day = try #require(text.firstMatch(of: #/"time":"([-\d]{10})T/#)).1
    let until = try value(
      vigie(["audit", "report", path, "--json", "--until", String(day)]),
      AuditSchema.report
    )
    #expect(until["channels"]?["!room"] == .number(3))
    let before = try value(
      vigie(["audit", "report", path, "--json", "--until", "\(day)T00:00:00Z"]),
      AuditSchema.report
    )
    #expect(before["channels"]?["!room"] == nil)
  }

  @Test("what cannot be read is said with its mend")
  func unreadable() throws {
    for command in ["verify", "head", "report"] {
      let result = try vigie(["audit", command, directory.path + "/none"])
      #expect(result.code == 2)
      #expect(result.error.contains("mend:"))
    }
    let nonsense = try directory.write("nonsense.json", "[]")
    #expect(try vigie(["audit", "verify", path, "--head", nonsense]).code == 2)
  }
}
