import Testing
import VigieArchives
import VigieCore

@Suite("BSON of mongodump")
struct BSONTests {
  private func number(_ value: Int, _ count: Int = 4) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private func document(_ members: [UInt8]) -> [UInt8] { number(members.count + 5) + members + [0] }

  private func text(_ key: String, _ value: [UInt8]) -> [UInt8] {
    [2] + Array(key.utf8) + [0] + number(value.count + 1) + value + [0]
  }

  private func message(_ body: [UInt8], further: [UInt8] = []) -> [UInt8] {
    document(
      text("_id", Array("a".utf8)) + text("rid", Array("r".utf8)) + text("msg", body)
        + [9] + Array("ts".utf8) + [0] + number(1_780_300_800_000, 8)
        + [3] + Array("u".utf8) + [0] + document(text("username", Array("u".utf8))) + further
    )
  }

  private func read(_ bytes: [UInt8]) throws -> [ArchiveItem] {
    let folder = try Folder()
    let path = try folder.write("rocketchat_message.bson", bytes)
    return try items(path, format: "rocketchat")
  }

  @Test("is told by its first document and read to its end")
  func whole() throws {
    let folder = try Folder()
    let path = try folder.write("x.bson", message(Array("un".utf8)) + message(Array("deux".utf8)))
    #expect(try ArchiveReader(path: path).formatName == "rocketchat")
    let found = try items(path)
    #expect(found.messages.map(\.body) == ["un", "deux"])
    #expect(found.messages.first?.timestamp == "2026-06-01T08:00:00Z")
    #expect(found.gaps.isEmpty)
  }

  @Test("cut anywhere says so")
  func cut() throws {
    let one = message(Array("un".utf8))
    for count in 1..<one.count {
      let found = try read(one + one.prefix(count))
      #expect(found.messages.count == 1 && found.reasons == [.truncated], "cut at \(count)")
    }
  }

  @Test("a length that cannot be, or is over the limit, ends the file with a gap")
  func lengths() throws {
    let one = message(Array("un".utf8))
    for count in [-1, 0, 4, Int(Int32.min)] {
      let found = try read(one + number(count) + one)
      #expect(found.messages.count == 1 && found.reasons == [.corrupt])
    }
    #expect(try read(one + number(Int(Int32.max)) + one).reasons == [.limit])
  }

  @Test("goes on after a document that is damaged within its length")
  func damaged() throws {
    let one = message(Array("un".utf8))
    var deep = document([])
    for _ in 0..<200 { deep = document([3, 97, 0] + deep) }
    // A member of no known kind, a string longer than its document, and too many within one another.
    let further: [[UInt8]] = [[0x42, 97, 0], [2, 97, 0] + number(1 << 20), [3, 97, 0] + deep]
    for members in further {
      let found = try read(one + message(Array("x".utf8), further: members) + one)
      #expect(found.messages.count == 2 && found.reasons == [.corrupt])
    }
  }

  @Test("what is no UTF-8 is repaired and noted")
  func encoding() throws {
    let found = try read(message([0x61, 0xFF, 0x62]))
    #expect(found.messages.first?.body == "a\u{FFFD}b")
    #expect(found.messages.first?.gaps.map(\.reason) == [.encoding])
  }
}
