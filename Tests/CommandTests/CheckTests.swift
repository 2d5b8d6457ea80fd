import Foundation
import TestSupport
import Testing
import VigieJSON
import VigieReports
import VigieWire

@Suite("vigie check")
struct CheckTests {
  private let marked = "DIFFUSION RESTREINTE\nNote de service sur les astreintes"

  @Test("stops a marked message in the open, and says where and what to do")
  func stops() throws {
    let result = try vigie(
      ["check", "--text", marked],
      environment: ["LANG": "fr_FR.UTF-8"]
    )
    #expect(result.code == 1)
    #expect(result.output.hasPrefix("BLOCK  text"))
    #expect(result.output.contains("fr.diffusion-restreinte"))
    #expect(result.output.contains("body 1:1"))
    #expect(result.output.contains("→ Votre message"))
    #expect(!result.output.contains("DIFFUSION RESTREINTE"))
    #expect(!result.output.contains("astreintes"))
  }

  @Test("lets it pass where it may go, and lets ordinary messages pass")
  func passes() throws {
    let inside = try vigie(["check", "--text", marked, "--channel", "private", "--encrypted"])
    #expect(inside.code == 0)
    #expect(inside.output.hasPrefix("LOG"))
    let ordinary = try vigie(["check", "--text", "On se retrouve à midi ?"])
    #expect(ordinary.code == 0)
    #expect(ordinary.output == "ALLOW  text · no marking found\n")
  }

  @Test("the lowest verdict that counts can be chosen")
  func exitOn() throws {
    let mentioned = "La mention « Diffusion Restreinte » se place en haut de page."
    #expect(try vigie(["check", "--text", mentioned]).code == 0)
    #expect(try vigie(["check", "--text", mentioned, "--exit-on", "log"]).code == 1)
  }

  @Test("JSON fits the published schema")
  func json() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("note.txt", marked)
    let sound = try directory.write("sound", Array("OggS\u{0}\u{2}".utf8))
    let result = try vigie(["check", "--json", file, sound, directory.path + "/none"])
    #expect(result.code == 1)
    let value = try JSONValue(Array(result.output.utf8))
    #expect(try JSONSchema(ReportSchema.check).faults(in: value) == [])
    let reviews = try #require(value.elements)
    #expect(reviews.map { $0["id"]?.string } == [file, sound, directory.path + "/none"])
    #expect(reviews[1]["gaps"]?.elements?.first?["reason"] == .string("unsupported"))
    #expect(reviews[2]["gaps"]?.elements?.first?["reason"] == .string("missing"))
  }

  @Test("what could not be read ends in 3, or as the policy says")
  func gaps() throws {
    #expect(try vigie(["check", "/nowhere/at/all"]).code == 3)
    #expect(try vigie(["check", "/nowhere/at/all", "--gaps", "policy"]).code == 0)
    #expect(try vigie(["check", "/tmp"]).code == 3)
  }

  @Test("reads standard input, also empty, with NUL bytes, and in other encodings")
  func standardInput() throws {
    #expect(try vigie(["check", "-"]).code == 0)
    let nul = Array("a\0b\n\(marked)\0 fin de la note, qui est assez longue".utf8)
    #expect(try vigie(["check", "-"], input: nul).code == 1)
    let wide =
      [0xFF, 0xFE]
      + marked.utf16.flatMap { unit -> [UInt8] in
        [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
    #expect(try vigie(["check", "-"], input: wide).code == 1)
  }

  @Test("wrong usage ends in 2 and says the mend")
  func usage() throws {
    for arguments in [
      [], ["--text", "a", "file"], ["--json", "--jsonl"], ["-", "-"], ["--text", "a", "--bogus"],
      ["--text", "a", "--channel", "secret"], ["--text", "a", "--exit-on", "panic"],
      ["--text", "a", "--rules", "/nowhere"], ["--text", "a", "--policy", "/nowhere.yaml"],
      ["--text", "a", "--key-file", "/nowhere"],
    ] {
      let result = try vigie(["check"] + arguments)
      #expect(result.code == 2, "\(arguments)")
      #expect(!result.error.isEmpty, "\(arguments)")
      #expect(result.output.isEmpty, "\(arguments)")
    }
  }
}

@Suite("vigie check --jsonl")
struct CheckLinesTests {
  @Test("gives one line for each, in order, each by its schema; wrong lines end in 3")
  func lines() throws {
    let input = [
      #"{"id":"1","body":"bonjour"}"#,
      #"{"id":"2","body":"TLP:RED\nBulletin","channel":{"id":"r","visibility":"public"}}"#,
      #"{"id":"3","body":"x","unknown":1}"#,
      "no json",
      #"{"id":"5","body":"lone \ud800 surrogate"}"#,
      #"{"id":"6","attachments":[{"name":"a","path":"/nowhere"},{"name":"note.txt"}]}"#,
    ]
    let text = input.joined(separator: "\n")
    for ending in ["", "\n", "\r\n"] {
      let result = try vigie(["check", "--jsonl"], input: text + ending)
      #expect(result.code == 1)
      let values = try result.lines.map { try JSONValue(Array($0.utf8)) }
      #expect(values.count == input.count)
      #expect(values.map { $0["id"]?.string } == ["1", "2", "3", nil, "5", "6"])
      let review = try JSONSchema(try #require(WireSchema.named("review-line")).text)
      let error = try JSONSchema(try #require(WireSchema.named("error-line")).text)
      for (index, value) in values.enumerated() {
        let schema = [2, 3].contains(index) ? error : review
        #expect(schema.faults(in: value) == [])
      }
      #expect(values[1]["verdict"] == .string("block"))
      #expect(values[3]["error"]?["line"] == .number(4))
      #expect(values[4]["gaps"]?.elements?.first?["reason"] == .string("encoding"))
      #expect(values[5]["gaps"]?.elements?.map { $0["reason"]?.string } == ["missing"])
    }
    let wrong = try vigie(["check", "--jsonl"], input: "no json\n")
    #expect(wrong.code == 3)
  }

  @Test("nothing in gives nothing out")
  func empty() throws {
    let result = try vigie(["check", "--jsonl"])
    #expect(result.code == 0)
    #expect(result.output.isEmpty)
  }
}
