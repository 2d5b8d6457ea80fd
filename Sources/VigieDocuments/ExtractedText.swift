package import VigieCore

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

/// A picture of a document with its place: the words drawn in it are read by another process.
package struct ExtractedPicture: Sendable {
  /// Where it lies.
  package var place: Place
  /// Its bytes, in a format of pictures.
  package var content: ExtractedText.Content

  /// A value from its parts.
  package init(place: Place, content: ExtractedText.Content) {
    self.place = place
    self.content = content
  }
}
