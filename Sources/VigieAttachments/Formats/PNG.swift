import VigieContainers
package import VigieCore
package import VigieDocuments

/// PNG images: text chunks, EXIF and XMP.
///
/// *Source:* PNG Specification, Third Edition, §5 (chunks), §11.3.3 (text), §11.3.4 (`eXIf`).
package enum PNG: DocumentFormat {
  package static let name = "PNG image"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    extraction.addPicture(bytes, at: place)
    var offset = 8
    while let count = bytes.number(4, at: offset, isBigEndian: true) {
      let kind = String(decoding: bytes.array(offset + 4..<offset + 8), as: UTF8.self)
      guard let range = bytes.range(at: offset + 8, count) else { break }
      let data = bytes.extracting(range)
      switch kind {
      case "tEXt", "zTXt", "iTXt": text(kind, data, at: place, into: &extraction)
      case "eXIf": ExifTags.extract(data, at: place, into: &extraction)
      case "IEND":
        let end = min(range.upperBound + 4, bytes.byteCount)
        return extraction.openStray(bytes, end..<bytes.byteCount, in: place)
      default: break
      }
      // The checksum follows.
      offset = range.upperBound + 4
    }
    extraction.miss(.truncated, "PNG image: ends too early", at: place)
  }

  private static func text(
    _ kind: String,
    _ data: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    guard let zero = data.firstOffset(of: [0], in: 0..<data.byteCount) else { return }
    let keyword = ImageText.decode(data.array(0..<zero))
    var start = zero + 1
    var isPacked = kind == "zTXt"
    if kind == "zTXt" { start += 1 }
    var translated: [UInt8] = []
    if kind == "iTXt" {
      isPacked = data.byte(at: start) == 1
      start += 2
      guard let language = data.firstOffset(of: [0], in: start..<max(start, data.byteCount)),
        let title = data.firstOffset(of: [0], in: language + 1..<max(language + 1, data.byteCount))
      else { return }
      translated = data.array(language + 1..<title)
      start = title + 1
    }
    guard start <= data.byteCount else { return }
    var value = data.array(start..<data.byteCount)
    if isPacked {
      let packed = data.extracting(start..<data.byteCount)
      let unpacked = Unpacked.inflate(packed, .zlib, into: &extraction, at: place)
      if unpacked.state == .corrupt || unpacked.state == .truncated {
        extraction.miss(.corrupt, "PNG image: a packed text is damaged", at: place)
      }
      value = unpacked.bytes
    }
    ImageText.add("keyword", ImageText.decode(translated), at: place, into: &extraction)
    add(keyword, value, at: place, into: &extraction)
  }

  private static func add(
    _ keyword: String,
    _ value: [UInt8],
    at place: Place,
    into extraction: inout Extraction
  ) {
    if keyword == "XML:com.adobe.xmp" {
      return XMPPacket.extract(value, at: place, into: &extraction)
    }
    if keyword.hasPrefix("Raw profile type "), let profile = profile(value) {
      return add(profile: profile, at: place, into: &extraction)
    }
    let isCustom = !keywords.contains(keyword)
    let text = ImageText.decode(value)
    ImageText.add(keyword, text, isCustom: isCustom, at: place, into: &extraction)
  }

  /// Keywords of the specification.
  private static let keywords: Set<String> = [
    "Title", "Author", "Description", "Copyright", "Creation Time", "Software", "Disclaimer",
    "Warning", "Source", "Comment", "Collection",
  ]

  /// The bytes that ImageMagick writes as text: a name, a count, then digits in base 16.
  private static func profile(_ value: [UInt8]) -> [UInt8]? {
    let lines = value.split(separator: 0x0A, omittingEmptySubsequences: true)
    guard lines.count >= 3 else { return nil }
    let digits = lines.dropFirst(2).joined().compactMap {
      Character(Unicode.Scalar($0)).hexDigitValue
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  private static func add(
    profile: [UInt8],
    at place: Place,
    into extraction: inout Extraction
  ) {
    let bytes = unsafe profile.span.bytes
    if bytes.holds(Array("Exif\0\0".utf8)) {
      let body = bytes.extracting(6..<bytes.byteCount)
      ExifTags.extract(body, at: place, into: &extraction)
    } else if bytes.holds(Array("8BIM".utf8)) {
      PhotoshopResources.extract(bytes, at: place, into: &extraction)
    } else if bytes.byte(at: 0) == 0x1C {
      IPTC.extract(bytes, at: place, into: &extraction)
    } else if let start = bytes.firstOffset(of: [0x3C], in: 0..<min(64, bytes.byteCount)) {
      XMPPacket.extract(Array(profile[start...]), at: place, into: &extraction)
    }
  }
}
