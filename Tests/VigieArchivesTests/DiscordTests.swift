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

@Suite("Discord pages and tables")
struct DiscordPageTests {
  private static let head = "<!DOCTYPE html><html><style>.chatlog__x{}.preamble{}</style>"

  @Test("attributes with and without quotes, and files inside the archive alone")
  func attributes() throws {
    let messages = [
      "<div id=m class=c data-message-id=1510915807641600000><div class=chatlog__content>TLP:<b>RED</b></div></div>",
      "<div class=\"chatlog__message \" data-message-id=\"1510915807641600001\"><div class='chatlog__content'>b</div>"
        + "<div class=\"chatlog__attachment\"><a href=\"../../../../etc/passwd\">passwd</a></div></div>",
      "<div data-message-id=><div class=chatlog__attachment><a href=x.txt>x.txt</a></div></div>",
    ]
    let page = DiscordPageTests.head + messages.joined() + "<div class=postamble></div>"
    let folder = try Folder(["a/page [7].html": Array(page.utf8), "a/x.txt": [1]])
    #expect(try ArchiveReader(path: folder.path).formatName == "discord-html")
    let found = try items(folder.path)
    #expect(found.messages.map(\.html) == ["TLP:<b>RED</b>", "b", nil])
    #expect(found.messages.map(\.channel?.id) == ["7", "7", "7"])
    #expect(found.messages.first?.timestamp == "2026-06-01T08:00:00Z")
    guard case .missing = found.messages[1].attachments.first?.content,
      case .file = found.messages[2].attachments.first?.content
    else {
      Issue.record("a file outside is read, or one inside is not")
      return
    }
    #expect(found.gaps.isEmpty)
  }

  @Test("a message of a kind that is not known is read whole")
  func unknown() throws {
    let page =
      DiscordPageTests.head
      + "<div data-message-id=5><div class=chatlog__poll>Sondage : DIFFUSION RESTREINTE</div></div>"
    let folder = try Folder()
    let found = try items(try folder.write("page.html", page))
    #expect(found.messages.first?.html?.contains("DIFFUSION RESTREINTE") == true)
    #expect(found.reasons == [.truncated])
  }

  @Test("a table with other cells loses none of them")
  func cells() throws {
    let table = "\u{FEFF}AuthorID,Author,Date,Content,Attachments,Reactions\n1,a,b,c,d,e,f\n1\n"
    let folder = try Folder()
    let path = try folder.write("t.csv", table)
    #expect(try ArchiveReader(path: path).formatName == "discord-csv")
    let found = try items(path)
    #expect(found.messages.map(\.body) == ["1\na\nb\nc\nd\ne\nf", "1"])
    #expect(found.messages.allSatisfy { $0.gaps.map(\.reason) == [.corrupt] })
  }
}
