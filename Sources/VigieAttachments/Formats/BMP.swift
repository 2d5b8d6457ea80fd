import VigieContainers
package import VigieCore
package import VigieDocuments

/// BMP images, which say nothing but what they show.
///
/// *Source:* [MS-WMF] §2.2.2.9; BITMAPFILEHEADER of the Windows GDI.
package enum BMP: DocumentFormat {
  package static let name = "BMP image"

  /// *Source:* LibreOffice 7.4, `ReadDIBBitmapEx` (vcl/source/bitmap/dibtools.cxx).
  private static let maskSignature: [UInt8] = [0x62, 0x19, 0x09, 0x25, 0x01, 0x02, 0xB2, 0xAC]

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    // The sizes of the headers of all versions.
    bytes.holds([0x42, 0x4D]) && bytes.number(4, at: 6) == 0
      && [12, 16, 40, 52, 56, 64, 108, 124].contains(bytes.number(4, at: 14) ?? 0)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    guard var end = bytes.number(4, at: 2), end >= 26 else { return }
    // Where the picture is packed, some programs state its size as if it were not.
    if end > bytes.byteCount, bytes.number(4, at: 30) ?? 0 > 0, let start = bytes.number(4, at: 10),
      let size = bytes.number(4, at: 34), size > 0
    {
      end = start + size
    }
    if end > bytes.byteCount {
      extraction.miss(.truncated, "BMP image: ends too early", at: place)
    } else {
      // LibreOffice writes what is transparent behind, as one more image or a colour.
      let hasMask = bytes.holds(maskSignature, at: end)
      let rest = min(end + (hasMask ? maskSignature.count + 1 : 0), bytes.byteCount)
      extraction.openStray(bytes, rest..<bytes.byteCount, in: place)
    }
  }
}
