package import VigieCore
package import VigieDocuments
import VigieMarkup

/// Web pages and mails in HTML.
///
/// *Source:* WHATWG HTML.
package enum HTML: DocumentFormat {
  package static let name = "HTML"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    MarkupSniffer.kind(of: bytes) == .html
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    Collector.run(at: place, into: &extraction) { collector in
      read(bytes, HTMLPart(collector), collector)
    }
  }

  /// Reads a page, or a part of one.
  static func read(_ bytes: RawSpan, _ part: HTMLPart, _ collector: Collector) {
    let report = MarkupParser.parse(
      bytes,
      as: .html,
      vocabulary: HTMLPart.vocabulary,
      handler: part
    )
    part.finish()
    collector.note(report, at: part.location, isDamageUsual: true)
  }
}
