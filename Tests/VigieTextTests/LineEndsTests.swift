import Testing
import VigieText

/// What steps of eight bytes find is what is found byte by byte.
@Suite("Ends of lines")
struct LineEndsTests {
  /// Texts of all lengths up to some steps, in which bytes that only look like line ends by a carry stand beside them.
  private static let texts: [[UInt8]] = {
    var state: UInt64 = 7
    let bytes: [UInt8] = [0x0A, 0x0D, 0x0B, 0x09, 0x8A, 0x8D, 0x00, 0xFF, 0x61]
    return (0..<400).map { number in
      (0..<(number % 40)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return bytes[Int(state >> 40) % bytes.count]
      }
    }
  }()

  @Test("line feeds are counted, and the last one is known")
  func lineFeeds() {
    for text in LineEndsTests.texts {
      for start in stride(from: 0, through: text.count, by: 3) {
        for end in stride(from: start, through: text.count, by: 2) {
          let places = (start..<end).filter { text[$0] == 0x0A }
          let found = text.span.lineFeeds(in: start..<end)
          #expect(found.count == places.count)
          #expect(found.last == places.last ?? -1)
        }
      }
    }
  }

  @Test("the next end of a line is found")
  func lineEnd() {
    for text in LineEndsTests.texts {
      for start in 0...text.count {
        let place = (start..<text.count).first { text[$0] == 0x0A || text[$0] == 0x0D }
        #expect(text.span.lineEnd(from: start) == place ?? text.count)
      }
    }
  }

  @Test("the next end of a line is found up to a bound, and the next line feed")
  func bounded() {
    for text in LineEndsTests.texts {
      for start in stride(from: 0, through: text.count, by: 2) {
        #expect(text.span.lineFeed(from: start) == text[start...].firstIndex(of: 0x0A))
        for end in stride(from: start, through: text.count, by: 3) {
          let place = (start..<end).first { text[$0] == 0x0A || text[$0] == 0x0D }
          #expect(text.span.lineEnd(from: start, to: end) == place ?? end)
        }
      }
    }
  }

  @Test("the start of a line is found, backwards")
  func lineStart() {
    for text in LineEndsTests.texts {
      for end in stride(from: 0, through: text.count, by: 2) {
        for start in stride(from: 0, through: end, by: 3) {
          let place = (start..<end).last { text[$0] == 0x0A || text[$0] == 0x0D }
          #expect(text.span.lineStart(before: end, from: start) == place.map { $0 + 1 } ?? start)
        }
      }
    }
  }
}
