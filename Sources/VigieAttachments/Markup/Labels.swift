import VigieCore

/// Labels that programs keep in properties and markup: written so that a person and the rules see
/// the key with its value.
///
/// *Source:* Microsoft Information Protection SDK (label metadata `MSIP_Label_<GUID>_<name>`);
/// ADatP-4774 (PolicyIdentifier, Classification); Boldon James Classifier
/// (`bjDocumentSecurityLabel`, `sisl`); TITUS; TSCP BAILS as LibreOffice keeps it (`urn:bails:`).
enum Labels {
  /// Adds a property of a document.
  ///
  /// A label is one text with its key and one of its value alone: the value of a field for labels
  /// is a marking even where the same word in prose is none.
  static func add(_ name: String, _ value: String, to collector: Collector) {
    let (name, value) = (name.trimmed, value.trimmed)
    guard !value.isEmpty else { return }
    let location = "property \(name)"
    if name.lowercased().hasPrefix("msip_label") {
      collector.add("\(name)=\(value)", .label, location)
    } else if name.hasPrefix("bjDocumentLabelXML") || value.hasPrefix("<") {
      collector.add(value, .label, location)
    } else if LabelName.isLabel(name) {
      collector.add("\(name): \(value)", .label, location)
      collector.add(value, .label, location)
    } else {
      collector.add("\(name): \(value)", .metadata, location)
    }
  }
}
