import TestSupport
import Testing
import VigieScanning

@Suite("the signs of a text")
struct SignSetTests {
  private static let strings: [(kind: SignSet.Kinds, strings: [String])] = [
    (.code, ["==", "=> ", "::", "def ", "grep "]),
    (.notation, ["</", "=\""]),
    (.placeholder, ["{{", "...", "xxx", "\u{2610}"]),
    (.forward, ["Forwarded by", "Message d\u{2019}origine"]),
  ]

  @Test("are those that stand in it anywhere, at its start and its end too")
  func naive() {
    let set = SignSet(SignSetTests.strings)
    var generator = SeededGenerator(seed: 41)
    // What has the same five lowest bits as a sign is none: D and d, ] and =.
    let pieces =
      SignSetTests.strings.flatMap(\.strings) + [
        "=", "]", ":", "de", "DEF ", "f", ".", "x", "\u{2611}",
      ]
    for round in 0..<3_000 {
      let parts = (0..<Int.random(in: 0...4, using: &generator)).map { _ -> String in
        let piece = generator.pick(pieces)
        return generator.once(in: 3) ? String(piece.unicodeScalars.dropLast()) : piece
      }
      let bytes = Array(parts.joined(separator: generator.pick(["", " "])).utf8)
      let end = Int.random(in: 0...bytes.count, using: &generator)
      let range = Int.random(in: 0...end, using: &generator)..<end
      let sought = SignSet.Kinds(rawValue: UInt8.random(in: 0...15, using: &generator))
      var expected: SignSet.Kinds = []
      for (kind, strings) in SignSetTests.strings where sought.contains(kind) {
        let stands = strings.contains { string in
          let sign = Array(string.utf8)
          return range.indices.contains { bytes[$0..<range.upperBound].starts(with: sign) }
        }
        if stands { expected.insert(kind) }
      }
      #expect(set.kinds(of: sought, in: bytes.span, range) == expected, "round \(round)")
    }
  }
}
