package import VigieCore

/// A document format from which text can be taken: one file in `Formats/`, one line in ``all``.
package protocol DocumentFormat: Sendable {
  /// The name for people, such as `plain text`.
  static var name: String { get }

  /// Whether the bytes look like this format; the name of a file proves nothing and is not asked.
  static func recognizes(_ bytes: RawSpan) -> Bool

  /// Takes the text out of a document.
  ///
  /// Hostile bytes lead to gaps, never to an error.
  ///
  /// - Parameters:
  ///   - bytes: The whole document, or its first part where a limit cut it.
  ///   - place: Where the document lies; texts and gaps lie at or below it.
  ///   - limits: What may be spent.
  /// - Returns: Texts and gaps.
  static func extract(_ bytes: RawSpan, at place: Place, limits: Limits) -> Extraction
}

/// What was taken out of a document.
package struct Extraction: Sendable {
  /// The texts, in reading order.
  package var texts: [ExtractedText]
  /// What could not be read.
  package var gaps: [Gap]

  /// A value from its parts.
  package init(texts: [ExtractedText] = [], gaps: [Gap] = []) {
    self.texts = texts
    self.gaps = gaps
  }
}

/// A text of a document with its place.
package struct ExtractedText: Sendable {
  /// Where the bytes of a text are.
  package enum Content: Sendable {
    /// A part of the document's own bytes that is UTF-8 as it stands: nothing is copied.
    case verbatim(Range<Int>)
    /// Bytes made from the document.
    case bytes([UInt8])
    /// Bytes made from the document that are too many for the memory.
    case file(MappedFile)
  }

  /// Where the text lies.
  package var place: Place
  /// Its UTF-8.
  package var content: Content

  /// A value from its parts.
  package init(place: Place, content: Content) {
    self.place = place
    self.content = content
  }
}

/// The document formats that Vigie reads, and how a document finds its own.
package enum DocumentFormats {
  /// Every format, in the order in which they are tried: exact signatures first, plain text last.
  package static let all: [any DocumentFormat.Type] = [
    PlainText.self
  ]

  /// Takes the text out of a document of any format.
  ///
  /// - Returns: Texts and gaps; one gap `unsupported`, naming the kind of document, where no
  ///   format takes it.
  package static func extract(_ bytes: RawSpan, at place: Place, limits: Limits) -> Extraction {
    for format in all where format.recognizes(bytes) {
      return format.extract(bytes, at: place, limits: limits)
    }
    let kind = Signature.kind(of: bytes) ?? "binary data"
    return Extraction(
      gaps: [Gap(place: place, reason: .unsupported, detail: "\(kind): no reader for this format")]
    )
  }
}
