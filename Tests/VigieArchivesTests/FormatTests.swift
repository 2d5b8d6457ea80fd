import Testing
import VigieArchives
import VigieCore

@Suite("Archive reader")
struct ArchiveReaderTests {
  @Test("says what cannot be opened and what to do")
  func errors() throws {
    let folder = try Folder()
    func kind(_ path: String, _ format: String? = nil) -> ArchiveError.Kind? {
      do {
        _ = try ArchiveReader(path: path, format: format)
        return nil
      } catch {
        #expect(error.description.hasPrefix("\(path): "))
        #expect(!error.mend.isEmpty)
        return error.kind
      }
    }
    #expect(kind("\(folder.path)/none") == .missing)
    #expect(kind(folder.path) == .unknownFormat)
    #expect(kind(try folder.write("a.bin", "no archive at all")) == .unknownFormat)
    #expect(kind(try folder.write("a.jsonl", "{}"), "slak") == .unknownName)
    #expect(kind(try folder.write("a.csv", [0xFF, 0xFE, 0x61, 0])) == .unsupported)
    #expect(kind(try folder.write("a.gz", [0x1F, 0x8B, 8, 0])) == .damaged)
    #expect(kind(try folder.write("a.zip", [0x50, 0x4B, 3, 4, 0])) == .damaged)
    let zip = storedZip([("x.txt", [1])])
    #expect(kind(try folder.write("b.zip", zip)) == .unknownFormat)
    #expect(kind(try folder.write("b.zip", zip), "slack") == .notAnArchive)
    #expect(kind(try folder.write("b.zip", zip), "element-json") == .notAnArchive)
    #expect(kind(try folder.write("b.zip", zip), "jsonl") == .notAnArchive)
    do {
      _ = try ArchiveReader(path: try folder.write("a.jsonl", "{}"), format: "slak")
    } catch let error as ArchiveError {
      #expect(error.mend == "did you mean 'slack'?")
    }
  }

  @Test("holds no more than one record and passes those over the limit")
  func limits() throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: 3000)
    var options = ArchiveOptions()
    options.limits.maxTextByteCount = 1000
    let jsonl = "{\"id\":\"a\"}\n{\"id\":\"b\",\"body\":\"\(long)\"}\n{\"id\":\"c\"}\n"
    let lines = try items(try folder.write("a.jsonl", jsonl), options: options)
    #expect(lines.messages.map(\.id) == ["a", "c"])
    #expect(lines.reasons == [.limit])
    let element = """
      {"room_name":"r","exported_by":"x","messages":[{"type":"t","event_id":"a"},\
      {"type":"t","event_id":"b","content":{"body":"\(long)"}},{"type":"t","event_id":"c"}]}
      """
    let events = try items(try folder.write("a.json", element), options: options)
    #expect(events.messages.map(\.id) == ["a", "c"])
    #expect(events.reasons == [.limit])
    let csv = "id,body\na,1\nb,\"\(long)\n\(long)\"\nc,2\n"
    let rows = try items(try folder.write("a.csv", csv), options: options)
    #expect(rows.messages.first?.id == "a")
    #expect(rows.messages.last?.id == "c")
    #expect(Set(rows.reasons) == [.limit])
  }

  @Test("reads across the edges of its buffer")
  func edges() throws {
    let folder = try Folder()
    let bodies = (0..<400).map { "\($0) é " + String(repeating: "ü\\n", count: $0 * 7 % 1999) }
    let events = bodies.enumerated().map {
      "{\"type\":\"m.room.message\",\"event_id\":\"\($0.offset)\",\"content\":{\"body\":\"\($0.element)\"}}"
    }
    let expected = bodies.map { $0.replacing("\\n", with: "\n") }
    let export =
      "{\"room_name\":\"r\",\"exported_by\":\"x\",\"messages\":[" + events.joined(separator: ",")
      + "]}"
    #expect(
      try items(try folder.write("a.json", export), format: "element-json").messages.map(\.body)
        == expected
    )
    let zip = storedZip([("top/export.json", Array(export.utf8))])
    #expect(try items(try folder.write("a.zip", zip)).messages.map(\.body) == expected)
    let lines = bodies.map { "{\"id\":\"x\",\"body\":\"\($0)\"}\r\n" }.joined()
    #expect(try items(try folder.write("a.jsonl", lines)).messages.map(\.body) == expected)
    let rows = "id,body\r\n" + expected.map { "x,\"\($0)\"\r\n" }.joined()
    #expect(try items(try folder.write("a.csv", rows)).messages.map(\.body) == expected)
  }

  @Test("loses nothing where the first line is longer than the buffer, or blank")
  func longFirstLine() throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: 700_000)
    for (head, line) in [("", 1), ("\n\n", 3), (String(repeating: " \n", count: 200_000), 200_001)]
    {
      let text = "\(head){\"body\":\"\(long)\"}\n{\"body\":\"b\"}\n"
      let found = try items(try folder.write("a.jsonl", text)).messages
      #expect(found.map(\.body) == [long, "b"])
      #expect(found.map(\.id) == ["line-\(line)", "line-\(line + 1)"])
    }
    let spread = "{\n\"body\":\n\"\(long)\"}\n{\"body\":\"b\"}"
    #expect(try items(try folder.write("a.json", spread)).messages.map(\.body) == [long, "b"])
    let array = "[\n{\"body\":\"\(long)\"},{\"body\":\"b\"}]"
    #expect(try items(try folder.write("a.json", array)).messages.map(\.body) == [long, "b"])
  }

  @Test("opens files beside a JSON archive and none elsewhere")
  func paths() throws {
    let folder = try Folder(["in/a.txt": [1], "secret.txt": [2]])
    let jsonl = """
      {"id":"1","attachments":[{"name":"a","path":"a.txt"},{"name":"b","path":"../secret.txt"},\
      {"name":"c","path":"/etc/hostname"},{"name":"d","path":"none"},"e"]}
      """
    let path = try folder.write("in/x.jsonl", jsonl)
    let message = try #require(try items(path).messages.first)
    #expect(message.attachments.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(message.attachments[0].content == .file(path: "\(folder.path)/in/a.txt"))
    for attachment in message.attachments.dropFirst() {
      guard case .missing = attachment.content else {
        Issue.record("\(attachment.name) is not missing")
        continue
      }
    }
  }

  @Test("maps columns the operator names, and says which stayed unread")
  func columns() throws {
    let folder = try Folder()
    let csv = try folder.write("a.csv", "Nr;Notiz;Autor;Sonst\n1;hallo;eva;x\n")
    var options = ArchiveOptions(fields: ["id": "Nr", "body": "Notiz", "sender": "autor"])
    var reader = try ArchiveReader(path: csv, options: options)
    let item = try #require(try reader.next())
    #expect([item].messages == [Message(id: "1", body: "hallo", sender: "eva")])
    #expect(reader.ignoredFields == ["Sonst"])
    options.fields["body"] = "Notizen"
    #expect(throws: ArchiveError.self) { _ = try ArchiveReader(path: csv, options: options) }
    options.fields = ["bodi": "Notiz"]
    #expect(throws: ArchiveError.self) { _ = try ArchiveReader(path: csv, options: options) }
    let jsonl = try folder.write("a.jsonl", #"{"id":1,"notiz":"hallo","body":"b","x":["y"]}"#)
    var lines = try ArchiveReader(
      path: jsonl,
      options: ArchiveOptions(fields: ["body": "notiz"])
    )
    let message = try #require(try lines.next())
    #expect([message].messages == [Message(id: "1", body: "hallo\nb")])
    #expect(lines.ignoredFields == ["x"])
  }
}

@Suite("Element export in a ZIP")
struct ElementZipTests {
  @Test("gives an event its file where one alone fits, and says what is left")
  func files() throws {
    func event(_ id: String, _ name: String) -> String {
      """
      {"type":"m.room.message","event_id":"\(id)","content":{"msgtype":"m.file",\
      "body":"\(name)","url":"mxc://x/y"}}
      """
    }
    let events = [event("1", "plan.pdf"), event("2", "note.txt"), event("3", "absent.txt")]
    let export = """
      {"room_name":"r","exported_by":"x","messages":[\(events.joined(separator: ","))]}
      """
    let folder = try Folder()
    let zip = storedZip([
      ("top/export.json", Array(export.utf8)), ("top/files/plan-6-1-2026.pdf", [1, 2, 3]),
      ("top/files/note-6-1-2026.txt", [1]), ("top/files/note-6-2-2026.txt", [2]),
      ("top/files/other-6-2-2026.txt", [2]),
    ])
    let path = try folder.write("a.zip", zip)
    let found = try items(path)
    #expect(found.messages.map(\.id) == ["1", "2", "3"])
    let contents = found.messages.compactMap(\.attachments.first?.content)
    #expect(contents.first == .bytes([1, 2, 3]))
    for content in contents.dropFirst() {
      guard case .missing = content else {
        Issue.record("a file is not missing")
        continue
      }
    }
    #expect(found.reasons == [.unsupported])
    var options = ArchiveOptions()
    options.limits.maxAttachmentByteCount = 2
    let limited = try #require(try items(path, options: options).messages.first)
    #expect(limited.gaps.map(\.reason) == [.limit])
    #expect(limited.attachments.map(\.content) == [.nameOnly])
  }
}

@Suite("ZIP")
struct ZipTests {
  private static let channels = Array(#"[{"id":"C1","name":"general"}]"#.utf8)
  private static let users = Array("[]".utf8)
  private static let day = Array(#"[{"ts":"1.0","text":"hello"}]"#.utf8)

  private func slack(_ day: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    [
      ("channels.json", Self.channels), ("users.json", Self.users),
      ("general/2026-06-01.json", day),
    ]
  }

  @Test("an encrypted file is a gap")
  func encrypted() throws {
    let folder = try Folder()
    let zip = storedZip(slack(Self.day), flags: 0x801)
    let found = try items(try folder.write("a.zip", zip), format: "slack")
    #expect(Set(found.reasons) == [.encrypted])
    #expect(found.messages.isEmpty)
  }

  @Test("a wrong checksum is a gap, after what could be read")
  func checksum() throws {
    let folder = try Folder()
    var zip = storedZip(slack(Self.day))
    let text = Array("hello".utf8)
    let index = try #require(
      zip.indices.first { zip[$0...].starts(with: text) }
    )
    zip[index] = UInt8(ascii: "j")
    let found = try items(try folder.write("a.zip", zip))
    #expect(found.reasons == [.corrupt])
  }

  @Test("a bomb is a gap: by ratio and in total")
  func bomb() throws {
    let sample = try #require(CorpusCase.all.first { $0.description == "slack/zip" })
    var options = ArchiveOptions(zipLimits: ZipLimits(maxRatio: 1, freeByteCount: 10))
    #expect(try items(sample.input, options: options).reasons.contains(.limit))
    options.zipLimits = ZipLimits(maxTotalByteCount: 100)
    #expect(try items(sample.input, options: options).reasons.contains(.limit))
    options.zipLimits = ZipLimits(maxMemberCount: 2)
    #expect(throws: ArchiveError.self) { try items(sample.input, options: options) }
  }

  @Test("names that lead outside are names only")
  func traversal() throws {
    let folder = try Folder()
    let zip = storedZip(slack(Self.day) + [("../../evil.json", Self.day)])
    let found = try items(try folder.write("a.zip", zip))
    #expect(found.messages.count == 1)
    #expect(found.reasons == [.unsupported])
  }
}

@Suite("Slack export")
struct SlackTests {
  @Test("is found below one folder and without the macOS files")
  func nested() throws {
    let folder = try Folder([
      "export/dms.json": Array(#"[{"id":"D1","members":["U1"]}]"#.utf8),
      "export/D1/2026-06-01.json": Array(#"[{"ts":"1.5","user":"U1","text":"&lt;b&gt;"}]"#.utf8),
      "__MACOSX/export/._dms.json": [0], "export/.DS_Store": [0],
    ])
    let found = try items(folder.path)
    let message = Message(
      id: "1.5",
      body: "<b>",
      sender: "U1",
      timestamp: "1970-01-01T00:00:01.500Z",
      channel: Channel(id: "D1", visibility: .direct)
    )
    #expect(found.messages == [message])
    #expect(found.gaps.isEmpty)
  }

  @Test("goes on with the next day after a damaged one")
  func damagedDay() throws {
    let folder = try Folder([
      "channels.json": Array("[{\"id\":\"C1\",\"name\":\"a\"".utf8),
      "a/2026-06-01.json": Array("{}".utf8),
      "a/2026-06-02.json": Array(#"[{"ts":"2.0","text":"x"},{"ts":"3.0","te"#.utf8),
      "a/2026-06-03.json": Array(#"[{"ts":"4.0","text":"y"},,17,{"ts":"5.0"}]"#.utf8),
    ])
    let found = try items(folder.path)
    #expect(found.messages.map(\.id) == ["2.0", "4.0", "5.0"])
    #expect(found.messages.first?.channel?.visibility == .unknown)
    #expect(found.reasons == [.truncated, .corrupt, .truncated, .corrupt])
  }
}
