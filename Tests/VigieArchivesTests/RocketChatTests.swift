import Testing
import VigieArchives
import VigieCore

@Suite("Rocket.Chat export")
struct RocketChatTests {
  @Test("in a ZIP gives files their bytes, and never one outside")
  func zip() throws {
    let lines = """
      {"msg":"a","username":"u","ts":"2026-06-01T08:00:00Z","attachments":[{"type":"file",\
      "title_link":"/file-upload/f1/plan%20DR.txt"},{"type":"file","fileId":"../../x","fileName":"y"}]}

      """
    let folder = try Folder()
    let zip = storedZip([("salon.json", Array(lines.utf8)), ("assets/f1-plan DR.txt", [1, 2])])
    let path = try folder.write("a.zip", zip)
    #expect(try ArchiveReader(path: path).formatName == "rocketchat")
    let found = try items(path)
    let message = try #require(found.messages.first)
    #expect(message.channel == Channel(id: "salon", name: "salon"))
    #expect(message.attachments.map(\.name) == ["plan DR.txt", "y"])
    #expect(message.attachments.first?.content == .bytes([1, 2]))
    guard case .missing = message.attachments.last?.content else {
      Issue.record("a file outside is not missing")
      return
    }
    #expect(found.gaps.isEmpty)
  }

  @Test("reads arrays, pages of the API and dates of every wrapping")
  func shapes() throws {
    let dates = [
      #"{"$date":"2026-06-01T08:00:00Z"}"#, #"{"$date":{"$numberLong":"1780300800000"}}"#,
      #"{"$date":1780300800000}"#, #""2026-06-01T08:00:00Z""#,
    ]
    let folder = try Folder()
    for (index, date) in dates.enumerated() {
      let record = #"{"_id":"a","rid":"r","msg":"m","u":{"_id":"u1"},"ts":\#(date)}"#
      for text in ["[\(record)]", record, #"{"messages":[\#(record)],"count":1,"success":true}"#] {
        let path = try folder.write("\(index).json", text)
        #expect(try ArchiveReader(path: path).formatName == "rocketchat")
        let message = try #require(try items(path).messages.first)
        let time = try #require(message.timestamp)
        #expect(["2026-06-01T08:00:00Z", "2026-06-01T08:00:00.000Z"].contains(time))
        #expect(message.sender == "u1")
      }
    }
  }

  @Test("knows the messages of a mongodump by their name, and says what is none")
  func dump() throws {
    let folder = try Folder(["rocketchat_message.bson": [5, 0, 0, 0, 0]])
    #expect(try ArchiveReader(path: folder.path).formatName == "rocketchat")
    let found = try items(folder.path)
    #expect(found.messages.isEmpty && found.reasons == [.corrupt])
  }
}
