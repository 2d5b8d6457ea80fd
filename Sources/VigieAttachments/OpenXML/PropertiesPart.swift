import VigieCore
import VigieMarkup

/// Reads the properties of a document: core, extended and custom ones.
///
/// *Source:* ISO/IEC 29500-2 §10 (core), ISO/IEC 29500-1 §22.2 (extended), §22.3 (custom).
final class PropertiesPart: PartReader {
  private var depth = 0
  private var name = ""
  /// Whether a person or a program beside gave the name: it is no element of the format.
  private var isCustom = false
  private var value: [UInt8] = []
  /// The XML of a label that does not fit into one property, in its parts.
  private var split: [UInt8] = []

  override func start(_ element: borrowing MarkupElement) -> Bool {
    depth += 1
    if depth == 2 {
      let given = element.attribute(.name)
      isCustom = given != nil
      name = given ?? element.localName
      value = []
    } else if depth > 2 {
      value.endLine()
    }
    return collector.hasRoom
  }

  override func end(_ name: Int) {
    depth -= 1
    if depth == 1 { flush() }
  }

  override func characters(_ text: Span<UInt8>) { if depth >= 2 { value.append(text) } }

  override func finish() {
    if depth >= 2 { flush() }
    collector.add(split, .label, "property bjDocumentLabelXML")
  }

  private func flush() {
    let text = String(decoding: value, as: UTF8.self)
    if name.hasPrefix("bjDocumentLabelXML") {
      split += value
    } else if isCustom || !PropertiesPart.plain.contains(name), !text.trimmed.isEmpty {
      // Numbers of custom properties may be identifiers; those of the program are counts and dates.
      Labels.add(name, text, to: collector)
    }
    value = []
  }

  /// Properties that the program sets for itself: counts, times and versions.
  private static let plain: Set<String> = [
    "Pages", "Words", "Characters", "CharactersWithSpaces", "Lines", "Paragraphs", "TotalTime",
    "Slides", "Notes", "HiddenSlides", "MMClips", "ScaleCrop", "LinksUpToDate", "SharedDoc",
    "HyperlinksChanged", "AppVersion", "DocSecurity", "Application", "revision", "created",
    "modified", "lastPrinted", "HeadingPairs", "PresentationFormat", "DigSig",
  ]
}
