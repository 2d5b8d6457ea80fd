import Testing
import VigieDocuments

@Suite("Encoding of a text")
struct TextEncodingTests {
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
