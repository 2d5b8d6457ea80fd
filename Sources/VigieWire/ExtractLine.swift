package import VigieCore
package import VigieJSON

/// Lines that say what stands in a document: its texts with their places, and what was not read.
extension JSONWriter {
  /// Writes the line of a text with a final line break.
  ///
  /// - Parameters:
  ///   - text: The text, well-formed UTF-8.
  ///   - place: Where it stands.
  ///   - file: The document, as the person who asked named it.
  package mutating func extractLine(
    _ text: UnsafeRawBufferPointer,
    at place: Place,
    of file: String
  ) {
    beginExtractLine(of: file)
    key("place")
    self.place(place)
    key("text")
    unsafe string(utf8: text)
    endObject()
    lineBreak()
  }

  /// Writes the line of a gap with a final line break.
  package mutating func extractLine(_ gap: Gap, of file: String) {
    beginExtractLine(of: file)
    key("gap")
    self.gap(gap)
    endObject()
    lineBreak()
  }

  private mutating func beginExtractLine(of file: String) {
    beginObject()
    key("version")
    integer(ReviewLine.version)
    key("file")
    string(file)
  }
}
