package import VigieCore
package import VigieDocuments
import VigieContainers

/// Documents of LibreOffice and others: text, sheets, slides, drawings and their templates.
///
/// *Source:* OASIS OpenDocument 1.3 part 2 (packages) and part 3 (schema).
package enum OpenDocument: DocumentFormat {
  package static let name = "OpenDocument"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.holds([0x50, 0x4B]), let zip = ZipFile(bytes) else {
      return false
    }
    var hasManifest = false
    var hasContent = false
    for entry in zip.entries {
      switch entry.name {
      // Stored first and unpacked, so that it can be told by its bytes.
      case "mimetype":
        if bytes.firstOffset(of: Array("application/vnd.oasis.opendocument".utf8), in: 30..<128)
          != nil
        {
          return true
        }
      case "META-INF/manifest.xml": hasManifest = true
      case "content.xml": hasContent = true
      default: break
      }
    }
    return hasManifest && hasContent
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    guard let zip = ZipFile(bytes) else {
      return extraction.miss(.corrupt, "a ZIP without a directory", at: place)
    }
    Collector.run(at: place, into: &extraction) { collector in
      OpenDocumentPackage(zip, collector).read(bytes)
    }
  }
}
