import VigieContainers
package import VigieCore
package import VigieDocuments

/// Documents of the Office of the first Windows, and streams of later ones, without the compound file
/// around them.
///
/// *Source:* OpenOffice.org's Documentation of the Microsoft Excel File Format §5.8 (BOF); [MS-DOC]
/// §2.5.2 for what the header of Word 2 shares with it.
package enum BareOffice: DocumentFormat {
  package static let name = "Word 2 document, Excel 2 to 5 sheet"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    isSheet(bytes) || isWord(bytes)
  }

  /// Whether the first record is the start of a sheet: its length by version, then its kind.
  private static func isSheet(_ bytes: RawSpan) -> Bool {
    let lengths: ClosedRange<Int>
    switch bytes.number(2, at: 0) {
    case 0x0009: lengths = 4...4
    case 0x0209, 0x0409: lengths = 6...6
    case 0x0809: lengths = 8...16
    default: return false
    }
    let kinds = [0x05, 0x10, 0x20, 0x40, 0x100]
    return lengths ~= (bytes.number(2, at: 2) ?? 0) && kinds.contains(bytes.number(2, at: 6) ?? 0)
  }

  /// Whether the header of Word 2 or later stands at the start, with text inside of the file.
  private static func isWord(_ bytes: RawSpan) -> Bool {
    guard let magic = bytes.number(2, at: 0), [0xA5DB, 0xA5DC, 0xA5EC].contains(magic),
      let start = bytes.number(4, at: 0x18), let end = bytes.number(4, at: 0x1C)
    else { return false }
    return start >= 0x80 && start < end && end <= bytes.byteCount
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let file = Octets(bytes)
    if isWord(bytes) {
      var word = LegacyWord(main: file, tables: [Octets([]), Octets([])], place: place)
      word.read(into: &extraction)
    } else {
      var excel = LegacyExcel(place: place)
      excel.read(file, into: &extraction)
    }
  }
}
