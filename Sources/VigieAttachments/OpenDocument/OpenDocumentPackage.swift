import VigieContainers
import VigieCore
import VigieDocuments
import VigieMarkup

/// A package of OpenDocument while it is read.
final class OpenDocumentPackage {
  private let collector: Collector
  private let zip: ZipFile
  private let state: OpenDocumentState
  /// The members that the manifest says are encrypted.
  private var encrypted: Set<String> = []

  init(_ zip: ZipFile, _ collector: Collector) {
    self.zip = zip
    self.collector = collector
    state = OpenDocumentState(collector)
  }

  /// Reads everything.
  func read(_ bytes: RawSpan) {
    for fault in zip.faults { collector.miss(fault.reason, fault.detail) }
    let entries = zip.entries.filter { !$0.isFolder }
    for entry in entries where entry.name == "META-INF/manifest.xml" {
      guard let part = unpack(entry, bytes) else { continue }
      let manifest = ManifestPart(collector, "part \(entry.name)")
      let report = unsafe MarkupParser.parse(
        part.span.bytes,
        vocabulary: Tag.vocabulary,
        handler: manifest
      )
      collector.note(report, at: manifest.location)
      encrypted.formUnion(manifest.encrypted)
    }
    for entry in entries.sorted(by: {
      OpenDocumentPackage.rank($0.name) < OpenDocumentPackage.rank($1.name)
    }) {
      guard collector.mayGoOn() else { break }
      if entry.name == "META-INF/manifest.xml" || entry.name == "mimetype" { continue }
      if encrypted.contains(entry.name) {
        collector.miss(.encrypted, "a part of the document is encrypted", at: "part \(entry.name)")
        continue
      }
      guard let part = unpack(entry, bytes) else { continue }
      read(part, named: entry.name)
    }
    if !zip.rawComment.isEmpty { collector.add(zip.rawComment, .metadata, "comment of the ZIP") }
  }

  /// Styles say what is hidden, so they come first.
  private static func rank(_ name: String) -> Int {
    switch name {
    case "styles.xml": 0
    case "content.xml": 1
    case _ where name.hasSuffix("/styles.xml"): 2
    case "meta.xml": 5
    case "settings.xml": 6
    default: 4
    }
  }

  private func unpack(_ entry: ZipEntry, _ bytes: RawSpan) -> [UInt8]? {
    var place = collector.place
    place.location = "part \(entry.name)"
    return zip.unpack(entry, of: bytes, into: &collector.extraction, at: place)
  }

  private func read(_ part: [UInt8], named name: String) {
    guard !part.isEmpty else { return }
    guard OfficePackage.isMarkup(part) else {
      if OfficePackage.isDecoration(part, name.lowercased()) { return }
      if name == "layout-cache" { return }
      return unsafe collector.open(part.span.bytes, named: name)
    }
    let location = "part \(name)"
    let fallback = GenericPart(collector, location)
    let dispatcher = RootDispatcher(fallback) { [state, collector] root in
      switch root.tag {
      case .document_content, .document_styles, .document_meta, .document:
        OpenDocumentPart(state, name)
      case .document_settings: PartReader(collector, location)
      case .module: MacroPart(collector, location, element: root)
      default: GenericPart(collector, location)
      }
    }
    let report = unsafe MarkupParser.parse(
      part.span.bytes,
      vocabulary: Tag.vocabulary,
      handler: dispatcher
    )
    dispatcher.reader?.finish()
    collector.note(report, at: location)
  }
}

/// Reads which members are encrypted.
///
/// *Source:* OpenDocument 1.3 part 2 §4.
final class ManifestPart: PartReader {
  private(set) var encrypted: Set<String> = []
  private var name = ""

  override func start(_ element: borrowing MarkupElement) -> Bool {
    if element.tag == .file_entry { name = element.attribute(.full_path) ?? "" }
    if element.tag == .encryption_data { encrypted.insert(name) }
    return true
  }
}

/// Reads the source of a macro.
///
/// *Source:* StarOffice `module.dtd` (`script:module`).
final class MacroPart: PartReader {
  private var text: [UInt8] = []
  private let name: String

  init(_ collector: Collector, _ location: String, element: borrowing MarkupElement) {
    name = element.attribute(.name) ?? ""
    super.init(collector, location)
  }

  override func characters(_ text: Span<UInt8>) { self.text.append(text) }
  override func finish() { collector.add(text, .hidden, "macro \(name)") }
}
