import VigieCore
import VigieDocuments
import VigiePDF

extension PDFReading {
  /// Adds what the document says of itself: labels, properties, the outline, scripts.
  func addProperties(to extraction: inout Extraction) {
    var known: Set<String> = []
    for property in properties {
      known.insert(property.value)
      add(property, to: &extraction)
    }
    for packet in packets { add(packet: packet, known: known, to: &extraction) }
    for name in names {
      extraction.add(name.value, at: place, role: .metadata, location: name.name)
    }
    addLines(bookmarks, .bookmark, "bookmarks", to: &extraction)
    addLines(alternativeTexts, .alternativeText, "alternative texts", to: &extraction)
    for script in scripts {
      extraction.add(script, at: place, role: .metadata, location: "script")
    }
    for field in fields {
      let text = PDFReading.text([field.name] + field.texts, rich: field.richTexts)
      let location = "form field '\(field.name)'"
      extraction.add(text, at: place, role: .formField, location: location)
      for script in field.scripts {
        extraction.add(script, at: place, role: .metadata, location: "script of \(location)")
      }
    }
    for packet in formPackets {
      let text = MarkupText.text(of: packet)
      extraction.add(text, at: place, role: .formField, location: "XFA form")
    }
  }

  /// Adds a property as those of every document are.
  private func add(_ property: PDFProperty, to extraction: inout Extraction) {
    extraction.addProperty(property.name, Array(property.value.utf8), at: place)
  }

  private func add(packet: [UInt8], known: Set<String>, to extraction: inout Extraction) {
    var lines: [String] = []
    var said: Set<XMPValues.Value> = []
    for value in XMPValues(packet).values where said.insert(value).inserted {
      let name = value.localName
      if name.hasPrefix("MSIP_Label_") {
        let property = PDFProperty(name: name, value: value.value)
        if !properties.contains(property) { add(property, to: &extraction) }
      } else if !known.contains(value.value) {
        lines.append("\(name): \(value.value)")
      }
    }
    addLines(lines, .metadata, "XMP", to: &extraction)
    if XMPValues.holdsLabel(packet) {
      extraction.add(XMPValues.utf8(packet), at: place, role: .label, location: "XMP")
    }
  }

  private func addLines(
    _ lines: [String],
    _ role: Role,
    _ location: String,
    to extraction: inout Extraction
  ) {
    let text = lines.joined(separator: "\n")
    extraction.add(text, at: place, role: role, location: location)
  }
}
