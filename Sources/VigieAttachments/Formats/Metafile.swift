package import VigieCore
package import VigieDocuments

/// Windows metafiles (EMF, WMF): pictures that draw their text as text.
///
/// *Source:* [MS-EMF] §2.3; [MS-EMFPLUS] §2.3.4; [MS-WMF] §2.3.
package enum Metafile: DocumentFormat {
  package static let name = "Windows metafile (EMF, WMF)"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    let head = Octets(unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(64)) })
    return isEnhanced(head) || isPlain(head)
  }

  /// The header of an EMF, which has its signature in the middle.
  private static func isEnhanced(_ head: Octets) -> Bool {
    head.u32(0) == 1 && head.u32(40) == 0x464D_4520
  }

  /// The header of a WMF, with or without one that says where to place it.
  private static func isPlain(_ head: Octets) -> Bool {
    if head.u32(0) == 0x9AC6_CDD7 { return true }
    let version = head.u16(4)
    return head.u16(0) == 1 && head.u16(2) == 9 && (version == 0x300 || version == 0x100)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let file = Octets(bytes)
    var reader = MetafileReader()
    let isWhole = isEnhanced(file) ? reader.readEnhanced(file) : reader.readPlain(file)
    if !isWhole {
      extraction.miss(.truncated, "metafile: it ends before its last record", at: place)
    }
    extraction.add(reader.text, at: place, role: .bodyText, location: place.location)
  }
}
