package import VigieCore
package import VigieJSON

/// A line that says what stands in a document: a text with its place, or something that was not read.
package enum ExtractLine: Sendable {
  case text(String, at: Place)
  case gap(Gap)
}

extension JSONWriter {
  /// Writes the line of a document with a final line break.
  ///
  /// - Parameters:
  ///   - line: The text or gap.
  ///   - file: The document, as the person who asked named it.
  package mutating func extractLine(_ line: ExtractLine, of file: String) {
    beginObject()
    key("version")
    integer(ReviewLine.version)
    key("file")
    string(file)
    switch line {
    case .text(let text, let place):
      key("place")
      self.place(place)
      key("text")
      string(text)
    case .gap(let gap):
      key("gap")
      self.gap(gap)
    }
    endObject()
    lineBreak()
  }
}
