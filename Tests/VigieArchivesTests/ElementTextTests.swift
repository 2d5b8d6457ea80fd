import Testing
import VigieArchives
import VigieCore

@Suite("Element text")
struct ElementTextTests {
  @Test("strips what a reply repeats and nothing that only looks like it")
  func quotes() throws {
    let long = String(repeating: "x", count: 60)
    let lines = [
      "@a:b.c: <n \"first...\"> reply", "@a:b.c: <b>SECRET</b>", "@a:b.c: <n \"\(long)\"> y",
      "@a:b.c: <n> z",
    ]
    let text = lines.map { "Fri, Apr 16, 2021, 17:20:00 - \($0)\n" }.joined()
    let folder = try Folder()
    let found = try items(try folder.write("a.txt", text))
    #expect(
      found.messages.map(\.body) == ["reply", "<b>SECRET</b>", "<n \"\(long)\"> y", "<n> z"]
    )
    #expect(found.messages.allSatisfy { $0.sender == "@a:b.c" })
  }

  @Test(
    "reads dates of several languages and claims none it cannot tell",
    arguments: [
      ("Fri, Apr 16, 2021, 17:20:00", "2021-04-16T17:20:00"),
      ("ven. 16 avr. 2021, 17:20:00", "2021-04-16T17:20:00"),
      ("Fr., 16. Okt. 2021, 07:20:00", "2021-10-16T07:20:00"),
      ("4/6/2021, 5:20:00 PM", "2021-04-06T17:20:00"),
      ("16.4.2021, 17:20:00", "2021-04-16T17:20:00"),
      ("4/6/2021, 17:20:00", nil), ("pią, 16 kwi 2021, 17:20:00", nil),
    ] as [(String, String?)]
  )
  func dates(date: String, time: String?) throws {
    let folder = try Folder()
    let path = try folder.write("a.txt", "\(date) - @a:b.c: x\n")
    let found = try items(path, format: "element-text")
    #expect(found.messages.map(\.timestamp) == [time])
    #expect(found.messages.first?.body == "x")
  }
}
