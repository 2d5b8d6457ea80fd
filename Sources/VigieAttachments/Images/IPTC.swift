import VigieContainers
import VigieCore
import VigieDocuments

/// The texts that press agencies put into images.
///
/// *Source:* IPTC-NAA Information Interchange Model 4.2, §1.5 (data sets), §6 (record 2).
enum IPTC {
  /// Adds every text of record 2.
  static func extract(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction) {
    var offset = 0
    var values: [(name: String, lines: [String])] = []
    while bytes.byte(at: offset) == 0x1C {
      guard let record = bytes.byte(at: offset + 1), let number = bytes.byte(at: offset + 2),
        var count = bytes.number(2, at: offset + 3, isBigEndian: true)
      else { break }
      var start = offset + 5
      if count & 0x8000 != 0 {
        // So many bytes hold the length.
        let width = count & 0x7FFF
        guard width <= 4, let long = bytes.number(width, at: start, isBigEndian: true) else {
          break
        }
        start += width
        count = long
      }
      guard let range = bytes.range(at: start, count) else {
        extraction.miss(.truncated, "IPTC data of the image are cut off", at: place)
        break
      }
      offset = range.upperBound
      guard record == 2, let name = names[number] else { continue }
      let text = ImageText.decode(bytes.array(range))
      if values.last?.name == name {
        values[values.count - 1].lines.append(text)
      } else {
        values.append((name, [text]))
      }
    }
    for (name, lines) in values {
      let text = lines.joined(separator: "\n")
      ImageText.add(name, text, at: place, into: &extraction)
    }
  }

  private static let names: [UInt8: String] = [
    3: "ObjectTypeReference", 4: "ObjectAttributeReference", 5: "ObjectName", 7: "EditStatus",
    12: "SubjectReference", 15: "Category", 20: "SupplementalCategory", 22: "FixtureIdentifier",
    25: "Keywords", 26: "ContentLocationCode", 27: "ContentLocationName",
    40: "SpecialInstructions", 45: "ReferenceService", 65: "OriginatingProgram", 80: "By-line",
    85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State",
    100: "CountryCode", 101: "Country", 103: "OriginalTransmissionReference", 105: "Headline",
    110: "Credit", 115: "Source", 116: "CopyrightNotice", 118: "Contact",
    120: "Caption-Abstract", 121: "LocalCaption", 122: "Writer-Editor", 221: "Prefs",
    230: "DocumentNotes", 231: "DocumentHistory", 232: "ExifCameraInfo",
  ]
}

/// The resources that Photoshop puts into images of other formats.
///
/// *Source:* Adobe Photoshop File Formats Specification, Image Resource Blocks.
enum PhotoshopResources {
  /// Adds the texts of the resources that hold some.
  ///
  /// - Parameters:
  ///   - bytes: The resources.
  ///   - depth: How many resources and tags lie around them: each may hold the other.
  ///   - place: Where texts and gaps lie.
  ///   - extraction: Where they go.
  static func extract(
    _ bytes: RawSpan,
    depth: Int = 0,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var offset = 0
    while bytes.holds(Array("8BIM".utf8), at: offset) {
      guard let kind = bytes.number(2, at: offset + 4, isBigEndian: true),
        let nameCount = bytes.byte(at: offset + 6)
      else { break }
      // The name with its length, and the data, each fill up to an even count.
      let sizeOffset = offset + 6 + (Int(nameCount) + 2) / 2 * 2
      guard let count = bytes.number(4, at: sizeOffset, isBigEndian: true) else { break }
      let name = ImageText.decode(bytes.array(offset + 7..<offset + 7 + Int(nameCount)))
      ImageText.add("resource name", name, at: place, into: &extraction)
      guard let range = bytes.range(at: sizeOffset + 4, count) else {
        extraction.miss(.truncated, "resources of the image are cut off", at: place)
        break
      }
      let data = bytes.extracting(range)
      switch kind {
      case 0x0404: IPTC.extract(data, at: place, into: &extraction)
      case 0x0422, 0x0423: ExifTags.extract(data, depth: depth + 1, at: place, into: &extraction)
      case 0x0424: XMPPacket.extract(bytes.array(range), at: place, into: &extraction)
      case 0x03F0, 0x040B:
        let isCaption = kind == 0x03F0
        let text = ImageText.decode(bytes.array(isCaption ? range.dropFirst(1) : range))
        let name = isCaption ? "Caption" : "URL"
        ImageText.add(name, text, at: place, into: &extraction)
      default: break
      }
      offset = range.upperBound + range.count % 2
    }
  }
}
