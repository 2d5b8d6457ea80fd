import TestSupport
import Testing
import VigieDocuments

@Suite("Encoding of a text")
struct TextEncodingTests {
  @Test("letters and bad bytes are counted wherever they stand")
  func shape() {
    for offset in 0..<24 {
      for gap in 0..<20 {
        let text = String(repeating: "a", count: offset) + "é" + String(repeating: "b", count: gap)
        let bytes = Array((text + "€😀").utf8) + [0xC3] + Array(text.utf8) + [0xFF]
        let shape = unsafe UTF8Shape(bytes.span.bytes)
        #expect(shape.sequenceCount == 4 && shape.badByteCount == 2)
      }
    }
  }

  @Test(
    "blocks of letters of two bytes are counted as one letter after the other is",
    arguments: 0..<8 as Range<UInt64>
  )
  func blocks(_ seed: UInt64) {
    let pieces: [[UInt8]] =
      ["a", " ", "é", "ß", "ж", "\u{80}", "\u{7FF}", "€", "😀"].map { Array($0.utf8) }
      + [[0xC3], [0x80], [0xC0], [0xC1], [0xE2, 0x82], [0xFF]]
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      // Most texts are of a few pieces, so that whole blocks of them come.
      let count = Int.random(
        in: 2...(Bool.random(using: &generator) ? 7 : pieces.count),
        using: &generator
      )
      let length = Int.random(in: 0...300, using: &generator)
      var bytes = (0..<length).flatMap { _ in pieces[Int.random(in: 0..<count, using: &generator)] }
      if Bool.random(using: &generator) {
        bytes += pieces[Int.random(in: 9..<pieces.count, using: &generator)]
      }
      let shape = unsafe UTF8Shape(bytes.span.bytes)
      #expect(shape == plainly(bytes), "\(bytes)")
    }
  }

  /// The same count, letter by letter.
  private func plainly(_ bytes: [UInt8]) -> UTF8Shape {
    let nothing: [UInt8] = []
    var shape = unsafe UTF8Shape(nothing.span.bytes)
    var rest = bytes[...]
    while let first = rest.first {
      let length = (1...4).first { length in
        rest.count >= length && String(validating: rest.prefix(length), as: UTF8.self) != nil
      }
      if length == nil {
        shape.badByteCount += 1
      } else if first >= 0x80 {
        shape.sequenceCount += 1
      }
      rest = rest.dropFirst(length ?? 1)
    }
    return shape
  }

  @Test("control characters are counted wherever they stand", arguments: [0, 1, 0x1F, 0x7F])
  func placesOfControls(_ control: UInt8) {
    // One in sixteen is still a text.
    for step in 2...15 {
      var bytes = [UInt8](repeating: 0x61, count: 256)
      for index in 0..<16 { bytes[index * step] = control }
      #expect(detect(bytes) == .utf8(markByteCount: 0))
      bytes[255] = control
      #expect(detect(bytes) == nil)
    }
  }

  private func detect(_ bytes: [UInt8]) -> TextEncoding? {
    unsafe TextEncoding.detect(bytes.span.bytes)
  }

  @Test("an escape is seen at every offset, whatever stands around it", arguments: 0..<24)
  func escape(at offset: Int) {
    var bytes = [UInt8](repeating: 0x7E, count: 24)
    bytes.insert(contentsOf: [0x1B, 0x24, 0x42], at: offset)
    #expect(detect(bytes) == .escaped)
  }

  @Test(
    "control characters, DEL among them, make binary data of it",
    arguments: [0x01, 0x1F, 0x7F] as [UInt8]
  )
  func controls(_ control: UInt8) {
    let text = [UInt8](repeating: 0x20, count: 15)
    let few = [UInt8]([[UInt8]](repeating: text + [0x20], count: 20).joined())
    #expect(detect(few) == .utf8(markByteCount: 0))
    let many = [UInt8](
      [[UInt8]](repeating: text.dropLast(2) + [control, control], count: 20).joined()
    )
    #expect(detect(many) == nil)
    #expect(detect(many.map { $0 == control ? 0x09 : $0 }) == .utf8(markByteCount: 0))
    #expect(detect(many.map { $0 == control ? 0xE9 : $0 }) == .windows1252)
  }
}
