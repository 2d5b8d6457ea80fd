import CTesseract

/// The words that a reader of pictures is sure enough of, line by line.
///
/// What is no text is read as letters too: hatching, faces, the rim of a stamp. Such words are unsure,
/// short, and stand in lines that are unsure as a whole; a marking that they made up would stop a message.
struct RecognizedText {
  /// A word and how sure the reader is of it.
  private struct Word {
    var text: String
    var confidence: Float
  }

  /// The least confidence of a word, 0 to 100.
  ///
  /// *Source:* ours, by the pictures of Corpus/attachments/ocr: sound words have 80 and more, in small or
  /// blurred print 50.
  static let minConfidence: Float = 40
  /// The least confidence of a word of one to three letters: an abbreviation is a marking by itself.
  static let minShortConfidence: Float = 70
  /// The least confidence of a line on the whole.
  static let minLineConfidence: Float = 50

  private(set) var text = ""
  private var line: [Word] = []

  /// Whether there is no word.
  var isEmpty: Bool { text.isEmpty }

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - picture: Decoded and upright.
  ///   - mode: How text is looked for, `VIGIE_OCR_PAGE` or `VIGIE_OCR_SPARSE`.
  ///   - milliseconds: The time for it.
  /// - Returns: `VIGIE_OCR_DONE` or what hindered it; the words until then are there.
  mutating func take(from picture: OpaquePointer, mode: Int, within milliseconds: Int) -> Int {
    let outcome = unsafe withUnsafeMutablePointer(to: &self) { target in
      unsafe vigie_ocr_read(
        picture,
        CInt(mode),
        CInt(clamping: milliseconds),
        { context, word in
          guard let target = unsafe context?.assumingMemoryBound(to: RecognizedText.self),
            let word = unsafe word?.pointee
          else { return }
          unsafe target.pointee.add(word)
        },
        target
      )
    }
    endLine()
    return Int(outcome)
  }

  private mutating func add(_ word: vigie_ocr_word) {
    let text = unsafe String(cString: word.text)
    if unsafe word.starts_line != 0 { endLine() }
    if unsafe word.starts_paragraph != 0 && !self.text.isEmpty && !self.text.hasSuffix("\n\n") {
      self.text += "\n"
    }
    line.append(Word(text: text, confidence: unsafe word.confidence))
  }

  /// Adds a word, for tests.
  mutating func add(_ text: String, confidence: Float, startsLine: Bool = false) {
    if startsLine { endLine() }
    line.append(Word(text: text, confidence: confidence))
  }

  /// Ends the line: it stands in the text if the reader is sure of it.
  mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    let letterCount = line.reduce(0) { $0 + $1.text.count }
    guard letterCount > 0 else { return }
    // Each word counts by its letters: rubble is short.
    let sum = line.reduce(Float(0)) { $0 + $1.confidence * Float($1.text.count) }
    guard sum / Float(letterCount) >= RecognizedText.minLineConfidence else { return }
    let sure = line.filter { word in
      let isShort = word.text.count(where: \.isLetter) <= 3
      return word.confidence
        >= (isShort ? RecognizedText.minShortConfidence : RecognizedText.minConfidence)
    }
    guard !sure.isEmpty else { return }
    text += sure.map(\.text).joined(separator: " ") + "\n"
  }
}
