/// A field of a form.
package struct PDFField: Sendable, Equatable {
  /// Its full name, such as `applicant.name`.
  package var name: String
  /// What it says: its value, its default, its choices, its name for people.
  package var texts: [String] = []
  /// What it says in XHTML.
  package var richTexts: [String] = []
  /// The scripts it runs.
  package var scripts: [String] = []
}

extension PDFFile {
  /// The fields of the form.
  ///
  /// *Source:* ISO 32000-1 §12.7.3.
  package func fields(streamLimit: Int) -> [PDFField] {
    guard let form = root["AcroForm"] else { return [] }
    var fields: [PDFField] = []
    walk(from: form["Fields"]?.items(100_000) ?? []) { node in
      guard node.kind == .dictionary else { return [] }
      var field = PDFField(name: fullName(of: node))
      for key in ["V", "DV", "TU"] {
        if let value = node[key] { field.texts += texts(of: value, limit: streamLimit) }
      }
      for option in node["Opt"]?.items() ?? [] {
        // A choice is its text, or its exported value and its text.
        field.texts += texts(of: option, limit: streamLimit)
      }
      // The captions of a button.
      for key in ["CA", "RC", "AC"] {
        if let text = node["MK"]?[key]?.text { field.texts.append(text) }
      }
      if let rich = node["RV"] { field.richTexts += markup(of: rich, limit: streamLimit) }
      if let action = node["A"] { field.scripts += scripts(of: action, limit: streamLimit) }
      if let events = node["AA"] {
        for key in events.keys {
          if let action = events[key] { field.scripts += scripts(of: action, limit: streamLimit) }
        }
      }
      field.texts = field.texts.filter { !$0.isEmpty }.unique
      if !field.texts.isEmpty || !field.richTexts.isEmpty || !field.scripts.isEmpty
        || node["T"] != nil
      {
        fields.append(field)
      }
      return node["Kids"]?.items(100_000) ?? []
    }
    return fields
  }

  private func fullName(of field: PDFObject) -> String {
    var names: [String] = []
    var node: PDFObject? = field
    // Ten levels are more than any form has; the chain of parents may be a circle.
    for _ in 0..<10 {
      guard let current = node else { break }
      if let name = current["T"]?.text { names.append(name) }
      node = current["Parent"]
    }
    return names.reversed().joined(separator: ".")
  }

  private func texts(of value: PDFObject, limit: Int) -> [String] {
    switch value.kind {
    case .string: return [value.text].compactMap { $0 }
    case .name:
      // The states of check boxes are names; Off says nothing.
      return [value.name].compactMap { $0 }.filter { $0 != "Off" && $0 != "Yes" && $0 != "On" }
    case .array: return value.items().compactMap(\.textOrName)
    case .stream:
      return stream(value, limit: limit).map { [String(decoding: $0, as: UTF8.self)] } ?? []
    default: return []
    }
  }

  /// The packets of an XFA form: XML, with its words.
  ///
  /// *Source:* ISO 32000-1 §12.7.8.
  package func formPackets(limit: Int) -> [[UInt8]] {
    guard let packets = root["AcroForm"]?["XFA"] else { return [] }
    if packets.kind == .stream { return [stream(packets, limit: limit)].compactMap { $0 } }
    return packets.items(1_000).filter { $0.kind == .stream }
      .compactMap { stream($0, limit: limit) }
  }
}
