import VigieContainers
package import VigieCore
package import VigieDocuments

/// Images of CDs and DVDs.
///
/// *Source:* ECMA-119 §8 (volume descriptors), §8.4; Joliet Specification §3 (its escapes).
package enum Iso9660: DocumentFormat {
  package static let name = "ISO 9660 image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(Array("CD001".utf8), at: 0x8001)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var end: Int?
    // A handful of descriptors, of a sector each, up to their terminator.
    for sector in 16..<80 {
      let start = sector * 2048
      guard bytes.holds(Array("CD001".utf8), at: start + 1), let type = bytes.byte(at: start),
        type != 255
      else { break }
      guard type == 1 || type == 2 else { continue }
      if type == 1, let blocks = bytes.number(4, at: start + 80),
        let size = bytes.number(2, at: start + 128)
      {
        end = blocks * size
      }
      // %/@, %/C and %/E are the levels of UCS-2.
      let isWide = type == 2 && bytes.holds([0x25, 0x2F], at: start + 88)
      for (name, offset, count) in fields {
        let raw = bytes.array(start + offset..<start + offset + count)
        let text = isWide ? wide(raw) : ContainerText.decode(raw)
        let value = trimmed(text)
        if !value.isEmpty {
          extraction.add(value, at: place, role: .metadata, location: "property \(name)")
        }
      }
    }
    StreamedArchive.extract(bytes, .iso9660, byteCount: end, at: place, into: &extraction)
    // The first sectors belong to whatever starts from the disk.
    extraction.openStray(bytes, 0..<0x8000, in: place)
  }

  /// The texts of a volume descriptor: name, offset, bytes.
  private static let fields = [
    ("system", 8, 32), ("volume", 40, 32), ("volume set", 190, 128), ("publisher", 318, 128),
    ("preparer", 446, 128), ("application", 574, 128),
  ]

  private static func wide(_ raw: [UInt8]) -> String {
    let units = stride(from: 0, to: raw.count - 1, by: 2).map {
      UInt16(raw[$0]) << 8 | UInt16(raw[$0 + 1])
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let last = text.unicodeScalars.last, last.value <= 0x20 {
      text.unicodeScalars.removeLast()
    }
    return String(text)
  }
}
