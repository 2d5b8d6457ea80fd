/// A line of text on a page, as a person reads it.
package struct PDFLine: Sendable, Equatable {
  /// Its words with single spaces; parts far from one another on one line have a tab between them.
  package var text: String
  /// Whether it is marked as `/Artifact`: furniture of the page, such as a running header.
  package var isArtifact: Bool
  /// Whether it lies outside the visible box of the page.
  package var isOutside: Bool
  /// The distance of the baseline from the top of the visible page, points; negative above it.
  package var fromTop: Float
  /// The height of the visible page, points.
  package var pageHeight: Float
  /// The height of its letters, points.
  package var size: Float
  /// Whether its last word goes on in the next line.
  package var isHyphenated: Bool

  /// A value from its parts.
  package init(
    text: String,
    isArtifact: Bool = false,
    isOutside: Bool = false,
    fromTop: Float = 0,
    pageHeight: Float = 0,
    size: Float = 10,
    isHyphenated: Bool = false
  ) {
    self.text = text
    self.isArtifact = isArtifact
    self.isOutside = isOutside
    self.fromTop = fromTop
    self.pageHeight = pageHeight
    self.size = size
    self.isHyphenated = isHyphenated
  }
}

extension [PDFLine] {
  /// The lines as one text, each at a line break; a word cut in two at the end of a line is whole.
  package var joined: String {
    var text = ""
    for (index, line) in enumerated() {
      text += line.text
      guard index + 1 < count else { break }
      guard line.isHyphenated else {
        text += "\n"
        continue
      }
      // "restrein-te" is one word; "OFFICIAL-SENSITIVE" keeps its hyphen.
      let isSyllable =
        line.text.last?.isLowercase == true && self[index + 1].text.first?.isLowercase == true
      if !isSyllable { text += "-" }
    }
    return text
  }
}
