import VigieCore
import VigieDocuments

/// The properties of a document: title, author, and those that a user or a label product defines.
///
/// *Source:* [MS-OLEPS] §2.2 to §2.21; [MS-OSHARED] §2.3.3.2 (names of the numbers).
struct PropertySet {
  private let stream: Octets

  /// A property set stream.
  init(_ stream: Octets) { self.stream = stream }

  /// FMTID_UserDefinedProperties, as its bytes.
  ///
  /// *Source:* [MS-OLEPS] §2.21.
  private static let userDefined: [UInt8] = [
    0x05, 0xD5, 0xCD, 0xD5, 0x9C, 0x2E, 0x1B, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2B, 0x2C, 0xF9, 0xAE,
  ]
  /// FMTID_DocSummaryInformation, as its bytes.
  private static let documentSummary: [UInt8] = [
    0x02, 0xD5, 0xCD, 0xD5, 0x9C, 0x2E, 0x1B, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2B, 0x2C, 0xF9, 0xAE,
  ]
  /// Properties read of a section, at most.
  private static let maxPropertyCount = 10_000

  private static let summaryNames: [Int: String] = [
    2: "Title", 3: "Subject", 4: "Author", 5: "Keywords", 6: "Comments", 7: "Template",
    8: "Last author", 9: "Revision number", 18: "Application",
  ]
  private static let documentNames: [Int: String] = [
    2: "Category", 3: "Presentation format", 13: "Parts", 14: "Manager", 15: "Company",
    26: "Content type", 27: "Content status", 28: "Language", 29: "Version",
  ]

  /// Adds each property as a text, `Name: value` where a user named it.
  func add(at place: Place, to extraction: inout Extraction) {
    guard stream.count > 0 else { return }
    guard stream.u16(0) == 0xFFFE, let sectionCount = stream.u32(24) else {
      return extraction.miss(.corrupt, "document properties cannot be read", at: place)
    }
    for index in 0..<min(sectionCount, 16) {
      let entry = 28 + index * 20
      guard let format = stream.slice(entry, 16)?.array, let offset = stream.u32(entry + 16) else {
        break
      }
      addSection(stream.clamped(offset), format: format, at: place, to: &extraction)
    }
  }

  private func addSection(
    _ section: Octets,
    format: [UInt8],
    at place: Place,
    to extraction: inout Extraction
  ) {
    guard let count = section.u32(4) else {
      return extraction.miss(.corrupt, "document properties cannot be read", at: place)
    }
    var offsets: [(id: Int, offset: Int)] = []
    for index in 0..<min(count, PropertySet.maxPropertyCount) {
      guard let id = section.u32(8 + index * 8), let offset = section.u32(12 + index * 8) else {
        break
      }
      offsets.append((id, offset))
    }
    var codePage = Charset.western
    if let entry = offsets.first(where: { $0.id == 1 }), let value = section.u16(entry.offset + 4) {
      codePage = value
    }
    var names: [Int: String] = [:]
    if let entry = offsets.first(where: { $0.id == 0 }) {
      names = dictionary(section.clamped(entry.offset), codePage)
    }
    let isUser = format == PropertySet.userDefined
    let known =
      format == PropertySet.documentSummary
      ? PropertySet.documentNames : PropertySet.summaryNames
    // Many properties may name the same bytes; sound ones do not.
    var left = section.count * 4 + 4096
    for (id, offset) in offsets where id > 1 && id < 0x8000_0000 {
      guard extraction.hasRoom, left > 0 else { return }
      guard let value = value(section.clamped(offset), codePage, 0) else { continue }
      left -= value.count
      if isUser || names[id] != nil {
        extraction.addProperty(names[id] ?? "\(id)", value, at: place)
      } else {
        // Counts of words and the like have no name here; a text is kept whatever its number.
        let type = section.u16(offset) ?? 0
        guard known[id] != nil || [0x1E, 0x1F, 0x08].contains(type) else { continue }
        let name = known[id] ?? "\(id)"
        let text = value.trimmed
        extraction.add(text, at: place, role: .metadata, location: "property \(name)")
      }
    }
  }

  /// The names of the properties of a section.
  private func dictionary(_ bytes: Octets, _ codePage: Int) -> [Int: String] {
    var names: [Int: String] = [:]
    var offset = 4
    for _ in 0..<min(bytes.u32(0) ?? 0, PropertySet.maxPropertyCount) {
      guard let id = bytes.u32(offset), let length = bytes.u32(offset + 4) else { break }
      let byteCount = codePage == 1200 ? length * 2 : length
      guard let name = bytes.slice(offset + 8, byteCount) else { break }
      names[id] = text(name, codePage).string
      offset += 8 + byteCount
      if codePage == 1200 { offset = (offset + 3) & ~3 }
    }
    return names
  }

  private func text(_ bytes: Octets, _ codePage: Int) -> [UInt8] {
    if codePage == 1200 {
      var end = 0
      while let unit = bytes.u16(end), unit != 0 { end += 2 }
      return bytes.clamped(0, end).utf16Decoded
    }
    let text = bytes.untilNUL.bytes
    return Charset.decode(text, codePage) ?? Charset.decode(text, Charset.western) ?? []
  }

  /// The text of a typed value, or `nil` where it has none.
  private func value(_ bytes: Octets, _ codePage: Int, _ depth: Int) -> [UInt8]? {
    guard let type = bytes.u16(0) else { return nil }
    if type & 0x1000 != 0 {
      guard depth == 0, let count = bytes.u32(4) else { return nil }
      return vector(bytes.clamped(8), type & 0xFFF, min(count, 10_000), codePage)
    }
    switch type {
    case 0x1E:  // VT_LPSTR
      return bytes.slice(8, bytes.u32(4) ?? 0).map { text($0, codePage) }
    case 0x1F:  // VT_LPWSTR
      return bytes.slice(8, (bytes.u32(4) ?? 0) * 2).map { text($0, 1200) }
    case 0x08:  // VT_BSTR
      return bytes.slice(8, bytes.u32(4) ?? 0).map { text($0, codePage) }
    case 0x02: return bytes.u16(4).map { Array("\(Int16(truncatingIfNeeded: $0))".utf8) }
    case 0x03, 0x16: return bytes.u32(4).map { Array("\(Int32(truncatingIfNeeded: $0))".utf8) }
    case 0x0B: return bytes.u16(4).map { Array(($0 == 0 ? "False" : "True").utf8) }
    case 0x05:
      return bytes.u64(4).map { Array("\(Double(bitPattern: $0))".utf8) }
    default: return nil
    }
  }

  private func vector(_ bytes: Octets, _ type: Int, _ count: Int, _ codePage: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var offset = 0
    for _ in 0..<count {
      var type = type
      if type == 0x0C {
        guard let own = bytes.u16(offset) else { break }
        type = own
        offset += 4
      }
      switch type {
      case 0x1E, 0x1F:
        guard let length = bytes.u32(offset) else { return result }
        let byteCount = type == 0x1F ? length * 2 : length
        guard let part = bytes.slice(offset + 4, byteCount) else { return result }
        if !result.isEmpty { result.append(0x0A) }
        result += text(part, type == 0x1F ? 1200 : codePage)
        offset += 4 + byteCount
        if type == 0x1F { offset = (offset + 3) & ~3 }
      case 0x03: offset += 4
      default: return result.isEmpty ? nil : result
      }
    }
    return result
  }
}
