import Testing
import VigieArchives
import VigieCore

@Suite("WhatsApp")
struct WhatsAppTests {
  @Test(
    "reads the layouts of phones and languages",
    arguments: [
      ("15.04.2016, 15:04 - n: t", "2016-04-15T15:04:00"),
      ("2016-04-15, 3:04 PM - n: t", "2016-04-15T15:04:00"),
      ("2016-04-15, 3:04 p.m. - n: t", "2016-04-15T15:04:00"),
      ("[2019-04-16 02:09] n: t", "2019-04-16T02:09:00"),
      ("[15-01-20 02:22:56] n: t", "2020-01-15T02:22:56"),
      ("3/26/18, 1:55 p.m. - n: t", "2018-03-26T13:55:00"),
      ("23-06-2018, 01.55 PM - n: t", "2018-06-23T13:55:00"),
      ("13.06.18 21.25.15: n: t", "2018-06-13T21:25:15"),
      ("13.6.2018 klo 21.25.15 - n: t", "2018-06-13T21:25:15"),
      ("13. 6. 2018. 21:25:15 n: t", "2018-06-13T21:25:15"),
      ("[3/26/18 1:55:00 p. m.] n: t", "2018-03-26T13:55:00"),
      ("\u{200E}[2018/06/13, 21:25:15] n: t", "2018-06-13T21:25:15"),
      ("13/03/2025 à 09:14 - n: t", "2025-03-13T09:14:00"),
      ("[13/03/2025 09:14:33] n: t", "2025-03-13T09:14:33"),
      ("3/26/18, 12:05\u{202F}AM - n: t", "2018-03-26T00:05:00"),
    ]
  )
  func layouts(line: String, time: String) throws {
    let folder = try Folder()
    let path = try folder.write("c.txt", line + "\nmore\n" + line + "\n")
    #expect(try ArchiveReader(path: path).formatName == "whatsapp")
    let found = try items(path)
    #expect(found.messages.map(\.timestamp) == [time, time])
    #expect(found.messages.map(\.sender) == ["n", "n"])
    #expect(found.messages.map(\.body) == ["t\nmore", "t"])
    #expect(found.gaps.isEmpty)
  }

  @Test("tells day and month by the run of time, or gives no time and says so")
  func order() throws {
    let folder = try Folder()
    let runs = ["01/02/24, 10:00 - a: x", "02/02/24, 10:00 - a: y", "01/03/24, 10:00 - a: z"]
    let told = try items(try folder.write("a.txt", runs.joined(separator: "\n")))
    #expect(told.messages.last?.timestamp == "2024-03-01T10:00:00")
    #expect(told.gaps.isEmpty)
    let untold = try items(try folder.write("b.txt", runs[0]), format: "whatsapp")
    #expect(untold.messages.map(\.timestamp) == [nil])
    #expect(untold.reasons == [.unsupported])
  }

  @Test("takes no text for a chat")
  func negative() throws {
    let folder = try Folder()
    for text in ["Agenda\n12/03/2025 à 09:14 - réunion\n", "10:00 <a> x\n", "a: b\n", ""] {
      let path = try folder.write("a.txt", text)
      if let reader = try? ArchiveReader(path: path) {
        #expect(reader.formatName != "whatsapp")
      }
    }
  }
}
