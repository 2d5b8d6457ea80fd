package import VigieCore
package import VigieDocuments

/// The document formats that Vigie reads, and how a document finds its own.
package enum DocumentFormats {
  /// Every format, in the order in which they are tried: exact signatures first, plain text last.
  package static let all: [any DocumentFormat.Type] = [
    PlainText.self
  ]

  /// Loads and starts what the formats need, once a process, before it is shut in: afterwards no file
  /// can be opened and no library loaded.
  ///
  /// Whatever opens a file at its first use (locales, data of ICU, a catalogue, a library through
  /// dlopen) is used once here. No thread is left running.
  ///
  /// - Returns: The parts that may be missing on a machine, present or not, with their versions.
  package static func prepare() -> [DocumentComponent] { [] }

  /// Takes the text out of a document of any format, and out of what lies in it.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - place: Where it lies.
  ///   - limits: What reading it may spend.
  ///   - observer: Is told of each text and gap at once.
  /// - Returns: Texts and gaps.
  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    limits: DocumentLimits,
    observer: (any ExtractionObserver)? = nil
  ) -> Extraction {
    var extraction = Extraction(limits: limits, observer: observer) { read($0, at: $1, into: &$2) }
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
