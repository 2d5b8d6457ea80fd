import Testing
import VigieArchives
import VigieCore

@Suite("Google Chat")
struct GoogleChatTests {
  @Test(
    "reads the dates of some languages and claims none it cannot tell",
    arguments: [
      ("Thursday, November 3, 2016 at 11:59:50 AM UTC", "2016-11-03T11:59:50Z"),
      ("Thursday, November 3, 2016 at 12:05:00\u{202F}AM UTC", "2016-11-03T00:05:00Z"),
      ("jeudi 3 novembre 2016 à 13:01:00 UTC", "2016-11-03T13:01:00Z"),
      ("Donnerstag, 3. November 2016 um 13:01:00 UTC", "2016-11-03T13:01:00Z"),
      ("Thursday, November 31, 2016 at 11:59:50 AM UTC", nil), ("November 3, 2016", nil), ("", nil),
    ] as [(String, String?)]
  )
  func dates(date: String, time: String?) throws {
    let folder = try Folder()
    let text = """
      {"messages":[{"creator":{"name":"a"},"created_date":"\(date)","topic_id":"t",\
      "text":"x","message_id":"1"}]}
      """
    let found = try items(try folder.write("messages.json", text))
    #expect(found.messages.map(\.timestamp) == [time])
    #expect(found.messages.first?.channel?.visibility == .unknown)
  }
}
