import VigieContainers
package import VigieCore
package import VigieDocuments

/// Files packed by LZMA alone, which has no signature: properties that there are, a usual dictionary,
/// a size that is unknown or believable, and the zero that every packed stream starts with.
///
/// *Source:* The .lzma File Format 2021-12-28, §1.1; LZMA Specification (Pavlov), "Range Decoder".
package enum Lzma: DocumentFormat {
  package static let name = "LZMA file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard let properties = bytes.byte(at: 0), properties < 9 * 5 * 5, bytes.byte(at: 13) == 0,
      bytes.holds([0, 0], at: 1), let dictionary = bytes.number(2, at: 3),
      dictionary.nonzeroBitCount == 1
    else { return false }
    // Few choose other properties than the usual ones: then a size that is unknown, as packers of
    // streams write it, tells it from what is no LZMA at all.
    guard properties == 0x5D || bytes.holds([UInt8](repeating: 0xFF, count: 8), at: 5) else {
      return false
    }
    let isUnknown = bytes.holds([UInt8](repeating: 0xFF, count: 8), at: 5)
    return isUnknown || (bytes.number(8, at: 5) ?? .max) < 1 << 38
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    PackedFile.extract(bytes, .lzma, at: place, into: &extraction)
  }
}
