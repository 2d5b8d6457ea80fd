package import VigieCore
package import VigieDocuments
import VigieMarkup

/// XML of any kind: labels of STANAG 4774 and 4778, SEDA, SVG, XMP, flat files of OpenDocument.
///
/// *Source:* W3C XML 1.0; a flat OpenDocument file: OASIS OpenDocument 1.3 part 3 §3.1.2.
package enum XML: DocumentFormat {
  package static let name = "XML"

  package static func recognizes(_ bytes: RawSpan) -> Bool { MarkupSniffer.kind(of: bytes) == .xml }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    Collector.run(at: place, into: &extraction) { collector in
      let fallback = GenericPart(collector, "")
      let dispatcher = RootDispatcher(fallback) { root in
        root.namespace.holds("opendocument") && root.tag == .document
          ? OpenDocumentPart(OpenDocumentState(collector), "") : GenericPart(collector, "")
      }
      let report = MarkupParser.parse(bytes, vocabulary: Tag.vocabulary, handler: dispatcher)
      dispatcher.reader?.finish()
      collector.note(report, at: "")
    }
  }
}
