import VigieContainers
package import VigieCore
package import VigieDocuments

/// HEIC, HEIF and AVIF images: EXIF and XMP.
///
/// *Source:* ISO/IEC 14496-12 §4.2, §8.11 (items); ISO/IEC 23008-12 §A.2 (Exif), §10 (brands).
package enum HEIF: DocumentFormat {
  package static let name = "HEIF image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.holds(Array("ftyp".utf8), at: 4) else { return false }
    return ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"].contains {
      bytes.holds(Array($0.utf8), at: 8)
    }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    ImageText.missPixels(of: "HEIF", at: place, into: &extraction)
    var end = 0
    for box in boxes(bytes, 0..<bytes.byteCount) {
      end = box.body.upperBound
      guard box.kind == "meta" else { continue }
      var items = HEIFItems()
      let body = box.body.dropFirst(4)
      for inner in boxes(bytes, body) {
        switch inner.kind {
        case "iinf": items.readKinds(bytes, inner.body)
        case "iloc": items.readPlaces(bytes, inner.body)
        case "idat": items.data = inner.body
        default: break
        }
      }
      for item in items.metadata(bytes) {
        if item.isExif {
          let span = unsafe item.bytes.span.bytes
          // The TIFF starts after an offset and that many bytes.
          let start = 4 &+ (span.number(4, at: 0, isBigEndian: true) ?? 0)
          guard start <= span.byteCount else { continue }
          ExifTags.extract(span.extracting(start..<span.byteCount), at: place, into: &extraction)
        } else {
          XMPPacket.extract(item.bytes, at: place, into: &extraction)
        }
      }
    }
    if end < bytes.byteCount {
      extraction.miss(.truncated, "HEIF image: ends too early", at: place)
    }
  }

  /// The boxes of a range, in order; it ends where a box does not fit.
  static func boxes(_ bytes: RawSpan, _ range: Range<Int>) -> [(kind: String, body: Range<Int>)] {
    var result: [(String, Range<Int>)] = []
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound, result.count < 10_000 {
      guard var size = bytes.number(4, at: offset, isBigEndian: true) else { break }
      var start = offset + 8
      if size == 1 {
        size = bytes.number(8, at: start, isBigEndian: true) ?? 0
        start += 8
      } else if size == 0 {
        size = range.upperBound - offset
      }
      guard size >= start - offset, size <= range.upperBound - offset else { break }
      let kind = String(decoding: bytes.array(offset + 4..<offset + 8), as: UTF8.self)
      result.append((kind, start..<offset + size))
      offset += size
    }
    return result
  }
}

/// The items of a HEIF image that hold metadata.
private struct HEIFItems {
  private var exif: Set<Int> = []
  private var packets: Set<Int> = []
  private var extents: [Int: [(range: (Int, Int), isInData: Bool)]] = [:]
  private var extentCount = 0
  /// Pieces of items that are looked at; in a sound image an item is of one piece.
  private static let maxExtentCount = 10_000
  /// Where the data within the box of metadata are.
  var data = 0..<0

  /// Reads `iinf`: what each item is.
  mutating func readKinds(_ bytes: RawSpan, _ body: Range<Int>) {
    let version = bytes.byte(at: body.lowerBound) ?? 0
    let skip = version == 0 ? 6 : 8
    guard body.count > skip else { return }
    for entry in HEIF.boxes(bytes, body.dropFirst(skip)) where entry.kind == "infe" {
      let start = entry.body.lowerBound
      // Versions 2 and 3 have the kind; they differ in the width of the identifier.
      let width = bytes.byte(at: start) == 3 ? 4 : 2
      guard let id = bytes.number(width, at: start + 4, isBigEndian: true) else { continue }
      let kind = start + 4 + width + 2
      if bytes.holds(Array("Exif".utf8), at: kind) { exif.insert(id) }
      if bytes.holds(Array("mime".utf8), at: kind) { packets.insert(id) }
    }
  }

  /// Reads `iloc`: where each item is.
  mutating func readPlaces(_ bytes: RawSpan, _ body: Range<Int>) {
    var offset = body.lowerBound
    func take(_ count: Int) -> Int? {
      guard count <= 8 else { return nil }
      defer { offset += count }
      return count == 0 ? 0 : bytes.number(count, at: offset, isBigEndian: true)
    }
    guard let version = take(1), take(3) != nil, let sizes = take(1), let more = take(1),
      let count = take(version < 2 ? 2 : 4)
    else { return }
    for _ in 0..<min(count, 10_000) {
      guard let id = take(version < 2 ? 2 : 4) else { return }
      let method = version > 0 ? (take(2) ?? 0) & 15 : 0
      guard take(2) != nil, let base = take(more >> 4), let extentCount = take(2) else { return }
      for _ in 0..<extentCount {
        self.extentCount += 1
        guard self.extentCount <= HEIFItems.maxExtentCount else { return }
        if version > 0 { _ = take(more & 15) }
        guard let start = take(sizes >> 4), let size = take(sizes & 15) else { return }
        extents[id, default: []].append(((base &+ start, size), method == 1))
      }
    }
  }

  /// The bytes of the items that hold metadata.
  func metadata(_ bytes: RawSpan) -> [(isExif: Bool, bytes: [UInt8])] {
    (exif.sorted() + packets.sorted()).map { id in
      var pieces: [UInt8] = []
      for extent in extents[id] ?? [] {
        let start = extent.isInData ? data.lowerBound &+ extent.range.0 : extent.range.0
        guard let range = bytes.range(at: start, extent.range.1),
          pieces.count + range.count <= bytes.byteCount
        else { break }
        pieces += bytes.array(range)
      }
      return (exif.contains(id), pieces)
    }
  }
}
