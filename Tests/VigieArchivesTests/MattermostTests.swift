import Testing
import VigieArchives
import VigieCore

@Suite("Mattermost export")
struct MattermostTests {
  @Test("in a ZIP gives files their bytes, and never one outside")
  func zip() throws {
    let lines = """
      {"type":"version","version":1}
      {"type":"post","post":{"team":"t","channel":"c","user":"u","message":"m","create_at":1,\
      "attachments":[{"path":"a/plan.txt"},{"path":"../export.jsonl"},{"path":"none"}]}}

      """
    let folder = try Folder()
    let zip = storedZip([("export.jsonl", Array(lines.utf8)), ("data/a/plan.txt", [1, 2])])
    let path = try folder.write("a.zip", zip)
    #expect(try ArchiveReader(path: path).formatName == "mattermost")
    let found = try items(path)
    let message = try #require(found.messages.first)
    #expect(message.id == "1-u")
    #expect(message.channel == Channel(id: "t/c", name: "c", visibility: .unknown))
    #expect(message.attachments.first?.content == .bytes([1, 2]))
    for attachment in message.attachments.dropFirst() {
      guard case .missing = attachment.content else {
        Issue.record("a file is not missing")
        continue
      }
    }
    #expect(found.gaps.isEmpty)
  }

  @Test("reads replies within replies, and goes on after a record that is cut")
  func replies() throws {
    let lines = """
      {"type":"version","version":1}
      {"type":"post","post":{"user":"u","message":"1","create_at":1,"replies":[{"message":"2",\
      "create_at":2,"replies":[{"message":"3","create_at":3}]}]}}
      {"type":"post","post":{"user":"u","message":"perdu
      {"type":"direct_post","direct_post":{"channel_members":["b","a"],"message":"4","create_at":4}}

      """
    let folder = try Folder()
    let found = try items(try folder.write("a.jsonl", lines))
    #expect(found.messages.map(\.body) == ["1", "2", "3", "4"])
    #expect(found.messages.last?.channel == Channel(id: "a,b", visibility: .direct))
    #expect(found.reasons == [.corrupt])
  }
}
