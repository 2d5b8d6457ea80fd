import Testing
import VigieCore
import VigieDocuments
@testable import VigieContainers

@Suite("Zstandard")
struct ZstandardTests {
  private let place = Place(part: .attachment(0), role: .bodyText)

  /// A block: what its bytes are, whether it is the last, and how many bytes it says.
  private func block(_ kind: Int, _ bytes: [UInt8], count: Int? = nil, isLast: Bool = true)
    -> [UInt8]
  {
    let head = (isLast ? 1 : 0) | kind << 1 | (count ?? bytes.count) << 3
    return [UInt8(head & 0xFF), UInt8(head >> 8 & 0xFF), UInt8(head >> 16)] + bytes
  }

  /// A frame with a window, that says nothing of its length.
  private func frame(_ blocks: [UInt8]...) -> [UInt8] {
    [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58] + blocks.joined()
  }

  private func raw(_ text: String, isLast: Bool = true) -> [UInt8] {
    block(0, Array(text.utf8), isLast: isLast)
  }

  private func whole(_ bytes: [UInt8], _ limits: DocumentLimits = DocumentLimits()) -> [UInt8]? {
    var extraction = Extraction(limits: limits) { _, _, _ in }
    return unsafe WholeZstandard.unpack(bytes.span.bytes, into: &extraction, at: place)?.bytes
  }

  @Test("frames of every kind of block are unpacked at once, one after the other")
  func frames() {
    let repeated = block(1, [0x61], count: 5)
    let skipped: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let first = frame(raw("hush ", isLast: false), repeated)
    #expect(whole(first) == Array("hush aaaaa".utf8))
    #expect(whole(skipped + first + frame(raw("!"))) == Array("hush aaaaa!".utf8))
    // A frame of one segment says its length in one byte.
    #expect(whole([0x28, 0xB5, 0x2F, 0xFD, 0x20, 2] + raw("ab")) == Array("ab".utf8))
    // What `zstd` makes of eight words, with a checksum.
    let packed: [UInt8] = [
      0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x65, 0x00, 0x00, 0x30, 0x68, 0x75, 0x73, 0x68, 0x20,
      0x0A, 0x01, 0x00, 0x70, 0x8A, 0x16, 0x0E, 0x42, 0x44, 0xDC,
    ]
    #expect(whole(packed) == Array("hush hush hush hush hush hush hush hush\n".utf8))
  }

  @Test("what is damaged or too much is left to who looks at each piece")
  func others() {
    let sound = frame(raw("hush"))
    for count in 0..<sound.count where count > 0 {
      #expect(whole(Array(sound.prefix(count))) == nil)
    }
    #expect(whole([0] + sound) == nil)
    #expect(whole([0x5A, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 1]) == nil)
    #expect(whole(sound + sound.dropLast()) == nil)
    #expect(whole(frame(block(3, [1]))) == nil)
    // It says another length than it has.
    #expect(whole([0x28, 0xB5, 0x2F, 0xFD, 0x20, 3] + raw("ab")) == nil)
    #expect(whole(sound, DocumentLimits(maxUnpackedByteCount: 3)) == nil)
    // More than a member may have in the end, and nobody has made it by then.
    let much = frame(
      block(1, [0x61], count: 1 << 17, isLast: false) + block(1, [0x61], count: 1 << 17)
    )
    #expect(whole(much)?.count == 1 << 18)
    #expect(whole(much, DocumentLimits(maxMemberByteCount: 1 << 17)) == nil)
    let bomb = (0..<64).flatMap { block(1, [0x61], count: 1 << 17, isLast: $0 == 63) }
    #expect(whole(frame(bomb)) == nil)
  }

  @Test(
    "what follows the frames is told from them, and hides none of them",
    arguments: ["s", "stray words"]
  )
  func stray(_ text: String) {
    let sound = frame(raw("hush"))
    let bytes = sound + Array(text.utf8)
    var extraction = Extraction(limits: DocumentLimits()) { _, _, _ in }
    let result = unsafe ArchiveReading.unpack(bytes.span.bytes, .zstd, into: &extraction, at: place)
    #expect(result.bytes == Array("hush".utf8))
    #expect(result.packedByteCount == sound.count)
    #expect(extraction.gaps.isEmpty)
  }
}
