import Testing
import VigieArchives
import VigieCore

@Suite("IRC logs")
struct IRCTests {
  @Test(
    "finds channel and day in the path",
    arguments: [
      ("#qtox_20160630.log.txt", "#qtox", "2016-06-30T10:00:00"),
      ("ddnet/2014-02-26.log", "ddnet", "2014-02-26T10:00:00"),
      ("freenode/#chan/2020-01-01.log", "#chan", "2020-01-01T10:00:00"),
      ("irc.libera.#chan.weechatlog", "#chan", nil),
      ("#2020.log", "#2020", nil),
    ] as [(String, String, String?)]
  )
  func path(name: String, channel: String, time: String?) throws {
    let folder = try Folder()
    _ = try folder.write("in/\(name)", "10:00 < a> x\n10:01 < b> y\n10:01 < b> z\n")
    let found = try items("\(folder.path)/in", format: "irc")
    #expect(found.messages.first?.channel?.id == channel)
    #expect(found.messages.first?.timestamp == time)
    #expect(found.messages.first?.channel?.visibility == .unknown)
  }

  @Test(
    "reads the lines of many clients",
    arguments: [
      ("[2024-01-02 10:00:00] <a> t", "a", "t"), ("2024-01-02T10:00:00 <a> t", "a", "t"),
      ("Jan 02 10:00:00 <a>\tt", "a", "t"), ("[10:00] <~a> t", "a", "t"),
      ("10:00:00 <+a> <b> t", "a", "<b> t"), ("10:00 <relaybot> [b] t", "b", "t"),
      ("10:00 -a:#c- t", "a", "t"), ("10:00 * a t", "a", "a t"),
      ("[14 Jan 10:00] <a!n=u@h.example> t", "a", "t"), ("[14 Jan 10:00] <!> t", "!", "t"),
      ("2012-10-17T10:00:00+0000  <a> t", "a", "t"),
    ]
  )
  func lines(line: String, sender: String, text: String) throws {
    let folder = try Folder()
    let path = try folder.write("a.log", "\(line)\n\(line)\n")
    #expect(try ArchiveReader(path: path).formatName == "irc")
    let found = try items(path)
    #expect(found.messages.map(\.sender) == [sender, sender])
    #expect(found.messages.map(\.body) == [text, text])
  }

  @Test("keeps the zone that a line says, and reads who comes and goes")
  func zone() throws {
    let text = """
      2012-10-17T09:16:21+0000  <a> x
      2012-10-17T09:16:21-05:30  *** b has joined #c
      2012-10-17T09:16:21Z <a> y
      2012-10-17T09:16:21+99 <a> z

      """
    let folder = try Folder()
    let found = try items(try folder.write("a.log", text))
    let time = "2012-10-17T09:16:21"
    #expect(found.messages.map(\.timestamp) == [time + "+00:00", time + "-05:30", time + "Z", nil])
    let coming = "[14 Jan 10:36] --> b (n=u@h) joined\n[14 Jan 10:37] <a!n=u@h> x\n"
    let joined = try items(try folder.write("2009-01-14.log", coming))
    #expect(joined.messages.map(\.timestamp) == ["2009-01-14T10:36:00", "2009-01-14T10:37:00"])
    #expect(joined.messages.first?.body == "b (n=u@h) joined")
  }

  @Test("turns the day over at midnight and not where the clock is set back")
  func midnight() throws {
    let folder = try Folder()
    let text = "02:59 <a> x\n02:00 <a> y\n23:59 <a> z\n00:00 <a> n\n"
    let found = try items(try folder.write("2020-12-31.log", text))
    #expect(
      found.messages.map(\.timestamp) == [
        "2020-12-31T02:59:00", "2020-12-31T02:00:00", "2020-12-31T23:59:00", "2021-01-01T00:00:00",
      ]
    )
  }

  @Test("takes no prose, code or markup for a log")
  func negative() throws {
    let folder = try Folder()
    for text in [
      "<html>\n<body> x\n<p> y\n", "10:00 réunion\n11:00 repas\n", "* a\n* b\n", "- a\n- b\n",
      "2024-01-01 10:00:00 INFO started\n2024-01-01 10:00:01 WARN x\n",
    ] {
      let path = try folder.write("a.txt", text)
      #expect(try ArchiveReader(path: path).formatName == "text")
    }
  }
}
