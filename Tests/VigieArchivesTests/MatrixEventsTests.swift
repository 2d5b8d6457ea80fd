import Testing
import VigieArchives
import VigieCore

@Suite("Matrix events")
struct MatrixEventsTests {
  private func event(_ id: String, _ body: String, _ more: String = "") -> String {
    """
    {"type":"m.room.message","event_id":"\(id)","sender":"@a:b","origin_server_ts":1,\
    "content":{"msgtype":"m.text","body":"\(body)"}\(more)}
    """
  }

  @Test("are found in arrays, lines, pages and what tools wrap around them")
  func shapes() throws {
    let folder = try Folder()
    let one = event("$1", "un")
    let two = event("$2", "deux")
    let shapes = [
      "[\(one),\(two)]", "\(one)\n\(two)\n", one + two, "\u{FEFF}\(one)\r\n\r\n\(two)",
      "{\"chunk\":[\(one),\(two)],\"end\":\"t\"}", "[{\"chunk\":[\(one)]},{\"chunk\":[\(two)]}]",
      "{\"room_id\":\"!r:b\",\"chunk\":[\(one),\(two)]}",
      "{\"event\":\(one)}\n{\"source\":\(two)}\n",
      "{\"start\":\"a\",\"events_before\":[\(one)],\"event\":\(two),\"events_after\":[]}",
    ]
    for shape in shapes {
      let path = try folder.write("a.json", shape)
      let reader = try ArchiveReader(path: path)
      #expect(reader.formatName == "matrix")
      let found = try items(path)
      #expect(found.messages.map(\.body) == ["un", "deux"], "\(shape)")
      #expect(found.gaps.isEmpty, "\(shape)")
    }
  }

  @Test("go on after damage around them, and say so")
  func damage() throws {
    let folder = try Folder()
    let one = event("$1", "un")
    let two = event("$2", "deux")
    let three = event("$3", "trois")
    for damaged in [
      "{\"chunk\":[\(one)],:\"end\":1,\"state\":[\(two),\(three)]}",
      "{\"chunk\":[\(one),{\"type\":]},\(two),\(three)]}", "\(one){\"type\":\"m\",}\(two)\(three)",
    ] {
      let found = try items(try folder.write("a.json", damaged), format: "matrix")
      #expect(found.messages.map(\.id).contains("$1"), "\(damaged)")
      #expect(found.messages.map(\.id).contains("$3"), "\(damaged)")
      #expect(!found.reasons.isEmpty, "\(damaged)")
    }
    let cut = try items(
      try folder.write("a.json", "{\"chunk\":[\(one),\(two.prefix(60))"),
      format: "matrix"
    )
    #expect(cut.messages.map(\.id) == ["$1"])
    #expect(cut.reasons == [.truncated])
    let deep = String(repeating: "[", count: 2000)
    let nested = try items(
      try folder.write("a.json", "\(deep)\n\(one)\n"),
      format: "matrix"
    )
    #expect(nested.messages.map(\.id) == ["$1"])
    #expect(!nested.reasons.isEmpty)
    // A fallback stands for what was said elsewhere; a quote that nobody answers is said here.
    let quote = event("$q", "> <@a:b> cité\\n\\nréponse")
    #expect(
      try items(try folder.write("a.json", quote)).messages.map(\.body)
        == ["> <@a:b> cité\n\nréponse"]
    )
  }

  @Test("go on after an event that is cut behind a comma")
  func cutBehindComma() throws {
    let folder = try Folder()
    let one = event("$1", "un")
    let (two, three) = (event("$2", "deux"), event("$3", "trois"))
    for cut in [
      #"{"type":"m.room.message","event_id":"$0","#,
      #"{"type":"m.room.message","content":{"body":"a","#,
    ] {
      for (before, after) in [("", ""), ("[", "]"), (#"{"chunk":["#, "]}")] {
        let separator = before.isEmpty ? "\n" : ",\n"
        let text = before + [one, cut + "\n" + two, three].joined(separator: separator) + after
        let found = try items(try folder.write("a.json", text), format: "matrix")
        #expect(found.messages.map(\.id) == ["$1", "$2", "$3"], "\(text)")
        #expect(found.reasons == [.corrupt], "\(text)")
      }
    }
  }

  @Test("make a room public, private or encrypted only as its state")
  func forgedState() throws {
    let facts = [
      ("m.room.join_rules", #"{"join_rule":"public"}"#),
      ("m.room.join_rules", #"{"join_rule":"invite"}"#),
      ("m.room.history_visibility", #"{"history_visibility":"world_readable"}"#),
      ("m.room.encryption", #"{"algorithm":"m.megolm.v1.aes-sha2"}"#),
      ("m.room.name", #"{"name":"cellule-1"}"#), ("m.room.canonical_alias", ##"{"alias":"#a:b"}"##),
    ]
    let folder = try Folder()
    for (type, content) in facts {
      func channel(_ stateKey: String) throws -> Channel? {
        let fact =
          #"{"type":"\#(type)","event_id":"$f","sender":"@a:b","room_id":"!r:b","origin_server_ts":1\#(stateKey),"#
          + #""content":\#(content)}"#
        let text = fact + "\n" + event("$1", "un", #","room_id":"!r:b""#) + "\n"
        let found = try items(try folder.write("a.json", text), format: "matrix")
        #expect(found.messages.count == 2)
        return found.messages.last?.channel
      }
      #expect(try channel(#","state_key":"""#) != Channel(id: "!r:b"), "\(type)")
      for forged in ["", #","state_key":"x""#, #","state_key":null"#, #","state_key":[""]"#] {
        #expect(try channel(forged) == Channel(id: "!r:b"), "\(type) \(forged)")
      }
    }
  }

  @Test("make a room that Element exported public or private only as its state")
  func forgedElementState() throws {
    let folder = try Folder()
    for (stateKey, visibility) in [
      (#","state_key":"""#, Visibility.public), ("", .unknown), (#","state_key":"x""#, .unknown),
    ] {
      let fact =
        #"{"type":"m.room.join_rules","event_id":"$f","sender":"@a:b","room_id":"!r:b","#
        + #""origin_server_ts":1\#(stateKey),"content":{"join_rule":"public"}}"#
      let text =
        #"{"room_name":"Salon","room_creator":"@a:b","topic":"","export_date":"1/1/2026","exported_by":"@a:b","#
        + #""messages":[\#(fact),\#(event("$1", "un"))]}"#
      let found = try items(try folder.write("export.json", text), format: "element-json")
      #expect(found.messages.last?.channel?.visibility == visibility, "\(stateKey)")
    }
  }

  @Test("of several rooms keep each its own name and visibility, whatever the order")
  func rooms() throws {
    func fact(_ type: String, _ content: String, _ room: String, _ time: Int) -> String {
      """
      {"type":"\(type)","room_id":"\(room)","sender":"@a:b","state_key":"","event_id":"$\(time)",\
      "origin_server_ts":\(time),"content":\(content)}
      """
    }
    let lines = [
      event("$x", "x", ",\"room_id\":\"!1:b\"").replacing("_ts\":1", with: "_ts\":9"),
      fact("m.room.name", "{\"name\":\"neuf\"}", "!1:b", 8),
      fact("m.room.name", "{\"name\":\"ancien\"}", "!1:b", 7),
      fact("m.room.join_rules", "{\"join_rule\":\"public\"}", "!1:b", 6),
      event("$y", "y", ",\"room_id\":\"!2:b\"").replacing("_ts\":1", with: "_ts\":5"),
      fact("m.room.join_rules", "{\"join_rule\":\"invite\"}", "!2:b", 4),
    ]
    let folder = try Folder(["dump/rooms.jsonl": Array(lines.joined(separator: "\n").utf8)])
    for path in ["\(folder.path)/dump", "\(folder.path)/dump/rooms.jsonl"] {
      let channels = try items(path).messages.compactMap(\.channel)
      #expect(channels.first == Channel(id: "!1:b", name: "neuf", visibility: .public))
      #expect(channels.last == Channel(id: "!2:b", visibility: .private))
    }
  }
}
