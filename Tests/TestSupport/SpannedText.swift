/// A text with spans shown by ⟦ and ⟧.
package struct SpannedText {
  /// The text without the marks, UTF-8.
  package private(set) var bytes: [UInt8] = []
  /// The spans, bytes, half-open.
  package private(set) var spans: [Range<Int>] = []

  /// The text of the marked one.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads a marked text.
  package init(_ marked: String) {
    var start = 0
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦": start = bytes.count
      case "⟧": spans.append(start..<bytes.count)
      default: bytes += Array(String(scalar).utf8)
      }
    }
  }
}
