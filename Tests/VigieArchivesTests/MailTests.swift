import Testing
import VigieArchives
import VigieCore

@Suite("Mails")
struct MailTests {
  private static let start = "From a@b.example Mon Jun  1 10:00:00 2026\n"

  @Test("are parted where a line says a time, and nowhere else")
  func separators() throws {
    let folder = try Folder()
    let box =
      MailTests.start + "Subject: un\n\nFrom now on\n\nFrom the year 2026\n" + MailTests.start
      + "Subject: deux\n\ntexte\n\n" + MailTests.start.replacing("\n", with: "\r\n")
      + "Subject: trois\r\n\r\ntexte\r\n"
    let found = try items(try folder.write("a", box))
    #expect(found.messages.map(\.subject) == ["un", "deux", "trois"])
    #expect(found.messages[0].body == "From now on\n\nFrom the year 2026")
    #expect(found.messages[0].timestamp == "2026-06-01T10:00:00")
    #expect(found.gaps.isEmpty)
  }

  @Test("keep within the length they state, where a mail starts there")
  func contentLength() throws {
    let body = MailTests.start + "Subject: dans le texte\n\nsuite\n"
    let folder = try Folder()
    for (count, subjects) in [
      (body.utf8.count, ["un", "deux"]), (3, ["un", "dans le texte", "deux"]),
      (1 << 40, ["un", "dans le texte", "deux"]), (-1, ["un", "dans le texte", "deux"]),
    ] {
      let box =
        MailTests.start + "Subject: un\nContent-Length: \(count)\n\n\(body)\n" + MailTests.start
        + "Subject: deux\n\nx\n"
      #expect(try items(try folder.write("a", box)).messages.map(\.subject) == subjects)
    }
  }

  @Test("named so are mails with less in their header, and with blanks before its colons")
  func sparse() throws {
    let folder = try Folder()
    for (name, format) in [("in/a.eml", "maildir"), ("in/a.txt", "text")] {
      let path = try folder.write(name, "From : Anne <a@b.example>\nSubject\t: un\n\nx\n")
      #expect(try ArchiveReader(path: path).formatName == format)
    }
    let message = try #require(try items("\(folder.path)/in/a.eml").messages.first)
    #expect(message.sender == "a@b.example" && message.subject == "un")
    #expect(try items("\(folder.path)/in").messages.count == 1)
  }

  @Test("go on whole to the reader of mails where there is anything to take apart")
  func parts() throws {
    let heads = [
      "Content-Type: text/html", "Content-Type: text/plain; charset=koi8-r",
      "Content-Transfer-Encoding: base64", "X-Protective-Marking: SEC=SECRET",
      "Subject: =?utf-8?b?eA==?=", "Content-Type: text/plain; format=flowed",
      "Sensitivity: Company-Confidential",
    ]
    let folder = try Folder()
    for head in heads {
      let mail = "From: a@b.example\nDate: x\n\(head)\n\ntexte\n"
      let message = try #require(
        try items(try folder.write("a", MailTests.start + mail)).messages.first
      )
      #expect(message.body == nil && message.subject == nil)
      #expect(message.attachments.map(\.content) == [.bytes(Array(mail.utf8))])
    }
    let plain = MailTests.start + "From: a@b.example\nReceived: x\nSubject: y\n\ntexte\n"
    let message = try #require(try items(try folder.write("a", plain)).messages.first)
    #expect(message.body == "texte" && message.subject == "y" && message.attachments.isEmpty)
  }

  @Test(
    "have dates of every spelling",
    arguments: [
      ("Mon, 1 Jun 2026 10:00:00 +0200", "2026-06-01T10:00:00+02:00"),
      ("1 Jun 26 10:00 GMT (Paris)", "2026-06-01T10:00:00Z"),
      ("Mon Jun  1 10:00:00 2026", "2026-06-01T10:00:00"),
      ("Mon, 01 Jun 1998 10:00:00 EDT", "1998-06-01T10:00:00-04:00"),
    ]
  )
  func dates(_ text: String, _ expected: String) throws {
    let folder = try Folder()
    let box = MailTests.start + "Date: \(text)\n\nx\n"
    #expect(try items(try folder.write("a", box)).messages.first?.timestamp == expected)
  }

  @Test("of a folder are files of their own, and in a ZIP bytes")
  func folders() throws {
    let mail = "From: a@b.example\nMessage-ID: <1>\nMIME-Version: 1.0\nX-Label: DR\n\nx\n"
    let folder = try Folder(["box/cur/1:2,S": Array(mail.utf8)])
    let found = try items(folder.path)
    #expect(found.messages.first?.channel == Channel(id: "box"))
    let path = "\(folder.path)/box/cur/1:2,S"
    #expect(found.messages.first?.attachments.map(\.content) == [.file(path: path)])
    let zip = try folder.write("a.zip", storedZip([("a.eml", Array(mail.utf8))]))
    let bytes = try items(zip).messages.first?.attachments.map(\.content)
    #expect(bytes == [.bytes(Array(mail.utf8))])
  }
}

@Suite("Mailing lists")
struct PipermailTests {
  @Test("packed month by month, as lists keep them")
  func packed() throws {
    let month =
      "From anne @end|ng |rom b.example  Mon Jun  1 10:00:00 2026\nFrom: anne @end|ng |rom b.example\nSubject: x\n\ntexte\n"
    let folder = try Folder([
      "2026-June.txt.gz": gzip(Array(month.utf8)), "2026-July.txt": Array(month.utf8),
    ])
    #expect(try ArchiveReader(path: folder.path).formatName == "mbox")
    let found = try items(folder.path)
    #expect(found.messages.map(\.sender) == ["anne@b.example", "anne@b.example"])
    #expect(found.messages.map(\.body) == ["texte", "texte"])
    #expect(found.gaps.isEmpty)
  }
}
