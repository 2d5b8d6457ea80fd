package import VigieCore
package import VigieDocuments

/// The document formats that Vigie reads, and how a document finds its own.
package enum DocumentFormats {
  /// Every format, in the order in which they are tried: exact signatures first, plain text last.
  package static let all: [any DocumentFormat.Type] = [
    OLEDocument.self,
    RTF.self,
    TNEF.self,
    SignedMessage.self,
    Metafile.self,
    Mailbox.self,
    Mail.self,
    PlainText.self,
  ]

  /// Opens what libraries need a file for, so that none is opened later.
  ///
  /// The program that reads documents calls it once, before its sandbox closes.
  package static func prepare() { Charset.prepare() }

  /// Takes the text out of a document of any format, and out of what lies in it.
  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    limits: DocumentLimits
  ) -> Extraction {
    var extraction = Extraction(limits: limits) { read($0, at: $1, into: &$2) }
    read(bytes, at: place, into: &extraction)
    return extraction
  }

  /// Hands a document to its format; one that none takes is a gap that names its kind.
  private static func read(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction) {
    for format in all where format.recognizes(bytes) {
      return format.extract(bytes, at: place, into: &extraction)
    }
    let kind = Signature.kind(of: bytes) ?? "binary data"
    extraction.miss(.unsupported, "\(kind): no reader for this format", at: place)
  }
}
