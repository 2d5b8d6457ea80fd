import VigieCore
import VigieDocuments

/// The drawings of Office: the words of WordArt, which is what a watermark is made of, the names and
/// descriptions of shapes, and pictures.
///
/// *Source:* [MS-ODRAW] §2.2 (records), §2.3 (properties).
struct OfficeArt {
  /// The words of shapes that are drawn from words, such as watermarks.
  private(set) var wordArt: [[UInt8]] = []
  /// Descriptions that stand for a shape.
  private(set) var descriptions: [[UInt8]] = []
  /// Links of shapes.
  private(set) var links: [[UInt8]] = []

  /// Records inside one another that are followed, at most.
  private static let maxDepth = 16

  /// Nothing read yet.
  init() {}

  /// Reads the record at an offset.
  ///
  /// - Returns: Where the next one starts; the end of the bytes where there is none.
  mutating func read(_ bytes: Octets, from offset: Int) -> Int {
    guard let type = bytes.u16(offset + 2), let length = bytes.u32(offset + 4) else {
      return bytes.count
    }
    let body = bytes.clamped(offset + 8, length)
    let header = bytes.u16(offset) ?? 0
    readRecord(type: type, instance: header >> 4, isContainer: header & 0xF == 0xF, body, 0)
    return min(bytes.count, offset + 8 + length)
  }

  /// Reads all records one after the other.
  mutating func readAll(_ bytes: Octets) {
    var offset = 0
    while offset < bytes.count { offset = read(bytes, from: offset) }
  }

  private mutating func readRecord(
    type: Int,
    instance: Int,
    isContainer: Bool,
    _ body: Octets,
    _ depth: Int
  ) {
    switch type {
    case 0xF00B, 0xF121, 0xF122: readProperties(body, count: instance)
    case _ where isContainer && depth < OfficeArt.maxDepth:
      var offset = 0
      while let inner = body.u16(offset + 2), let length = body.u32(offset + 4) {
        let header = body.u16(offset) ?? 0
        readRecord(
          type: inner,
          instance: header >> 4,
          isContainer: header & 0xF == 0xF,
          body.clamped(offset + 8, length),
          depth + 1
        )
        offset += 8 + length
      }
    default: break
    }
  }

  /// Reads a table of properties; those too long for it follow it in order.
  mutating func readProperties(_ body: Octets, count: Int) {
    var data = count * 6
    for index in 0..<count {
      guard let code = body.u16(index * 6), let length = body.u32(index * 6 + 2) else { return }
      guard code & 0x8000 != 0 else { continue }
      let value = body.clamped(data, length)
      data += length
      switch code & 0x3FFF {
      case 0xC0: wordArt.append(OfficeArt.text(value))  // gtextUNICODE
      case 0x381: descriptions.append(OfficeArt.text(value))  // wzDescription
      case 0x38D: descriptions.append(OfficeArt.text(value))  // wzTooltip
      default: break
      }
    }
  }

  private static func text(_ bytes: Octets) -> [UInt8] {
    bytes.utf16Decoded.filter { $0 != 0 }
  }

  /// Adds what was found.
  ///
  /// - Parameters:
  ///   - place: The document.
  ///   - prefix: What comes before the name of each location, such as `slide 3 `.
  ///   - extraction: Where texts go.
  func add(at place: Place, prefix: String, to extraction: inout Extraction) {
    for (index, text) in wordArt.enumerated() {
      let location = "\(prefix)word art \(index + 1)"
      extraction.add(text, at: place, role: .textBox, location: location)
    }
    for (index, text) in descriptions.enumerated() {
      let location = "\(prefix)shape \(index + 1)"
      extraction.add(text, at: place, role: .alternativeText, location: location)
    }
  }
}
