import Foundation
import TestSupport
import Testing
import VigieCore
import VigieJSON
import VigieStore

@Suite("vigie findings message")
struct FindingsMessageTests {
  private let directory: TemporaryDirectory
  private var store: String { directory.path + "/scans.sqlite" }

  init() throws { directory = try TemporaryDirectory() }

  private func scan(_ lines: [String]) throws {
    let path = try directory.write("a.jsonl", lines.joined(separator: "\n") + "\n")
    _ = try vigie(["scan", path, "--store", store])
  }

  private static let channel =
    #""channel":{"id":"!c:x.org","name":"annonces","visibility":"public"}"#
  private static let lines = [
    "{\"id\":\"$clean\",\"body\":\"bonjour\",\"sender\":\"@anne:x.org\",\(channel)}",
    "{\"id\":\"$marked\",\"body\":\"TLP:RED\\nBulletin 7\",\(channel)}",
    "{\"id\":\"$edit\",\"body\":\"corrected\",\"replaces\":\"$marked\",\(channel)}",
    "{\"id\":\"$file\",\"body\":\"x\",\"attachments\":[{\"name\":\"a.pdf\",\"path\":\"no.pdf\"}],\(channel)}",
    "{\"id\":\"$clean\",\"body\":\"ailleurs\",\"channel\":{\"id\":\"!d:x.org\"}}",
  ]

  @Test("says yes, partly or unknown, with its reason and its findings")
  func answers() throws {
    try scan(FindingsMessageTests.lines)
    let clean = try vigie(["findings", "message", "$clean", "--store", store])
    #expect(clean.code == 0)
    #expect(clean.output.contains("yes, all of it"))
    #expect(clean.output.contains("annonces (public)"))
    #expect(clean.output.contains("!d:x.org"))

    let marked = try vigie(["findings", "message", "$marked", "--store", store, "--json"])
    #expect(marked.code == 0)
    #expect(!marked.output.contains("Bulletin"))
    let value = try JSONValue(Array(marked.output.utf8))
    #expect(try JSONSchema(MessageAnswer.schema).faults(in: value) == [])
    #expect(value["inspected"] == .string("inspected"))
    let messages = try #require(value["runs"]?.elements?.first?["messages"]?.elements)
    #expect(messages.map { $0["message"] } == [.string("$marked"), .string("$edit")])
    let finding = try #require(messages[0]["findings"]?.elements?.first)
    #expect(finding["state"] == .string("open"))
    #expect(messages[1]["replaces"] == .string("$marked"))

    let file = try vigie(["findings", "message", "$file", "--store", store])
    #expect(file.code == 3)
    #expect(file.output.contains("partly"))
    #expect(file.output.contains("missing"))

    let absent = try vigie(["findings", "message", "$absent", "--store", store])
    #expect(absent.code == 3)
    #expect(absent.output.contains("unknown"))
  }

  @Test("a channel narrows it, a run too; what a run could not read is told")
  func narrowed() throws {
    try scan(FindingsMessageTests.lines + ["{\"id\":\"$broken\",", ""])
    try scan(Array(FindingsMessageTests.lines.dropFirst()))
    func answer(_ more: [String]) throws -> JSONValue {
      let result = try vigie(["findings", "message", "$clean", "--store", store, "--json"] + more)
      return try JSONValue(Array(result.output.utf8))
    }
    let all = try answer([])
    #expect(all["runs"]?.elements?.count == 2)
    let narrowed = try answer(["--channel", "ann*", "--run", "1"])
    let first = try #require(narrowed["runs"]?.elements?.first)
    #expect(first["messages"]?.elements?.count == 1)
    #expect(first["unread_parts"] != .number(0) || first["unread_messages"] != .number(0))
    #expect(
      try answer(["--channel", "ann*", "--run", "latest"])["inspected"] == .string("unknown")
    )
    #expect(
      try vigie(["findings", "message", "$clean", "--store", store, "--run", "9"]).code == 2
    )
  }
}
