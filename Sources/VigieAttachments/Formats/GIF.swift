import VigieContainers
package import VigieCore
package import VigieDocuments

/// GIF images: comments, plain text and XMP.
///
/// *Source:* GIF89a Specification §17 to §27; XMP Specification Part 3 §1.1.2.
package enum GIF: DocumentFormat {
  package static let name = "GIF image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("GIF87a".utf8)) || bytes.holds(Array("GIF89a".utf8))
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    var offset = 13 + colorByteCount(bytes.byte(at: 10))
    while let mark = bytes.byte(at: offset) {
      switch mark {
      case 0x3B:
        return extraction.openStray(bytes, offset + 1..<bytes.byteCount, in: place)
      case 0x2C:
        // The descriptor, its colours and the width of codes, then the pixels.
        offset += 11 + colorByteCount(bytes.byte(at: offset + 9))
        skip(bytes, &offset)
      case 0x21:
        let kind = bytes.byte(at: offset + 1)
        offset += 2
        block(kind, bytes, &offset, at: place, into: &extraction)
      // Fill between blocks, which some programs leave.
      case 0: offset += 1
      default:
        extraction.miss(.corrupt, "GIF image: damaged", at: place)
        return extraction.openStray(bytes, offset..<bytes.byteCount, in: place)
      }
    }
    extraction.miss(.truncated, "GIF image: ends too early", at: place)
  }

  /// The bytes of a table of colours by the flags that announce it.
  private static func colorByteCount(_ flags: UInt8?) -> Int {
    guard let flags, flags & 0x80 != 0 else { return 0 }
    return 3 << (Int(flags & 7) + 1)
  }

  private static func skip(_ bytes: RawSpan, _ offset: inout Int) {
    while let count = bytes.byte(at: offset) {
      offset += 1 + Int(count)
      if count == 0 { return }
    }
  }

  private static func joined(_ bytes: RawSpan, _ offset: inout Int) -> [UInt8] {
    var result: [UInt8] = []
    while let count = bytes.byte(at: offset) {
      result += bytes.array(offset + 1..<offset + 1 + Int(count))
      offset += 1 + Int(count)
      if count == 0 { break }
    }
    return result
  }

  private static func block(
    _ kind: UInt8?,
    _ bytes: RawSpan,
    _ offset: inout Int,
    at place: Place,
    into extraction: inout Extraction
  ) {
    switch kind {
    case 0xFE:
      let text = ImageText.decode(joined(bytes, &offset))
      ImageText.add("Comment", text, at: place, into: &extraction)
    case 0x01:
      offset += 1 + Int(bytes.byte(at: offset) ?? 0)
      let text = ImageText.decode(joined(bytes, &offset))
      extraction.add(text, at: place, role: .bodyText)
    case 0xFF where bytes.holds(Array("XMP DataXMP".utf8), at: offset + 1):
      // The packet stands as it is; the blocks find its end by 258 bytes that count down.
      let start = offset + 12
      offset = start
      skip(bytes, &offset)
      let packet = bytes.array(start..<max(start, offset - 258))
      XMPPacket.extract(packet, at: place, into: &extraction)
    default: skip(bytes, &offset)
    }
  }
}
