import Foundation
import Testing
import VigieArchives
import VigieCore
import VigieJSON

@Suite("Sample archive")
struct SampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Corpus/archives/sample").path

  @Test(
    "is read by the right format, whole",
    arguments: [
      ("element.json", "element-json", 535), ("slack.zip", "slack", 900),
      ("cert.jsonl", "jsonl", 340),
      ("cellule-crise.csv", "csv", 240),
    ] as [(String, String, Int)]
  )
  func counts(file: String, format: String, count: Int) throws {
    let path = "\(Self.folder)/\(file)"
    let reader = try ArchiveReader(path: path)
    #expect(reader.formatName == format)
    let found = try items(path)
    #expect(found.messages.count == count)
    #expect(found.gaps.isEmpty)
    #expect(Set(found.messages.map(\.id)).count == count)
    let encrypted = found.messages.flatMap(\.gaps).filter { $0.reason == .encrypted }
    #expect(encrypted.count == (format == "element-json" ? 1 : 0))
  }

  @Test("holds every message that planted.jsonl names, with a text or a file name")
  func planted() throws {
    let text = try String(contentsOfFile: "\(Self.folder)/planted.jsonl", encoding: .utf8)
    var messages: [String: [String: Message]] = [:]
    var count = 0
    for line in text.split(separator: "\n") {
      let value = try JSONValue(Array(line.utf8))
      let archive = try #require(value["archive"]?.string)
      let id = try #require(value["message"]?.string)
      if messages[archive] == nil {
        let found = try items("\(Self.folder)/\(archive)").messages
        messages[archive] = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
      }
      let message = try #require(messages[archive]?[id])
      #expect(message.channel?.name == value["channel"]?.string)
      if value["where"]?.string == "filename" {
        #expect(message.attachments.first?.name.isEmpty == false)
      } else {
        #expect(message.body?.isEmpty == false)
      }
      count += 1
    }
    #expect(count == 39)
  }
}
