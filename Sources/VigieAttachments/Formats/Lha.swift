import VigieContainers
package import VigieCore
package import VigieDocuments

/// LHA archives.
///
/// *Source:* lha(5) header levels 0 to 2: the method, `-lh0-` to `-lhx-` or `-lzs-`, at offset 2.
package enum Lha: DocumentFormat {
  package static let name = "LHA archive"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.byte(at: 2) == UInt8(ascii: "-"), bytes.byte(at: 3) == UInt8(ascii: "l"),
      bytes.byte(at: 6) == UInt8(ascii: "-"), let level = bytes.byte(at: 20)
    else { return false }
    return [UInt8(ascii: "h"), UInt8(ascii: "z")].contains(bytes.byte(at: 4) ?? 0) && level <= 3
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    StreamedArchive.extract(bytes, .lha, at: place, into: &extraction)
  }
}
