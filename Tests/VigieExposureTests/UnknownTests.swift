import Testing
import VigieArchives
import VigieExposure

@Suite("What is not known")
struct UnknownTests {
  /// Messages of 1, 5 and 11 June.
  private func talk(_ room: inout RoomLines) {
    for day in [1, 5, 11] { room.say("bonjour", at: june(day, 12)) }
  }

  private func messages(_ room: RoomLines, _ question: Question = question) throws -> Figure {
    let folder = try Folder()
    return try report(question, [try folder.write("a.jsonl", room.text)]).could.messages
  }

  @Test("without any word on members and rules, everything is possible and nothing certain")
  func nothing() throws {
    var room = RoomLines()
    talk(&room)
    #expect(try messages(room) == Figure(0, 3))
    let folder = try Folder()
    let found = try report(question, [try folder.write("a.jsonl", room.text)])
    #expect(found.lacks.map(\.name).contains("access-unknown"))
    #expect(found.lacks.map(\.name).contains("account-unseen"))
    #expect(found.details.doubts == [.membershipUnknown: 3])
  }

  @Test("a part of a room without its beginning: a join in it is sure, what was before is not")
  func fragment() throws {
    var room = RoomLines()
    talk(&room)
    room.member(account, "join", at: june(10, 6))
    // Which of its past the room shows is not told: what was said since it joined is sure.
    #expect(try messages(room) == Figure(1, 3))
    room.state("m.room.history_visibility", "{\"history_visibility\":\"shared\"}", at: june(1, 0))
    #expect(try messages(room) == Figure(3, 3))
  }

  @Test("whoever writes in a room is in it")
  func writer() throws {
    var room = RoomLines()
    room.state("m.room.history_visibility", "{\"history_visibility\":\"shared\"}", at: june(1, 0))
    talk(&room)
    room.say("moi aussi", at: june(10, 13), by: account)
    #expect(try messages(room) == Figure(3, 4))
  }

  @Test("a change says what was before it")
  func before() throws {
    var room = RoomLines()
    room.state("m.room.history_visibility", "{\"history_visibility\":\"joined\"}", at: june(1, 0))
    room.state("m.room.join_rules", "{\"join_rule\":\"invite\"}", at: june(1, 0))
    talk(&room)
    room.member(account, "leave", at: june(11), before: "join")
    // In until the 11th: what was said before, and no more.
    #expect(try messages(room) == Figure(2, 2))
  }

  @Test("a message without a time, or without a zone, is possible where that matters")
  func times() throws {
    let folder = try Folder()
    let lines = """
      {"id":"a","body":"x","channel":{"id":"c","visibility":"public"},"timestamp":"2026-06-11T23:30:00"}
      {"id":"b","body":"x","channel":{"id":"c","visibility":"public"},"timestamp":"2026-06-20T10:00:00"}
      {"id":"c","body":"x","channel":{"id":"c","visibility":"public"}}
      {"id":"d","body":"x","channel":{"id":"c","visibility":"public"},"timestamp":"2026-06-11T10:00:00Z"}
      """
    let path = try folder.write("a.jsonl", lines)
    let found = try report(question, [path])
    #expect(found.could.messages == Figure(1, 3))
    #expect(found.details.doubts == [.timeWithoutZone: 1, .timeUnknown: 1])
    let zoned = Question(accounts: [account], window: window, zone: 2 * 3_600_000)
    #expect(try report(zoned, [path]).could.messages == Figure(2, 3))
  }

  @Test("a redaction without a time leaves a message possible")
  func redaction() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "public", history: "shared")
    room.event(
      "m.room.message",
      "{}",
      at: june(5),
      by: "@chef:agents.example",
      ",\"unsigned\":{\"redacted_because\":{\"type\":\"m.room.redaction\"}}"
    )
    #expect(try messages(room) == Figure(0, 1))
  }

  @Test("a redaction that stands alone counts for a message that still has its text")
  func lateRedaction() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "public", history: "shared")
    room.say("gone before", at: june(5))
    let first = room.lines.count - 1
    room.say("gone after", at: june(5))
    room.event(
      "m.room.redaction",
      "{}",
      at: june(6),
      by: account,
      ",\"redacts\":\"$\(room.id)\(first)\""
    )
    room.event(
      "m.room.redaction",
      "{}",
      at: june(20),
      by: account,
      ",\"redacts\":\"$\(room.id)\(first + 1)\""
    )
    #expect(try messages(room) == Figure(1, 1))
  }

  @Test("guests enter only where guests may")
  func guests() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "public", history: "shared")
    talk(&room)
    let guest = Question(accounts: [account], window: window, isGuest: true)
    #expect(try messages(room) == Figure(3, 3))
    #expect(try messages(room, guest) == Figure(0, 0))
    room.state("m.room.guest_access", "{\"guest_access\":\"can_join\"}", at: june(2))
    #expect(try messages(room, guest) == Figure(3, 3))
  }

  @Test("of several accounts, what one could read counts once")
  func several() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "invite", history: "joined")
    talk(&room)
    room.member(account, "join", at: june(4))
    room.member("@autre:agents.example", "join", at: june(11))
    #expect(try messages(room) == Figure(2, 2))
    let both = Question(accounts: [account, "@autre:agents.example"], window: window)
    #expect(try messages(room, both) == Figure(2, 2))
  }

  @Test("a state without its key is no state, and hostile values are nobody's ruin")
  func hostile() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "invite", history: "shared")
    talk(&room)
    room.event("m.room.member", "{\"membership\":\"join\"}", at: june(5), by: account)
    room.event("m.room.join_rules", "{\"join_rule\":\"public\"}", at: june(5), by: account)
    #expect(try messages(room) == Figure(0, 0))
    for content in [
      "{\"membership\":7}", "{\"membership\":\"king\"}", "[]", "null", "{\"membership\":null}",
    ] {
      room.event(
        "m.room.member",
        content,
        at: june(5),
        by: account,
        ",\"state_key\":\"\(account)\""
      )
    }
    for content in ["{\"join_rule\":[]}", "{\"join_rule\":\"royal\",\"allow\":{\"room_id\":3}}"] {
      room.state("m.room.join_rules", content, at: june(6))
    }
    let size =
      "{\"msgtype\":\"m.file\",\"body\":\"f\",\"url\":\"mxc://a/b\",\"info\":{\"size\":9e18}}"
    room.event("m.room.message", size, at: june(5), by: account)
    #expect(try messages(room) == Figure(0, 0))
  }
}

@Suite("Access in other archives")
struct OtherArchiveTests {
  @Test("Slack: public channels stand open, private ones to those in their list, since they came")
  func slack() throws {
    let folder = try Folder()
    _ = try folder.write(
      "users.json",
      "[{\"id\":\"U1\",\"name\":\"a\"},{\"id\":\"U2\",\"name\":\"b\"}]"
    )
    _ = try folder.write(
      "channels.json",
      "[{\"id\":\"C1\",\"name\":\"ouvert\",\"created\":1777600000,\"creator\":\"U2\",\"members\":[\"U2\"]}]"
    )
    _ = try folder.write(
      "groups.json",
      """
      [{"id":"G1","name":"avec","created":1777600000,"creator":"U2","members":["U1","U2"]},
      {"id":"G2","name":"sans","created":1777600000,"creator":"U2","members":["U2"]},
      {"id":"G3","name":"depuis","created":1777600000,"creator":"U2","members":["U1","U2"]}]
      """
    )
    let text =
      "{\"type\":\"message\",\"user\":\"U2\",\"text\":\"bonjour\",\"ts\":\"1780650000.000100\"}"
    let join =
      "{\"type\":\"message\",\"subtype\":\"channel_join\",\"user\":\"U1\",\"text\":\"x\",\"ts\":\"1780660000.0\"}"
    for name in ["ouvert", "avec", "sans"] {
      _ = try folder.write("\(name)/2026-06-05.json", "[\(text)]")
    }
    _ = try folder.write("depuis/2026-06-05.json", "[\(text),\(join)]")
    let question = Question(accounts: ["U1"], window: window)
    let found = try report(question, [folder.path])
    func messages(_ id: String) -> Figure? { found.rooms.first { $0.id == id }?.messages }
    #expect(messages("C1") == Figure(1, 1))
    #expect(messages("G1") == Figure(0, 1))
    #expect(messages("G2") == nil)
    #expect(messages("G3") == Figure(1, 1))
    #expect(found.details.doubts == [.membershipUndated: 1])
  }

  @Test(
    "Mattermost: open channels stand open, of private ones only those in them at the end are known"
  )
  func mattermost() throws {
    let folder = try Folder()
    let lines = """
      {"type":"version","version":1}
      {"type":"channel","channel":{"team":"t","name":"ouvert","type":"O"}}
      {"type":"channel","channel":{"team":"t","name":"prive","type":"P"}}
      {"type":"user","user":{"username":"camille","teams":[{"name":"t","channels":[{"name":"prive"}]}]}}
      {"type":"post","post":{"team":"t","channel":"ouvert","user":"a","message":"x","create_at":1780650000000}}
      {"type":"post","post":{"team":"t","channel":"prive","user":"a","message":"x","create_at":1780650000000}}
      {"type":"direct_channel","direct_channel":{"members":["a","b"]}}
      {"type":"direct_post","direct_post":{"channel_members":["a","b"],"user":"a","message":"x","create_at":1780650000000}}
      """
    let path = try folder.write("a.jsonl", lines)
    let found = try report(Question(accounts: ["camille"], window: window), [path])
    #expect(found.could.messages == Figure(1, 2))
    #expect(found.closedRoomCount == 1)
    #expect(found.details.doubts == [.membershipUndated: 1])
  }

  @Test("Synapse export-data: the state that it writes is whole")
  func exportData() throws {
    let folder = try Folder()
    var state = RoomLines()
    state.create(at: june(1), rule: "invite", history: "shared")
    state.member(account, "join", at: june(2))
    var room = RoomLines()
    room.say("bonjour", at: june(5))
    _ = try folder.write("rooms/!r:agents.example/state/$1", state.lines.joined())
    _ = try folder.write("rooms/!r:agents.example/events", room.lines.joined())
    #expect(try report(question, [folder.path]).could.messages == Figure(1, 1))
    let other = Question(accounts: ["@autre:agents.example"], window: window)
    #expect(try report(other, [folder.path]).could.messages == Figure(0, 0))
  }

  @Test("Element: an export after encryption began holds what the server cannot read")
  func element() throws {
    var room = RoomLines()
    room.member(account, "join", at: june(1))
    room.say("en clair", at: june(2))
    room.state("m.room.encryption", "{\"algorithm\":\"m.megolm.v1.aes-sha2\"}", at: june(3))
    room.say("chiffré", at: june(4))
    let folder = try Folder()
    let path = try folder.write(
      "export.json",
      "{\"room_name\":\"r\",\"exported_by\":\"x\",\"messages\":[\(room.lines.joined(separator: ","))]}"
    )
    let found = try report(question, [path])
    #expect(found.could.messages.possible == 1)
    #expect(found.details.encrypted.possible == 1)
  }
}
