import VigieContainers
package import VigieCore
package import VigieDocuments

/// JPEG images: EXIF, XMP, IPTC and comments.
///
/// *Source:* ISO/IEC 10918-1 Annex B; Exif 2.32 §4.7; XMP Specification Part 3 §1.1.3 (extended);
/// Photoshop File Formats Specification (APP13).
package enum JPEG: DocumentFormat {
  package static let name = "JPEG image"

  package static func recognizes(_ bytes: RawSpan) -> Bool { bytes.holds([0xFF, 0xD8, 0xFF]) }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var parts = Parts()
    let end = segments(bytes, &parts, at: place, into: &extraction)
    if !parts.resources.isEmpty {
      let span = unsafe parts.resources.span.bytes
      PhotoshopResources.extract(span, at: place, into: &extraction)
    }
    for key in parts.extended.keys.sorted() {
      let pieces = (parts.extended[key] ?? []).sorted { $0.offset < $1.offset }
      XMPPacket.extract(pieces.flatMap(\.bytes), at: place, into: &extraction)
    }
    extraction.addPicture(bytes, at: place)
    guard let end else {
      return extraction.miss(.truncated, "JPEG image: ends too early", at: place)
    }
    if end < bytes.byteCount { extraction.openStray(bytes, end..<bytes.byteCount, in: place) }
  }

  /// What is spread over several segments.
  private struct Parts {
    /// The resources of Photoshop.
    var resources: [UInt8] = []
    /// The pieces of extended XMP packets, by their identifier.
    var extended: [String: [(offset: Int, bytes: [UInt8])]] = [:]
  }

  private static let exif = Array("Exif\0".utf8)
  private static let packet = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  private static let extendedPacket = Array("http://ns.adobe.com/xmp/extension/\0".utf8)
  private static let packetStarts = [Array("<?xpacket begin".utf8), Array("<x:xmpmeta".utf8)]
  /// How far into a segment of another name a packet is looked for, bytes.
  private static let searchedByteCount = 64
  private static let photoshop = Array("Photoshop 3.0\0".utf8)

  /// Goes through the segments.
  ///
  /// - Returns: Where the image ends; `nil` where it does not.
  private static func segments(
    _ bytes: RawSpan,
    _ parts: inout Parts,
    at place: Place,
    into extraction: inout Extraction
  ) -> Int? {
    var offset = 2
    while let mark = bytes.byte(at: offset) {
      guard mark == 0xFF, let kind = bytes.byte(at: offset + 1) else {
        // Between segments there is nothing; within the scan, everything.
        offset += 1
        continue
      }
      switch kind {
      case 0xFF: offset += 1
      case 0xD9: return offset + 2
      case 0x00, 0x01, 0xD0...0xD8: offset += 2
      default:
        guard let count = bytes.number(2, at: offset + 2, isBigEndian: true), count >= 2,
          let range = bytes.range(at: offset + 4, count - 2)
        else { return nil }
        segment(kind, bytes.extracting(range), &parts, at: place, into: &extraction)
        offset = range.upperBound
      }
    }
    return nil
  }

  private static func segment(
    _ kind: UInt8,
    _ data: RawSpan,
    _ parts: inout Parts,
    at place: Place,
    into extraction: inout Extraction
  ) {
    func rest(_ count: Int) -> [UInt8] { data.array(min(count, data.byteCount)..<data.byteCount) }
    switch kind {
    case 0xFE: ImageText.add("Comment", ImageText.decode(rest(0)), at: place, into: &extraction)
    case 0xE1 where data.holds(exif):
      let body = data.extracting(min(6, data.byteCount)..<data.byteCount)
      ExifTags.extract(body, at: place, into: &extraction)
    case 0xE1 where data.holds(packet):
      XMPPacket.extract(rest(packet.count), at: place, into: &extraction)
    case 0xE1 where data.holds(extendedPacket):
      let start = extendedPacket.count
      guard let offset = data.number(4, at: start + 36, isBigEndian: true) else { return }
      let key = String(decoding: data.array(start..<start + 32), as: UTF8.self)
      parts.extended[key, default: []].append((offset, rest(start + 40)))
    case 0xE1:
      // Programs that look for the packet find it whatever its segment is called.
      let start = (0..<JPEG.searchedByteCount).first { place in
        packetStarts.contains { data.holds($0, at: place) }
      }
      if let start { XMPPacket.extract(rest(start), at: place, into: &extraction) }
    case 0xED where data.holds(photoshop): parts.resources += rest(photoshop.count)
    default: break
    }
  }
}
