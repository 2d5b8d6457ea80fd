import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieReports
import VigieSandbox
import VigieWire

@Suite("vigie extract")
struct ExtractTests {
  @Test("shows what stands in a file, without characters that move the cursor")
  func page() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("note.txt", "DIFFUSION RESTREINTE\nligne \u{1B}[2J deux")
    let result = try vigie(["extract", path])
    #expect(result.code == 0)
    #expect(result.error.isEmpty)
    #expect(result.output.contains("  body-text\n    DIFFUSION RESTREINTE\n    ligne ·[2J deux\n"))
  }

  @Test("lines fit the published schema; what is not read ends in 3")
  func lines() throws {
    let directory = try TemporaryDirectory()
    let text = try directory.write("note.txt", "TLP:RED\n")
    let page = try directory.write("page.html", "<html><p>TLP:RED</p></html>")
    let picture = try directory.write("picture.pdf", [0x1A, 0x45, 0xDF, 0xA3, 0, 0])
    let result = try vigie(["extract", text, page, picture, "/nowhere", "--jsonl"])
    #expect(result.code == 3)
    let schema = try JSONSchema(try #require(WireSchema.named("extract-line")).text)
    let lines = try result.lines.map { try JSONValue(Array($0.utf8)) }
    for line in lines { #expect(schema.faults(in: line) == []) }
    #expect(lines.first?["text"] == .string("TLP:RED\n"))
    #expect(lines.first?["place"]?["role"] == .string("body-text"))
    #expect(lines.contains { $0["gap"]?["reason"] == .string("unsupported") })
    #expect(lines.contains { $0["gap"]?["reason"] == .string("missing") })
    let published = try vigie(["rules", "schema", "extract-line"])
    #expect(published.output == WireSchema.named("extract-line")?.text)
  }

  @Test("many files are read in the order given, whatever options stand between them")
  func manyFiles() throws {
    let directory = try TemporaryDirectory()
    let files = try (0..<40).map { try directory.write("\($0).txt", "TLP:RED \($0)") }
    let before = Array(files[..<17])
    let after = Array(files[17...])
    let result = try vigie(["extract"] + before + ["--max-seconds", "3"] + after + ["--jsonl"])
    #expect(result.code == 0)
    let texts = try result.lines.map { try JSONValue(Array($0.utf8))["text"] }
    #expect(texts == (0..<40).map { .string("TLP:RED \($0)") })
    let checked = try vigie(["check", "--json"] + files)
    #expect(checked.code == 1)
    #expect(try JSONValue(Array(checked.output.utf8)).elements?.count == 40)
  }

  @Test(
    "a document of many texts has a line for each, in their order and before those of the next one"
  )
  func manyTexts() throws {
    let directory = try TemporaryDirectory()
    let head =
      "Subject: parts\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    let parts = (0..<400).map { "--b\nContent-Type: text/plain\n\nTLP:RED \($0)\n" }
    let mail = try directory.write("mail.eml", head + parts.joined() + "--b--\n")
    let last = try directory.write("note.txt", "TLP:RED, the last")
    let result = try vigie(["extract", mail, last, "--jsonl"])
    // More than is handed over at once.
    #expect(result.output.utf8.count > 1 << 15)
    let texts = try result.lines.compactMap { try JSONValue(Array($0.utf8))["text"]?.string }
    let bodies = texts.filter { $0.hasPrefix("TLP:RED") }.map { $0.filter { !$0.isNewline } }
    #expect(bodies == (0..<400).map { "TLP:RED \($0)" } + ["TLP:RED, the last"])
  }

  @Test("a name that says something else than the content is told, a right one is not")
  func names() throws {
    let directory = try TemporaryDirectory()
    let right = try directory.write("note.rtf", "{\\rtf1 TLP:RED}")
    let wrong = try directory.write("note.pdf", "{\\rtf1 TLP:RED}")
    #expect(try !vigie(["extract", right]).output.contains("note\n"))
    #expect(try vigie(["extract", wrong]).output.contains("the name ends in .pdf"))
  }

  @Test("limits are told, wrong ones are refused")
  func limits() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("note.txt", "TLP:RED")
    #expect(try vigie(["extract", path, "--max-seconds", "3", "--max-depth", "2"]).code == 0)
    for wrong in ["0", "-1", "x", "99999999"] {
      #expect(try vigie(["extract", path, "--max-seconds", wrong]).code == 2, "\(wrong)")
    }
    #expect(try vigie(["extract"]).code == 2)
    #expect(try vigie(["extract", "--help"]).output.contains("EXAMPLES"))
  }
}

@Suite("vigie doctor")
struct DoctorTests {
  @Test("tries every way out of the sandbox, and each is shut")
  func holds() throws {
    let result = try vigie(["doctor", "--json"])
    #expect(result.code == 0)
    let report = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(ReportSchema.doctor).faults(in: report) == [])
    guard case .array(let attempts)? = report["attempts"] else {
      Issue.record("no attempts")
      return
    }
    let ways = BreakOut.allCases.map { JSONValue.string($0.rawValue) }
    #expect(attempts.map { $0["name"] } == ways + ways)
    for attempt in attempts { #expect(attempt["held"] == .boolean(true), "\(attempt)") }
    #expect(try vigie(["rules", "schema", "doctor"]).output == ReportSchema.doctor)
  }

  @Test("says what is missing and how it is mended, to a person")
  func missing() throws {
    let well = try vigie(["doctor"])
    #expect(well.code == 0)
    #expect(well.output.contains("held      run a program: killed by SIGSYS"))
    let bare = try vigie(["doctor"], environment: ["VIGIE_PARSE_WORKER": "/nowhere"])
    #expect(bare.code == 3)
    #expect(bare.output.contains("install vigie-parse-worker"))
    // Pictures are optional.
    let blind = try vigie(["doctor"], environment: ["VIGIE_OCR_WORKER": "/nowhere"])
    #expect(blind.code == 0)
    #expect(blind.output.contains("install vigie-ocr-worker"))
  }

  @Test("without the worker a file is a gap, and text is still read")
  func withoutWorker() throws {
    let directory = try TemporaryDirectory()
    let environment = ["VIGIE_PARSE_WORKER": "/nowhere"]
    let page = try directory.write("page.html", "<html><p>TLP:RED</p></html>")
    #expect(try vigie(["check", page], environment: environment).code == 1)
    let pdf = try directory.write("a.pdf", "%PDF-1.7\n")
    let result = try vigie(["check", pdf], environment: environment)
    #expect(result.code == 3)
    #expect(result.output.contains("component-missing"))
  }
}

@Suite("vigie check on pictures and labels")
struct PictureCheckTests {
  /// A case of `Corpus/attachments/ocr`.
  private struct Case: Decodable {
    var file: String
    var clean: Bool?
  }

  private static let folder = repositoryRoot + "/Corpus/attachments/ocr"

  /// The cases; those of which no rule may find anything, or the others.
  private static func files(clean: Bool) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.filter { $0.hasSuffix(".case.json") }.compactMap { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
      let found = try JSONDecoder().decode(Case.self, from: data)
      return (found.clean ?? false) == clean ? "\(folder)/\(found.file)" : nil
    }
  }

  /// Whether words in pictures can be read here; `Tools/test` installs what that needs.
  private static let canRead: Bool = {
    guard let report = try? vigie(["doctor", "--json"]),
      let value = try? JSONValue(Array(report.output.utf8)),
      case .array(let parts)? = value["parts"]
    else { return false }
    return parts.contains { $0["name"] == .string("Tesseract") && $0["version"] != .null }
  }()

  @Test(
    "no rule finds anything in clean pictures and rubble; each marked one stops",
    .enabled(if: canRead)
  )
  func precision() throws {
    for (clean, code) in [(true, 0), (false, 1)] {
      for file in try PictureCheckTests.files(clean: clean) {
        let result = try vigie(["check", file, "--json"])
        let report = try JSONValue(Array(result.output.utf8))
        guard case .array(let lines) = report, case .array(let findings)? = lines.first?["findings"]
        else {
          Issue.record("\(file): \(result.output)")
          continue
        }
        #expect(findings.isEmpty == clean, "\(file): \(findings)")
        if code == 1 { #expect(result.code == 1, "\(file)") }
      }
    }
  }

  @Test("a label of a site is found by its id alone, with the level that the site gives it")
  func labels() throws {
    let id = "8d2bca3a-27d1-4f1b-9a3f-1c2d3e4f5a6b"
    let directory = try TemporaryDirectory()
    _ = try directory.write(
      "site/labels.yaml",
      "labels:\n  \(id): { scheme: fr, level: diffusion-restreinte }\n"
    )
    let mail =
      "From: a@example.org\nTo: b@example.org\nSubject: plan\n"
      + "msip_labels: MSIP_Label_\(id)_Enabled=true;MSIP_Label_\(id)_Name=x1\n\nBonjour\n"
    let path = try directory.write("mail.eml", mail)
    let bare = try vigie(["check", path, "--json"])
    #expect(!bare.output.contains("label."))
    let found = try vigie(["check", path, "--json", "--site", directory.path + "/site"])
    #expect(found.output.contains("\"rule\":\"label.\(id)\""), "\(found.output)")
    #expect(found.output.contains("\"level\":\"restricted\""))
    #expect(found.code == 1)
  }
}
