import VigieCore
import VigieDocuments

/// The properties of an XMP packet.
///
/// *Source:* ISO 16684-1:2019 §7 (RDF), §8 (namespaces).
enum XMPPacket {
  /// Prefixes of properties whose values speak for themselves; others are named by programs.
  private static let known: Set<String> = [
    "dc", "xmp", "xmpRights", "photoshop", "Iptc4xmpCore", "Iptc4xmpExt", "tiff", "exif", "pdf",
    "plus", "lr", "MicrosoftPhoto", "aux", "exifEX",
  ]
  /// Prefixes of what programs note for themselves: identifiers, dates and settings of a camera.
  private static let silent: Set<String> = [
    "x", "rdf", "xmlns", "xml", "stEvt", "stRef", "xmpMM", "crs",
  ]

  /// Adds every property of a packet.
  static func extract(_ packet: [UInt8], at place: Place, into extraction: inout Extraction) {
    var tokens = XMLTokens(packet)
    extract(&tokens, until: nil, at: place, into: &extraction)
  }

  /// Adds every property up to the end of an element, or of the packet.
  static func extract(
    _ tokens: inout XMLTokens,
    until last: String?,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var open: [String] = []
    var values: [(name: String, lines: [String])] = []
    func note(_ name: String, _ text: String) {
      let prefix = name.split(separator: ":").first.map(String.init) ?? ""
      guard !silent.contains(prefix) || name.contains("MSIP_Label_"),
        text.contains(where: { $0 > " " })
      else { return }
      // The items of a list are one property.
      if values.last?.name == name {
        values[values.count - 1].lines.append(text)
      } else {
        values.append((name, [text]))
      }
    }
    while let token = tokens.next() {
      switch token {
      case .start(let name, let attributes, let isEmpty):
        let owner = open.last { !$0.hasPrefix("rdf:") }
        for attribute in attributes {
          if attribute.name == "rdf:resource" { note(name, attribute.value) }
          if attribute.name == "rdf:value" { note(owner ?? name, attribute.value) }
          note(attribute.name, attribute.value)
        }
        if !isEmpty, open.count < 256 { open.append(name) }
      case .end(let name):
        if name == last { return add(values, at: place, into: &extraction) }
        if let index = open.lastIndex(of: name) { open.removeSubrange(index...) }
      case .text(let text):
        note(open.last { !$0.hasPrefix("rdf:") } ?? "", trimmed(text))
      case .comment(let text):
        extraction.add(
          trimmed(text),
          at: place,
          role: .comment,
          location: "comment in the metadata"
        )
      case .documentType(let hasEntities):
        guard hasEntities else { continue }
        extraction.miss(.unsupported, "metadata with entities of its own", at: place)
      }
    }
    add(values, at: place, into: &extraction)
  }

  private static func add(
    _ values: [(name: String, lines: [String])],
    at place: Place,
    into extraction: inout Extraction
  ) {
    for (name, lines) in values {
      let prefix = name.split(separator: ":").first.map(String.init) ?? ""
      let text = lines.joined(separator: "\n")
      let isCustom = !known.contains(prefix)
      ImageText.add(name, text, isCustom: isCustom, at: place, into: &extraction)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
