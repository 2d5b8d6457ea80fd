import Testing
import VigieArchives
import VigieCore

@Suite("A room that Element exported")
struct ElementRoomTests {
  private static let export = #"""
    {"room_name":"Salon","topic":"sujet","exported_by":"x","messages":[\#
    {"type":"m.room.join_rules","room_id":"!r:a","event_id":"$1","sender":"@a:b","state_key":"",\#
    "origin_server_ts":1,"content":{"join_rule":"public"}},\#
    {"type":"m.room.message","room_id":"!r:a","event_id":"$2","sender":"@a:b",\#
    "origin_server_ts":2,"content":{"msgtype":"m.text","body":"un"}}]}
    """#

  @Test("is one room with its name, alone, in a folder and in a ZIP, its topic included")
  func everywhere() throws {
    let bytes = Array(ElementRoomTests.export.utf8)
    let folder = try Folder(["in/room.json": bytes])
    let alone = try folder.write("room.json", bytes)
    let zip = try folder.write("a.zip", storedZip([("room.json", bytes)]))
    for path in [alone, "\(folder.path)/in", zip] {
      var reader = try ArchiveReader(path: path)
      var channels: [Channel] = []
      while let item = try reader.next() {
        switch item {
        case .message(let message, _, _): channels += message.channel.map { [$0] } ?? []
        case .channel(let message, _, _) where message.subject != nil:
          channels += message.channel.map { [$0] } ?? []
        default: break
        }
      }
      #expect(channels.count == 3, "\(path)")
      #expect(Set(channels.map(\.id)) == ["!r:a"], "\(path)")
      #expect(Set(channels.map(\.name)) == ["Salon"], "\(path)")
      #expect(Set(channels.map(\.visibility)) == [.public], "\(path)")
      #expect(reader.exports.counts.map(\.format) == ["element-json"], "\(path)")
    }
  }
}
