import Testing
import TestSupport
import VigieText

/// One unit of a text read by the slow way.
struct Unit: Equatable {
  var value: UInt32
  var range: Range<Int>
}

/// Reads a text by asking the standard library which runs of bytes are one scalar; every byte that
/// starts none is a unit of its own.
func units(of bytes: [UInt8]) -> [Unit] {
  var units: [Unit] = []
  var index = 0
  while index < bytes.count {
    var unit = Unit(value: 0xFFFD, range: index..<(index + 1))
    for length in 1...4 where index + length <= bytes.count {
      let range = index..<(index + length)
      if let text = String(validating: bytes[range], as: UTF8.self), text.unicodeScalars.count == 1,
        let scalar = text.unicodeScalars.first
      {
        unit = Unit(value: scalar.value, range: range)
        break
      }
    }
    units.append(unit)
    index = unit.range.upperBound
  }
  return units
}

@Suite("UTF-8 walk")
struct UTF8WalkTests {
  /// Where decoders go wrong, each also cut off and followed by a letter.
  static let hard: [[UInt8]] = [
    [], [0x00], [0x7F], [0x80], [0xBF], [0xFF, 0xFE],
    // Overlong forms of `/`, of U+07FF and U+FFFF.
    [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0xAF],
    [0xF0, 0x8F, 0xBF, 0xBF],
    // The edges of what each lead byte allows.
    [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
    [0xF4, 0x8F, 0xBF, 0xBF],
    // Surrogates, and beyond U+10FFFF.
    [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
    [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
    [0xEE, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
    [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
    // Leads after leads, more continuations than any lead wants, a sequence inside another.
    [0xC3, 0xC3, 0xA9], [0xE2, 0x82, 0xC3, 0xA9], [0xF0, 0x9F, 0x98, 0xF0, 0x9F, 0x98, 0x80],
    [0xC3, 0xA9, 0xA9, 0xA9, 0xA9, 0xA9], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    [0xE2, 0x82, 0xAC, 0x80, 0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0xC3, 0xA9, 0x80],
  ]

  private func check(_ bytes: [UInt8], _ comment: @autoclosure () -> String) {
    let expected = units(of: bytes)
    let span = bytes.span
    var forwards: [Unit] = []
    var index = 0
    while index < span.count {
      let unit = span.scalar(at: index)
      forwards.append(Unit(value: unit.value, range: index..<(index + unit.length)))
      index += unit.length
    }
    var backwards: [Unit] = []
    index = span.count
    while index > 0 {
      let unit = span.scalar(before: index)
      backwards.append(Unit(value: unit.value, range: (index - unit.length)..<index))
      index -= unit.length
    }
    var edges: [Int] = []
    for place in 0...bytes.count { edges.append(span.unitEdge(atOrBefore: place)) }
    let expectedEdges = (0...bytes.count).map { place in
      expected.last { $0.range.lowerBound <= place && place < $0.range.upperBound }?
        .range.lowerBound ?? place
    }
    // One comparison for all: an expectation a byte would be most of the time of the test.
    let agrees =
      forwards == expected && Array(backwards.reversed()) == expected && edges == expectedEdges
    #expect(agrees, "\(comment()): \(bytes) gives \(forwards), \(backwards), \(edges)")
  }

  @Test("hard byte sequences, whole, cut, and beside letters", arguments: UTF8WalkTests.hard)
  func hardCases(_ bytes: [UInt8]) {
    for end in 0...bytes.count {
      check(Array(bytes[..<end]), "cut")
      check([0x61] + bytes[..<end] + [0x62], "beside letters")
      check([0xF0, 0x9F] + bytes[..<end] + [0x80], "beside parts of others")
    }
  }

  @Test("random bytes, walked forwards and backwards, are the same units")
  func random() {
    var generator = SeededGenerator(seed: 2)
    let pool: [UInt8] = [
      0x00, 0x20, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xA9, 0xAC, 0xBF, 0xC0, 0xC1, 0xC2,
      0xC3,
      0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for round in 0..<1_500 {
      let count = Int.random(in: 1...24, using: &generator)
      let bytes = (0..<count).map { _ in
        round % 3 == 0
          ? UInt8.random(in: .min ... .max, using: &generator) : generator.pick(pool)
      }
      check(bytes, "round \(round)")
    }
  }

  @Test("a place far outside the text is its nearest end")
  func outside() {
    let bytes: [UInt8] = [0xC3, 0xA9]
    let edges = [-5, 1, 9].map { bytes.span.unitEdge(atOrBefore: $0) }
    #expect(edges == [0, 0, 2])
  }
}
