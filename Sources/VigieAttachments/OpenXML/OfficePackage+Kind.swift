import VigieContainers
import VigieCore
import VigieDocuments

extension OfficePackage {
  /// Whose document a package is.
  enum Kind { case word, xl, ppt, other }

  /// The kind of a package by the names of its members; `nil` where it is none.
  ///
  /// *Source:* ISO/IEC 29500-2 §10.2.3.2 (`[Content_Types].xml`); the folders are those that every
  /// program writes, and nothing depends on them but the name of the format.
  static func kind(of bytes: RawSpan) -> Kind? {
    guard bytes.holds([0x50, 0x4B]), let zip = ZipFile(bytes) else {
      return nil
    }
    var isPackage = false
    var folders: [Kind: Int] = [:]
    for entry in zip.entries {
      let name = entry.name.lowercased()
      if name == "[content_types].xml" || name == "_rels/.rels" { isPackage = true }
      for (folder, kind) in [("word/", Kind.word), ("xl/", .xl), ("ppt/", .ppt)]
      where name.hasPrefix(folder) && (name.hasSuffix(".xml") || name.hasSuffix(".bin")) {
        folders[kind, default: 0] += 1
      }
    }
    let best = folders.max { $0.value < $1.value }
    // The parts of a document tell it even where the list of types is missing.
    if !isPackage, (best?.value ?? 0) < 2 { return nil }
    return best?.key ?? .other
  }

  /// Takes the text out of a package.
  static func extract(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction) {
    guard let zip = ZipFile(bytes) else {
      return extraction.miss(.corrupt, "a ZIP without a directory", at: place)
    }
    Collector.run(at: place, into: &extraction) { collector in
      OfficePackage(zip, collector).read(bytes)
    }
  }
}
