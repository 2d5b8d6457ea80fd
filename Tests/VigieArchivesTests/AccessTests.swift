import Testing
import VigieArchives
import VigieCore

@Suite("Who can read, as archives tell it")
struct AccessTests {
  private func changes(_ text: String) throws -> [AccessChange.Fact] {
    let folder = try Folder()
    let path = try folder.write("a.jsonl", text)
    return try items(path, format: "matrix", options: ArchiveOptions(readsAccess: true)).changes
      .map(\.fact)
  }

  private func event(_ type: String, _ content: String, _ more: String = ",\"state_key\":\"\"")
    -> String
  {
    """
    {"type":"\(type)","event_id":"$1","room_id":"!r:b","sender":"@a:b","origin_server_ts":5,\
    "content":\(content)\(more)}
    """
  }

  @Test("is told only where it is asked for, beside the same messages", arguments: CorpusCase.all)
  func onlyWhenAsked(_ sample: CorpusCase) throws {
    let plain = try items(sample.input)
    let asked = try items(sample.input, options: ArchiveOptions(readsAccess: true))
    #expect(plain.changes.isEmpty)
    #expect(plain.messages.map(\.id) == asked.messages.map(\.id))
    #expect(plain.messages.map(\.traits) == asked.messages.map(\.traits))
    #expect(plain.messages.map(\.body) == asked.messages.map(\.body))
  }

  @Test("Matrix: members with what they were before, rules with what they refer to")
  func matrix() throws {
    let found = try changes(
      [
        event("m.room.create", "{\"m.federate\":false}"),
        event(
          "m.room.member",
          "{\"membership\":\"ban\"}",
          ",\"state_key\":\"@c:d\",\"unsigned\":{\"prev_content\":{\"membership\":\"join\"}}"
        ),
        event(
          "m.room.join_rules",
          "{\"join_rule\":\"knock_restricted\",\"allow\":[{\"type\":\"m.room_membership\",\"room_id\":\"!s:b\"},3]}"
        ),
        event("m.room.history_visibility", "{\"history_visibility\":\"world_readable\"}"),
        event("m.room.guest_access", "{\"guest_access\":\"can_join\"}"),
        event("m.room.encryption", "{\"algorithm\":\"x\"}"),
        event("m.room.redaction", "{\"redacts\":\"$9\"}", ""),
        event("m.room.redaction", "{}", ",\"redacts\":\"$8\""),
      ].joined(separator: "\n")
    )
    #expect(
      found == [
        .creation(by: "@a:b", isFederated: false), .wholeMembership,
        .membership(account: "@c:d", .ban, before: .join),
        .joinRule(.restricted(to: ["!s:b"], knock: true)), .historyVisibility(.worldReadable),
        .guestAccess(canJoin: true), .encryption, .redaction(of: "$9"), .redaction(of: "$8"),
      ]
    )
  }

  @Test("Matrix: what is no state says nothing, whatever its type")
  func noState() throws {
    let found = try changes(
      [
        event("m.room.member", "{\"membership\":\"join\"}", ""),
        event("m.room.join_rules", "{\"join_rule\":\"public\"}", ",\"state_key\":\"x\""),
        event("m.room.member", "{\"membership\":\"king\"}", ",\"state_key\":\"@c:d\""),
        event("m.room.create", "{}", ",\"state_key\":4"),
        event("m.room.message", "{\"body\":\"m.room.member\",\"membership\":\"join\"}"),
      ].joined(separator: "\n")
    )
    #expect(found.isEmpty)
  }

  @Test("Matrix: what people said, what they took away, what the server holds encrypted")
  func traits() throws {
    let folder = try Folder()
    let path = try folder.write(
      "a.jsonl",
      [
        event("m.room.message", "{\"msgtype\":\"m.text\",\"body\":\"x\"}", ""),
        event("m.reaction", "{\"m.relates_to\":{\"rel_type\":\"m.annotation\",\"key\":\"+\"}}", ""),
        event("m.room.member", "{\"membership\":\"join\"}"),
        event("m.room.encrypted", "{\"ciphertext\":\"x\"}", ""),
        event(
          "m.room.message",
          "{}",
          ",\"unsigned\":{\"redacted_because\":{\"origin_server_ts\":7}}"
        ),
        event("m.sticker", "{\"body\":\"x\",\"url\":\"mxc://b/s\",\"info\":{\"size\":12}}", ""),
        event(
          "m.room.message",
          "{\"msgtype\":\"m.file\",\"body\":\"f\",\"file\":{\"url\":\"mxc://b/e\"},\"info\":{\"size\":-1}}",
          ""
        ),
      ].joined(separator: "\n")
    )
    let messages = try items(path).messages
    #expect(messages.map(\.traits) == [[], .system, .system, .encrypted, .redacted, [], []])
    #expect(messages[5].attachments.map(\.address) == ["mxc://b/s"])
    #expect(messages[5].attachments.map(\.byteCount) == [12])
    #expect(messages[6].attachments.map(\.address) == ["mxc://b/e"])
    #expect(messages[6].attachments.map(\.byteCount) == [nil])
  }
}
