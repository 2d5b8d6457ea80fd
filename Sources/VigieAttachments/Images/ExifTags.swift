import VigieContainers
import VigieCore
import VigieDocuments

/// The texts in the tags of a TIFF, which are also those of EXIF.
///
/// *Source:* TIFF 6.0 §2; BigTIFF of libtiff 4.0; Exif 2.32 (CIPA DC-008) §4.6; XMP Specification Part 3 (700); Windows
/// Imaging Component, photo metadata (0x9C9B to 0x9C9F).
struct ExifTags {
  private let isBigEndian: Bool
  /// Whether counts and offsets have 8 bytes, as in BigTIFF.
  private let isBig: Bool
  private var seen: Set<Int> = []
  /// Directories that wait, by offset.
  private var waiting: [Int]
  /// Where texts and gaps lie.
  private let place: Place
  private let depth: Int
  /// Bytes of values that were read; many tags may name the same ones.
  private var valueByteCount = 0
  /// Whether a directory or value lies outside the data.
  private var isCutOff = false

  /// Directories of one image that are looked at.
  private static let maxDirectoryCount = 1_000
  /// Tags in resources in tags; a camera or program writes one of them in the other.
  private static let maxDepth = 3

  /// Adds every text of a TIFF or of EXIF data, which start alike.
  ///
  /// - Parameters:
  ///   - bytes: From the mark of the order of bytes on.
  ///   - depth: How many resources and tags lie around them: each may hold the other.
  ///   - place: Where texts and gaps lie.
  ///   - extraction: Where they go.
  /// - Returns: Whether there is a TIFF at all.
  @discardableResult
  static func extract(
    _ bytes: RawSpan,
    depth: Int = 0,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    guard depth <= maxDepth else {
      extraction.miss(.limit, "tags of the image lie too deep in one another", at: place)
      return true
    }
    let isBigEndian = bytes.holds([0x4D, 0x4D])
    guard isBigEndian || bytes.holds([0x49, 0x49]),
      let magic = bytes.number(2, at: 2, isBigEndian: isBigEndian), magic == 42 || magic == 43
    else { return false }
    let isBig = magic == 43
    guard
      let first = bytes.number(isBig ? 8 : 4, at: isBig ? 8 : 4, isBigEndian: isBigEndian)
    else { return false }
    var tags = ExifTags(
      isBigEndian: isBigEndian,
      isBig: isBig,
      waiting: [first],
      place: place,
      depth: depth
    )
    tags.walk(bytes, &extraction)
    return true
  }

  private mutating func walk(_ bytes: RawSpan, _ extraction: inout Extraction) {
    while let offset = waiting.popLast() {
      guard offset > 0, seen.insert(offset).inserted else { continue }
      guard seen.count <= ExifTags.maxDirectoryCount else {
        extraction.miss(.limit, "the image has too many directories of tags", at: place)
        break
      }
      let (head, width) = isBig ? (8, 20) : (2, 12)
      guard let count = number(bytes, head, at: offset), count <= bytes.byteCount / width else {
        isCutOff = true
        continue
      }
      for index in 0..<count {
        let entry = offset + head + index * width
        guard bytes.range(at: entry, width) != nil else {
          isCutOff = true
          break
        }
        read(bytes, entry, &extraction)
      }
      if let next = number(bytes, isBig ? 8 : 4, at: offset + head + count * width) {
        waiting.append(next)
      }
    }
    if isCutOff {
      extraction.miss(.truncated, "tags of the image lie outside of it", at: place)
    }
  }

  private func number(_ bytes: RawSpan, _ count: Int, at offset: Int) -> Int? {
    bytes.number(count, at: offset, isBigEndian: isBigEndian)
  }

  private mutating func read(_ bytes: RawSpan, _ entry: Int, _ extraction: inout Extraction) {
    guard let tag = number(bytes, 2, at: entry), let type = number(bytes, 2, at: entry + 2),
      let count = number(bytes, isBig ? 8 : 4, at: entry + 4)
    else { return }
    let size = [1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4, 16: 8, 18: 8, 129: 1][type] ?? 0
    guard size > 0, count > 0, count <= bytes.byteCount else {
      if size > 0, count > 0 { isCutOff = true }
      return
    }
    let isText = type == 2 || type == 129 || ExifTags.names[tag] != nil
    guard isText || ExifTags.directories.contains(tag) else { return }
    let (field, room) = isBig ? (entry + 12, 8) : (entry + 8, 4)
    let start = count * size <= room ? field : number(bytes, room, at: field) ?? -1
    guard let range = bytes.range(at: start, count * size) else {
      isCutOff = true
      return
    }
    if ExifTags.directories.contains(tag) {
      guard size >= 4 else { return }
      for index in 0..<min(count, ExifTags.maxDirectoryCount) {
        if let offset = number(bytes, size, at: start + index * size) { waiting.append(offset) }
      }
      return
    }
    valueByteCount += range.count
    guard valueByteCount <= 4 * bytes.byteCount, extraction.hasRoom else {
      return extraction.miss(.limit, "tags of the image name the same bytes again", at: place)
    }
    value(tag, bytes.array(range), &extraction)
  }

  private func value(_ tag: Int, _ raw: [UInt8], _ extraction: inout Extraction) {
    let name = ExifTags.names[tag] ?? "tag \(String(tag, radix: 16))"
    switch tag {
    case 0x02BC: XMPPacket.extract(raw, at: place, into: &extraction)
    case 0x83BB: unsafe IPTC.extract(raw.span.bytes, at: place, into: &extraction)
    case 0x8649:
      unsafe PhotoshopResources.extract(
        raw.span.bytes,
        depth: depth + 1,
        at: place,
        into: &extraction
      )
    case 0x9C9B...0x9C9F:
      let text = ImageText.wide(raw, isBigEndian: false)
      ImageText.add(name, text, at: place, into: &extraction)
    case 0x9286, 0x001B, 0x001C:
      ImageText.add(name, comment(raw), at: place, into: &extraction)
    default: ImageText.add(name, ImageText.decode(raw), at: place, into: &extraction)
    }
  }

  /// The text of a comment that names its character code in eight bytes.
  private func comment(_ raw: [UInt8]) -> String {
    guard raw.count >= 8 else { return ImageText.decode(raw) }
    let body = Array(raw.dropFirst(8))
    if raw.starts(with: Array("UNICODE\0".utf8)) {
      // Written in the order of the file, or of the machine: the half with zeros is the high one.
      let even = stride(from: 0, to: body.count, by: 2).count { body[$0] == 0 }
      let odd = stride(from: 1, to: body.count, by: 2).count { body[$0] == 0 }
      let isBig = even == odd ? isBigEndian : even > odd
      return ImageText.wide(body, isBigEndian: isBig)
    }
    let isNamed = ["ASCII\0\0\0", "JIS\0\0\0\0\0", "\0\0\0\0\0\0\0\0"].contains {
      raw.starts(with: Array($0.utf8))
    }
    return ImageText.decode(isNamed ? body : raw)
  }

  /// Tags that lead to further directories: SubIFDs, Exif, GPS, Interoperability.
  private static let directories: Set<Int> = [0x014A, 0x8769, 0x8825, 0xA005]

  /// The names of tags that hold text, some in bytes of another type.
  private static let names: [Int: String] = [
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model",
    0x011D: "PageName", 0x0131: "Software", 0x0132: "DateTime", 0x013B: "Artist",
    0x013C: "HostComputer", 0x0151: "TargetPrinter", 0x02BC: "XMP", 0x83BB: "IPTC",
    0x8298: "Copyright", 0x8649: "ImageResources", 0x9286: "UserComment",
    0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject", 0x001B: "GPSProcessingMethod", 0x001C: "GPSAreaInformation",
    0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName", 0xA431: "BodySerialNumber",
    0xA433: "LensMake", 0xA434: "LensModel", 0xA436: "ImageTitle", 0xA437: "Photographer",
    0xA438: "ImageEditor", 0xC614: "UniqueCameraModel", 0xC65B: "CameraCalibrationSignature",
    0xC6F8: "ProfileName", 0xC6FE: "ProfileCopyright", 0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized", 0x80E4: "ImageReferencePoints", 0xA480: "GDALMetadata",
  ]
}
