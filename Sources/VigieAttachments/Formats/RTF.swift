package import VigieCore
package import VigieDocuments

/// Rich Text Format: Word, WordPad and the bodies of Outlook.
package enum RTF: DocumentFormat {
  package static let name = "RTF document"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    let head = unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(64)) }
    // Word asks for no more than this; white space and a mark may stand before it.
    let start = head.firstIndex { $0 > 0x20 && $0 < 0x80 } ?? head.endIndex
    return head[start...].starts(with: Array(#"{\rt"#.utf8))
      && head[..<start].allSatisfy { $0 <= 0x20 || $0 >= 0xBB }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var reader = RTFReader(Octets(bytes).storage, at: place)
    reader.read(into: &extraction)
  }
}
