import VigieCore
import VigieMarkup

/// Reads XML of any kind: its text, its attributes, and the labels in it.
class GenericPart: PartReader {
  /// An element that is open.
  private struct Open {
    var name: String
    /// Whether it has text of its own, so that its elements are parts of a line.
    var isMixed = false
    /// Whether it holds elements.
    var hasElements = false
    /// Where its text starts.
    var start: Int
  }

  private let role: Role
  private let readsAttributes: Bool
  /// Whether every attribute is text: what is no part of an office document is for people or not.
  private let isWhole: Bool
  private var isSignature = false
  private var open: [Open] = []
  private var text: [UInt8] = []
  private var attributes: [UInt8] = []
  private var label: [String] = []
  /// The depth of an element whose text is a checksum or a key.
  private var opaqueDepth = Int.max

  init(
    _ collector: Collector,
    _ location: String,
    role: Role = .bodyText,
    readsAttributes: Bool = true
  ) {
    self.role = role
    self.readsAttributes = readsAttributes
    isWhole = location.isEmpty
    super.init(collector, location)
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    let name = element.localName
    if !open.isEmpty {
      open[open.count - 1].hasElements = true
      if !open[open.count - 1].isMixed { text.endLine() }
    }
    open.append(Open(name: name, start: text.count))
    if name == "Signature" { isSignature = true }
    if isSignature, opaqueDepth == Int.max, GenericPart.opaque.contains(name) {
      opaqueDepth = open.count
    }
    if element.attributeCount > 0, readsAttributes { read(element, name) }
    return collector.hasRoom
  }

  /// Elements of signatures, which nobody reads.
  ///
  /// *Source:* W3C XML Signature Syntax §4.
  private static let opaque: Set<String> = [
    "SignatureValue", "DigestValue", "X509Certificate", "Modulus", "Exponent",
  ]

  override func end(_ name: Int) {
    guard let element = open.popLast() else { return }
    if open.count < opaqueDepth { opaqueDepth = Int.max }
    if !element.hasElements { readLabel(element.name, from: element.start) }
    if open.last?.isMixed != true { text.endLine() }
  }

  override func characters(_ text: Span<UInt8>) {
    guard opaqueDepth == Int.max else { return }
    if !open.isEmpty, !open[open.count - 1].isMixed {
      for index in 0..<text.count where text[index] > 0x20 {
        open[open.count - 1].isMixed = true
        break
      }
    }
    self.text.append(text)
  }

  override func finish() {
    collector.add(text, role, location)
    collector.add(attributes, .metadata, location)
    if !label.isEmpty { collector.add(label.joined(separator: "; "), .label, location) }
  }

  // MARK: Attributes

  private func read(_ element: borrowing MarkupElement, _ name: String) {
    var pairs: [(name: String, value: String)] = []
    for index in 0..<element.attributeCount {
      let value = element.attributeValue(index)
      if !value.isEmpty { pairs.append((element.attributeLocalName(index), value)) }
    }
    if name == "label",
      element.namespace.holds("mipLabelMetadata") || pairs.contains(where: { $0.name == "siteId" })
    {
      // As it stands in LabelInfo.xml: the rules know this spelling.
      let text = pairs.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: " ")
      return collector.add("<clbl:label \(text) />", .label, "label information")
    }
    let isMarked = pairs.contains { $0.name == "classification" || $0.name == "ownerProducer" }
    if isMarked {
      let text = pairs.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: " ")
      collector.add(text, .label, location)
    }
    if name == "element", let uid = pairs.first(where: { $0.name == "uid" })?.value {
      let value = pairs.first { $0.name == "value" }?.value ?? ""
      collector.add("<element uid=\"\(uid)\" value=\"\(value)\"/>", .label, location)
    }
    for (name, value) in pairs where !isMarked {
      if name.lowercased().hasPrefix("msip_label") {
        Labels.add(name, value, to: collector)
      } else if isWhole || value.hasLetters && GenericPart.isWorthReading(name, value) {
        attributes.append(contentsOf: Array("\(name): \(value)\n".utf8))
      }
    }
  }

  /// Whether an attribute may say something: not a colour, a number with its unit, an identifier.
  private static func isWorthReading(_ name: String, _ value: String) -> Bool {
    guard !dull.contains(name), value.utf8.count > 2 else { return false }
    // An identifier of a thing: `{2096F6A2-…}`, `rId4`, `0.5pt`.
    return !value.hasPrefix("{") && !value.hasPrefix("http://schemas.openxmlformats.org")
      && value.utf8.count { (0x30...0x39).contains($0) } * 2 < value.utf8.count
  }

  private static let dull: Set<String> = [
    "id", "Id", "ID", "type", "Type", "space", "style", "class", "typeface", "Algorithm", "algn",
    "script", "uid", "guid", "fmtid", "Ignorable", "schemaLocation", "lang",
  ]

  // MARK: Labels

  /// Reads the value of an element without elements where its name is one of labels.
  private func readLabel(_ name: String, from start: Int) {
    guard start < text.count, GenericPart.mayBeLabel(name) else { return }
    let value = String(decoding: text[start...], as: UTF8.self).trimmed
    guard !value.isEmpty, value.utf8.count < 2048 else { return }
    if name.lowercased().hasPrefix("msip_label") { return Labels.add(name, value, to: collector) }
    // A policy begins a label of its own.
    if name == "PolicyIdentifier", !label.isEmpty {
      collector.add(label.joined(separator: "; "), .label, location)
      label = []
    }
    label.append("\(name)=\(value)")
  }

  private static func mayBeLabel(_ name: String) -> Bool {
    switch name {
    case "PolicyIdentifier", "policyIdentifier", "Classification", "PrivacyMark", "GenericValue",
      "displaymarking", "ClassificationLevel", "ClassificationAudience":
      true
    default: LabelName.isLabel(name)
    }
  }
}
