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
