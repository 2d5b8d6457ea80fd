import Testing
import VigieArchives
import VigieCore

@Suite("Zulip export")
struct ZulipTests {
  @Test("in a ZIP gives uploads their bytes, and never a file outside")
  func zip() throws {
    let shard = """
      {"zerver_message":[{"id":1,"sender":2,"recipient":3,"subject":"s","date_sent":1.5,\
      "content":"[a](/user_uploads/2/a/plan.txt) [b](/user_uploads/../../../etc/passwd)"}],\
      "zerver_usermessage":[]}
      """
    let folder = try Folder()
    let zip = storedZip([
      ("x/messages-000001.json", Array(shard.utf8)), ("x/uploads/2/a/plan.txt", [1, 2]),
    ])
    let path = try folder.write("a.zip", zip)
    #expect(try ArchiveReader(path: path).formatName == "zulip")
    let found = try items(path)
    let message = try #require(found.messages.first)
    #expect(message.timestamp == "1970-01-01T00:00:01.500Z")
    #expect(message.attachments.first?.content == .bytes([1, 2]))
    guard case .missing = message.attachments.last?.content else {
      Issue.record("a file outside is not missing")
      return
    }
    #expect(found.gaps.isEmpty)
  }

  @Test("says that messages of another shape could not be read")
  func shapes() throws {
    let folder = try Folder()
    let path = try folder.write("messages-000001.json", #"{"zerver_message": {"id": 1}}"#)
    #expect(try items(path).reasons == [.corrupt])
    let odd =
      #"{"zerver_message": [{"id": [], "content": 7, "date_sent": "1e99", "subject": {}}, 5]}"#
    let found = try items(try folder.write("messages-000002.json", odd))
    #expect(found.messages.isEmpty)
    #expect(found.reasons == [.corrupt, .corrupt])
  }

  @Test("marks every line of a fenced quote, however it is fenced")
  func quotes() throws {
    let text = #"~~~~ quote\nTLP:RED\n```\nune ligne\n~~~~\nfin\n```quote\njamais fermée"#
    let shard = #"{"zerver_message":[{"id":1,"recipient":3,"content":"\#(text)"}]}"#
    let folder = try Folder()
    let found = try items(try folder.write("messages-000001.json", shard))
    let body = "> TLP:RED\n> ```\n> une ligne\nfin\n> jamais fermée"
    #expect(found.messages.map(\.body) == [body])
  }

  @Test("reads the stream and the topic of zulip-archive from the path, cut or not")
  func archive() throws {
    let topic = #"[{"content":"<p>a</p>","id":1,"sender_full_name":"A","timestamp":1}]"#
    let folder = try Folder(["zulip_json/12-a.2Eb/sujet.20DR.json": Array(topic.utf8)])
    let found = try items(folder.path)
    #expect(found.messages.first?.channel == Channel(id: "12", name: "a.b"))
    guard case .channel(let told, _, _)? = found.first else {
      Issue.record("the topic is not told")
      return
    }
    #expect(told.subject == "sujet DR")
  }
}
