/// A text in which `⟦…⟧` marked some spans.
package struct MarkedText: Sendable, Equatable {
  /// The UTF-8 without the brackets.
  package var text: [UInt8]
  /// What stood between brackets: UTF-8 bytes of ``text``, in text order.
  package var spans: [Range<Int>]

  /// A text with its spans, which are in order and apart.
  package init(text: [UInt8], spans: [Range<Int>]) {
    self.text = text
    self.spans = spans
  }

  /// Takes the brackets out of a text.
  ///
  /// - Returns: `nil` where a bracket has no partner or stands inside another pair.
  package init?(_ marked: String) {
    text = []
    spans = []
    var start: Int?
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦":
        guard start == nil else { return nil }
        start = text.count
      case "⟧":
        guard let opened = start else { return nil }
        spans.append(opened..<text.count)
        start = nil
      default:
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    guard start == nil else { return nil }
  }
}
