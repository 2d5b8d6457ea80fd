import VigieCore

/// A run of text that belongs together: the body, a header, a note, a text box.
struct WordStory {
  var role: Role
  var location: String
  /// What is shown.
  var text: [UInt8] = []
  /// What was deleted with changes tracked.
  var deleted: [UInt8] = []
  /// What is formatted as hidden.
  var hidden: [UInt8] = []
  /// The codes of fields.
  var code: [UInt8] = []

  /// Deletions and moves away around the text.
  var deletionDepth = 0
  /// Whether the run is hidden, and whether its paragraph is.
  var isRunHidden = false
  var isParagraphHidden = false
  /// Whether a run is open: only its own properties hide it.
  var isInRun = false
  /// Old properties kept by a tracked change of format.
  var changeDepth = 0

  init(_ role: Role, _ location: String) {
    self.role = role
    self.location = location
  }

  /// Appends text where it belongs by its state.
  mutating func append(_ bytes: Span<UInt8>, isDeletedText: Bool) {
    if isDeletedText || deletionDepth > 0 {
      deleted.append(bytes)
    } else if isRunHidden || isParagraphHidden {
      hidden.append(bytes)
    } else {
      separate()
      text.append(bytes)
    }
  }

  /// Appends a character such as a tab.
  mutating func append(_ scalar: Unicode.Scalar) {
    let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    append(bytes.span, isDeletedText: false)
  }

  /// What is deleted or hidden at two places is not one word.
  private mutating func separate() {
    if let last = deleted.last, last > 0x20 { deleted.append(0x20) }
    if let last = hidden.last, last > 0x20 { hidden.append(0x20) }
  }

  /// Ends a paragraph.
  mutating func endParagraph() {
    text.append(0x0A)
    deleted.endLine()
    hidden.endLine()
    code.endLine()
    isParagraphHidden = false
  }
}
