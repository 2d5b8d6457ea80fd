import VigieContainers
import VigieCore
import VigieDocuments
import VigieMarkup

/// An Office Open XML document while it is read: a ZIP of parts that name one another.
///
/// Every member of the ZIP is read once, whether a relationship leads to it or not.
///
/// *Source:* ISO/IEC 29500-2 (Open Packaging Conventions).
final class OfficePackage {
  let collector: Collector
  let zip: ZipFile
  /// Where the parts lead, by the lower-case name of the part; the package itself is "".
  var relationships: [String: [OfficeRelationship]] = [:]
  /// What a person calls a part, such as `sheet 'Budget'` or `slide 4`, by lower-case name.
  var titles: [String: String] = [:]
  /// The rank of a part that the document puts in order, by lower-case name.
  var ranks: [String: Int] = [:]
  /// The parts that are not shown: hidden sheets, slides of no presentation.
  var hiddenParts: Set<String> = []
  /// The styles of Word whose text is hidden.
  var hiddenStyles: Set<String> = []
  /// The strings of a workbook.
  var strings = SharedStrings()
  /// How many stories of each kind there were, so that each has a number.
  private var counts: [String: Int] = [:]
  /// Lines of diagrams, which keep their text twice.
  var diagramLines: Set<[UInt8]> = []

  init(_ zip: ZipFile, _ collector: Collector) {
    self.zip = zip
    self.collector = collector
  }

  /// The next place of a kind: `comment 3`.
  func next(_ kind: String) -> String {
    counts[kind, default: 0] += 1
    return "\(kind) \(counts[kind] ?? 1)"
  }

  /// Reads everything.
  func read(_ bytes: RawSpan) {
    for fault in zip.faults { collector.miss(fault.reason, fault.detail) }
    let entries = zip.entries.filter { !$0.isFolder }
    for entry in entries where isRelationships(entry.name) {
      guard let part = unpack(entry, bytes) else { continue }
      let source = OfficePackage.source(ofRelationships: entry.name)
      parse(part, RelationshipsPart(self, entry.name, source: source), entry.name)
    }
    prepare(entries)
    let parts = entries.filter { !isRelationships($0.name) }
    let early = parts.filter { rank(of: $0.name.lowercased()) < OfficePackage.firstOther }
    // What the early parts say orders the others.
    for entry in inOrder(early) { read(entry, bytes) }
    let others = parts.filter { entry in
      !early.contains { $0.headerOffset == entry.headerOffset && $0.name == entry.name }
    }
    for entry in inOrder(others) { read(entry, bytes) }
    strings.addUnused(to: collector)
    if !zip.rawComment.isEmpty { collector.add(zip.rawComment, .metadata, "comment of the ZIP") }
    for stray in zip.strays where isWorthReading(stray, bytes) {
      collector.open(bytes.extracting(stray), named: "")
    }
  }

  /// Whether bytes outside of every member may be a document: no padding, no cut-off directory.
  private func isWorthReading(_ stray: Range<Int>, _ bytes: RawSpan) -> Bool {
    guard stray.count >= OfficePackage.minStrayByteCount,
      !bytes.holds([0x50, 0x4B, 1, 2], at: stray.lowerBound)
    else { return false }
    return unsafe bytes.extracting(stray).withUnsafeBytes { unsafe !$0.allSatisfy { $0 == 0 } }
  }

  /// Bytes between the members that are worth a look: fewer are padding.
  private static let minStrayByteCount = 32

  private func read(_ entry: ZipEntry, _ bytes: RawSpan) {
    guard collector.mayGoOn(), let part = unpack(entry, bytes) else { return }
    read(part, named: entry.name)
  }

  private func unpack(_ entry: ZipEntry, _ bytes: RawSpan) -> [UInt8]? {
    var place = collector.place
    place.location = "part \(entry.name)"
    return zip.unpack(entry, of: bytes, into: &collector.extraction, at: place)
  }

  // MARK: Order

  /// The rank of parts that do not order or explain others.
  private static let firstOther = 10

  /// Puts in front what names and orders the other parts, styles and shared strings.
  private func prepare(_ entries: [ZipEntry]) {
    let main = (relationships[""] ?? []).filter { $0.kind == "officeDocument" }.map(\.target)
    let early = main.flatMap { part in
      (relationships[part] ?? []).filter { $0.kind == "styles" || $0.kind == "sharedStrings" }
    }.map(\.target)
    for entry in entries {
      let name = entry.name.lowercased()
      let isKnown = OfficePackage.earlyNames.contains(name.split(separator: "/").last ?? "")
      if isKnown || early.contains(name) { ranks[name] = 1 }
    }
    // The body of a Word document needs its styles; the others explain their sheets and slides.
    for name in main where !name.hasPrefix("word/") { ranks[name] = 0 }
  }

  private static let earlyNames: Set<Substring> = [
    "workbook.xml", "presentation.xml", "styles.xml", "sharedstrings.xml", "workbook.bin",
    "sharedstrings.bin",
  ]

  /// Gives the parts that a part leads to its name, so that a chart of a sheet says which.
  func nameTargets(of part: String) {
    var open = [(part, 0)]
    while let (source, depth) = open.popLast() {
      guard let title = titles[source], depth < 4 else { continue }
      for relationship in relationships[source] ?? [] where !relationship.isExternal {
        guard titles[relationship.target] == nil,
          !OfficePackage.sharedKinds.contains(relationship.kind)
        else { continue }
        titles[relationship.target] =
          relationship.kind == "notesSlide" ? "\(title) notes" : title
        if hiddenParts.contains(source) { hiddenParts.insert(relationship.target) }
        open.append((relationship.target, depth + 1))
      }
    }
  }

  /// Gives a part its name and its turn.
  ///
  /// - Parameters:
  ///   - title: What a person calls it.
  ///   - id: The relationship that leads to it.
  ///   - part: The part that has the relationship, lower case.
  ///   - rank: Its turn.
  ///   - isHidden: Whether it is not shown.
  func name(_ title: String, _ id: String, of part: String, rank: Int, isHidden: Bool) {
    guard let target = relationships[part]?.first(where: { $0.id == id })?.target,
      titles[target] == nil
    else { return }
    titles[target] = title
    ranks[target] = rank
    if isHidden { hiddenParts.insert(target) }
    nameTargets(of: target)
  }

  /// What many parts share, or what leads back.
  private static let sharedKinds: Set<String> = [
    "slideLayout", "slideMaster", "notesMaster", "theme", "slide", "worksheet", "image",
  ]

  private func inOrder(_ entries: [ZipEntry]) -> [ZipEntry] {
    let keyed = entries.map { entry -> (rank: Int, key: [UInt8], entry: ZipEntry) in
      let name = entry.name.lowercased()
      return (rank(of: name), OfficePackage.naturalKey(name), entry)
    }
    let sorted = keyed.sorted { one, other in
      one.rank != other.rank ? one.rank < other.rank : one.key.lexicographicallyPrecedes(other.key)
    }
    return sorted.map(\.entry)
  }

  private func rank(of name: String) -> Int {
    if let rank = ranks[name] { return rank }
    if name.hasPrefix("docprops/") || name.hasPrefix("docmetadata/") { return 1 << 41 }
    return name.hasPrefix("customxml/") ? 1 << 40 : 1 << 39
  }

  /// A name in which numbers order by their value: `header10.xml` after `header2.xml`.
  private static func naturalKey(_ name: String) -> [UInt8] {
    var key: [UInt8] = []
    var digitCount = 0
    for byte in name.utf8 {
      if (0x30...0x39).contains(byte) {
        digitCount += 1
      } else if digitCount > 0 {
        key.insert(UInt8(clamping: digitCount), at: key.count - digitCount)
        digitCount = 0
      }
      key.append(byte)
    }
    return key
  }

  // MARK: Names of parts

  private func isRelationships(_ name: String) -> Bool { name.lowercased().hasSuffix(".rels") }

  /// The part whose relationships a part holds: `word/_rels/document.xml.rels` has those of
  /// `word/document.xml`.
  private static func source(ofRelationships name: String) -> String {
    var parts = name.lowercased().split(separator: "/").map(String.init)
    let last = String((parts.popLast() ?? "").dropLast(".rels".count))
    if parts.last == "_rels" { parts.removeLast() }
    if last.isEmpty { return "" }
    return (parts + [last]).joined(separator: "/")
  }

  /// The part that a target means, seen from a part; lower case.
  static func resolve(_ target: String, from source: String) -> String {
    let target = target.lowercased()
    var parts: [Substring] = []
    if !target.hasPrefix("/") {
      parts = source.utf8.split(separator: 0x2F).dropLast().map(Substring.init)
    }
    for step in target.utf8.split(separator: 0x2F).map(Substring.init) {
      if step == ".." {
        _ = parts.popLast()
      } else if step != "." {
        parts.append(step)
      }
    }
    return parts.joined(separator: "/")
  }

  // MARK: Parts

  /// Reads one part: markup here, all else as a document of its own.
  private func read(_ part: [UInt8], named name: String) {
    guard !part.isEmpty, !StructuralPart.saysNothing(part) else { return }
    guard OfficePackage.isMarkup(part) else {
      if OfficePackage.isDecoration(part, name.lowercased()) { return }
      let key = name.lowercased()
      if key.utf8.starts(with: "xl/".utf8), key.hasSuffix(".bin"),
        unsafe BinaryPart.recognizes(part.span.bytes)
      {
        return unsafe BinaryPart(self, name).read(part.span.bytes)
      }
      return unsafe collector.open(part.span.bytes, named: name)
    }
    let fallback = GenericPart(collector, "part \(name)")
    let dispatcher = RootDispatcher(fallback) { root in self.reader(for: root, named: name) }
    let report = unsafe MarkupParser.parse(
      part.span.bytes,
      vocabulary: Tag.vocabulary,
      handler: dispatcher
    )
    dispatcher.reader?.finish()
    collector.note(report, at: "part \(name)")
  }

  private func parse(_ part: [UInt8], _ reader: PartReader, _ name: String) {
    let report = unsafe MarkupParser.parse(
      part.span.bytes,
      vocabulary: Tag.vocabulary,
      handler: reader
    )
    reader.finish()
    collector.note(report, at: "part \(name)")
  }

  /// The reader that knows a root element.
  private func reader(for root: borrowing MarkupElement, named name: String) -> PartReader {
    let namespace = root.namespace
    switch root.tag {
    case .document, .hdr, .ftr, .footnotes, .endnotes, .glossaryDocument:
      return WordPart(self, name, root.tag)
    case .comments:
      return namespace.holds("spreadsheetml")
        ? SheetPart(self, name) : WordPart(self, name, root.tag)
    case .settings, .numbering: return WordPart(self, name, root.tag)
    case .styles:
      return namespace.holds("spreadsheetml")
        ? GenericPart(collector, "part \(name)")
        : WordPart(self, name, root.tag)
    case .workbook, .presentation: return IndexPart(self, name)
    case .worksheet, .chartsheet, .dialogsheet, .macrosheet, .sst, .ThreadedComments:
      return SheetPart(self, name)
    case .sld, .notes, .sldMaster, .sldLayout, .notesMaster, .handoutMaster, .cmLst, .wsDr,
      .chartSpace, .dataModel, .drawing, .userShapes, .xml:
      return DrawingPart(self, name, root.tag)
    case .Properties, .coreProperties: return PropertiesPart(collector, "part \(name)")
    case .Types: return PartReader(collector, "part \(name)")
    case .styleSheet: return SheetPart(self, name)
    case .theme, .fonts, .webSettings, .presentationPr, .viewPr, .tblStyleLst, .themeOverride,
      .colorStyle, .chartStyle, .styleData:
      // Their attributes are names of colours and fonts.
      return GenericPart(collector, "part \(name)", readsAttributes: false)
    default:
      let title = titles[name.lowercased()].map { "\($0), part \(name)" } ?? "part \(name)"
      return GenericPart(collector, title)
    }
  }

  /// Whether a part starts as XML does and is no web page, which has a reader of its own.
  static func isMarkup(_ part: [UInt8]) -> Bool {
    var index = part.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    // White space, and the zeros and the mark of wide letters: pictures start with other controls.
    while index < min(part.count, 1024), blanks.contains(part[index]) { index += 1 }
    guard index < part.count, part[index] == 0x3C else { return false }
    var head: [UInt8] = []
    for byte in part[index..<min(part.count, index + 512)] where byte > 0x20 && byte < 0x80 {
      head.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return !webStarts.contains { start in
      head.count >= start.count
        && (0...(head.count - start.count)).contains { at in
          head[at] == 0x3C && start.indices.allSatisfy { head[at + $0] == start[$0] }
        }
    }
  }

  private static let blanks: [UInt8] = [0, 0x09, 0x0A, 0x0D, 0x20, 0xFE, 0xFF]

  private static let webStarts = ["<!doctypehtml", "<html"].map { Array($0.utf8) }

  /// Whether a part is a font or the settings of a printer, in which nobody reads.
  ///
  /// A known signature says that it is something else.
  static func isDecoration(_ part: [UInt8], _ name: String) -> Bool {
    if name.holds("thumbnail"), Thumbnail.isSmall(part) { return true }
    guard unsafe Signature.kind(of: part.span.bytes) == nil else { return false }
    return name.hasSuffix(".odttf") || name.hasSuffix(".fntdata") || name.hasSuffix(".ttf")
      || name.holds("printersettings")
  }
}

/// The small picture of its first page that a document carries.
enum Thumbnail {
  /// The greatest width and height of one, pixels: no text can be read in it.
  static let maxSideLength = 256

  /// Whether a picture is too small to hold text that the document does not.
  ///
  /// *Source:* PNG §11.2.2 (IHDR); ISO/IEC 10918-1 §B.2.2 (start of frame).
  static func isSmall(_ part: [UInt8]) -> Bool {
    let bytes = unsafe part.span.bytes
    if bytes.holds([0x89, 0x50, 0x4E, 0x47]) {
      return fits(
        bytes.number(4, at: 16, isBigEndian: true),
        bytes.number(4, at: 20, isBigEndian: true)
      )
    }
    guard bytes.holds([0xFF, 0xD8]) else { return false }
    var offset = 2
    while bytes.byte(at: offset) == 0xFF, let marker = bytes.byte(at: offset + 1),
      let length = bytes.number(2, at: offset + 2, isBigEndian: true)
    {
      if (0xC0...0xC3).contains(marker) {
        return fits(
          bytes.number(2, at: offset + 5, isBigEndian: true),
          bytes.number(2, at: offset + 7, isBigEndian: true)
        )
      }
      offset += 2 + max(2, length)
    }
    return false
  }

  private static func fits(_ height: Int?, _ width: Int?) -> Bool {
    guard let height, let width else { return false }
    return height <= maxSideLength && width <= maxSideLength
  }
}
