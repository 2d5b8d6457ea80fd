/// A property of a document.
package struct PDFProperty: Sendable, Hashable {
  /// Its name, such as `Title` or `MSIP_Label_…_Name`.
  package var name: String
  /// Its value.
  package var value: String

  /// A value from its parts.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension PDFFile {
  /// The properties of the Info dictionary, the custom ones too; valid dates are left out.
  ///
  /// *Source:* ISO 32000-1 §14.3.3.
  package func properties() -> [PDFProperty] {
    guard let info = trailer["Info"] else { return [] }
    return info.keys.compactMap { key in
      guard let value = info[key]?.textOrName, !value.isEmpty else { return nil }
      if PDFFile.isDate(value) { return nil }
      return PDFProperty(name: key, value: value)
    }
  }

  /// Whether a value is a date and nothing else.
  ///
  /// *Source:* ISO 32000-1 §7.9.4.
  private static func isDate(_ value: String) -> Bool {
    value.hasPrefix("D:") && value.utf8.count <= 24
      && value.utf8.dropFirst(2).allSatisfy { "0123456789+-'Z".utf8.contains($0) }
  }

  /// The XMP packet of the document, as it stands in the file.
  ///
  /// *Source:* ISO 32000-1 §14.3.2.
  package func metadataPacket(limit: Int) -> [UInt8]? {
    root["Metadata"].flatMap { stream($0, limit: limit) }
  }

  /// The names of layers, and the prefixes of page labels: words that a person sees in a reader.
  package func names() -> [PDFProperty] {
    var names: [PDFProperty] = []
    if let groups = root["OCProperties"]?["OCGs"] {
      for group in groups.items() {
        if let name = group["Name"]?.text { names.append(PDFProperty(name: "layer", value: name)) }
      }
    }
    for (_, label) in entries(of: root["PageLabels"], under: "Nums") {
      if let prefix = label["P"]?.text {
        names.append(PDFProperty(name: "page label", value: prefix))
      }
    }
    return names
  }

  /// The titles of the outline, in reading order.
  ///
  /// *Source:* ISO 32000-1 §12.3.3.
  package func bookmarks() -> [String] {
    guard let first = root["Outlines"]?["First"] else { return [] }
    var titles: [String] = []
    walk(from: [first], limit: 50_000) { item in
      if let title = item["Title"]?.text { titles.append(title) }
      return [item["First"], item["Next"]].compactMap { $0 }
    }
    return titles
  }

  /// The alternative and replacement texts of the structure, such as the words for a figure.
  ///
  /// *Source:* ISO 32000-1 §14.7.2, §14.9.3 to §14.9.5.
  package func alternativeTexts() -> [String] {
    guard let tree = root["StructTreeRoot"], let top = tree["K"] else { return [] }
    var texts: [String] = []
    walk(from: top.kind == .array ? top.items(PDFFile.maxWalkCount) : [top]) { element in
      guard element.kind == .dictionary else { return [] }
      for key in ["Alt", "ActualText", "E", "T"] {
        if let text = element[key]?.text, !text.isEmpty { texts.append(text) }
      }
      guard let kids = element["K"] else { return [] }
      switch kids.kind {
      case .array:
        // Most kids are numbers of marked content.
        return kids.items(PDFFile.maxWalkCount).filter { $0.kind == .dictionary }
      case .dictionary: return [kids]
      default: return []
      }
    }
    return texts
  }

  /// The scripts of the document: its own, those of its name tree and of its events.
  ///
  /// *Source:* ISO 32000-1 §12.6.4.16.
  package func scripts(limit: Int) -> [String] {
    var scripts: [String] = []
    for (_, action) in entries(of: root["Names"]?["JavaScript"], under: "Names") {
      scripts += self.scripts(of: action, limit: limit)
    }
    if let action = root["OpenAction"] { scripts += self.scripts(of: action, limit: limit) }
    if let events = root["AA"] {
      for key in events.keys {
        if let action = events[key] { scripts += self.scripts(of: action, limit: limit) }
      }
    }
    return scripts
  }

  /// The scripts of an action and of those that follow it.
  func scripts(of action: PDFObject, limit: Int) -> [String] {
    var scripts: [String] = []
    walk(from: [action], limit: 100) { action in
      guard action.kind == .dictionary else { return [] }
      if let script = action["JS"] {
        if let text = script.text {
          scripts.append(text)
        } else if script.kind == .stream, let bytes = stream(script, limit: limit) {
          scripts.append(String(decoding: bytes, as: UTF8.self))
        }
      }
      guard let next = action["Next"] else { return [] }
      return next.kind == .array ? next.items(100) : [next]
    }
    return scripts
  }

  /// The bytes of a stream; where they cannot be had, ``isCut`` or ``isDamaged`` says so.
  func stream(_ object: PDFObject, limit: Int) -> [UInt8]? {
    do {
      return try object.bytes(limit: limit)
    } catch .tooLong {
      isCut = true
    } catch {
      isDamaged = true
    }
    return nil
  }
}
