import Foundation
import Testing
import VigieArchives
import VigieCore

@Suite("Times")
struct TimestampTests {
  @Test("agree with Foundation over nine thousand years, and end with them")
  func agree() throws {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var generator = SplitMix(state: 5)
    // From the adoption of the Gregorian calendar on, where both count alike.
    let range = -12_219_292_800_000..<253_402_300_800_000
    var lines: [String] = []
    var expected: [String] = []
    for _ in 0..<500 {
      let milliseconds = Int.random(in: range, using: &generator) / 1000 * 1000 + 7
      lines.append(
        "{\"id\":\"x\",\"text\":\"t\",\"type\":\"m\",\"origin_server_ts\":\(milliseconds)}"
      )
      expected.append(
        formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
      )
    }
    let export = """
      {"room_name":"r","exported_by":"x","messages":[\(lines.joined(separator: ","))]}
      """
    let folder = try Folder()
    let found = try items(try folder.write("a.json", export)).messages
    #expect(found.map(\.timestamp) == expected)
    let beyond = """
      {"room_name":"r","exported_by":"x","messages":[{"type":"m","origin_server_ts":1e18},\
      {"type":"m","origin_server_ts":0}]}
      """
    #expect(
      try items(try folder.write("b.json", beyond)).messages.map(\.timestamp)
        == [nil, "1970-01-01T00:00:00Z"]
    )
  }
}
