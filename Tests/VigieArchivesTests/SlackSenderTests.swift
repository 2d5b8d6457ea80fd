import Testing
import VigieArchives
import VigieCore

@Suite("Who sent a message of Slack")
struct SlackSenderTests {
  @Test("is told by name with the id beside it; by the id alone where access is asked for")
  func names() throws {
    let messages = #"""
      [{"ts":"1780300800.000100","user":"U1","text":"un"},\#
      {"ts":"1780300801.000100","user":"U2","text":"deux","user_profile":{"real_name":"Luc C."}},\#
      {"ts":"1780300802.000100","user":"U3","text":"trois","user_profile":7}]
      """#
    let folder = try Folder([
      "channels.json": Array(#"[{"id":"C1","name":"a"}]"#.utf8),
      "users.json": Array(
        #"[{"id":"U1","name":"anne","profile":{"display_name":"Anne B."}}]"#.utf8
      ),
      "a/2026-06-01.json": Array(messages.utf8),
    ])
    let found = try items(folder.path).messages
    #expect(found.map(\.sender) == ["Anne B. (U1)", "Luc C. (U2)", "U3"])
    #expect(found.map(\.body) == ["un", "deux", "trois"])
    let asked = try items(folder.path, options: ArchiveOptions(readsAccess: true)).messages
    #expect(asked.map(\.sender) == ["U1", "U2", "U3"])
  }
}
