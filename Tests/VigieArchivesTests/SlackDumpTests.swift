import Testing
import VigieArchives
import VigieCore

@Suite("slackdump")
struct SlackDumpTests {
  @Test("names the mend of its database")
  func database() throws {
    let folder = try Folder(["slackdump.sqlite": Array("SQLite format 3\0".utf8)])
    let error = #expect(throws: ArchiveError.self) {
      _ = try ArchiveReader(path: folder.path)
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.mend.contains("convert") == true)
  }

  @Test("a channel is public only where the dump says so")
  func visibility() throws {
    let chunks = """
      {"t":4,"ts":1,"id":"channels","ch":[{"id":"C1","is_private":false},{"id":"C2","is_private":true},\
      {"id":"C3"},{"id":"C4","is_mpim":true,"is_private":true},{"id":"C5","is_private":true,"is_im":true}]}
      """
    let messages = (1...5).map {
      #"{"t":0,"ts":1,"id":"C\#($0)","m":[{"ts":"1.\#($0)","text":"x"}]}"#
    }
    let folder = try Folder([
      "channels.json": Array((chunks + "\n").utf8),
      "C.json": Array((messages.joined(separator: "\n") + "\n").utf8),
    ])
    let found = try items(folder.path)
    let expected: [Visibility] = [.public, .private, .unknown, .direct, .direct]
    #expect(found.messages.compactMap(\.channel?.visibility) == expected)
    #expect(found.gaps.isEmpty)
  }
}
