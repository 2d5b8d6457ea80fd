import Testing
import VigieArchives
import VigieCore

@Suite("Several exports in one folder")
struct RemainingFilesTests {
  private static func slack(_ text: String) -> [(name: String, bytes: [UInt8])] {
    [
      ("channels.json", Array(#"[{"id":"C1","name":"a"}]"#.utf8)), ("users.json", Array("[]".utf8)),
      (
        "a/2026-06-01.json",
        Array(#"[{"ts":"1780300800.000100","user":"U1","text":"\#(text)"}]"#.utf8)
      ),
    ]
  }

  private static func telegram(_ text: String, file: String? = nil) -> [UInt8] {
    let named = file.map { #","file":"\#($0)""# } ?? ""
    return Array(
      #"{"name":"n","type":"private_group","id":1,"messages":[{"id":1,"type":"message","date_unixtime":"1780300800","from":"a","text":"\#(text)"\#(named)}]}"#
        .utf8
    )
  }

  @Test("are each read by the format that claims it, and the rest is counted")
  func several() throws {
    let files =
      RemainingFilesTests.slack("un").map { ("s/\($0.name)", $0.bytes) }
      + RemainingFilesTests.slack("deux").map { ("t/\($0.name)", $0.bytes) }
      + [
        ("tg/result.json", RemainingFilesTests.telegram("trois")),
        ("#irc.log", Array("10:00 <a> quatre\n10:01 <b> cinq\n".utf8)),
        ("mail.eml", Array("From: a@b.example\nSubject: s\n\nsix\n".utf8)),
        ("autre.json", Array(#"{"text":"rien"}"#.utf8)), ("plan.pdf", Array("%PDF-1.4\n".utf8)),
        ("lignes.txt", Array("du texte\n".utf8)),
      ]
    let folder = try Folder()
    for file in files { _ = try folder.write("in/\(file.0)", file.1) }
    let zip = try folder.write("a.zip", storedZip(files.map { (name: $0.0, bytes: $0.1) }))
    for path in ["\(folder.path)/in", zip] {
      var reader = try ArchiveReader(path: path)
      var found: [ArchiveItem] = []
      while let item = try reader.next() { found.append(item) }
      let bodies = found.messages.compactMap(\.body).map { $0.filter { $0 != "\n" } }
      #expect(bodies.sorted() == ["cinq", "deux", "quatre", "six", "trois", "un"])
      #expect(
        found.gaps.map(\.detail) == ["3 files of the export belong to no message and were not read"]
      )
      #expect(reader.byteCountRead == reader.totalByteCount)
    }
  }

  @Test("a file that a message names is that message's, whatever it looks like")
  func attached() throws {
    let folder = try Folder([
      "result.json": RemainingFilesTests.telegram("joint", file: "files/export.json"),
      "files/export.json": RemainingFilesTests.telegram("dedans"),
    ])
    // Both are exports of the same format, so each is read; of another they are not.
    let other = try Folder([
      "result.json": RemainingFilesTests.telegram("joint", file: "files/irc.log"),
      "files/irc.log": Array("10:00 <a> x\n10:01 <b> y\n".utf8),
    ])
    #expect(try items(folder.path).messages.count == 2)
    let found = try items(other.path)
    #expect(found.messages.map(\.body) == ["joint"])
    #expect(found.gaps.isEmpty)
  }

  /// Events of Matrix, one a line.
  private static func events(_ texts: String...) -> [UInt8] {
    let lines = texts.enumerated().map { number, text in
      #"{"type":"m.room.message","event_id":"$\#(number)","room_id":"!r:x","sender":"@a:x","#
        + #""origin_server_ts":178030080000\#(number),"content":{"msgtype":"m.text","body":"\#(text)"}}"#
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test("JSON beside events of Matrix is the export of another, not events that are damaged")
  func besideEvents() throws {
    let lines = Array(
      #"{"id":"1","body":"trois","sender":"b","channel":{"id":"cert"}}"#.utf8
    )
    let folder = try Folder([
      "events.json": RemainingFilesTests.events("un", "deux"), "cert.jsonl": lines,
      "page.json": Array(#"{"chunk":[],"start":"t1"}"#.utf8),
    ])
    let found = try items(folder.path)
    #expect(found.messages.compactMap(\.body).sorted() == ["deux", "trois", "un"])
    #expect(found.reasons == [])
  }

  @Test("an export that is packed is read where it lies: beside others, alone, within a ZIP")
  func packed() throws {
    let slack = storedZip(RemainingFilesTests.slack("un"))
    let documents = storedZip([(name: "plan.txt", bytes: Array("du texte\n".utf8))])
    let folder = try Folder([
      "in/events.json": RemainingFilesTests.events("deux"), "in/slack.zip": slack,
      "alone/slack.zip": slack, "damaged/slack.zip": Array(slack.prefix(60)),
      "damaged/events.json": RemainingFilesTests.events("deux"),
      "files/annexe.zip": documents, "files/a.csv": Array("user,text\na,x\n".utf8),
    ])
    let beside = try items("\(folder.path)/in")
    #expect(beside.messages.compactMap(\.body).sorted() == ["deux", "un"])
    #expect(beside.reasons == [])
    let alone = try items("\(folder.path)/alone")
    #expect(alone.messages.map(\.body) == ["un"])
    #expect(alone.messages.map { $0.channel?.name } == ["a"])
    let places = alone.compactMap {
      if case .message(_, let source, _) = $0 { source.member } else { nil }
    }
    #expect(places == ["slack.zip/a/2026-06-01.json"])
    // In a ZIP it can be read only through a temporary file.
    let within = try folder.write("all.zip", storedZip([(name: "x/slack.zip", bytes: slack)]))
    #expect(try items(within).messages.map(\.body) == ["un"])
    let damaged = try items("\(folder.path)/damaged")
    #expect(damaged.messages.map(\.body) == ["deux"])
    #expect(damaged.reasons == [.unsupported])
    // A ZIP of documents is a document.
    let files = try items("\(folder.path)/files").messages
    #expect(files.flatMap(\.attachments).map(\.name) == ["annexe.zip"])
  }

  @Test("a format that was named reads what is its own and no more")
  func named() throws {
    let folder = try Folder(["result.json": RemainingFilesTests.telegram("un")])
    _ = try folder.write("b/a.log", "10:00 <a> x\n10:01 <b> y\n")
    #expect(try items(folder.path, format: "telegram").messages.count == 1)
    #expect(try items(folder.path, format: "telegram").reasons == [.unsupported])
    #expect(try items(folder.path).messages.count == 3)
  }

  @Test("a damaged one beside another is counted among what was not read, or a gap")
  func damaged() throws {
    let folder = try Folder(["tg/result.json": RemainingFilesTests.telegram("un")])
    _ = try folder.write("d/slackdump.sqlite", "SQLite format 3")
    let found = try items(folder.path)
    #expect(found.messages.isEmpty == false || !found.gaps.isEmpty)
    #expect(found.messages.map(\.body) == ["un"])
    #expect(found.reasons == [.unsupported])
  }

  @Test("chats that a program made a plain array of are read")
  func chats() throws {
    let chat = String(decoding: RemainingFilesTests.telegram("un"), as: UTF8.self)
    let folder = try Folder()
    let path = try folder.write("result.json", #"{"about":"x","chats":[\#(chat),\#(chat)]}"#)
    let found = try items(path)
    #expect(found.messages.count == 2)
    #expect(found.messages.map { $0.channel?.visibility } == [.private, .private])
  }
}
