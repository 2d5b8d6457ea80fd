import VigieUnicode

/// Undoes markup and encodings: tags, character references, percent escapes, quoted-printable, base64,
/// look-alikes.
///
/// It is run only over texts that hold a sign of any of them; a text decoded once may hold another
/// layer, so it is run again over its own result up to ``maxDepth`` times.
package struct Decoder: ~Copyable {
  /// How many layers are undone.
  static let maxDepth = 3
  /// The shortest run of base64 letters worth decoding; 16 letters are 12 bytes of text.
  static let minRunCount = 16

  /// What is to be undone.
  package struct Steps: OptionSet, Sendable, Equatable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Tags and character references.
    package static let markup = Steps(rawValue: 1 << 0)
    /// Percent escapes and quoted-printable.
    package static let percent = Steps(rawValue: 1 << 1)
    /// Base64 runs.
    package static let base64 = Steps(rawValue: 1 << 2)
    /// Invisible scalars, compatibility forms and look-alikes, to plain ASCII.
    package static let plain = Steps(rawValue: 1 << 3)
    /// Punctuation between letters that stands for one.
    package static let leet = Steps(rawValue: 1 << 4)
    /// Backslash escapes of programming languages: `\u0041`, `\x41`.
    package static let escapes = Steps(rawValue: 1 << 5)
    /// All but ``leet``, which would change much that is meant as it stands.
    package static let all: Steps = [.markup, .percent, .base64, .plain, .escapes]
    /// What starts at a byte, but for ``leet``.
    static let signed: Steps = [.markup, .percent, .escapes]
    /// What may bring punctuation to light that stands for letters, or is there already.
    package var mayShowLeet: Bool { subtracting(.plain).rawValue != 0 }

    /// What changes letters alone.
    static let letters: Steps = [.plain, .leet]
    /// Nothing.
    static let none: Steps = []
    /// All steps, ``leet`` too.
    package static let everything: Steps = [.all, .leet]
  }

  /// The result: the text of the last layer.
  package private(set) var text = DecodedText()
  private var earlier = DecodedText()
  var scratch: [UInt8] = []
  var runPlaces: [Int] = []
  /// The byte of the source up to which everything is in the result, or left out of it.
  var copied = 0
  /// Whether a Greek or Cyrillic letter was met where letters were made plain: those that look Latin are so in ``text``.
  package private(set) var hasMetScript = false
  /// Whether something came to light, or was left out, that signs may stand for letters beside.
  private var bringsSigns = false
  /// Whether the source goes on before its first byte and after its last one.
  var isCut = (start: false, end: false)
  var openRegions: [(kind: MarkupRegion.Kind, start: Int)] = []

  /// Where signs may stand for letters.
  private let contexts: SignContexts

  /// A decoder that takes signs for letters where these contexts allow it.
  package init(_ contexts: SignContexts = .any) { self.contexts = contexts }

  /// Decodes a text.
  ///
  /// - Parameters:
  ///   - source: One window of a text, at most 2 GiB.
  ///   - steps: What to undo.
  ///   - isMarkup: Whether the text is HTML, so that block tags end lines.
  ///   - isCut: Whether the text goes on before and after the window.
  ///   - keepsLetters: Whether letters stay as they are in what comes out, for markings in other scripts than Latin.
  /// - Returns: Whether anything was undone; the result is then ``text``, and in HTML always.
  package mutating func decode(
    _ source: Span<UInt8>,
    _ steps: Steps,
    isMarkup: Bool,
    isCut: (start: Bool, end: Bool) = (false, false),
    keepsLetters: Bool = false
  ) -> Bool {
    let kept: Steps = keepsLetters ? .letters : .none
    text.removeAll()
    hasMetScript = false
    bringsSigns = false
    self.isCut = isCut
    run(source, steps.subtracting(kept), isMarkup: isMarkup, depth: 0)
    var changed = text.isChanged
    var depth = 1
    var layer = steps
    self.isCut = (false, false)
    while changed, depth < Decoder.maxDepth {
      // Another layer: what came out is decoded again, its ranges mapped through the first.
      let decoded = text.bytes
      layer = Decoder.steps(after: layer, decoded.span, contexts).subtracting(kept)
      guard layer.rawValue != 0 else { break }
      swap(&text, &earlier)
      text.removeAll()
      run(decoded.span, layer, isMarkup: false, depth: depth)
      if !text.isChanged {
        swap(&text, &earlier)
        break
      }
      text.takeRegions(of: earlier)
      changed = true
      depth += 1
    }
    return changed
  }

  /// Puts digits for the punctuation that, like them, may stand for letters, on top of what was
  /// decoded of a text.
  ///
  /// - Parameters:
  ///   - source: The text last decoded.
  ///   - steps: What was undone of it.
  /// - Returns: Whether there was any; ``text`` then holds this view.
  package mutating func undoLeet(_ source: Span<UInt8>, after steps: Steps) -> Bool {
    // What stood for letters before was taken already.
    if !steps.mayShowLeet || steps.contains(.leet) && !bringsSigns { return false }
    guard text.count > 0 else {
      // Nothing was undone before.
      text.removeAll()
      run(source, .leet, isMarkup: false, depth: 0)
      return text.isChanged
    }
    swap(&text, &earlier)
    text.removeAll()
    let bytes = earlier.bytes
    run(bytes.span, .leet, isMarkup: false, depth: 1)
    text.takeRegions(of: earlier)
    return text.isChanged
  }

  /// Adds a byte of the result that stands for a range of the source of this layer.
  mutating func emit(_ byte: UInt8, _ range: Range<Int>, _ decoding: Decoding, _ depth: Int) {
    if depth == 0 {
      text.append(byte, from: range, decoding)
    } else {
      text.append(
        byte,
        from: earlier.original(range),
        decoding.union(earlier.decoding(in: range))
      )
    }
  }

  /// Adds a scalar of the result.
  mutating func emit(
    scalar: UInt32,
    _ range: Range<Int>,
    _ decoding: Decoding,
    _ depth: Int
  ) {
    guard let scalar = Unicode.Scalar(scalar) else { return emit(0x3F, range, decoding, depth) }
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      emit(byte, range, decoding, depth)
    }
  }

  /// Notes that something was left out before the next byte.
  mutating func leaveOut(_ decoding: Decoding) { text.leaveOut(decoding) }

  /// Marks a run of the result as code, a quotation or a term.
  mutating func addRegion(_ kind: MarkupRegion.Kind, _ start: Int) {
    guard start < text.count else { return }
    text.regions.append(MarkupRegion(kind: kind, range: start..<text.count))
  }

  private mutating func run(
    _ source: Span<UInt8>,
    _ steps: Steps,
    isMarkup: Bool,
    depth: Int
  ) {
    openRegions.removeAll(keepingCapacity: true)
    var index = 0
    copied = 0
    let interest = Decoder.interest
    if isCut.start, steps.contains(.base64) { index = decodeCutRun(source, depth) }
    var runStart = steps.contains(.base64) ? Decoder.nextRun(source, from: index) : source.count
    while index < source.count {
      index = Decoder.skip(source, index..<runStart, interest.span, steps)
      guard index < source.count else { break }
      if index == runStart {
        let (end, checkedTo) = decodeRun(source, at: index, depth)
        if let end {
          copied = end
          bringsSigns = true
        }
        index = end ?? checkedTo
        runStart = Decoder.nextRun(source, from: index)
      } else if source[index] >= 0x80 {
        index = undoScalar(source, at: index, steps, depth)
      } else if let end = undo(source[index], source, at: index, steps, isMarkup, depth) {
        if !Decoder.isLeet(source[index], steps) { bringsSigns = true }
        index = end
        copied = end
      } else {
        index += 1
      }
      // A tag or reference may have reached over the start of a run.
      if runStart < index { runStart = Decoder.nextRun(source, from: index) }
    }
    // Nobody looks at a result that is the source, but for HTML.
    if text.isChanged || isMarkup { flush(source, upTo: source.count, depth) }
    while let open = openRegions.popLast() { addRegion(open.kind, open.start) }
  }

  /// Copies what stands as it is since the last change.
  mutating func flush(_ source: Span<UInt8>, upTo end: Int, _ depth: Int) {
    guard copied < end else { return }
    if depth == 0 {
      text.copy(source, copied..<end, to: copied)
    } else {
      text.copy(earlier, copied..<end)
    }
    copied = end
  }

  /// For each byte the steps that look at it, as raw values.
  static let interest: [UInt8] = (0..<256).map { byte in
    var steps: Steps = []
    switch UInt8(byte) {
    case 0x3C, 0x26: steps = .markup
    case 0x25, 0x3D: steps = .percent
    case 0x2B: steps = [.percent, .leet]
    case 0x5C: steps = .escapes
    case 0x21, 0x28, 0x7C: steps = .leet
    case 0x80...: steps = byte == 0xE2 || byte == 0xC2 ? [.plain, .leet] : .plain
    default: break
    }
    return steps.rawValue
  }

  /// Undoes what a sign starts.
  ///
  /// - Returns: The byte after it, or `nil` where it starts nothing; what stood before is copied.
  private mutating func undo(
    _ byte: UInt8,
    _ source: Span<UInt8>,
    at index: Int,
    _ steps: Steps,
    _ isMarkup: Bool,
    _ depth: Int
  ) -> Int? {
    switch byte {
    case 0x3C:
      return steps.contains(.markup) ? skipTag(source, at: index, isMarkup: isMarkup, depth) : nil
    case 0x26: return steps.contains(.markup) ? decodeReference(source, at: index, depth) : nil
    case 0x25:
      guard steps.contains(.percent), let value = Decoder.hexByte(source, at: index + 1) else {
        return nil
      }
      flush(source, upTo: index, depth)
      emit(value, index..<(index + 3), .encoded, depth)
      return index + 3
    case 0x3D: return steps.contains(.percent) ? decodeQuoted(source, at: index, depth) : nil
    case 0x5C: return steps.contains(.escapes) ? decodeEscape(source, at: index, depth) : nil
    case 0x2B where steps.contains(.percent):
      // In a percent-encoded run a plus is a space.
      guard hasEscapeNear(source, index) else { return nil }
      flush(source, upTo: index, depth)
      emit(0x20, index..<(index + 1), .encoded, depth)
      return index + 1
    default:
      guard steps.contains(.leet), let letter = Decoder.leetLetter(source, at: index, contexts)
      else {
        return nil
      }
      flush(source, upTo: index, depth)
      emit(letter, index..<(index + 1), .leet, depth)
      return index + 1
    }
  }

  /// Whether a byte is a sign that may stand for a letter and nothing else.
  private static func isLeet(_ byte: UInt8, _ steps: Steps) -> Bool {
    interest[Int(byte)] & steps.rawValue == Steps.leet.rawValue
  }

  /// How far from a plus an escape of the same run may stand, bytes.
  private static let plusReach = 48

  private func hasEscapeNear(_ source: Span<UInt8>, _ place: Int) -> Bool {
    var index = place + 1
    while index < min(source.count, place + Decoder.plusReach), source[index] > 0x20 {
      if source[index] == 0x25, Decoder.hexByte(source, at: index + 1) != nil { return true }
      index += 1
    }
    index = place - 1
    while index >= max(0, place - Decoder.plusReach), source[index] > 0x20 {
      if source[index] == 0x25, Decoder.hexByte(source, at: index + 1) != nil { return true }
      index -= 1
    }
    return false
  }

  /// Undoes a scalar beyond ASCII: leaves it out, or puts its plain look-alike.
  private mutating func undoScalar(
    _ source: Span<UInt8>,
    at index: Int,
    _ steps: Steps,
    _ depth: Int
  ) -> Int {
    let unit = source.scalar(at: index)
    let end = index + unit.length
    if steps.contains(.plain) {
      let entry = ScalarFold.entry(unit.value)
      if entry.isScriptLetter || entry.isUnicase { hasMetScript = true }
      if entry.kind.contains(.ignorable) {
        flush(source, upTo: index, depth)
        leaveOut(.invisible)
        bringsSigns = true
        copied = end
        return end
      }
      if let base = bareLetter(entry, unit.value) {
        flush(source, upTo: index, depth)
        if base == 0 {
          leaveOut(.diacritic)
        } else {
          emit(base, index..<end, .diacritic, depth)
        }
        copied = end
        return end
      }
      let plain = entry.plain
      if plain != 0, entry.kind.contains(.compatibility) || entry.kind.contains(.homoglyph) {
        flush(source, upTo: index, depth)
        var decoding: Decoding = []
        if entry.isWord {
          decoding = entry.kind.contains(.homoglyph) ? .homoglyph : .compatibility
        }
        emit(plain, index..<end, decoding, depth)
        if Decoder.interest[Int(plain)] & Steps.leet.rawValue != 0 { bringsSigns = true }
        copied = end
        return end
      }
    }
    if steps.contains(.leet), Decoder.interest[Int(source[index])] & Steps.leet.rawValue != 0,
      let letter = Decoder.leetLetter(source, at: index, contexts)
    {
      flush(source, upTo: index, depth)
      emit(letter, index..<end, .leet, depth)
      copied = end
    }
    return end
  }

  /// The letter without the diacritics that no marking bears, 0 for a combining mark, or `nil`.
  ///
  /// The letters of Latin-1 are left: patterns know them, and NFC texts are full of them.
  private func bareLetter(_ entry: ScalarEntry, _ scalar: UInt32) -> UInt8? {
    if entry.kind.contains(.mark) { return 0 }
    guard entry.kind.contains(.diacritic), scalar > 0xFF, (0x61...0x7A).contains(entry.word) else {
      return nil
    }
    return entry.isUppercase ? entry.word - 0x20 : entry.word
  }
}
