import Testing
import VigieArchives
import VigieCore

@Suite("DiscordChatExporter")
struct DiscordTests {
  private static let head =
    #"{"guild":{"name":"g"},"channel":{"id":"c","name":"n"},"dateRange":{},"messages":["#

  private static func record(_ id: Int, _ more: String = "") -> String {
    #"{"id":"\#(id)","timestamp":"2026-06-01T08:00:00Z","content":"\#(id)"\#(more)}"#
  }

  @Test("goes on after damage with the next message, not with an object inside one")
  func damage() throws {
    let roles = #","author":{"name":"a","roles":[{"id":"7"},{"id":"8"}]}"#
    let records = (1...6).map { Self.record($0, roles) }
    let broken = records[1].replacing("\"content\"", with: "\u{1}")
    let text =
      Self.head + ([records[0], broken] + records[2...]).joined(separator: ",") + "]}"
    let folder = try Folder()
    let found = try items(try folder.write("a.json", text))
    #expect(found.messages.map(\.id) == ["1", "3", "4", "5", "6"])
    #expect(found.reasons == [.corrupt])
    #expect(found.messages.allSatisfy { $0.channel?.id == "c" })
  }

  @Test("says that the file ends early, wherever it does")
  func cut() throws {
    let text = Self.head + Self.record(1) + "," + Self.record(2) + #"],"messageCount":2}"#
    let folder = try Folder()
    for count in Self.head.utf8.count..<text.utf8.count {
      let path = try folder.write("a.json", Array(text.utf8.prefix(count)))
      #expect(try items(path).reasons.contains(.truncated))
    }
    #expect(try items(try folder.write("a.json", text)).gaps.isEmpty)
  }

  @Test("opens media beside a single file and none elsewhere")
  func media() throws {
    let folder = try Folder(["in/m/a.txt": [1], "b.txt": [2]])
    let files =
      #","attachments":[{"fileName":"a","url":"m\\a.txt"},{"fileName":"b","url":"../b.txt"}]"#
    let path = try folder.write("in/x.json", Self.head + Self.record(1, files) + "]}")
    let message = try #require(try items(path).messages.first)
    #expect(message.attachments.first?.content == .file(path: "\(folder.path)/in/m/a.txt"))
    guard case .missing? = message.attachments.last?.content else {
      Issue.record("the second file is not missing")
      return
    }
  }

  @Test("takes wrong types, doubled keys and deep nesting")
  func hostile() throws {
    let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
    let records = [
      #"{"id":5,"content":["a",{"b":"c"}],"author":[],"attachments":{},"embeds":"e"}"#,
      #"{"id":"6","id":"7","content":"d","future":{"x":["f"]}}"#,
      #"{"id":"8","embeds":\#(deep)}"#, "null", "[]",
    ]
    let folder = try Folder()
    let path = try folder.write("a.json", Self.head + records.joined(separator: ",") + "]}")
    let found = try items(path)
    #expect(found.messages.map(\.body) == ["a\nc\ne", "d\nf", nil])
    #expect(found.messages.map(\.id).suffix(2) == ["7", "8"])
    #expect(found.reasons == [.corrupt, .corrupt])
  }
}
