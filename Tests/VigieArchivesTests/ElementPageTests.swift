import Testing
import VigieArchives
import VigieCore

@Suite("Element HTML")
struct ElementPageTests {
  private static func page(_ bodies: [String]) -> String {
    "<html><div class=\"mx_MatrixChat\"><main class=\"mx_RoomView\">"
      + bodies.enumerated().map {
        "<div class=\"mx_Export_EventWrapper\" id=\"$\($0.offset)\">\($0.element)</div>"
      }
      .joined() + "</main></div></html>"
  }

  private static func body(_ html: String) -> String {
    "<span class=\"mx_EventTile_body\">\(html)</span>"
  }

  @Test("reads across the edges of its buffer and passes events over the limit")
  func edges() throws {
    let folder = try Folder()
    let bodies = (0..<300).map { "\($0) é " + String(repeating: "ü<br>", count: $0 * 7 % 1999) }
    let path = try folder.write("a.html", Self.page(bodies.map(Self.body)))
    let found = try items(path)
    #expect(found.messages.map(\.html) == bodies)
    #expect(found.gaps.isEmpty)
    var options = ArchiveOptions()
    options.limits.maxTextByteCount = 1000
    let few = try items(path, options: options)
    #expect(few.messages.count + few.gaps.count == 300)
    #expect(Set(few.reasons) == [.limit])
  }

  @Test("leaves out what a reply answers and nothing else")
  func replies() throws {
    let folder = try Folder()
    let quote = "<blockquote class=\"mx_ReplyChain\">" + Self.body("SECRET") + "</blockquote>"
    let tiles = [
      quote + Self.body("a"), Self.body("b > c \"d <i class='mx_ReplyChain'>e</i>"), "<p>f</p>",
      "<!-- <span class=\"mx_EventTile_body\">g</span> -->" + Self.body("h"),
      "<span class=mx_EventTile_body>i</span>",
    ]
    let found = try items(try folder.write("a.html", Self.page(tiles)))
    #expect(found.messages[0].html == "a")
    #expect(found.messages[1].html == "b > c \"d <i class='mx_ReplyChain'>e</i>")
    #expect(found.messages[2].html?.contains("<p>f</p>") == true)
    #expect(found.messages[3].html == "h")
    #expect(found.messages[4].html == "i")
  }
}

@Suite("Element JSON without messages")
struct ElementWithoutMessagesTests {
  @Test("a room without its list of messages is a gap")
  func noMessages() throws {
    let folder = try Folder()
    let text = #"{"room_name":"x","exported_by":"@a:b","events":[{"type":"m.room.message"}]}"#
    #expect(try items(folder.write("a.json", text)).reasons == [.unsupported])
    let empty = #"{"room_name":"x","exported_by":"@a:b","messages":[]}"#
    #expect(try items(folder.write("b.json", empty)).reasons.isEmpty)
  }
}
