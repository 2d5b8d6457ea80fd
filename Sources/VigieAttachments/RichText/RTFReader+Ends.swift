import VigieCore
import VigieDocuments

extension RTFReader {
  /// Properties of shapes whose value is a text.
  ///
  /// *Source:* RTF 1.9.1, "Drawing Object Properties".
  private static let shapeRoles: [String: (Role, String)] = [
    "gtextUNICODE": (.textBox, "word art"), "wzDescription": (.alternativeText, "shape"),
    "wzTooltip": (.alternativeText, "shape"), "pihlShape": (.link, "shape"),
    "pibName": (.metadata, "picture name"),
  ]

  /// Field instructions that say nothing.
  private static let silentFields: Set<String> = [
    "PAGE", "NUMPAGES", "REF", "PAGEREF", "TOC", "SEQ", "DATE", "TIME", "SECTIONPAGES",
  ]

  /// Adds a text at a counted place.
  mutating func add(
    _ text: [UInt8],
    _ role: Role,
    _ name: String,
    to extraction: inout Extraction
  ) {
    guard text.contains(where: { $0 > 0x20 }) else { return }
    counts[name, default: 0] += 1
    extraction.add(text, at: place, role: role, location: "\(name) \(counts[name] ?? 1)")
  }

  /// Gives away what a destination collected.
  mutating func end(_ buffer: Buffer, into extraction: inout Extraction) {
    let text = buffer.text
    switch buffer.kind {
    case .story(let role, let name):
      if role == .bookmark || role == .metadata {
        extraction.add(text.trimmed, at: place, role: role, location: name)
      } else {
        add(text, role, name, to: &extraction)
      }
    case .property(let name):
      extraction.add(text.trimmed, at: place, role: .metadata, location: "property \(name)")
    case .propertyName: propertyName = text.trimmed.string
    case .propertyValue: extraction.addProperty(propertyName, text, at: place)
    case .variable:
      extraction.add(text.trimmed, at: place, role: .metadata, location: "document variable")
    case .instruction: endInstruction(text.trimmed, into: &extraction)
    case .shapeName: shapeName = text.trimmed.string
    case .shapeValue:
      if let (role, name) = RTFReader.shapeRoles[shapeName] {
        add(text, role, name, to: &extraction)
      }
    case .object: openObject(Octets(RTFReader.data(ofHex: text)), into: &extraction)
    case .picture:
      if isPictureOpen {
        counts["picture", default: 0] += 1
        var inner = place
        inner.path.append("picture \(counts["picture"] ?? 1)")
        extraction.openPart(RTFReader.data(ofHex: text), named: "", in: inner)
        isPictureOpen = false
      }
    case .dataStore: openObject(Octets(RTFReader.data(ofHex: text)), into: &extraction)
    case .htmlTag: html? += text
    case .ignorable: add(text.trimmed, .hidden, "ignored group", to: &extraction)
    case .fontTable, .nothing: break
    }
  }

  /// Gives away the body and what was taken out of it.
  mutating func finish(into extraction: inout Extraction) {
    extraction.add(buffers[0].text, at: place, role: .bodyText, location: "")
    extraction.add(hidden, at: place, role: .hidden, location: "hidden text")
    extraction.add(deleted, at: place, role: .trackedChange, location: "deleted text")
    if let html {
      MailText.openHTML(html, isUTF8: true, named: "", in: place, into: &extraction)
    }
  }

  private mutating func endInstruction(_ text: [UInt8], into extraction: inout Extraction) {
    let name = text.prefix { $0.isLetter }
    guard !RTFReader.silentFields.contains(Array(name).string.uppercased()) else { return }
    let isLink = name.elementsEqual(Array("HYPERLINK".utf8))
    add(text, isLink ? .link : .metadata, isLink ? "link" : "field", to: &extraction)
  }

  /// Opens an embedded object.
  ///
  /// *Source:* [MS-OLEDS] §2.2.4 (ObjectHeader), §2.2.5.
  private func openObject(_ object: Octets, into extraction: inout Extraction) {
    guard object.count > 8 else { return }
    var offset = 8
    var names: [[UInt8]] = []
    for _ in 0..<3 {
      guard let length = object.u32(offset), let name = object.slice(offset + 4, length) else {
        return extraction.miss(.corrupt, "an embedded object cannot be read", at: place)
      }
      names.append(Charset.decode(name.untilNUL.bytes, Charset.western) ?? [])
      offset += 4 + length
    }
    extraction.add(names[1], at: place, role: .link, location: "source of an embedded object")
    // A linked object has no data of its own.
    guard object.u32(4) == 2, let length = object.u32(offset) else { return }
    OLEPackage(data: object.clamped(offset + 4, length)).open(in: place, into: &extraction)
  }

  /// The bytes of hexadecimal digits; whatever else stands between them is passed over.
  private static func data(ofHex text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 2)
    var high: UInt8?
    for byte in text {
      guard let value = byte.hexValue else { continue }
      if let first = high {
        result.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return result
  }
}
