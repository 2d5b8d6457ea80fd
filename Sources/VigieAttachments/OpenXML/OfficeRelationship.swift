import VigieCore
import VigieMarkup

/// A relationship: where a part leads.
///
/// *Source:* ISO/IEC 29500-2 §8.3.
struct OfficeRelationship {
  /// Its name in the part.
  var id: String
  /// The last word of its type, such as `worksheet`.
  var kind: String
  /// The part, in lower case; the address where it is external.
  var target: String
  /// Whether it leads out of the package.
  var isExternal: Bool
}

/// Reads the relationships of a part; addresses outside of the package are texts.
final class RelationshipsPart: PartReader {
  private let package: OfficePackage
  private let source: String
  private var addresses: Set<String> = []

  init(_ package: OfficePackage, _ name: String, source: String) {
    self.package = package
    self.source = source
    super.init(package.collector, "part \(name)")
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    guard element.tag == .Relationship, let target = element.attribute(.Target) else {
      return true
    }
    let type = element.attribute(.Type) ?? ""
    let isExternal = element.attribute(.TargetMode)?.lowercased() == "external"
    let relationship = OfficeRelationship(
      id: element.attribute(.Id) ?? "",
      kind: String(type.utf8.split(separator: 0x2F).last.map(Substring.init) ?? ""),
      target: isExternal ? target : OfficePackage.resolve(target, from: source),
      isExternal: isExternal
    )
    package.relationships[source, default: []].append(relationship)
    if isExternal, addresses.insert(target).inserted {
      collector.add(target, .link, relationship.kind == "hyperlink" ? "link" : "link to a file")
    }
    return true
  }
}

/// Reads the part that orders the others: a workbook or a presentation.
///
/// *Source:* ISO/IEC 29500-1 §18.2 (workbook), §19.2 (presentation).
final class IndexPart: PartReader {
  private let package: OfficePackage
  private let part: String
  private var count = 0
  private var slideCount = 0
  private var definedName = ""
  private var isHidden = false
  private var text: [UInt8] = []
  private var isInName = false

  init(_ package: OfficePackage, _ name: String) {
    self.package = package
    part = name.lowercased()
    super.init(package.collector, "part \(name)")
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    switch element.tag {
    case .sheet:
      count += 1
      let name = element.attribute(.name) ?? ""
      let isHidden = (element.attribute(.state) ?? "visible") != "visible"
      collector.add(name, isHidden ? .hidden : .metadata, "name of sheet \(count)")
      title("sheet '\(name)'", element, isHidden: isHidden, rank: 100 + count)
    case .sldId:
      slideCount += 1
      title("slide \(slideCount)", element, isHidden: false, rank: 100 + slideCount)
    case .definedName:
      isInName = true
      text = []
      definedName = element.attribute(.name) ?? ""
    case .section:
      if let name = element.attribute(.name) { collector.add(name, .metadata, "section") }
    default: break
    }
    return true
  }

  override func end(_ name: Int) {
    guard Tag.of(name) == .definedName, isInName else { return }
    isInName = false
    // Names such as `_xlnm.Print_Area` are the program's own.
    guard !definedName.hasPrefix("_xlnm.") else { return }
    let value = String(decoding: text, as: UTF8.self)
    collector.add("\(definedName): \(value)", .metadata, "name '\(definedName)'")
  }

  override func characters(_ text: Span<UInt8>) { if isInName { self.text.append(text) } }

  private func title(
    _ title: String,
    _ element: borrowing MarkupElement,
    isHidden: Bool,
    rank: Int
  ) {
    // The identifier of the relationship, which is not the element's own `id`.
    var id = ""
    for index in 0..<element.attributeCount where Tag.of(element.attributeName(index)) == .id {
      if element.attributeNamespace(index).holds("elationships") {
        id = element.attributeValue(index)
      }
    }
    package.name(title, id, of: part, rank: rank, isHidden: isHidden)
  }
}
