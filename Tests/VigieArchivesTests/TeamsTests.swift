import Testing
import VigieArchives
import VigieCore

@Suite("Teams")
struct TeamsTests {
  private static func visibility(_ team: String, _ channel: String) throws -> Visibility? {
    let folder = try Folder([
      "teams/teamsList.json": Array("[\(team)]".utf8),
      "teams/t/channels_t.json": Array("[{\"Id\":\"c\",\"DisplayName\":\"n\"\(channel)}]".utf8),
      "teams/t/messages_t.json": Array(
        """
        [{"Id":"1","MessageType":"message","CreatedDateTime":"2026-06-01T08:00:00+00:00",\
        "Body":{"ContentType":"text","Content":"x"},"ChannelIdentity":{"ChannelId":"c"}}]
        """.utf8
      ),
    ])
    return try items(folder.path).messages.first?.channel?.visibility
  }

  @Test("calls a channel public only where team and channel both are")
  func visibility() throws {
    let open = #"{"Id":"t","Privacy":"Public"}"#
    let closed = #"{"Id":"t","Privacy":"Private"}"#
    let standard = #","MembershipType":"standard""#
    #expect(try Self.visibility(open, standard) == .public)
    #expect(try Self.visibility(closed, standard) == .private)
    #expect(try Self.visibility(open, #","MembershipType":"private""#) == .private)
    #expect(try Self.visibility(#"{"Id":"t"}"#, standard) == .unknown)
    #expect(try Self.visibility(open, "") == .unknown)
    #expect(try Self.visibility(#"{"Id":"#, standard) == .unknown)
  }
}
