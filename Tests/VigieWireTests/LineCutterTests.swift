import Testing

@testable import VigieWire

@Suite("Lines of a stream")
struct LineCutterTests {
  /// The lines of a text that comes in pieces of some bytes.
  private func lines(_ text: String, pieces: Int, limit: Int = 10) -> [LineCutter.Line] {
    var cutter = LineCutter(limit: limit)
    var found: [LineCutter.Line] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      cutter.add(bytes[start..<min(start + pieces, bytes.count)])
      while let line = cutter.next() { found.append(line) }
    }
    if let line = cutter.last() { found.append(line) }
    return found
  }

  @Test("the lines are the same however they come", arguments: 1...12)
  func pieces(_ count: Int) {
    #expect(
      lines("ab\r\n\ncd\n0123456789\n01234567890\nend", pieces: count) == [
        .whole(Array("ab".utf8)), .whole([]), .whole(Array("cd".utf8)),
        .whole(Array("0123456789".utf8)), .tooLong, .whole(Array("end".utf8)),
      ]
    )
  }

  @Test("a line without end is one line that is too long, and is not held", arguments: [1, 7, 64])
  func endless(_ count: Int) {
    let text = String(repeating: "x", count: 5_000)
    #expect(lines(text, pieces: count) == [.tooLong])
    #expect(lines(text + "\na", pieces: count) == [.tooLong, .whole([0x61])])
  }
}
