import VigieContainers
package import VigieCore
package import VigieDocuments
import VigiePDF

/// PDF: the text of the pages, and everything else in the file that says something.
package enum PDF: DocumentFormat {
  package static let name = "PDF"

  /// Where the header may begin; readers look for it in so many bytes.
  ///
  /// *Source:* ISO 32000-1 Annex H.3, note 13.
  static let headByteCount = 1_024

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    let head = 0..<min(bytes.byteCount, headByteCount)
    guard let start = bytes.firstOffset(of: "%PDF-", in: head) else { return endsAsPDF(bytes) }
    if start == 0 { return true }
    // A text that speaks of PDF has no body of one.
    guard Signature.kind(of: bytes) == nil else { return false }
    let tail = max(0, bytes.byteCount - 4_096)..<bytes.byteCount
    return bytes.firstOffset(of: "%%EOF", in: tail) != nil
      || bytes.firstOffset(of: "startxref", in: tail) != nil
  }

  /// Whether the end says where the table of objects stands, and one stands there: many programs open that, whatever it
  /// begins with.
  ///
  /// *Source:* ISO 32000-1 §7.5.5 (`startxref`), §7.5.4 and §7.5.8 (tables and streams of references).
  private static func endsAsPDF(_ bytes: RawSpan) -> Bool {
    let tail = max(0, bytes.byteCount - headByteCount)..<bytes.byteCount
    guard let word = bytes.firstOffset(of: "startxref", in: tail), Signature.kind(of: bytes) == nil
    else { return false }
    var offset = word + 9
    while offset < bytes.byteCount, bytes[byte: offset] <= 0x20 { offset += 1 }
    var place = 0
    while offset < bytes.byteCount, bytes[byte: offset].isDigit, place < bytes.byteCount {
      place = place * 10 + Int(bytes[byte: offset] - 0x30)
      offset += 1
    }
    guard place > 0, place < word else { return false }
    let start = place..<min(word, place + 32)
    return bytes.firstOffset(of: "xref", in: start) != nil
      || bytes.firstOffset(of: " obj", in: start) != nil
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    SeldomUsed.need(.all)
    var reading = PDFReading(place: place, after: extraction)
    do throws(PDFFile.Failure) {
      try PDFFile.read(bytes) { file in
        reading.readObjects(of: file)
        reading.addProperties(to: &extraction)
        reading.readPages(bytes, of: file, to: &extraction)
        reading.readAttachments(of: file, to: &extraction)
        reading.checkPages(of: file, in: &extraction)
      }
    } catch {
      reading.fileFailure = error
      reading.readPackets(in: bytes)
      reading.addProperties(to: &extraction)
      reading.readPages(bytes, of: nil, to: &extraction)
    }
    reading.readRevisions(bytes, to: &extraction)
    reading.addGaps(bytes, to: &extraction)
  }
}

extension RawSpan {
  /// The offset of the first place of a text within a range.
  func firstOffset(of text: StaticString, in range: Range<Int>) -> Int? {
    firstOffset(of: text.withUTF8Buffer { unsafe Array($0) }, in: range)
  }

  /// The byte at an offset.
  subscript(byte offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
